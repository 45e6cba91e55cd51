"""Content is off unless code and destination allow it, and no method of the program's objects runs outside MASKED and FULL."""

from __future__ import annotations

import json

import pytest

from otel_smart_agents import Capture, agent, skill, tool
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.content import LIMIT, OVERLAP


class Hostile:
    def __repr__(self):
        raise AssertionError("a method of the program's object ran")

    __str__ = __len__ = __iter__ = __getattr__ = __hash__ = __eq__ = __bool__ = __repr__


def attributes(own):
    return own.spans[-1].attributes


def test_nothing_is_captured_by_default(own, no_failures):
    @agent("a")
    def call(query, *, secret):
        return "answer"

    call("question", secret="s")
    with agent("b") as run:
        run.input("question")
        run.output("answer")
    assert not [key for span in own.spans for key in span.attributes if "capture" in key or "messages" in key]


def test_shape_is_type_length_and_keyed_hash(own, no_failures):
    @tool("a", capture="shape")
    def call(self, text, data=b"", number=1, *rest, thing=None, **more):
        return None

    call(Hostile(), "question", b"xy", 5, Hostile(), thing=Hostile(), other=Hostile())
    found = attributes(own)
    captured = {key.removeprefix("smart_agents.capture."): value for key, value in found.items() if "capture" in key}
    assert captured["text.type"] == "str"
    assert captured["text.length"] == 8
    assert len(captured["text.hash"]) == 16
    assert captured["data.length"] == 2
    assert captured["number.type"] == "int"
    assert captured["thing.type"] == "Hostile"
    assert not [key for key in captured if key.startswith(("self", "rest", "more", "other"))]
    assert captured["output.type"] == "NoneType"
    assert "question" not in str(found)


def test_a_hash_is_keyed_by_the_destination(make, no_failures):
    call = tool("a", capture={"text": Capture.SHAPE})(lambda text: None)
    hashes = []
    for key in (b"one", b"one", b"two"):
        destination = make("d", hash_key=key).on()
        call("question")
        hashes.append(destination.spans[0].attributes["smart_agents.capture.text.hash"])
    assert hashes[0] == hashes[1] != hashes[2]


def test_levels_are_per_argument(own, no_failures):
    @skill("a", capture={"query": "masked", "return": "FULL"})
    def call(query, other):
        return {"answer": query, "items": [1, 2]}

    call("question", other="hidden")
    found = attributes(own)
    assert found["smart_agents.capture.query"] == "question"
    assert json.loads(found["gen_ai.tool.call.result"]) == {"answer": "question", "items": [1, 2]}
    assert "hidden" not in str(found)


def test_input_and_output_use_opentelemetrys_names(own, no_failures):
    with agent("a", capture="masked") as run:
        run.input("question")
        run.output("answer")
    found = attributes(own)
    assert json.loads(found["gen_ai.input.messages"]) == [{"role": "user", "parts": [{"type": "text", "content": "question"}]}]
    assert json.loads(found["gen_ai.output.messages"])[0]["role"] == "assistant"


def test_the_destination_sets_the_ceiling(own, no_failures):
    own.replace(capture=Capture.SHAPE)
    call = tool("a", capture="full")(lambda text: text)
    call("question")
    assert "question" not in str(attributes(own))
    assert attributes(own)["smart_agents.capture.text.length"] == 8
    own.replace(capture=Capture.NONE)
    call("question")
    assert not [key for key in attributes(own) if "capture" in key]


def test_text_is_bounded_and_keeps_an_overlap_for_the_filter(own, no_failures):
    call = tool("a", capture={"text": "masked"})(lambda text: None)
    call("x" * 200_000)
    assert len(attributes(own)["smart_agents.capture.text"]) == LIMIT + OVERLAP
    call(["y" * 300_000] * 1000)
    assert len(attributes(own)["smart_agents.capture.text"]) <= LIMIT + OVERLAP


def test_deep_wide_and_circular_values_end(own, no_failures):
    call = tool("a", capture={"value": "full"})(lambda value: None)
    circular = {}
    circular["self"] = circular
    for value in (circular, [[[[[[[[[[1]]]]]]]]]], {n: n for n in range(10_000)}, {1, 2}, b"bytes", (None, True, 1.5), object()):
        call(value)
        assert len(attributes(own)["smart_agents.capture.value"]) <= LIMIT + OVERLAP


def test_a_broken_repr_costs_the_attribute_and_nothing_else(own, capsys):
    class Broken:
        def __repr__(self):
            raise RuntimeError("sk-live-secret")

    call = tool("a", capture={"value": "full", "other": "full"})(lambda value, other: other)
    assert call(Broken(), 7) == 7
    assert attributes(own)["smart_agents.capture.other"] == "7"
    assert "smart_agents.capture.value" not in attributes(own)
    assert runtime.FAILURES == {"capture": 1}
    assert "sk-live" not in capsys.readouterr().err


@pytest.mark.parametrize("capture", ["none", Capture.NONE, None, {}])
def test_none_is_none(own, no_failures, capture):
    tool("a", capture=capture)(lambda text: text)("question")
    assert "question" not in str(attributes(own))
