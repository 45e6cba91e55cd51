"""What kind of failure an exception is: by its type, without importing its library, without running a method of the program."""

from __future__ import annotations

import asyncio
import concurrent.futures
import configparser
import csv
import errno
import http.client
import json
import queue
import smtplib
import socket
import sqlite3
import ssl
import struct
import subprocess
import tomllib
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
import zipfile

import grpc
import pydantic
import pytest
import requests
import yaml

from otel_smart_agents.privacy import categories as module
from otel_smart_agents.privacy.categories import category_hook_failures, error_category, error_type, set_category_hook
from otel_smart_agents.privacy.category_tables import BY_CLASS, BY_NAME, GRPC, of_status
from otel_smart_agents.semconv import ERROR_CATEGORIES


@pytest.fixture(autouse=True)
def no_hook():
    yield
    set_category_hook(None)


class OwnValueError(ValueError):
    pass


class Unknown(Exception):
    pass


def response(status: int) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    return made


STANDARD = [
    (ValueError(), "validation"),
    (OwnValueError(), "validation"),
    (UnicodeDecodeError("utf-8", b"", 0, 1, ""), "validation"),
    (json.JSONDecodeError("planted", "x", 0), "validation"),
    (csv.Error(), "validation"),
    (struct.error(), "validation"),
    (ET.ParseError(), "validation"),
    (KeyError(), "runtime"),
    (TypeError(), "runtime"),
    (RecursionError(), "runtime"),
    (NotImplementedError(), "runtime"),
    (queue.Empty(), "runtime"),
    (concurrent.futures.BrokenExecutor(), "runtime"),
    (TimeoutError(), "timeout"),
    (subprocess.TimeoutExpired("x", 1), "timeout"),
    (OSError(errno.ETIMEDOUT, "x"), "timeout"),
    (urllib.error.URLError(TimeoutError()), "timeout"),
    (urllib.error.HTTPError("http://x", 408, "x", None, None), "timeout"),
    (ConnectionResetError(), "network"),
    (BrokenPipeError(), "network"),
    (socket.gaierror(), "network"),
    (ssl.SSLError(), "network"),
    (http.client.RemoteDisconnected(), "network"),
    (OSError(errno.EHOSTUNREACH, "x"), "network"),
    (urllib.error.URLError("planted"), "network"),
    (smtplib.SMTPServerDisconnected(), "network"),
    (smtplib.SMTPAuthenticationError(535, b"x"), "auth"),
    (urllib.error.HTTPError("http://x", 401, "x", None, None), "auth"),
    (urllib.error.HTTPError("http://x", 429, "x", None, None), "rate_limit"),
    (urllib.error.HTTPError("http://x", 503, "x", None, None), "dependency"),
    (FileNotFoundError(), "filesystem"),
    (PermissionError(), "filesystem"),
    (OSError(errno.ENOSPC, "x"), "filesystem"),
    (OSError("no number"), "filesystem"),
    (zipfile.BadZipFile(), "filesystem"),
    (configparser.NoSectionError("x"), "config"),
    (tomllib.TOMLDecodeError(), "config"),
    (ImportError(), "dependency"),
    (ModuleNotFoundError(), "dependency"),
    (subprocess.CalledProcessError(1, "x"), "dependency"),
    (sqlite3.OperationalError(), "dependency"),
    (sqlite3.IntegrityError(), "validation"),
    (Exception(), "unknown"),
    (Unknown(), "unknown"),
    (KeyboardInterrupt(), "unknown"),
    (asyncio.CancelledError(), "unknown"),
    (ExceptionGroup("x", [ValueError(), OwnValueError()]), "validation"),
    (ExceptionGroup("x", [ValueError(), KeyError()]), "unknown"),
]
LIBRARIES = [
    (requests.ConnectionError(), "network"),
    (requests.ReadTimeout(), "timeout"),
    (requests.ConnectTimeout(), "timeout"),
    (requests.exceptions.InvalidURL(), "validation"),
    (requests.JSONDecodeError("x", "y", 0), "validation"),
    (requests.HTTPError(response=response(403)), "auth"),
    (requests.HTTPError(response=response(429)), "rate_limit"),
    (requests.HTTPError(response=response(422)), "validation"),
    (requests.HTTPError(response=response(502)), "dependency"),
    (requests.HTTPError(), "dependency"),
    (yaml.scanner.ScannerError(), "config"),
]


@pytest.mark.parametrize(
    ("error", "category"), STANDARD + LIBRARIES, ids=lambda value: value if isinstance(value, str) else type(value).__name__
)
def test_category(error, category):
    assert error_category(error) == category
    assert error_category(error) == category, "remembered"


def test_a_real_validation_error():
    with pytest.raises(pydantic.ValidationError) as caught:
        pydantic.TypeAdapter(int).validate_python("planted")
    assert error_category(caught.value) == "validation"


def test_a_real_refused_connection():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        for call in (
            lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5),
            lambda: requests.get(f"http://127.0.0.1:{port}/", timeout=5),
            lambda: socket.create_connection(("127.0.0.1", port), timeout=5),
        ):
            with pytest.raises(OSError) as caught:
                call()
            assert error_category(caught.value) == "network"


def test_a_real_grpc_call():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        with grpc.insecure_channel(f"127.0.0.1:{holder.getsockname()[1]}") as channel, pytest.raises(grpc.RpcError) as caught:
            channel.unary_unary("/x/y")(b"", timeout=5)
    assert error_category(caught.value) in {"network", "timeout"}


@pytest.mark.parametrize("code", list(grpc.StatusCode))
def test_every_grpc_status_is_known(code):
    assert GRPC[code.name] in ERROR_CATEGORIES


def foreign(module_name: str, name: str, *bases: type, **fields) -> type:
    """A class as a library that is not installed would define it."""
    return type(name, bases or (Exception,), {"__module__": module_name, **fields})


def with_fields(kind: type, **fields) -> BaseException:
    error = kind("planted")
    error.__dict__.update(fields)
    return error


OpenAIError = foreign("openai", "OpenAIError")
APIStatusError = foreign("openai", "APIStatusError", foreign("openai", "APIError", OpenAIError))
ClientError = foreign("botocore.exceptions", "ClientError")
AWS = {"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}


@pytest.mark.parametrize(
    ("error", "category"),
    [
        (with_fields(foreign("openai", "RateLimitError", APIStatusError), status_code=429), "rate_limit"),
        (with_fields(APIStatusError, status_code=401), "auth"),
        (with_fields(APIStatusError, status_code="planted"), "dependency"),
        (with_fields(foreign("openai", "APITimeoutError", foreign("openai", "APIConnectionError", OpenAIError))), "timeout"),
        (
            with_fields(foreign("anthropic._exceptions", "OverloadedError", foreign("anthropic", "APIStatusError")), status_code=529),
            "dependency",
        ),
        (with_fields(ClientError, response=AWS), "rate_limit"),
        (with_fields(ClientError, response={"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 403}}), "auth"),
        (with_fields(ClientError, response={"Error": {"Code": "InvalidPlanted"}}), "validation"),
        (with_fields(ClientError, response={}), "dependency"),
        (with_fields(ClientError), "dependency"),
        (with_fields(foreign("some_sdk.errors", "RateLimitError")), "rate_limit"),
        (with_fields(foreign("__main__", "RateLimitError")), "unknown"),
        (with_fields(foreign("google.api_core.exceptions", "ServiceUnavailable")), "network"),
        (with_fields(foreign("sqlalchemy.exc", "IntegrityError", foreign("sqlalchemy.exc", "DBAPIError"))), "validation"),
        (with_fields(foreign("my.own", "MyTimeout", foreign("httpx", "ReadTimeout", foreign("httpx", "TimeoutException")))), "timeout"),
        (with_fields(foreign("grpc", "RpcError")), "dependency"),
        (with_fields(foreign("my.own", "Wrapped", foreign("grpc", "RpcError"), code=lambda self: 1 / 0)), "dependency"),
    ],
)
def test_libraries_that_are_not_installed(error, category):
    assert error_category(error) == category


def test_no_method_of_the_program_runs():
    def forbidden(*arguments):
        raise AssertionError("a method of the program ran")

    class Meta(type):
        __hash__ = forbidden
        __eq__ = forbidden

    class Touchy(APIStatusError, metaclass=Meta):
        __str__ = __repr__ = __bool__ = __len__ = __getattr__ = forbidden
        __class__ = property(forbidden)
        status_code = property(forbidden)

    error = Touchy()
    assert error_category(error) == "dependency"
    assert error_type(error) == "Touchy"
    assert error_type(Touchy) == "Touchy"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("PlainError", "PlainError"),
        ("Typed[acme.Thing]", "Typed"),
        ("Müller", "M_ller"),
        ("Alice said hello", "_OTHER"),
        ("", "_OTHER"),
        ("x" * 300, "x" * 128),
        ("a.b.DottedError", "DottedError"),
    ],
)
def test_type_names(name, expected):
    assert error_type(type(name, (Exception,), {})) == expected


def test_a_hook_sorts_first():
    set_category_hook(lambda error: "auth" if isinstance(error, Unknown) else None)
    assert error_category(Unknown()) == "auth"
    assert error_category(ValueError()) == "validation"
    assert category_hook_failures() == 0
    set_category_hook(None)
    assert error_category(Unknown()) == "unknown"


@pytest.mark.parametrize("answer", ["planted", 7, "", ["auth"], b"auth"])
def test_a_hook_that_answers_nonsense_is_counted(answer):
    set_category_hook(lambda error: answer)
    assert error_category(ValueError()) == "validation"
    assert category_hook_failures() == 1


def test_a_hook_that_fails_is_counted():
    set_category_hook(lambda error: 1 / 0)
    assert [error_category(ValueError()), error_category(KeyError())] == ["validation", "runtime"]
    assert category_hook_failures() == 2


@pytest.mark.parametrize("hook", ["auth", 1, {}])
def test_what_is_no_hook(hook):
    with pytest.raises(TypeError, match="set_category_hook"):
        set_category_hook(hook)


def test_the_tables_only_name_categories():
    assert {*BY_CLASS.values(), *BY_NAME.values(), *GRPC.values()} <= ERROR_CATEGORIES
    assert {of_status(status) for status in range(100, 600)} <= ERROR_CATEGORIES


def test_what_is_remembered_is_bounded():
    for number in range(2 * module._TYPES_KEPT):
        kind = type(f"Made{number}", (Exception,), {})
        error_type(kind)
        error_category(kind())
    assert len(module._decisions) <= module._TYPES_KEPT
    assert len(module._names) <= module._TYPES_KEPT
