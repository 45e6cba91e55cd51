"""Reading one setting: each function returns its value or raises with words that can follow the setting's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit


def as_text(value: Any) -> str:
    """Return text without the blanks around it."""
    if not isinstance(value, str):
        raise TypeError("needs text")
    return value.strip()


def as_choice(*allowed: str) -> Callable[[Any], str]:
    """Return what reads one of a few words."""

    def parse(value: Any) -> str:
        text = as_text(value).lower()
        if text not in allowed:
            raise ValueError(f"must be one of {', '.join(repr(a) for a in allowed)}")
        return text

    return parse


def as_positive(value: Any) -> float:
    """Return a finite number above 0."""
    if isinstance(value, bool):
        raise TypeError("needs a number")
    number = float(value)
    if not 0 < number < float("inf"):
        raise ValueError("must be greater than 0")
    return number


def as_boolean(value: Any) -> bool:
    """Return a truth value from any of its usual words."""
    text = value if isinstance(value, bool) else as_text(value).lower()
    if text not in {True, False, "1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError("must be true or false")
    return text in {True, "1", "true", "yes", "on"}


def as_names(value: Any) -> frozenset[str]:
    """Return names from a list, or from text with commas between them."""
    items = value.split(",") if isinstance(value, str) else list(value)
    return frozenset(as_text(item) for item in items if as_text(item))


def as_categories(value: Any) -> frozenset[str]:
    """Return categories of consent."""
    allowed = {"agent", "skill", "feature", "error", "performance", "workflow"}
    names = as_names(value)
    if names - allowed:
        raise ValueError(f"has unknown categories {', '.join(sorted(names - allowed))}; known are {', '.join(sorted(allowed))}")
    return names


def as_signals(value: Any) -> frozenset[str]:
    """Return at least one signal."""
    names = as_names(value)
    if not names or names - {"traces", "logs", "metrics"}:
        raise ValueError("must name traces, logs or metrics")
    return names


def as_headers(value: Any) -> Mapping[str, str]:
    """Read a mapping, or the W3C Baggage form that OTEL_EXPORTER_OTLP_HEADERS uses (``key=value,key=value``, percent-encoded values)."""
    if isinstance(value, Mapping):
        return {as_text(k): as_text(v) for k, v in value.items()}
    pairs = [item.partition("=") for item in as_text(value).split(",") if item.strip()]
    if not all(sep and key.strip() for key, sep, _ in pairs):
        raise ValueError("must look like key=value,key=value")
    return {key.strip().lower(): unquote(item.strip()) for key, _, item in pairs}


def as_endpoint(value: Any) -> str:
    """Return the base URL of a receiver, with or without a scheme. No message repeats it: it may hold a password."""
    text = as_text(value)
    parts = urlsplit((text if "://" in text else f"http://{text}").rstrip("/"))
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"must start with http:// or https://, not {parts.scheme}://")
    if not parts.hostname or re.search(r"[\s\x00-\x1f]", text):
        raise ValueError("must be a URL such as https://collector.example:4318")
    if "@" in parts.netloc:
        raise ValueError("must not carry credentials: pass them in headers=")
    if "?" in text or "#" in text:
        raise ValueError("must be a base URL, without a query or fragment: pass a key in headers=")
    check_port(parts.netloc)
    # OTEL_EXPORTER_OTLP_TRACES_ENDPOINT names the path of one signal; a destination is the base that all signals share.
    return re.sub(r"/v1/(?:traces|logs|metrics)$", "", text.rstrip("/"))


def traces_url(text: str) -> str:
    """Return what OTEL_EXPORTER_OTLP_TRACES_ENDPOINT names, if that is not ``/v1/traces`` below a base; else empty.

    OTLP's specification: a signal's own URL is used as it is. One without a path, which would be the receiver's root, is taken for a base.
    """
    url = text if "://" in text else f"http://{text}"
    path = urlsplit(url).path.rstrip("/")
    return "" if not path or path.endswith("/v1/traces") else url


def as_rights_endpoint(value: Any) -> str:
    """Return the base URL of a RightsService; TLS is used where it names no scheme."""
    text = as_text(value)
    return as_endpoint(text if "://" in text else f"https://{text}")


def check_port(netloc: str) -> None:
    """Check the port in the part of a URL between its scheme and its path, if it has one.

    Raises:
        ValueError: no receiver can listen there.
    """
    port = re.search(r":([^:\]]+)$", netloc)  # with nothing behind the colon it is the default one
    if port is not None and not (re.fullmatch(r"[0-9]{1,5}", port[1]) and 0 < int(port[1]) < 65_536):
        raise ValueError("must have a port from 1 to 65535")
