"""A route: one way for spans to leave the instrumented code."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from otel_smart_agents.instrument.capture import Capture


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One way for spans to leave the instrumented code.

    Attributes:
        name: the destination's key; one route per name is installed.
        tracer: an OpenTelemetry API tracer.
        key: ``None`` makes the route's spans OpenTelemetry's current span (``own``); else the context key under which its spans live, in
            traces of their own (``upstream``).
        packages: import packages whose calls the route sees; empty means every call. Other calls are transparent for it.
        capture: the most content that code may ask for.
        logger: OpenTelemetry API logger for feature and rating events, if the destination takes logs.
        event_spans: also write feature and rating events as zero-duration spans (for a destination that takes traces only).
        meter: OpenTelemetry API meter for duration histograms, if the destination takes metrics.
        categories: consent categories that are granted; a hint that spares work, the exporter decides.
        app_packages: packages whose frames count as application code in a stack hash, wherever they are installed.
        weak: gives way to every other route with ``key=None``.
        alone: while it is installed, no other route is active.
        hash_key: key of the hashes that ``Capture.SHAPE`` records; empty uses a random key of this process.
    """

    name: str
    tracer: Any
    key: str | None = None
    packages: tuple[str, ...] = ()
    capture: Capture = Capture.FULL
    logger: Any = None
    event_spans: bool = False
    meter: Any = None
    categories: frozenset[str] | None = None
    app_packages: tuple[str, ...] = ()
    weak: bool = False
    alone: bool = False
    hash_key: bytes = b""

    @property
    def upstream(self) -> bool:
        """Whether the route's spans stay out of OpenTelemetry's current context."""
        return self.key is not None

    def sees(self, module: str) -> bool:
        """Tell whether code of the module belongs to this route."""
        packages, names = self.packages, {module, import_name(module)}
        return not packages or any(name == package or name.startswith(package + ".") for name in names for package in packages)


def import_name(module: str) -> str:
    """Return the name under which a module is imported: ``python -m acme.cli`` runs ``acme.cli`` under the name ``__main__``."""
    if module != "__main__":
        return module
    return str(getattr(getattr(sys.modules.get(module), "__spec__", None), "name", None) or module)
