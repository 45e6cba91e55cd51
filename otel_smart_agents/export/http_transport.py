"""OTLP over HTTP, as JSON or protobuf.

No redirect is followed, no cookie is kept, and (unless the operator asked for ``trust_env``) nothing of the environment is sent:
a stock exporter with an endpoint given in code was measured to send ``OTEL_EXPORTER_OTLP_HEADERS`` and ``.netrc`` credentials to it.
Only the way out is taken from the environment, by name: proxies and the bundle of certificate authorities.
"""

from __future__ import annotations

import os
import time
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from otel_smart_agents import env
from otel_smart_agents.export.answer import Answer, http_answer
from otel_smart_agents.export.endpoint import Endpoint, is_loopback
from otel_smart_agents.export.transport import IDEMPOTENCY_KEY, USER_AGENT, compress, digest
from otel_smart_agents.export.unsent import http_left

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

_ANSWER_LIMIT_BYTES = 64 * 1024
_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class HttpTransport:
    """Sends to one endpoint over one kept connection. Used by one thread at a time."""

    def __init__(self, endpoint: Endpoint, *, environ: Mapping[str, str] | None = None) -> None:
        self._endpoint = endpoint
        self._environ = os.environ if environ is None else environ
        self._session: requests.Session | None = None

    def send(self, body: bytes, *, signal: str, timeout_s: float) -> Answer:
        """Send one body; a connection that fails, hangs or breaks is ``retry``."""
        import requests

        deadline = time.monotonic() + timeout_s
        headers = self._headers(body)
        data = compress(body) if self._endpoint.compression == "gzip" else body
        session = self._session or self._open()
        try:
            with session.post(
                self._endpoint.address(signal),
                data=data,
                headers=headers,
                timeout=timeout_s,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _read(response, deadline)
                return http_answer(response.status_code, response.headers, content, signal=signal)
        except (requests.RequestException, OSError, ValueError) as error:
            # Also a header or certificate that cannot be used: a mistake on this side, so the data waits until it is mended.
            self.close()
            return Answer("retry", type(error).__name__, left=http_left(error))

    def close(self) -> None:
        """Close the connection."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def prepare(self) -> None:
        """Import ``requests`` and the codec that every look-up of a host name loads."""
        import requests

        if requests.Session is not None:
            "localhost".encode("idna")

    def interrupt(self) -> None:
        """Nothing: a socket that a forked child forgets does no harm, and a thread that waits in C can be left behind."""

    def after_fork_in_child(self) -> None:
        """Forget the connection: it is the parent's."""
        self._session = None

    def _headers(self, body: bytes) -> dict[str, str]:
        endpoint = self._endpoint
        headers = {
            **endpoint.headers,
            "User-Agent": USER_AGENT,
            "Content-Type": "application/json" if endpoint.body_format == "json" else "application/x-protobuf",
            IDEMPOTENCY_KEY: digest(body),
        }
        if endpoint.compression == "gzip":
            headers["Content-Encoding"] = "gzip"
        return headers

    def _open(self) -> requests.Session:
        import requests

        endpoint = self._endpoint
        session = requests.Session()
        session.trust_env = endpoint.trust_env
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.headers.clear()
        session.proxies = self._proxies()
        session.verify = endpoint.certificate or self._authorities() or True
        if endpoint.client_certificate:
            files: Any = (endpoint.client_certificate, endpoint.client_key) if endpoint.client_key else endpoint.client_certificate
            session.cert = files
        self._session = session
        return session

    def _authorities(self) -> str | None:
        return next((value for name in _CA_VARIABLES if (value := env.get(self._environ, name))), None)

    def _proxies(self) -> dict[str, str]:
        from requests.utils import get_environ_proxies

        if is_loopback(self._endpoint.host):
            return {}
        return dict(get_environ_proxies(self._endpoint.url))


def _read(response: requests.Response, deadline: float) -> bytes:
    """Return the beginning of the answer; a back end that drips it out byte by byte does not hold the sender."""
    content = b""
    for chunk in response.iter_content(8_192):
        content += chunk
        if len(content) > _ANSWER_LIMIT_BYTES or time.monotonic() > deadline:
            response.close()
            break
    return content
