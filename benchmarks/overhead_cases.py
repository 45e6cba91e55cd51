"""Our calls, with the targets that they are held to."""

from __future__ import annotations

import contextlib

from opentelemetry.sdk.metrics import Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from benchmarks import overhead_calls as calls
from benchmarks.overhead import Case, async_block, async_item_block, item_block, provider, sync_block
from otel_smart_agents import agent, skill, tool
from otel_smart_agents.instrument.runtime import Route, install, remove

TEXT = "Review the change and say what could break in production, please. "


def our_cases(tracer) -> list[Case]:
    """Return our cases; each switches its own route on for its blocks."""
    own = Route("bench", tracer)
    meters = MeterProvider(
        [InMemoryMetricReader()],
        views=[View(instrument_type=Histogram, aggregation=ExponentialBucketHistogramAggregation(max_size=160))],
        shutdown_on_exit=False,
    )
    measured = Route("bench", tracer, meter=meters.get_meter("otel_smart_agents"))
    # Its own provider, with the sampler that upstream destinations have.
    apart = provider(ALWAYS_ON).get_tracer("otel_smart_agents")
    upstream = Route("bench-upstream", apart, key="bench-upstream", packages=("benchmarks",))

    def on(*routes):
        return {"setup": lambda: [install(route) for route in routes], "teardown": lambda: [remove(route) for route in routes]}

    planner, aplanner = agent("planner")(calls.call), agent("planner")(calls.acall)
    failing = agent("planner")(calls.raising)
    masked = agent("planner", capture={"text": "masked"})(calls.taking)
    inner = skill("read")(calls.call)
    outer = agent("planner")(inner)

    def block() -> None:
        with agent("planner"):
            calls.call()

    def raised() -> None:
        with contextlib.suppress(LookupError):
            failing()

    short, long = TEXT * (2_048 // len(TEXT)), TEXT * (51_200 // len(TEXT))
    # A call while off is some hundred times shorter: more of them per block keep the clock's own cost out.
    off = 1_000
    return [
        Case("decorated", sync_block(planner), target=1.15, **on(own)),
        Case("decorated, async", async_block(aplanner), base="SDK span, async", target=1.15, **on(own)),
        Case("with block", sync_block(block), **on(own)),
        Case("agent with a skill inside, both", sync_block(outer), **on(own)),
        Case("decorated + duration histogram", sync_block(planner), target=1.40, **on(measured)),
        Case("2 KB argument, masked", sync_block(lambda: masked(short)), target=1.35, **on(own)),
        Case("50 KB argument, masked", sync_block(lambda: masked(long)), target=1.35, **on(own)),
        Case("raising", sync_block(raised), base="SDK span, raising", target=0.25, **on(own)),
        Case("own and upstream", sync_block(planner), target=2.2, **on(own, upstream)),
        Case("generator item, plain", item_block(calls.items)),
        Case(
            "generator item, added",
            item_block(tool("items")(calls.items)),
            less="generator item, plain",
            target=500,
            absolute=True,
            **on(own),
        ),
        Case("async generator item, plain", async_item_block(calls.aitems)),
        Case(
            "async generator item, added",
            async_item_block(tool("items")(calls.aitems)),
            less="async generator item, plain",
            target=600,
            absolute=True,
            **on(own),
        ),
        Case("undecorated", sync_block(calls.call, off)),
        Case("decorated, off: added", sync_block(planner, off), less="undecorated", target=0.02),
        Case("with block, off: added", sync_block(block, off), less="undecorated"),
    ]
