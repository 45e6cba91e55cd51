"""What an example did, as a back end sees it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable

    from promises.program import Home
    from support.receiver import HttpReceiver

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

Spans = list[dict[str, Any]]


def own_back_end(receiver: HttpReceiver) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}


def run_example(user: Home, receiver: HttpReceiver, name: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    script = str(EXAMPLES / name)
    return user.command(sys.executable, script, *arguments, **own_back_end(receiver), **environ)


def tree(spans: Iterable[dict[str, Any]]) -> str:
    """Return the spans as indented lines ``name [outcome]``; siblings by their start. Every span must be there once."""
    found = sorted(spans, key=lambda span: span["start"])
    ids = [(span["trace_id"], span["span_id"]) for span in found]
    assert len(set(ids)) == len(ids), "a span arrived twice"
    children: dict[str, Spans] = {}
    for span in found:
        parent = span["parent_span_id"]
        children.setdefault(parent if any(other["span_id"] == parent for other in found) else "", []).append(span)
    for parent in found:
        for child in children.get(parent["span_id"], ()):
            assert child["trace_id"] == parent["trace_id"]
    return "\n".join(_lines(children, "", 0))


def _lines(children: dict[str, Spans], parent: str, depth: int) -> Iterable[str]:
    for span in children.get(parent, ()):
        outcome = span["attributes"].get("smart_agents.outcome")
        yield "  " * depth + span["name"] + (f" [{outcome}]" if outcome else "")
        yield from _lines(children, span["span_id"], depth + 1)


def one(spans: Iterable[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [span for span in spans if span["name"] == name]
    return found


def assert_absent(user: Home, receiver: HttpReceiver, *texts: str) -> None:
    """No text is in anything that was sent or that lies on this user's disk."""
    places = {f"request {number}": request.body for number, request in enumerate(receiver.requests)}
    places |= {str(path): path.read_bytes() for path in (user.folder / ".smart-agents").rglob("*") if path.is_file()}
    assert places
    for text in texts:
        found = [place for place, content in places.items() if text.lower().encode() in content.lower()]
        assert not found, f"{text!r} is in {found}"
