"""Settings of one destination, and where each value came from.

Precedence for an ``own`` destination: arguments of ``configure()`` > the exporter's block of ``OTEL_CONFIG_FILE`` >
``OTEL_PYTHON_SMART_AGENTS_*`` > ``OTEL_EXPORTER_OTLP_*`` and ``OTEL_SERVICE_NAME`` > ``config.toml`` in the telemetry folder > defaults.
An ``upstream`` destination takes its settings from arguments alone: nothing of the user's environment may leave with it or move it.
Empty means unset. A bad argument raises; a bad value from anywhere else is warned about and the next layer decides. A certificate file that
cannot be read and a header that no request can carry are warned about and kept: data waits until they are mended. Consent is not
configuration: nothing here can widen it.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
import warnings
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import unquote

from otel_smart_agents import env, parsing
from otel_smart_agents.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

Protocol = Literal["http/protobuf", "http/json", "grpc"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What one destination was told, after every layer had its say.

    Attributes:
        service_name: the product's name, ``service.name`` of everything sent.
        service_version: the product's version; empty if unknown.
        endpoint: base URL of the OTLP receiver, to which ``/v1/traces`` and its siblings are added for HTTP; empty records without sending.
            A path in ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`` is used as it is for traces.
        protocol: ``http/protobuf``, ``http/json`` or ``grpc``.
        headers: request headers (credentials live here and only in memory).
        compression: ``gzip`` or ``none``.
        timeout_s: seconds one request may take (OTEL_EXPORTER_OTLP_TIMEOUT is read in seconds, as OpenTelemetry Python does).
        certificate: file with the authorities that sign the receiver's certificate.
        client_certificate: file with the certificate for mutual TLS.
        client_key: file with the key of that certificate.
        rights_endpoint: URL of the back end's RightsService (gRPC), which takes requests for erasure; empty sends them as log events.
        insecure: gRPC without TLS where the endpoint names no scheme (with one, the scheme decides).
        durability: of spans: ``write_behind`` (at most the last 100 ms are lost on kill -9) or ``write_through`` (nothing is lost). Under
            ``opentelemetry-instrument`` and ``run`` too; an exporter in a processor that a program makes keeps them when that exports.
        spool: ``disk``, or ``memory`` where an ``own`` destination has no writable disk.
        unknown: what happens to attributes that the registry does not know: ``drop`` or ``scan``.
        content: registry keys of content that code lets through to an ``own`` destination.
        mode: a project's narrowing of the mode (``off`` or ``local``); empty narrows nothing.
        categories: a project's narrowing of the categories; ``None`` narrows nothing.
        signals: which of traces, logs and metrics are sent.
        max_spool_bytes: cap of the spool on disk.
        max_spool_age_days: age at which unsent data is dropped.
        exit_timeout_s: longest time that program exit may wait for an ``own`` back end.
        traces_url: where traces go over HTTP if the environment names that; empty adds ``/v1/traces`` to the endpoint.
        sources: where each value came from, for ``status --json``.
    """

    service_name: str = "unknown_service"
    service_version: str = ""
    endpoint: str = ""
    protocol: Protocol = "http/protobuf"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    compression: Literal["gzip", "none"] = "gzip"
    timeout_s: float = 10.0
    certificate: str = ""
    client_certificate: str = ""
    client_key: str = ""
    rights_endpoint: str = ""
    insecure: bool = False
    durability: Literal["write_behind", "write_through"] = "write_behind"
    spool: Literal["disk", "memory"] = "disk"
    unknown: Literal["drop", "scan"] = "drop"
    content: frozenset[str] = frozenset()
    mode: Literal["", "off", "local"] = ""
    categories: frozenset[str] | None = None
    signals: frozenset[str] = frozenset({"traces"})
    max_spool_bytes: int = 50_000_000
    max_spool_age_days: float = 30.0
    exit_timeout_s: float = 1.0
    traces_url: str = ""
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class _Rule:
    parse: Callable[[Any], Any]
    standard: tuple[str, ...] = ()


REFUSED: Final = "refused"
"""The source of a setting that has its default because every value that was given for it is of no use."""

_OTLP = "OTEL_EXPORTER_OTLP_"
_TRACES_ENDPOINT = _OTLP + "TRACES_ENDPOINT"
_SECRET: Final = frozenset({"headers", "endpoint", "rights_endpoint"})
"""Values that may hold credentials: no message shows them."""
_FILES: Final = ("certificate", "client_certificate", "client_key")

_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"(?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*)?")  # RFC 9110, 5.5

_RULES: Final[Mapping[str, _Rule]] = {
    "service_name": _Rule(parsing.as_text, (env.OTEL_SERVICE_NAME,)),
    "service_version": _Rule(parsing.as_text),
    "endpoint": _Rule(parsing.as_endpoint, (_TRACES_ENDPOINT, _OTLP + "ENDPOINT")),
    "protocol": _Rule(parsing.as_choice("http/protobuf", "http/json", "grpc"), (_OTLP + "TRACES_PROTOCOL", _OTLP + "PROTOCOL")),
    "headers": _Rule(parsing.as_headers, (_OTLP + "TRACES_HEADERS", _OTLP + "HEADERS")),
    "compression": _Rule(parsing.as_choice("gzip", "none"), (_OTLP + "TRACES_COMPRESSION", _OTLP + "COMPRESSION")),
    "timeout_s": _Rule(parsing.as_positive, (_OTLP + "TRACES_TIMEOUT", _OTLP + "TIMEOUT")),
    "certificate": _Rule(parsing.as_text, (_OTLP + "TRACES_CERTIFICATE", _OTLP + "CERTIFICATE")),
    "client_certificate": _Rule(parsing.as_text, (_OTLP + "TRACES_CLIENT_CERTIFICATE", _OTLP + "CLIENT_CERTIFICATE")),
    "client_key": _Rule(parsing.as_text, (_OTLP + "TRACES_CLIENT_KEY", _OTLP + "CLIENT_KEY")),
    "rights_endpoint": _Rule(parsing.as_rights_endpoint),
    "insecure": _Rule(parsing.as_boolean, (_OTLP + "TRACES_INSECURE", _OTLP + "INSECURE")),
    "durability": _Rule(parsing.as_choice("write_behind", "write_through")),
    "spool": _Rule(parsing.as_choice("disk", "memory")),
    "unknown": _Rule(parsing.as_choice("drop", "scan")),
    "content": _Rule(parsing.as_names),
    "mode": _Rule(parsing.as_choice("off", "local")),
    "categories": _Rule(parsing.as_categories),
    "signals": _Rule(parsing.as_signals),
    "max_spool_bytes": _Rule(lambda value: int(parsing.as_positive(value))),
    "max_spool_age_days": _Rule(parsing.as_positive),
    "exit_timeout_s": _Rule(parsing.as_positive),
}

KNOWN: Final = tuple(_RULES)
"""Names that ``configure()``, the exporter block and the settings file know."""


def unknown_setting(name: str, where: str, known: Iterable[str] = KNOWN) -> ConfigError:
    """Return the error for a setting that does not exist, naming the nearest one that does."""
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"
    return ConfigError(f"{where} has an unknown setting {name!r}{hint}")


def resolve(
    arguments: Mapping[str, Any],
    *,
    audience: str = "own",
    block: Mapping[str, Any] | None = None,
    environ: env.Environ | None = None,
    settings_file: Path | None = None,
) -> Settings:
    """Lay the sources over one another and return the result.

    Args:
        arguments: given in code; ``None`` values count as not given.
        audience: ``upstream`` reads arguments alone.
        block: the exporter's block of an ``OTEL_CONFIG_FILE``.
        environ: the environment; ``None`` reads none.
        settings_file: the user's ``config.toml``; a missing file is no error.

    Raises:
        ConfigError: an argument or a key of the block is unknown or has a value that cannot be used.
    """
    layers: list[tuple[str, Mapping[str, Any], bool]] = [("argument", _given(arguments), True)]
    if audience == "own":
        layers.append(("OTEL_CONFIG_FILE", _given(block or {}), True))
        layers += [(name, values, False) for name, values in _from_environ(environ or {})]
        layers.append(("settings file", _from_file(settings_file), False))
    for where, given, strict in layers:
        for name in sorted(given.keys() - _RULES.keys()) if strict else ():
            raise unknown_setting(name, "configure()" if where == "argument" else "the smart_agents exporter block")
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in _RULES:
        _settle(name, layers, values, sources)
    if audience == "upstream" and "protocol" not in values:
        values["protocol"] = "http/json"
    _complete(values, sources, environ or {})
    settings = Settings(**values, sources=sources)
    for name, problem in unusable(settings):
        warnings.warn(f"otel-smart-agents cannot send yet: {sources[name]}: {name} {problem}", RuntimeWarning, stacklevel=3)
    return settings


def _complete(values: dict[str, Any], sources: Mapping[str, str], environ: env.Environ) -> None:
    """Derive what depends on two settings, or on where one came from."""
    if "://" not in values.get("endpoint", "://"):
        # OTLP's specification: an endpoint without a scheme is for gRPC, with TLS unless insecure is set.
        plain = values.get("protocol") != "grpc" or values.get("insecure", False)
        values["endpoint"] = f"{'http' if plain else 'https'}://{values['endpoint']}"
    if sources["endpoint"] == _TRACES_ENDPOINT:
        values["traces_url"] = parsing.traces_url(env.get(environ, _TRACES_ENDPOINT) or "")


def unusable(settings: Settings) -> Iterable[tuple[str, str]]:
    """Yield the settings that can be kept and not used as things are, each with what is wrong: no request can be made, data waits.

    Nothing takes their place: without its credentials or its authorities a request would be another one.
    """
    for name in _FILES:
        path = getattr(settings, name)
        if path and not os.access(path, os.R_OK):
            yield name, f"{path} {'cannot be read' if os.path.lexists(path) else 'does not exist'}"
    for key, value in settings.headers.items():
        if not (_HEADER_NAME.fullmatch(key) and _HEADER_VALUE.fullmatch(value)):
            yield "headers", f"has an entry {key!r} that no request can carry"


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _settle(name: str, layers: list[tuple[str, Mapping[str, Any], bool]], values: dict[str, Any], sources: dict[str, str]) -> None:
    for where, given, strict in layers:
        if name not in given:
            continue
        try:
            values[name] = _RULES[name].parse(given[name])
        except (TypeError, ValueError) as error:
            message = f"{where}: {name} {error}" + (f"; got {given[name]!r}" if name not in _SECRET else "")
            if strict:
                raise ConfigError(message) from None
            warnings.warn(f"otel-smart-agents ignores a setting: {message}", RuntimeWarning, stacklevel=5)
            continue
        sources[name] = where
        return
    sources[name] = REFUSED if any(name in given for _, given, _ in layers) else "default"


def _from_environ(environ: env.Environ) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Yield one layer per variable so that ``sources`` names the very variable that decided."""
    for name in _RULES:
        variable = env.OTEL_PYTHON_SMART_AGENTS_PREFIX + name.upper()
        if (value := env.get(environ, variable)) is not None:
            yield variable, {name: value}
    for name, rule in _RULES.items():
        for variable in rule.standard:
            if (value := env.get(environ, variable)) is not None:
                yield variable, {name: value}
    resource = env.get(environ, env.OTEL_RESOURCE_ATTRIBUTES)
    if resource:
        pairs = dict(item.split("=", 1) for item in resource.split(",") if "=" in item)
        found = {name: unquote(pairs[key].strip()) for name, key in _RESOURCE_KEYS.items() if pairs.get(key, "").strip()}
        yield env.OTEL_RESOURCE_ATTRIBUTES, found


_RESOURCE_KEYS: Final = {"service_name": "service.name", "service_version": "service.version"}


def _from_file(path: Path | None) -> Mapping[str, Any]:
    if path is None or not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        warnings.warn(f"otel-smart-agents cannot read {path.name}: {error}; its settings are not used", RuntimeWarning, stacklevel=4)
        return {}
    for name in found:
        if name not in _RULES:
            warnings.warn(f"otel-smart-agents: {unknown_setting(name, path.name)}", RuntimeWarning, stacklevel=4)
    return {name: value for name, value in found.items() if name in _RULES}


assert set(_RULES) == {f.name for f in fields(Settings)} - {"sources", "traces_url"}
