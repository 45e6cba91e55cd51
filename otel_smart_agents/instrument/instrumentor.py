"""``SmartAgentsInstrumentor``: spans for code that one cannot edit, by configuration."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

from otel_smart_agents import semconv
from otel_smart_agents._version import __version__
from otel_smart_agents.env import sdk_disabled
from otel_smart_agents.errors import ConfigError, MissingDependencyError
from otel_smart_agents.instrument.capture import Capture
from otel_smart_agents.instrument.patch import Patches
from otel_smart_agents.instrument.route import Route
from otel_smart_agents.instrument.runtime import install, remove
from otel_smart_agents.instrument.targets import from_environ, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

try:
    from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined] # the module comes without types
except ImportError as error:
    raise MissingDependencyError(
        "SmartAgentsInstrumentor needs opentelemetry-instrumentation: pip install 'otel-smart-agents[auto]'"
    ) from error

ROUTE_NAME = "instrumentor"
_WORDS = ("targets", "tracer_provider", "meter_provider", "logger_provider", "environ")


class SmartAgentsInstrumentor(BaseInstrumentor):  # type: ignore[misc] # the base class comes without types
    """Switches the decorators on for the current tracer provider, and wraps the targets that configuration names.

    ``instrument(targets=…, tracer_provider=…, meter_provider=…, logger_provider=…)``; ``opentelemetry-instrument`` calls it without
    arguments, then the targets come from ``OTEL_PYTHON_SMART_AGENTS_TARGETS``. A function that is decorated already keeps its one span.
    ``uninstrument()`` restores what was wrapped. Spans reach whatever exporters the provider has, so on this way no more of content is
    captured than its shape; more needs ``configure()``.
    """

    def instrumentation_dependencies(self) -> Collection[str]:
        """Return nothing: targets are the program's own choice."""
        return ()

    def _instrument(self, **options: Any) -> None:
        _check_words(options)
        environ: Mapping[str, str] = options.get("environ", os.environ)
        targets = parse(options["targets"], "instrument(targets=…)") if options.get("targets") is not None else _from(environ)
        route = None if sdk_disabled(environ) else _route(options)  # first: what cannot be used leaves nothing wrapped
        self._patches = Patches(targets)
        self._patches.apply()
        if route is not None:
            install(route)

    def _uninstrument(self, **_options: Any) -> None:
        remove(ROUTE_NAME)
        self._patches.restore()


def _check_words(options: Mapping[str, Any]) -> None:
    """Refuse a misspelt keyword. Others are for other instrumentors: some programs hand the same keywords to all of them."""
    import difflib

    for word in options:
        near = difflib.get_close_matches(word, _WORDS, n=1)
        if word not in _WORDS and near:
            raise ConfigError(f"SmartAgentsInstrumentor().instrument() has no keyword {word!r}; did you mean {near[0]!r}?")


def _from(environ: Mapping[str, str]) -> Any:
    try:
        return from_environ(environ)
    except (ConfigError, TypeError) as error:
        warnings.warn(f"otel-smart-agents wraps nothing: {error}", RuntimeWarning, stacklevel=4)
        return ()


def _route(options: Mapping[str, Any]) -> Route:
    from opentelemetry import _logs, metrics, trace

    name, version, schema = semconv.SCOPE_NAME, __version__, semconv.SCHEMA_URL
    meters, loggers = options.get("meter_provider"), options.get("logger_provider")
    return Route(
        ROUTE_NAME,
        trace.get_tracer(name, version, options.get("tracer_provider"), schema),
        capture=Capture.SHAPE,
        logger=None if loggers is None else _logs.get_logger(name, version, loggers, schema),
        event_spans=loggers is None,
        meter=None if meters is None else metrics.get_meter(name, version, meters, schema),
        weak=True,
    )
