"""Spans and log records put together at random from the vectors' keys, values and names, in the form of the rows of ``spans.json``.

They are no examples of anything; they are what nobody thought of when the rows were written.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from make_spans import expected_of, policy_of  # the modules beside this script
from otlp_requests import event, link, log, span
from row_parts import ALL, KEY, policy

from otel_smart_agents import semconv

HERE = Path(__file__).resolve().parent

_KEYS = (
    *semconv.ATTRIBUTES,
    *("smart_agents.label.x", "smart_agents.label.my.thing", "smart_agents.capture.y", "x.a", "foo", "llm.model", "traceloop.span.kind"),
    *("myToken", "user.name", "a.description", "x.userEmail", "HTTPPath", "weird key", "x/y", "k", "é"),
)
_TEXTS = (
    *("code-reviewer", "gpt-4", "ValueError", "acme.MyError", "a b c", "one two three four five six", "", " ", "other", "c++", "/review"),
    *("other-k1-0123456789abcdef", "k1-" + "0123456789abcdef" * 2, "v1:0123456789abcdef", "6f1c0a55-7a9d-4a7e-9b0e-5e5e3f0c9a11", "USD"),
    *("/a/b/c", "C:\\x\\y", "~/x/y", "[email]", "[redaction_error]", "日本", "é" * 5, "x" * 70, "x" * 300, "word " * 400, "\u2028", "…"),
    *("a\x1cb", "tab\tx", "line\nx"),
)
_NUMBERS = (0, 1, -5, 12345678, 123456789, 4111111111111111, 2**62, 0.5, -3.25, 1e300, float("inf"), float("nan"), True, False, None)
_OPERATIONS = ("invoke_agent", "execute_tool", "chat", "step", "invoke_workflow", "smart_agents.feature", "GET", "HTTP", "retrieval")
_EVENTS = ("", "gen_ai.evaluation.result", "smart_agents.feature.usage", "smart_agents.deletion.request", "gen_ai.x")


class Maker:
    """Makes rows; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._values = [row["value"] for row in json.loads((HERE / "values.json").read_text(encoding="ascii"))["rows"]]
        rows = json.loads((HERE / "spans.json").read_text(encoding="ascii"))["rows"]
        self._names = [_name(row["in"]) for row in rows if row["signal"] == "traces"]
        self._words = [sorted(attribute.catalogue) for attribute in semconv.ATTRIBUTES.values() if attribute.catalogue]

    def rows(self, count: int) -> list[dict[str, Any]]:
        """Rows with what the Python filter leaves."""
        return [self._row(str(number)) for number in range(count)]

    def _row(self, title: str) -> dict[str, Any]:
        facts = self._policy()
        signal, request = ("traces", self._span()) if self._chance(0.75) else ("logs", self._log())
        request = json.loads(json.dumps(request))
        expected = expected_of(signal, request, policy_of(facts))
        return {"title": title, "signal": signal, "policy": facts, "in": request, "expected": expected}

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _some(self, make: Any, most: int) -> list[Any]:
        return [make() for _ in range(self._random.randint(0, most))]

    def _text(self) -> str:
        kind = self._random.random()
        if kind < 0.35:
            return self._random.choice(_TEXTS)
        if kind < 0.6:
            return self._random.choice(self._random.choice(self._words))
        value = self._random.choice(self._values)
        return value if kind < 0.9 else self._random.choice(_TEXTS) + self._random.choice((" ", "/", "", ".", ":")) + value

    def _value(self, depth: int = 0) -> Any:
        kind = self._random.random()
        if kind < 0.75 or depth > 4:
            return self._text()
        if kind < 0.88:
            return self._random.choice(_NUMBERS)
        if kind < 0.9:
            return b"\x00\xff"
        if kind < 0.96:
            return self._some(lambda: self._value(depth + 1), 5)
        return {self._random.choice(_KEYS): self._value(depth + 1) for _ in range(self._random.randint(0, 4))}

    def _attributes(self, most: int) -> dict[str, Any]:
        return {self._random.choice(_KEYS): self._value() for _ in range(self._random.randint(0, most))}

    def _policy(self) -> dict[str, Any]:
        upstream = self._chance(0.25)
        changes: dict[str, Any] = {"categories": [name for name in ALL if self._chance(0.8)]}
        if upstream:
            changes["audience"] = "upstream"
        elif self._chance(0.5):
            changes["unknown"] = "scan"
        if not upstream and self._chance(0.2):
            changes["content"] = ["gen_ai.input.messages", "gen_ai.prompt", "log.body"]
        if upstream or self._chance(0.2):
            changes["catalogue"] = ["code-reviewer", "ValueError", "x"]
        changes |= KEY if self._chance(0.6) else {}
        for limit, values in (
            ("max_value_length", (1, 5, 20, 100)),
            ("max_attributes", (1, 3, 5)),
            ("max_events", (1, 2)),
            ("max_depth", (1, 2)),
        ):
            if self._chance(0.12):
                changes[limit] = self._random.choice(values)
        return policy(**changes)

    def _name(self) -> str:
        kind = self._random.random()
        if kind < 0.5:
            return self._random.choice(self._names)
        return self._random.choice(_OPERATIONS) + " " + self._text() if kind < 0.75 else self._text()

    def _scope(self) -> dict[str, Any]:
        if self._chance(0.5):
            return {"scope": {"name": "otel_smart_agents", "version": "1.0.0"}}
        scope = {"name": self._text(), "version": self._text(), "attributes": self._attributes(2)}
        return {"scope": scope, "schemaUrl": self._random.choice(("", "https://a.example/1", "x"))}

    def _span(self) -> dict[str, Any]:
        status: dict[str, Any] = {"code": self._random.choice((0, 1, 2, 2))}
        if status["code"] == 2 and self._chance(0.6):
            status["message"] = self._random.choice(("ValueError", "ValueError: no", "acme.MyError: x", self._text()))
        return span(
            self._name(),
            self._attributes(14),
            scope=self._scope(),
            resource=self._attributes(5),
            events=self._some(lambda: event(self._random.choice(("exception", self._text())), self._attributes(4), dropped=1), 3),
            links=self._some(lambda: link(self._attributes(2), state=self._random.choice(("", "ot=th:8", "ot=th:zz,v=1"))), 2),
            status=status,
        )

    def _log(self) -> dict[str, Any]:
        severity = self._random.choice(("", "INFO", "ERROR4", "bad one!"))
        name = self._random.choice((*_EVENTS, self._text()))
        return log(self._attributes(8), name=name, body=self._value(), severity=severity, scope=self._scope())


def _name(request: dict[str, Any]) -> str:
    (group,) = request["resourceSpans"]
    return str(group["scopeSpans"][0]["spans"][0]["name"])
