"""Names of the environment variables that this package reads, and how a value is read.

Empty means unset, as OpenTelemetry's specification asks. Effects come in as arguments: every reader takes the environment as a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping

DO_NOT_TRACK = "DO_NOT_TRACK"
"""Anything but empty or ``0`` stops ``upstream`` telemetry and gated ``own`` telemetry (https://donottrack.sh)."""

SMART_AGENTS_TELEMETRY = "SMART_AGENTS_TELEMETRY"
"""``off`` (or ``0``, ``false``, ``no``) stops what ``DO_NOT_TRACK`` stops; ``local`` keeps data on this machine; nothing else counts."""

SMART_AGENTS_TELEMETRY_DIR = "SMART_AGENTS_TELEMETRY_DIR"
"""Moves the data folder. Consent found there can only narrow what ``$HOME/.smart-agents/telemetry`` grants."""

OTEL_SDK_DISABLED = "OTEL_SDK_DISABLED"
"""``true`` stops all telemetry of the process."""

OTEL_CONFIG_FILE = "OTEL_CONFIG_FILE"
OTEL_SERVICE_NAME = "OTEL_SERVICE_NAME"
OTEL_RESOURCE_ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES"

OTEL_PYTHON_SMART_AGENTS_PREFIX = "OTEL_PYTHON_SMART_AGENTS_"
"""``OTEL_PYTHON_SMART_AGENTS_<SETTING>`` sets one setting of an ``own`` destination, for example ``..._DURABILITY=write_through``."""

Environ = Mapping[str, str]

_FALSE = frozenset({"0", "false", "no", "off"})


def get(environ: Environ, name: str) -> str | None:
    """Return the variable's value without surrounding blanks, or ``None`` if it is unset or empty."""
    value = environ.get(name, "").strip()
    return value or None


def do_not_track(environ: Environ) -> bool:
    """Tell whether ``DO_NOT_TRACK`` is set to anything but ``0``."""
    value = get(environ, DO_NOT_TRACK)
    return value is not None and value != "0"


def telemetry_switch(environ: Environ) -> str | None:
    """Return ``"off"``, ``"local"`` or ``None``: what ``SMART_AGENTS_TELEMETRY`` narrows telemetry to. An unknown value narrows nothing."""
    value = (get(environ, SMART_AGENTS_TELEMETRY) or "").lower()
    if value in _FALSE:
        return "off"
    return "local" if value == "local" else None


def sdk_disabled(environ: Environ) -> bool:
    """Tell whether ``OTEL_SDK_DISABLED`` is ``true`` (any case), the only value that the specification lets disable the SDK."""
    return (get(environ, OTEL_SDK_DISABLED) or "").lower() == "true"
