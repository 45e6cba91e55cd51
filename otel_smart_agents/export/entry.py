"""What ``opentelemetry-instrument --traces_exporter smart_agents`` and an ``OTEL_CONFIG_FILE`` construct.

Always an ``own`` destination whose operator decides, described by ``OTEL_*`` variables and the block in the configuration file. The SDK
wants classes that it can call without arguments. Calling them creates no file, thread, id or connection; it switches the decorators on,
because nobody else will, unless the SDK is disabled.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from otel_smart_agents import env, semconv
from otel_smart_agents._version import __version__
from otel_smart_agents.config import REFUSED, resolve
from otel_smart_agents.consent import ConsentGate, ConsentStore
from otel_smart_agents.consent.model import Destination
from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.export.erasure import Erasure
from otel_smart_agents.export.exporters import ConsentAwareLogExporter, ConsentAwareMetricExporter, ConsentAwareSpanExporter
from otel_smart_agents.export.options import PipelineOptions
from otel_smart_agents.export.pipeline import Pipeline
from otel_smart_agents.export.policies import DailyGate, PolicyMaker
from otel_smart_agents.export.processor import AheadSpanProcessor
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.propagate import adopt_environ

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExportResult

_UNKNOWN = "unknown_service"
_DEFAULT_HTTP = "http://localhost:4318"
_DEFAULT_GRPC = "http://localhost:4317"
_pipelines: dict[str, Pipeline] = {}
_made: list[traces_exporter] = []
_ROUTE = "entry"


class EnvironmentSource:
    """Finds the pipeline that the environment describes; the signals of one destination share it.

    Args:
        block: settings from the exporter's block of an ``OTEL_CONFIG_FILE``.
        environ: the environment.

    Raises:
        ConfigError: the block has an unknown key or a value that cannot be used.
    """

    def __init__(self, block: Mapping[str, Any], *, environ: env.Environ | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._store = ConsentStore(environ=self._environ)
        settings = resolve({}, block=block, environ=self._environ, settings_file=self._store.paths.settings)
        default = _DEFAULT_GRPC if settings.protocol == "grpc" else _DEFAULT_HTTP
        # An address that was meant and cannot be used is no reason to send data and credentials to another one.
        known = settings.endpoint or settings.sources.get("endpoint") == REFUSED
        self.settings = settings if known else replace(settings, endpoint=default)
        self.endpoint = Endpoint.from_settings(self.settings) if self.settings.endpoint else None
        if self.endpoint is None:
            warnings.warn(
                "otel-smart-agents sends nothing: no endpoint is left; spans are kept on this machine", RuntimeWarning, stacklevel=2
            )
        self._pipeline: Pipeline | None = None

    def pipeline(self, resource: Resource | None) -> Pipeline | None:
        """Return the pipeline; it is made when the first resource tells the product's name."""
        if self._pipeline is None and resource is not None:
            product = self.settings.service_name
            if product == _UNKNOWN:
                product = str(resource.attributes.get(semconv.SERVICE_NAME) or _UNKNOWN)
            destination = Destination("own", product, self.settings.endpoint)
            found = _pipelines.get(destination.key)
            self._pipeline = found or _pipelines.setdefault(destination.key, self._make(destination))
        return self._pipeline

    def _make(self, destination: Destination) -> Pipeline:
        settings = self.settings
        gate = ConsentGate(
            self._store,
            destination,
            run_mode=None if self.endpoint else "local",
            categories=settings.categories,
            project_mode=settings.mode or None,
        )
        return Pipeline(
            destination,
            gate=DailyGate(gate, ids=self._store.identities.path(destination)),
            folder=self._store.paths.spool / destination.key,
            policy=PolicyMaker(destination, self._store, settings),
            endpoint=self.endpoint,
            options=PipelineOptions.from_settings(settings, erasure=Erasure(destination, self._store)),
            on_off=lambda _decision: runtime.remove(_ROUTE),
        )


class traces_exporter(ConsentAwareSpanExporter):  # noqa: N801 - the name that the entry point has
    """The exporter ``smart_agents`` for traces."""

    def __init__(self, **block: Any) -> None:
        source = EnvironmentSource(block)
        super().__init__(source, ahead=AheadSpanProcessor(source))
        if not env.sdk_disabled(os.environ):
            _made.append(self)
            if runtime.STATE.root is None:
                adopt_environ(os.environ)
            runtime.install(runtime.Route(name=_ROUTE, tracer=_FirstSpan(self), event_spans=True))

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """See ``ConsentAwareSpanExporter``: what was taken ahead of the batch is left out."""
        self.attach()
        return super().export(spans)

    def attach(self, *, fed: bool = True) -> None:
        """Let the global provider hand ended spans on at once; see ``AheadSpanProcessor.attach``."""
        assert self._ahead is not None
        try:
            self._ahead.attach(trace.get_tracer_provider(), self, fed=fed)
        except Exception as error:  # noqa: BLE001 - then they come through the batch
            runtime.failed("attach", error)


class logs_exporter(ConsentAwareLogExporter):  # noqa: N801 - see above
    """The exporter ``smart_agents`` for logs."""

    def __init__(self, **block: Any) -> None:
        super().__init__(EnvironmentSource(block))


class metrics_exporter(ConsentAwareMetricExporter):  # noqa: N801 - see above
    """The exporter ``smart_agents`` for metrics."""

    def __init__(self, **block: Any) -> None:
        super().__init__(EnvironmentSource(block))


def attach() -> None:
    """Let every exporter that was made join the global provider, if it is the one that feeds it."""
    for exporter in _made:
        exporter.attach()


class _FirstSpan(trace.Tracer):
    """Stands for the provider's tracer until the first span: only then a provider built from a file is the global one.

    It adds the processors that see spans start and end and puts the real tracer into the route.
    """

    def __init__(self, exporter: traces_exporter) -> None:
        self._exporter = exporter
        self._real: trace.Tracer | None = None

    def _tracer(self) -> trace.Tracer:
        real = self._real
        if real is None:
            provider: Any = trace.get_tracer_provider()
            real = provider.get_tracer(semconv.SCOPE_NAME, __version__, schema_url=semconv.SCHEMA_URL)
            if hasattr(provider, "add_span_processor"):
                self._exporter.attach(fed=False)
                attach()
                self._real = real
                runtime.install(runtime.Route(name=_ROUTE, tracer=real, event_spans=True))
        return real

    def start_span(self, name: str, *args: Any, **kwargs: Any) -> trace.Span:
        """See ``opentelemetry.trace.Tracer``."""
        return self._tracer().start_span(name, *args, **kwargs)

    def start_as_current_span(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """See ``opentelemetry.trace.Tracer``."""
        return self._tracer().start_as_current_span(name, *args, **kwargs)
