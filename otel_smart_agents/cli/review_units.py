"""What a review walks through: one trace at a time, across files, and what was decided about each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from otel_smart_agents.cli.output import when
from otel_smart_agents.cli.trace_tree import plain_attributes, spans_of
from otel_smart_agents.cli.waiting import held
from otel_smart_agents.setup.restamp import fit_for
from otel_smart_agents.spool.body import Body
from otel_smart_agents.spool.names import Terms
from otel_smart_agents.spool.restamp import restamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from otel_smart_agents.cli.trace_tree import SpanView
    from otel_smart_agents.consent import Decision
    from otel_smart_agents.consent.model import Audience
    from otel_smart_agents.spool.ready import ClaimedFile

Choice = Literal["keep", "drop", "skip"]


@dataclass(slots=True, eq=False)
class Unit:
    """One trace, or the events or metrics of one file.

    Attributes:
        key: the trace's id, or the file's name.
        held: why nothing of it is sent unless it is kept here, ``None`` if the current answer covers it.
        spans: its spans, oldest first; empty for events and metrics.
        items: its log records or metrics as OTLP JSON.
        choice: what was decided; ``skip`` until then.
        dropped: ids of single spans that are dropped although the trace is kept.
    """

    key: str
    held: str | None
    spans: list[SpanView] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    choice: Choice = "skip"
    dropped: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        """Number of spans, log records or metrics."""
        return len(self.spans) + len(self.items)

    def choice_of(self, item: dict[str, Any]) -> Choice:
        """Return what happens to one of its items."""
        return "drop" if item.get("spanId", "") in self.dropped else self.choice

    def title(self) -> str:
        """Return one line that says what it is."""
        noun = "span" if self.spans else "item"
        begun = f", {when(self.spans[0].start_ns)}" if self.spans else ""
        told = f"{self.held}: it stays here unless you keep it" if self.held else "covered by your answer"
        return f"{self.size} {noun}{'' if self.size == 1 else 's'}{begun}; {told}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items are kept, dropped and left as they are; ``withheld`` of the kept ones are of categories not agreed to."""

    keep: int = 0
    drop: int = 0
    skip: int = 0
    withheld: int = 0


class Reviewed:
    """Claimed files, seen as units.

    Args:
        files: files held for the length of the review.
        decision: what may be sent now.
    """

    def __init__(self, files: Sequence[ClaimedFile], decision: Decision) -> None:
        self.files = files
        self._decision = decision
        self._units: dict[tuple[str, str | None], Unit] = {}
        for file in files:
            self._take(file)
        for unit in self._units.values():
            unit.spans.sort(key=lambda span: span.start_ns)

    @property
    def units(self) -> list[Unit]:
        """Every unit, oldest first."""
        return sorted(self._units.values(), key=lambda unit: unit.spans[0].start_ns if unit.spans else 2**63)

    def tally(self) -> Tally:
        """Count the items by what was decided about them."""
        counts = {"keep": 0, "drop": 0, "skip": 0}
        for unit in self._units.values():
            singly = len(unit.dropped)
            counts[unit.choice] += unit.size - singly
            counts["drop"] += singly
        return Tally(**counts)

    def apply(self, decision: Decision, *, audience: Audience) -> Tally:
        """Carry the decisions out, file by file.

        Raises:
            OSError: a file could not be changed; those before it are done.
        """
        withheld = 0
        for file in self.files:
            withheld += self._apply(file, decision, audience)
        counts = self.tally()
        return Tally(counts.keep - withheld, counts.drop, counts.skip, withheld)

    def _apply(self, file: ClaimedFile, decision: Decision, audience: Audience) -> int:
        kept, rest = self._part(file, "keep"), self._part(file, "skip")
        dropped = file.body.items - kept.items - rest.items
        withheld = 0
        if not file.terms.covered_by(decision):
            chosen = fit_for(kept, decision, audience=audience)
            withheld = kept.items - chosen.items
            if kept.payloads or dropped:
                restamp(file, terms=Terms.of(decision), chosen=chosen, rest=rest)
        elif dropped:
            stays = file.body.keep(lambda item: self._unit(file, item).choice_of(item) != "drop")
            restamp(file, terms=file.terms, chosen=Body(stays.signal, ()), rest=stays)
        return withheld

    def _part(self, file: ClaimedFile, choice: Choice) -> Body:
        return file.body.keep(lambda item: self._unit(file, item).choice_of(item) == choice)

    def _unit(self, file: ClaimedFile, item: dict[str, Any]) -> Unit:
        key = item["traceId"] if file.file.signal == "traces" else str(file.file.name)
        why = held(file.terms, self._decision)
        return self._units.setdefault((key, why), Unit(key, why))

    def _take(self, file: ClaimedFile) -> None:
        document = json.loads(file.body_json())
        if file.file.signal == "traces":
            for span in spans_of(document):
                self._unit(file, {"traceId": span.trace_id}).spans.append(span)
            return
        for group in next(iter(document.values())):
            for scope in next(value for key, value in group.items() if key.startswith("scope")):
                for item in scope.get("logRecords", scope.get("metrics", [])):
                    self._unit(file, {}).items.append(item)


def facts(unit: Unit) -> Iterable[str]:
    """Yield every line that a person can be told about a unit: each attribute as it would be sent."""
    for number, span in enumerate(unit.spans, 1):
        yield f"[{number}] {span.name}"
        yield from (f"      {key} = {value}" for key, value in sorted(span.attributes.items()))
    for number, item in enumerate(unit.items, 1):
        yield f"[{number}] {item.get('eventName') or item.get('name', '')}"
        yield from (f"      {key} = {value}" for key, value in sorted(plain_attributes(item.get("attributes", [])).items()))


def numbers(text: str, *, highest: int) -> set[int] | None:
    """Return the numbers of a list such as ``2 4-6``, ``None`` if it is no such list or goes beyond ``highest``."""
    found: set[int] = set()
    for part in text.replace(",", " ").split():
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            return None
        found |= set(range(int(first), int(last or first) + 1)) if int(last or first) <= highest else {0}
    return found if found and min(found) >= 1 else None
