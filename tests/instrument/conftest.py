"""A real SDK provider that keeps its spans in memory, and the routes that are switched on for one test."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.runtime import Route, install, remove


class Recorded:
    """What one destination recorded."""

    def __init__(self, name: str, **options) -> None:
        self.provider = TracerProvider(shutdown_on_exit=False)
        self._memory = InMemorySpanExporter()
        self.provider.add_span_processor(SimpleSpanProcessor(self._memory))
        self.tracer = self.provider.get_tracer("otel_smart_agents")
        self.route = Route(name, self.tracer, **options)

    def on(self) -> Recorded:
        install(self.route)
        return self

    def off(self) -> None:
        remove(self.route)

    def replace(self, **options) -> None:
        install(Route(self.route.name, self.tracer, **options))

    @property
    def spans(self):
        return list(self._memory.get_finished_spans())

    @property
    def names(self):
        return sorted(span.name for span in self.spans)

    def one(self, name):
        found = [span for span in self.spans if span.name == name]
        assert len(found) == 1, f"{len(found)} spans {name!r} among {self.names}"
        return found[0]

    def parent_of(self, name):
        """The name of a span's parent, None for a root."""
        parent = self.one(name).parent
        if parent is None:
            return None
        return next((span.name for span in self.spans if span.context.span_id == parent.span_id), "not recorded")

    def outcome(self, name):
        return self.one(name).attributes["smart_agents.outcome"]


@pytest.fixture(autouse=True)
def clean_runtime():
    """Every test starts off, and none may leave a failure of the instrumentation behind unseen."""
    before = runtime.STATE.installed
    for route in before:
        remove(route)
    runtime.STATE.root = None
    runtime.FAILURES.clear()
    runtime._warned = False
    yield
    for route in runtime.STATE.installed:
        remove(route)
    runtime.STATE.root = None
    runtime.FAILURES.clear()
    for route in before:
        install(route)


@pytest.fixture
def own():
    """An own destination that is on: its spans are OpenTelemetry's current span."""
    return Recorded("product.own.00000000").on()


@pytest.fixture
def make():
    """Makes a destination that is off until ``.on()``."""
    return Recorded


@pytest.fixture
def no_failures():
    """The instrumentation must not have failed anywhere during the test."""
    yield
    assert runtime.FAILURES == {}
