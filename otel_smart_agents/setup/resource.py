"""The resource of pipelines that belong to this package: keys of the registry and nothing of the user's environment."""

from __future__ import annotations

import platform
import sys
from functools import lru_cache
from uuid import uuid4

from otel_smart_agents import semconv
from otel_smart_agents._version import __version__

DISTRO_NAME = "otel-smart-agents"


@lru_cache(maxsize=1)
def _runtime() -> dict[str, str]:
    system = platform.system().lower()
    return {
        semconv.TELEMETRY_DISTRO_NAME: DISTRO_NAME,
        semconv.TELEMETRY_DISTRO_VERSION: __version__,
        semconv.PROCESS_RUNTIME_NAME: sys.implementation.name,
        semconv.PROCESS_RUNTIME_VERSION: platform.python_version(),
        semconv.OS_TYPE: {"darwin": "darwin", "windows": "windows"}.get(system, system or "unknown"),
    }


def product_resource(service_name: str, service_version: str) -> dict[str, str]:
    """Return the resource of one run of a product: its name and version, the runtime, and an id that lasts as long as the run."""
    found = {semconv.SERVICE_NAME: service_name, semconv.SERVICE_INSTANCE_ID: str(uuid4()), **_runtime()}
    if service_version:
        found[semconv.SERVICE_VERSION] = service_version
    return found
