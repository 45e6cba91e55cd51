"""From the layers to one decision. Reads, never writes; whatever cannot be read counts as "no"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from otel_smart_agents.consent.layers import Verdict, environment, is_gated, narrowing, strictest
from otel_smart_agents.consent.model import CATEGORIES, Decision, Destination, Gate, Mode, State, way_to
from otel_smart_agents.consent.policyfile import AdminPolicy, load_policy
from otel_smart_agents.consent.record import Document, Record, utc
from otel_smart_agents.errors import ConsentError, PolicyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from otel_smart_agents.consent.ledger import Ledger
    from otel_smart_agents.consent.notice import Notice
    from otel_smart_agents.env import Environ


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the arguments of ``ConsentStore.decide``."""

    destination: Destination
    gate: Gate = "operator"
    notice: Notice | None = None
    run_mode: Mode | None = None
    categories: Iterable[str] | None = None
    project_mode: Mode | None = None

    @property
    def gated(self) -> bool:
        """Whether a person's agreement is part of this destination."""
        return is_gated(self.destination.audience, self.gate)


def decide(question: Question, *, ledger: Ledger, policy_path: Path, environ: Environ, command: str) -> Decision:
    """Return the decision.

    Raises:
        ConfigError: an unknown category in the question.
    """
    policy, broken = _policy(policy_path)
    needed = question.destination.audience == "upstream" or (
        question.gate == "user" and not (policy is not None and policy.operator_decides)
    )
    base = _base(question, _read(ledger.read), needed=needed, command=command)
    verdicts = [
        *environment(environ, gated=question.gated),
        *_policy_verdicts(question, policy, broken),
        *narrowing("run", question.run_mode, question.categories, what="this run"),
        *_elsewhere(question, ledger),
        *narrowing("project", question.project_mode, None, what="the project's configuration"),
    ]
    decision = strictest(base, verdicts)
    if broken and not question.gated:
        return replace(decision, reason=f"{decision.reason} (the administrator's policy is ignored: {broken})")
    return decision


def _policy(path: Path) -> tuple[AdminPolicy | None, str]:
    try:
        return load_policy(path), ""
    except PolicyError as error:
        return None, str(error)


def _policy_verdicts(question: Question, policy: AdminPolicy | None, broken: str) -> Iterator[Verdict]:
    if broken and question.gated:
        yield Verdict("policy", "off", f"the administrator's policy cannot be used, so nothing is sent: {broken}")
    if policy is not None:
        ceiling = policy.ceiling(question.destination)
        if ceiling.mode != "on":
            yield Verdict("policy", ceiling.mode, policy.says(ceiling.why))
        if ceiling.fewer:
            yield Verdict("policy", "on", policy.says(ceiling.fewer), ceiling.categories)


def _elsewhere(question: Question, ledger: Ledger) -> Iterator[Verdict]:
    """A consent file in a moved data folder can take away and never give: only the one under the home folder grants."""
    if ledger.elsewhere is None:
        return
    document, problem = _read(ledger.read_elsewhere)
    if document is None:
        yield Verdict("user", "off", problem)
        return
    record = document.records.get(question.destination.key)
    if record is not None and record.matches(question.destination):
        narrower = record.mode != "on" or record.categories != CATEGORIES
        if narrower:
            yield Verdict("user", record.mode, f"{ledger.elsewhere} narrows telemetry to {record.mode}", record.categories or CATEGORIES)


def _read(read: Callable[[], Document]) -> tuple[Document | None, str]:
    try:
        return read(), ""
    except ConsentError as error:
        return None, f"the stored choice cannot be used, so nothing is recorded or sent: {error}"


def _base(question: Question, found: tuple[Document | None, str], *, needed: bool, command: str) -> Decision:
    document, problem = found
    if document is None:
        return _off("unknown", "user", problem)
    enable = way_to("enable", question.destination, command=command)
    record = document.records.get(question.destination.key)
    if record is None or not record.matches(question.destination):
        return _unanswered(question, record, needed=needed, enable=enable)
    if record.state != "granted":
        said = "No" if record.state == "denied" else "no after a yes"
        reason = f"the answer was {said.lower()} ({utc(record.time_ns)}); {enable} changes it"
        return replace(_off(record.state, "user", reason), epoch=record.epoch)
    if needed and question.notice is not None and question.notice.rises_above(record.notice_version):
        reason = (
            f"the notice changed from version {record.notice_version} to {question.notice.version} since it was agreed to: "
            f"{enable} shows it and asks again"
        )
        return replace(_off("stale", "user", reason), epoch=record.epoch)
    return _granted(record)


def _granted(record: Record) -> Decision:
    to = "kept on this machine" if record.mode == "local" else f"sent to {record.destination.host or 'nobody'}"
    return Decision(
        mode=record.mode,
        state="granted",
        categories=record.categories,
        layer="user",
        reason=f"agreed to on {utc(record.time_ns)} by {record.method}: {to}",
        epoch=record.epoch,
        granted_at_ns=record.time_ns,
        notice_version=record.notice_version,
        receipt_id=record.receipt_id,
        receipt_hash=record.receipt_hash,
    )


def _unanswered(question: Question, other: Record | None, *, needed: bool, enable: str) -> Decision:
    if not needed:
        return Decision("on", "not_required", CATEGORIES, "default", "the operator of this program sends it to a back end of their own")
    if other is not None:
        reason = f"the earlier answer named {_who(other.destination)}, now it is {_who(question.destination)}: {enable} asks again"
        return replace(_off("unknown", "default", reason), epoch=other.epoch)
    return _off("unknown", "default", f"nobody has agreed to it yet: off. {enable} shows the notice and asks")


def _who(destination: Destination) -> str:
    return f"{destination.product} of {destination.controller or 'an unnamed controller'}"


def _off(state: State, layer: str, reason: str) -> Decision:
    return Decision("off", state, frozenset(), layer, reason)
