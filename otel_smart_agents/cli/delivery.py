"""Why a request did not get through, in words, and what to do about it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from otel_smart_agents.cli.output import when
from otel_smart_agents.config import unusable

if TYPE_CHECKING:
    from otel_smart_agents.config import Settings
    from otel_smart_agents.spool.state import SpoolState

_FILES: Final = frozenset({"OSError", "FileNotFoundError", "PermissionError", "IsADirectoryError", "NotADirectoryError"})
"""What reading a certificate ends with; a connection that fails has other names."""
_SETTINGS: Final = frozenset({"InvalidHeader", "ValueError", "UnicodeEncodeError"})
_MEANING: Final = {
    **dict.fromkeys(_FILES, "a certificate file cannot be read"),
    "InvalidURL": "its address cannot be used",
    "InvalidHeader": "a header cannot be sent",
    "ValueError": "its address or a header cannot be used",
    "UnicodeEncodeError": "a header cannot be sent",
    "SSLError": "the TLS connection failed",
    "ProxyError": "the proxy did not connect",
    "ConnectionError": "no connection",
    "UNAVAILABLE": "no connection, or it asks for patience",
    "ConnectTimeout": "no connection in time",
    "ReadTimeout": "no answer in time",
}
_CREDENTIALS: Final = "check the credentials: headers= or OTEL_EXPORTER_OTLP_HEADERS"
_PATH: Final = "check the path: the signal's path (/v1/traces) is added to the endpoint"
_FIXES: Final = {
    "401": _CREDENTIALS,
    "403": _CREDENTIALS,
    "404": _PATH,
    "405": _PATH,
    "415": "the receiver does not take this protocol: try protocol='http/protobuf'",
    "UNAUTHENTICATED": _CREDENTIALS,
    "PERMISSION_DENIED": _CREDENTIALS,
    "UNIMPLEMENTED": "this is no OTLP receiver for gRPC: check the port and the protocol",
    "InvalidURL": "correct the endpoint: no request was made",
    "InvalidHeader": "correct headers= or OTEL_EXPORTER_OTLP_HEADERS: no request was made",
    "ValueError": "correct the endpoint and the headers (OTEL_EXPORTER_OTLP_HEADERS): no request was made",
    "SSLError": "check the certificates (certificate must sign the receiver's, client_key must fit client_certificate) and the port",
    "ProxyError": "check the proxy that the environment names",
}


def told(state: SpoolState) -> str:
    """Return what happened to the last requests, and when the next one is due."""
    meaning = _MEANING.get(state.last_code)
    code = f" ({state.last_code}{f': {meaning}' if meaning else ''})" if state.last_code else ""
    now_ns = time.time_ns()
    due = f"next attempt at {when(state.next_attempt_ns)}" if state.wait_s(now_ns) else "the next attempt is due"
    return f"the back end did not take it {state.attempts} times{code}; {due}"


def fix_for(code: str, settings: Settings | None) -> str | None:
    """Return what to do about a request that ended with ``code``; ``None`` if it depends on the receiver."""
    named = "; ".join(f"{name} {problem}" for name, problem in unusable(settings)) if settings else ""
    if code in _FILES:
        return f"mend your certificate files: {named or 'one of them cannot be read'}; no request was made"
    if code == "UNAVAILABLE" and settings is not None and settings.endpoint.startswith("https:"):
        return f"{_FIXES['SSLError']}, and that the receiver runs there"
    return f"mend your settings: {named}; no request was made" if code in _SETTINGS and named else _FIXES.get(code)
