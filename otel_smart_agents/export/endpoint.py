"""Where requests go and how: the immutable description that every transport takes."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.parsing import check_port

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents.config import Protocol, Settings

SIGNALS: Final = ("traces", "logs", "metrics")
RIGHTS_PORT: Final = 4319
"""Where the collector's agentrights extension listens by default."""

_GRPC_SERVICE: Final = {
    "traces": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "logs": "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    "metrics": "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
}


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name or address literal means this machine, without asking a resolver."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One OTLP receiver.

    Attributes:
        url: base URL; ``/v1/traces`` and its siblings are appended for HTTP, host and port are used for gRPC.
        protocol: ``http/protobuf``, ``http/json`` or ``grpc``.
        headers: sent with each request (credentials live here, in memory only).
        timeout_s: seconds that one request may take.
        compression: ``gzip`` or ``none``.
        certificate: file with the authorities that sign the receiver's certificate; empty takes the environment's or the system's.
        client_certificate: file with the certificate for mutual TLS.
        client_key: file with the key of that certificate.
        trust_env: let ``requests`` read ``.netrc`` and everything else that it knows from the environment; never for ``upstream``.
        upstream: https is required except on this machine.
        rights_url: URL of the receiver's RightsService (gRPC); empty if it has none. For ``upstream`` on the host that people agree to.
        traces_url: where traces go over HTTP, if not to ``/v1/traces`` below the base URL.

    Raises:
        ConfigError: the URL cannot be used for this audience.
    """

    url: str
    protocol: Protocol = "http/protobuf"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_s: float = 10.0
    compression: str = "gzip"
    certificate: str = ""
    client_certificate: str = ""
    client_key: str = ""
    trust_env: bool = False
    upstream: bool = False
    rights_url: str = ""
    traces_url: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"endpoint must be a URL such as https://collector.example:4318, not {self.url!r}")
        if parts.username or parts.password:
            raise ConfigError("an endpoint must not carry credentials: pass them in headers=")
        try:
            check_port(parts.netloc)
        except ValueError as error:
            raise ConfigError(f"an endpoint {error}, unlike {self.url!r}") from None
        if self.upstream and parts.scheme != "https" and not is_loopback(parts.hostname):
            raise ConfigError(f"an upstream endpoint must use https (http is allowed on this machine only), not {self.url!r}")
        if self.upstream and self.trust_env:
            raise ConfigError("an upstream endpoint cannot take credentials from the user's environment: trust_env must be False")
        if self.rights is not None and self.upstream and self.rights.host != self.host:
            raise ConfigError(f"an upstream rights_endpoint must be on the host that people agree to, {self.host}, not {self.rights.host}")

    @property
    def host(self) -> str:
        """Host name or address, without the port."""
        return urlsplit(self.url).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether the connection uses TLS."""
        return urlsplit(self.url).scheme == "https"

    @property
    def rights(self) -> Endpoint | None:
        """Where requests for erasure go first. Credentials go along only to the host that they were given for.

        Raises:
            ConfigError: the URL cannot be used for this audience.
        """
        if not self.rights_url:
            return None
        parts = urlsplit(self.rights_url)
        url = self.rights_url if parts.port else f"{parts.scheme}://{parts.netloc}:{RIGHTS_PORT}"
        there = replace(self, url=url, protocol="grpc", rights_url="")
        return there if there.host == self.host else replace(there, headers={}, client_certificate="", client_key="")

    @property
    def grpc_target(self) -> str:
        """Host and port as gRPC wants them; the port defaults to OTLP's 4317."""
        parts = urlsplit(self.url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{host}:{parts.port or 4317}"

    @property
    def needs_resolver(self) -> bool:
        """Whether connecting asks a name server, whose answer no timeout of ours bounds."""
        if self.rights is not None and self.rights.needs_resolver:
            return True
        if is_loopback(self.host):
            return False
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False

    @property
    def body_format(self) -> str:
        """``json`` or ``protobuf``: the form of the body whose SHA-256 a person is shown."""
        return "json" if self.protocol == "http/json" else "protobuf"

    def address(self, signal: str) -> str:
        """Return the URL (HTTP) or the method (gRPC) of a signal."""
        if self.protocol == "grpc":
            return _GRPC_SERVICE[signal]
        if signal == "traces" and self.traces_url:
            return self.traces_url
        return f"{self.url.rstrip('/')}/v1/{signal}"

    def shown(self, signal: str) -> str:
        """Return where requests of a signal go, for a person: scheme, host, port and path or method."""
        if self.protocol == "grpc":
            return f"{urlsplit(self.url).scheme}://{self.grpc_target}{self.address(signal)}"
        return self.address(signal)

    @classmethod
    def from_settings(cls, settings: Settings, *, upstream: bool = False) -> Endpoint:
        """Return the endpoint that settings describe.

        Raises:
            ConfigError: the settings name no endpoint or one that cannot be used.
        """
        return cls(
            url=settings.endpoint,
            protocol=settings.protocol,
            headers=settings.headers,
            timeout_s=settings.timeout_s,
            compression=settings.compression,
            certificate=settings.certificate,
            client_certificate=settings.client_certificate,
            client_key=settings.client_key,
            upstream=upstream,
            rights_url=settings.rights_endpoint,
            traces_url="" if upstream else settings.traces_url,
        )
