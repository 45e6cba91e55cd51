"""Whether a request that failed can have left this machine. Only what is certain is a no: whoever never got data has nothing to erase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from otel_smart_agents.export.endpoint import Endpoint

_NEVER_CONNECTED: Final = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLCertVerificationError")
"""Of urllib3 and ssl: refused, not found, not reached in time; or the receiver could not prove who it is, before anything was said."""
_NEVER_BEGUN: Final = ("InvalidHeader", "InvalidURL", "InvalidSchema", "MissingSchema", "InvalidProxyURL", "UnicodeEncodeError")
"""Mistakes in our own settings, found while the request was being built."""
_DEPTH: Final = 8


def http_left(error: BaseException) -> bool:
    """Tell whether an HTTP request that ended with this error may have left."""
    for inner in _chain(error):
        names = {kind.__name__ for kind in type(inner).__mro__}
        if names & {*_NEVER_CONNECTED, *_NEVER_BEGUN}:
            return False
    # A certificate file that cannot be read, as ``requests`` and Python say it; an error of a socket has a number and no file.
    return not (isinstance(error, OSError) and type(error).__module__ == "builtins" and (error.errno is None or error.filename))


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error with those that it wraps, as ``requests`` and urllib3 wrap them."""
    found: list[BaseException] = []
    todo: list[Any] = [error]
    while todo and len(found) < _DEPTH:
        one = todo.pop(0)
        if isinstance(one, BaseException):
            found.append(one)
            todo += [*one.args[:1], getattr(one, "reason", None), getattr(one, "original_error", None)]
    return found


def grpc_left(code: str, details: str, endpoint: Endpoint) -> bool:
    """Tell whether a gRPC call that ended like this may have left: gRPC's core says in words that no connection came about.

    A receiver that passes on such words of its own back end names another address.
    """
    if code != "UNAVAILABLE":
        return True
    if details.startswith("failed to connect to all addresses"):
        port = endpoint.grpc_target.rpartition(":")[2]
        return f":{port}: " not in details
    return not details.startswith((f"errors resolving {endpoint.grpc_target}", f"DNS resolution failed for {endpoint.grpc_target}"))
