"""One destination's parts put together: provider, processor, pipeline, route."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from otel_smart_agents import semconv
from otel_smart_agents._version import __version__
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.erasure import Erasure
from otel_smart_agents.export.options import PipelineOptions
from otel_smart_agents.export.pipeline import Pipeline
from otel_smart_agents.export.policies import DailyGate, PolicyMaker
from otel_smart_agents.export.processor import SpoolSpanProcessor
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.propagate import adopt_environ
from otel_smart_agents.setup.compat import OpenInferenceKind
from otel_smart_agents.setup.resource import product_resource
from otel_smart_agents.setup.signals import event_logger, histogram_meter

if TYPE_CHECKING:
    from collections.abc import Callable

    from otel_smart_agents.consent import ConsentGate, ConsentStore, Decision
    from otel_smart_agents.setup.request import Request


@dataclass(slots=True)
class Wiring:
    """A destination that records.

    Attributes:
        pipeline: from ended spans to the back end.
        route: where instrumented calls start spans for it.
        processor: what brings the provider's spans to the pipeline.
        gate: the consent that the pipeline asks for.
        closing: what else to shut down, in order, before the pipeline.
        flushing: what else to flush, in order, before the pipeline.
    """

    pipeline: Pipeline
    route: runtime.Route
    processor: SpoolSpanProcessor
    gate: DailyGate
    closing: list[Callable[[], Any]] = field(default_factory=list)
    flushing: list[Callable[[], Any]] = field(default_factory=list)

    def detach(self) -> None:
        """Take no more spans: neither from instrumented calls nor from the provider, which may outlive this destination."""
        runtime.remove(self.route)
        self.processor.detach()

    def flush(self, timeout_s: float, *, to: Literal["disk", "backend"]) -> bool:
        """Bring everything that has ended so far to the disk or to the back end; True only if it got there."""
        for flush in self.flushing:
            flush()
        return self.pipeline.flush(timeout_s, to=to)

    def close(self, timeout_s: float | None) -> bool:
        """Take no more spans, write what is queued, send what may be sent; True if everything reached its end."""
        self.detach()
        for close in self.closing:
            close()
        return self.pipeline.shutdown(timeout_s)


def wire(request: Request, consent: ConsentGate, store: ConsentStore, *, on_off: Callable[[Decision], None]) -> Wiring:
    """Build a destination's parts and switch its route on. Nothing is written before the first span has ended.

    Args:
        request: what was asked for.
        consent: decides.
        store: where ids are kept.
        on_off: told when consent no longer allows recording.

    Raises:
        ConfigError: the existing provider takes no span processor.
    """
    gate = DailyGate(consent, ids=store.identities.path(request.destination))
    pipeline = Pipeline(
        request.destination,
        gate=gate,
        folder=store.paths.spool / request.destination.key,
        policy=PolicyMaker(
            request.destination, store, request.settings, packages=request.packages, organisation_key=request.organisation_key
        ),
        endpoint=request.endpoint(),
        options=PipelineOptions.from_settings(
            request.settings, per_call=request.gate == "per_call", erasure=Erasure(request.destination, store)
        ),
        on_off=on_off,
    )
    resource = product_resource(request.settings.service_name, request.settings.service_version)
    provider = _own_provider(request.provider, resource) if not request.upstream else _upstream_provider(resource)
    if request.compat:
        provider.add_span_processor(OpenInferenceKind())
    processor = SpoolSpanProcessor(pipeline)
    provider.add_span_processor(processor)
    closing: list[Callable[[], Any]] = []
    flushing: list[Callable[[], Any]] = []
    route = runtime.Route(
        name=request.destination.key,
        tracer=provider.get_tracer(semconv.SCOPE_NAME, __version__, schema_url=semconv.SCHEMA_URL),
        key=f"smart-agents-{request.destination.key}" if request.upstream else None,
        packages=request.packages if request.upstream else (),
        capture=request.capture,
        logger=event_logger(pipeline, resource, closing) if "logs" in request.settings.signals else None,
        event_spans="logs" not in request.settings.signals,
        meter=histogram_meter(pipeline, resource, closing, flushing) if "metrics" in request.settings.signals else None,
        categories=consent.decision().categories,
        app_packages=request.packages,
    )
    if not request.upstream and runtime.STATE.root is None:
        adopt_environ(store.environ)
    runtime.install(route)
    return Wiring(pipeline, route, processor, gate, closing, flushing)


def _upstream_provider(resource: dict[str, str]) -> TracerProvider:
    # Resource(), not Resource.create(): the latter merges OTEL_RESOURCE_ATTRIBUTES, which are the user's.
    return TracerProvider(sampler=ALWAYS_ON, resource=Resource(resource), shutdown_on_exit=False)


def _own_provider(wanted: Any, resource: dict[str, str]) -> Any:
    if wanted == "isolated":
        return TracerProvider(resource=Resource.create(dict(resource)), shutdown_on_exit=False)
    provider: Any = trace.get_tracer_provider() if wanted is None else wanted
    if wanted is None and isinstance(provider, trace.ProxyTracerProvider):
        provider = TracerProvider(resource=Resource.create(dict(resource)))
        trace.set_tracer_provider(provider)
    if not hasattr(provider, "add_span_processor"):
        raise ConfigError(
            f"the tracer provider {type(provider).__name__} takes no span processors: pass provider='isolated' "
            "or a TracerProvider of opentelemetry-sdk"
        )
    return provider
