"""The same empty call, instrumented by every peer that can be imported here: sync and async.

A peer gets a provider with a batch processor and a dropping exporter; nothing is sent anywhere. A peer that cannot be imported or set up is
named with the reason, so that an absent figure is never mistaken for a good one.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
from importlib.metadata import version
from typing import TYPE_CHECKING

from benchmarks.overhead import Case, Dropping, async_block, measure, provider, sdk_cases, sync_block
from benchmarks.overhead_calls import acall, call

if TYPE_CHECKING:
    from collections.abc import Callable

    Pair = tuple[Callable[[], object], Callable[[], object]]


def _logfire() -> Pair:
    import logfire
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    processor = BatchSpanProcessor(Dropping(), max_queue_size=1 << 16, schedule_delay_millis=20)
    logfire.configure(send_to_logfire=False, console=False, inspect_arguments=False, additional_span_processors=[processor], metrics=False)
    decorate = logfire.instrument("invoke_agent planner", extract_args=False)
    return decorate(call), decorate(acall)


def _langfuse() -> Pair:
    from langfuse import Langfuse, observe

    made = provider()
    # The client adds a processor that sends; it is taken off again, so that the base's batch processor is the only one.
    before = made._active_span_processor._span_processors
    Langfuse(public_key="pk-bench", secret_key="sk-bench", host="http://127.0.0.1:9", tracer_provider=made)
    made._active_span_processor._span_processors = before
    decorate = observe(name="planner", capture_input=False, capture_output=False)
    return decorate(call), decorate(acall)


def _openinference() -> Pair:
    from openinference.instrumentation import OITracer, TraceConfig

    tracer = OITracer(provider().get_tracer("bench"), TraceConfig(hide_inputs=True, hide_outputs=True))
    return tracer.agent(call), tracer.agent(acall)


def _openlit() -> Pair:
    import openlit
    from opentelemetry import trace

    trace.set_tracer_provider(provider())  # it takes the global provider where there is one
    with contextlib.redirect_stdout(io.StringIO()):
        openlit.init(disable_metrics=True, disable_events=True, capture_message_content=False)
    return openlit.trace(call), openlit.trace(acall)


def _traceloop() -> Pair:
    from traceloop.sdk import Traceloop
    from traceloop.sdk.decorators import agent

    with contextlib.redirect_stdout(io.StringIO()):
        Traceloop.init(app_name="bench", exporter=Dropping(), disable_batch=False, telemetry_enabled=False)
    return agent(name="planner")(call), agent(name="planner")(acall)


def _util_genai() -> Pair:
    from opentelemetry.util.genai.handler import TelemetryHandler

    handler = TelemetryHandler(tracer_provider=provider())
    name = next(name for name in ("invoke_local_agent", "workflow", "tool") if hasattr(handler, name))
    open_run = getattr(handler, name)
    keywords = {"agent_name": "planner"} if name == "invoke_local_agent" else {"name": "planner"}

    def sync() -> None:
        with open_run(**keywords):
            call()

    async def asynchronous() -> None:
        with open_run(**keywords):
            await acall()

    return sync, asynchronous


PEERS: dict[str, tuple[str, str, Callable[[], Pair]]] = {
    "logfire": ("logfire", "logfire", _logfire),
    "langfuse": ("langfuse", "langfuse", _langfuse),
    "openinference": ("openinference.instrumentation", "openinference-instrumentation", _openinference),
    "openlit": ("openlit", "openlit", _openlit),
    "traceloop": ("traceloop.sdk", "traceloop-sdk", _traceloop),
    "util-genai": ("opentelemetry.util.genai", "opentelemetry-util-genai", _util_genai),
}
QUIET = {"TRACELOOP_TRACE_CONTENT": "false", "TRACELOOP_TELEMETRY": "false", "TRACELOOP_METRICS_ENABLED": "false"}


def measured_peers(rounds: int) -> dict[str, dict[str, object]]:
    """Return each peer's ratios to the SDK's span of this interpreter, or the reason why there are none."""
    logging.disable(logging.ERROR)  # a peer's warnings are not what is measured, and printing them would be
    os.environ.update(QUIET)
    return {name: _measured(name, rounds) for name in PEERS}


def _measured(name: str, rounds: int) -> dict[str, object]:
    module, package, set_up = PEERS[name]
    try:
        __import__(module)
    except Exception as error:
        return {"error": f"cannot be imported here ({type(error).__name__})"}
    base = provider()
    try:
        sync, asynchronous = set_up()
        cases = [
            *sdk_cases(base.get_tracer("bench"))[:2],
            Case("sync", sync_block(sync)),
            Case("async", async_block(asynchronous), base="SDK span, async"),
        ]
        found = measure(cases, rounds)
    except Exception as error:
        return {"error": f"cannot be set up here ({type(error).__name__}: {str(error)[:120]})"}
    finally:
        base.shutdown()
    return {"version": version(package), "ratios": {case: found[case]["ratio"] for case in ("sync", "async")}}
