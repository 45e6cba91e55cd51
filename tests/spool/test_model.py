"""A spool in any order of operations, with crashes and damage, against a model of a few sets."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from otel_smart_agents.spool import Spool, SpoolFolder, SpoolLimits

from .conftest import OWN, ids_of, make_span

AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner"}
LIMITS = SpoolLimits(seal_spans=5)


class Model(RuleBasedStateMachine):
    """``written``: in a file and not yet gone; ``sent`` and ``gone``: left the spool; ``open_runs``: would be interrupted by a crash."""

    @initialize()
    def begin(self):
        self.root = Path(tempfile.mkdtemp())
        self.folder = self.root / "spool" / OWN.key
        self.reader = SpoolFolder(self.folder, limits=LIMITS)
        self.spool = Spool(self.folder, OWN, epoch=1, limits=LIMITS)
        self.next = 1
        self.written, self.sent, self.gone = set(), [], set()
        self.interrupted = set()
        self.open_runs = {}
        self.damaged = 0

    def teardown(self):
        self.spool.close()
        shutil.rmtree(self.root)

    @rule(count=st.integers(1, 12))
    def append(self, count):
        spans = [make_span(self.next + index) for index in range(count)]
        self.next += count
        assert self.spool.append(spans) == count
        self.written |= {span.context.span_id for span in spans}

    @rule()
    def open_run(self):
        run = make_span(self.next, attributes=AGENT)
        self.next += 1
        assert self.spool.open_marker(run)
        self.open_runs[run.context.span_id] = run

    @precondition(lambda self: self.open_runs)
    @rule()
    def end_run(self):
        span_id, run = self.open_runs.popitem()
        self.spool.append([run])
        self.written.add(span_id)

    @precondition(lambda self: self.open_runs)
    @rule()
    def end_run_unrecorded(self):
        span_id, _ = self.open_runs.popitem()
        self.spool.close_marker(0xABC, span_id)

    @rule()
    def seal(self):
        self.spool.seal()

    @rule()
    def sync(self):
        self.spool.sync()
        assert self.spool.dirty_since_ns is None

    @rule()
    def die(self):
        """The process dies: its descriptors close, nothing else happens."""
        self.spool.after_fork_in_child()
        self.spool = Spool(self.folder, OWN, epoch=1, limits=LIMITS)
        self.interrupted |= set(self.open_runs)
        self.open_runs = {}

    @rule()
    def recover(self):
        self.reader.recover("traces")
        self.written |= self.interrupted
        self.interrupted = set()

    @rule(keep=st.booleans())
    def send_oldest(self, keep):
        for file in self.reader.ready_files("traces")[:1]:
            with file.claim() as claimed:
                ids = ids_of(claimed.payloads)
                claimed.ack(keep_sent=keep)
            self.sent += ids
            self.written -= set(ids)

    @rule()
    def send_half_of_the_oldest(self):
        for file in self.reader.ready_files("traces")[:1]:
            with file.claim() as claimed:
                halves = claimed.body.halves()
                if halves is not None:
                    claimed.keep_only(halves[1])
                    self.sent += ids_of(halves[0].payloads)
                    self.written -= set(ids_of(halves[0].payloads))

    @rule()
    def divide_the_oldest(self):
        for file in self.reader.ready_files("traces")[:1]:
            with file.claim() as claimed:
                halves = claimed.body.halves()
                if halves is not None:
                    claimed.keep_only(*halves)
            assert halves is None or file.parts() == halves

    @rule(place=st.integers(0, 2**20), bit=st.integers(0, 7))
    def flip_a_bit(self, place, bit):
        for file in self.reader.ready_files("traces")[:1]:
            content = bytearray(file.path.read_bytes())
            position = place % len(content)
            content[position] ^= 1 << bit
            before = set(ids_of(file.body().payloads))
            file.path.write_bytes(content)
            with file.claim() as claimed:
                lost = before - set(ids_of(claimed.payloads) if claimed else ())
                self.damaged += claimed.damaged_lines if claimed else 1
                if claimed and claimed.damaged_lines:
                    claimed.keep_only(claimed.body)
            self.written -= lost
            self.gone |= lost

    @rule()
    def clear(self):
        self.reader.clear()
        self.gone |= self.written
        self.written = set()
        # Notes of runs that have begun are data too; so are those of runs that were killed.
        self.interrupted = set()
        self.open_runs = {}

    @invariant()
    def nothing_is_lost_doubled_or_invented(self):
        if not hasattr(self, "spool"):
            return
        waiting = self._waiting()
        assert len(waiting) == len(set(waiting))
        assert set(waiting) == self.written
        assert len(self.sent) == len(set(self.sent))
        assert self.reader.stats().spans == len(self.written)

    @invariant()
    def losses_are_counted(self):
        if hasattr(self, "spool"):
            assert self.reader.state().dropped.get("corrupt", 0) == self.damaged

    def _waiting(self):
        found = []
        for place in ("active", "ready"):
            folder = self.folder / "traces" / place
            for path in folder.glob("*.jsonl") if folder.exists() else ():
                for line in filter(None, path.read_bytes().splitlines()):
                    parsed = json.loads(line)
                    found += ids_of([json.dumps(parsed["resourceSpans"])[1:-1].encode()])
        return found


TestModel = Model.TestCase
TestModel.settings = settings(
    max_examples=int(os.environ.get("SPOOL_MODEL_EXAMPLES", "25")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
