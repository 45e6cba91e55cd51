"""The consent store: what may happen for a destination now, and how a person's answer is kept."""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from otel_smart_agents.consent import decide as deciding
from otel_smart_agents.consent import files
from otel_smart_agents.consent.detect import no_person
from otel_smart_agents.consent.evidence import Receipts
from otel_smart_agents.consent.identity import DeletionProof, Identities
from otel_smart_agents.consent.ledger import Ledger
from otel_smart_agents.consent.model import CATEGORIES, Decision, Destination, Gate, Mode, check_categories
from otel_smart_agents.consent.policyfile import load_policy
from otel_smart_agents.consent.receipt import Grant, Receipt, make_receipt
from otel_smart_agents.consent.record import Answer, Record, sha256_hex
from otel_smart_agents.errors import ConfigError, ConsentError
from otel_smart_agents.paths import TelemetryPaths, telemetry_paths

if TYPE_CHECKING:
    from otel_smart_agents.consent.evidence import Checked
    from otel_smart_agents.consent.log import LogReport
    from otel_smart_agents.consent.notice import Notice
    from otel_smart_agents.env import Environ

Stamp = tuple[tuple[int, int, int, int] | None, ...]
"""Change token of the files that decide: a different one means that a new decision is due."""

HandOver = Callable[[tuple[DeletionProof, ...]], None]

_METHOD = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a "no" did.

    Attributes:
        destination: the destination.
        state: ``denied`` (a first no) or ``revoked`` (a no after a yes).
        epoch: the new epoch.
        changed: whether anything was stored; ``False`` if the answer was no already.
        proofs: one per id that the back end may still know, for deletion requests if anything was ever sent. They exist nowhere else now.
    """

    destination: Destination
    state: Answer
    epoch: int
    changed: bool
    proofs: tuple[DeletionProof, ...]


class ConsentStore:
    """The consent of the user who runs this process. Making one touches nothing.

    Args:
        paths: the user's folders, from the environment by default.
        environ: the environment variables, the process's own by default.
        clock: Unix nanoseconds.
        command: what a person types to decide, as shown in reasons: ``acme telemetry`` where a product embeds the command.

    Attributes:
        identities: the ids of the user, one per destination.
    """

    def __init__(
        self,
        paths: TelemetryPaths | None = None,
        *,
        environ: Environ | None = None,
        clock: Callable[[], int] = time.time_ns,
        command: str = "otel-smart-agents",
    ) -> None:
        self.environ = os.environ if environ is None else environ
        self.paths = telemetry_paths(self.environ) if paths is None else paths
        self.command = command
        self.identities = Identities(self.paths, clock=clock)
        self._ledger = Ledger(self.paths, clock=clock)
        self._receipts = Receipts(self._ledger, self.paths.consent)
        watched = (self._ledger.file, self._ledger.elsewhere, self.paths.policy)
        self.watched = tuple(str(path) for path in watched if path is not None)

    def decide(
        self,
        destination: Destination,
        *,
        gate: Gate = "operator",
        notice: Notice | None = None,
        run_mode: Mode | None = None,
        categories: Iterable[str] | None = None,
        project_mode: Mode | None = None,
    ) -> Decision:
        """Return what may happen for a destination now. Creates nothing and never raises for what is on disk: unreadable means off.

        Args:
            destination: where data would go.
            gate: who decides about an ``own`` destination; ``upstream`` is always decided by the user.
            notice: the product's current notice: a newer version than the granted one makes the grant stale.
            run_mode: the most that this run allows (API or flag).
            categories: the most categories that this run allows.
            project_mode: the most that the project's settings allow.

        Raises:
            ConfigError: an unknown category in ``categories``.
        """
        question = deciding.Question(_named(destination, notice), gate, notice, run_mode, categories, project_mode)
        return deciding.decide(question, ledger=self._ledger, policy_path=self.paths.policy, environ=self.environ, command=self.command)

    def stamp(self) -> Stamp:
        """Return the change token of the files that decide: one ``stat`` per file."""
        return tuple(files.stat_token(path) for path in self.watched)

    def grant(
        self,
        destination: Destination,
        notice: Notice | None = None,
        *,
        categories: Iterable[str] = CATEGORIES,
        mode: Literal["on", "local"] = "on",
        method: str,
        application_version: str = "",
        shown: str | None = None,
    ) -> Receipt:
        """Store a person's yes and return its receipt. Saying the same yes again changes nothing and returns the same receipt.

        Args:
            destination: what the yes is about.
            notice: what the person was shown; needed for ``upstream``.
            categories: what they agreed to.
            mode: ``local`` records for their own eyes and sends nothing.
            method: ``prompt``, ``cli`` or the host product's own word.
            application_version: version of the product that asked.
            shown: the text that was shown, the notice's text by default.

        Raises:
            ConsentError: there is no person (an AI agent or CI runs this), or the answer cannot be stored.
            PolicyError: the administrator does not allow it.
            ConfigError: no notice for ``upstream``, an unknown or no category, an unknown mode.
        """
        at = _named(destination, notice)
        chosen = self._check_grant(at, notice, check_categories(categories, where="categories"), mode, method)
        text = shown if shown is not None else (notice.text(at, categories=chosen) if notice else "")
        same = self._same_grant(at, notice, chosen, mode)
        if same is not None:
            return same
        made: list[Receipt] = []

        def make(_: Record | None, epoch: int, now: int) -> Record:
            facts = Grant(at, notice, chosen, mode, epoch, now, method, application_version, sha256_hex(text.encode()))
            receipt = make_receipt(facts, receipt_id=str(uuid.uuid4()), principal_id=str(uuid.uuid4()))
            self._receipts.keep(receipt)
            made.append(receipt)
            version = notice.version if notice else ""
            return Record(
                at, "granted", mode, chosen, epoch, now, method, version, facts.text_sha256, application_version, receipt.id, receipt.hash
            )

        files.ensure_folder(self.paths.consent, outermost=self.paths.consent.parent)
        if at.audience == "upstream":
            self.identities.current(at)  # before the answer is stored: a yes without an id could send nothing
        self._ledger.change(at, make, action="granted")
        return made[0]

    def check_allowed(self, destination: Destination) -> None:
        """Check whether the administrator leaves anything to agree to: ask nobody what their yes cannot change.

        Raises:
            PolicyError: the policy file cannot be used, or leaves nothing for this destination.
        """
        policy = load_policy(self.paths.policy)
        if policy is not None:
            policy.check_allowed(destination)

    def deny(self, destination: Destination, notice: Notice | None = None, *, method: str, hand_over: HandOver | None = None) -> Withdrawal:
        """Store a person's no; after a yes it is a revocation. Works for everyone, everywhere, always.

        Args:
            destination: what the no is about.
            notice: what the person was shown, if anything.
            method: ``prompt``, ``cli`` or the host product's own word.
            hand_over: gets the deletion proofs before the ids are removed; if it raises, the ids stay for another try.

        Raises:
            ConsentError: the disk refused. The consent file was then emptied if that was possible, so that everything is off.
        """
        at = _named(destination, notice)
        before = self._answered(at)
        if before is not None and before.state != "granted":
            return Withdrawal(at, before.state, before.epoch, changed=False, proofs=self._give_up_ids(at, hand_over))
        version = notice.version if notice else (before.notice_version if before else "")
        state: Answer = "revoked" if before else "denied"

        def make(_: Record | None, epoch: int, now: int) -> Record:
            return Record(at, state, "off", frozenset(), epoch, now, _method(method), version)

        try:
            record = self._ledger.change(at, make, action=state)
        except ConsentError as error:
            raise ConsentError(f"{error}; {self._break_file()}") from error
        return Withdrawal(at, state, record.epoch, changed=True, proofs=self._give_up_ids(at, hand_over))

    def revoke(self, destination: Destination, *, method: str, hand_over: HandOver | None = None) -> Withdrawal:
        """Store that a person takes their yes back; the same as ``deny`` without a notice."""
        return self.deny(destination, method=method, hand_over=hand_over)

    def destinations(self) -> tuple[Record, ...]:
        """Return the last answer for every destination that has one.

        Raises:
            ConsentError: the consent file cannot be trusted or read.
        """
        return tuple(self._ledger.read().records.values())

    def remembered(self) -> tuple[Record, ...]:
        """Return the last answer for every destination as the log has it: what to go by where ``destinations()`` raises, never a yes."""
        return tuple({record.destination.key: record for record in self._ledger.logged()}.values())

    def receipts(self, destination: Destination | None = None) -> list[Receipt]:
        """Return the receipts that are kept, oldest first, of one destination or of all; damaged ones are left out."""
        return self._receipts.all(destination.key if destination else None)

    def receipt(self, receipt_id: str) -> Receipt | None:
        """Return one receipt, ``None`` if it is not kept or damaged."""
        return self._receipts.read(receipt_id)

    def check_receipts(self) -> list[Checked]:
        """Hold every receipt against the hash that the consent file or the log has of it; tells those that are missing too."""
        return self._receipts.check()

    def verify_log(self) -> LogReport:
        """Check the chain of the consent log and its end in the consent file."""
        return self._ledger.check_log()

    def _check_grant(self, at: Destination, notice: Notice | None, categories: frozenset[str], mode: str, method: str) -> frozenset[str]:
        _method(method)
        if mode not in ("on", "local"):
            raise ConfigError(f"a grant's mode is 'on' or 'local', not {mode!r}")
        if not categories:
            raise ConfigError("a grant needs at least one category; to say no use deny()")
        if notice is None and at.audience == "upstream":
            raise ConfigError("upstream telemetry cannot be agreed to without a notice: pass notice=Notice(…)")
        refusal = no_person(self.environ, product=at.product, command=self.command)
        if refusal:
            raise ConsentError(refusal)
        self.check_allowed(at)
        return categories

    def _same_grant(self, at: Destination, notice: Notice | None, categories: frozenset[str], mode: str) -> Receipt | None:
        record = self._answered(at)
        if record is None or (record.mode, record.categories, record.notice_version) != (
            mode,
            categories,
            notice.version if notice else "",
        ):
            return None
        receipt = self.receipt(record.receipt_id)
        return receipt if receipt is not None and receipt.hash == record.receipt_hash else None

    def _answered(self, at: Destination) -> Record | None:
        try:
            record = self._ledger.read().records.get(at.key)
        except ConsentError:
            return None
        return record if record is not None and record.matches(at) else None

    def _give_up_ids(self, at: Destination, hand_over: HandOver | None) -> tuple[DeletionProof, ...]:
        try:
            proofs = tuple(self.identities.pending_deletions(at))
        except ConsentError:
            proofs = ()  # damaged: nothing can be proven any more, and the id goes all the same
        if hand_over is not None:
            hand_over(proofs)
        self.identities.remove(at)
        return proofs

    def _break_file(self) -> str:
        try:
            self._ledger.break_file()
        except (ConsentError, OSError):
            return f"nothing could be changed: stop the program and delete {self.paths.consent}"
        return "the consent file was emptied instead, which turns all telemetry off"


def _named(destination: Destination, notice: Notice | None) -> Destination:
    if notice is None or destination.controller:
        return destination
    return replace(destination, controller=notice.controller)


def _method(value: str) -> str:
    if not _METHOD.fullmatch(value):
        raise ConfigError(f"method must be a short lower-case word like 'cli' or 'prompt', not {value!r}")
    return value
