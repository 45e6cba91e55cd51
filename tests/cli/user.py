"""A person with a home of their own, a shell, a terminal, and a product that they use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pexpect
from opentelemetry._logs import LogRecord
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, Status, StatusCode

from otel_smart_agents.consent import CATEGORIES, ConsentStore, Destination
from otel_smart_agents.paths import TelemetryPaths
from otel_smart_agents.privacy import Policy, redact, redact_log
from otel_smart_agents.spool import Spool, SpoolFolder
from otel_smart_agents.spool.names import Terms
from otel_smart_agents.spool.state import update_state

from .acme_product import NOTICE

if TYPE_CHECKING:
    from .nursery import Nursery

HERE = Path(__file__).parent
RECEIVER = "http://127.0.0.1:9"  # nobody listens on the discard port


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str
    raw: bytes = b""

    @property
    def json(self):
        return json.loads(self.out)


class User:
    """One person.

    Args:
        home: their home folder.
        url: where the product sends to.
        protocol: how.
    """

    nursery: ClassVar[Nursery]

    def __init__(self, home: Path, url: str = RECEIVER, protocol: str = "http/json") -> None:
        self.home = home
        self.at = Destination("upstream", "acme", url, "Acme Ltd")
        self.protocol = protocol
        self.environ = {
            "HOME": str(home),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(HERE),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "ACME_URL": url,
            "ACME_PROTOCOL": protocol,
        }
        self.store = ConsentStore(TelemetryPaths(self.data, self.data, home / "no-policy.toml"), environ=self.environ)

    @property
    def data(self) -> Path:
        return self.home / ".smart-agents" / "telemetry"

    @property
    def folder(self) -> SpoolFolder:
        return SpoolFolder(self.data / "spool" / self.at.key)

    def files(self) -> set[str]:
        return {str(path.relative_to(self.home)) for path in self.home.rglob("*")}

    def run(self, *argv: str, **environ: str) -> Done:
        done = subprocess.run(argv, env={**self.environ, **environ}, capture_output=True, timeout=60, check=False)
        return Done(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(), done.stdout)

    def cli(self, *arguments: str, app: bool = False, **environ: str) -> Done:
        """Run the command in a pipe; ``app`` names the product's module, as its maker would tell people to."""
        named = ("--app", "acme_product:setup") if app else ()
        code, out, err = self.nursery.run((*named, *arguments), {**self.environ, **environ})
        return Done(code, out.decode(errors="replace"), err.decode(), out)

    def host(self, *arguments: str, **environ: str) -> Done:
        """Run the product's own command line in a pipe."""
        return self.run(sys.executable, "-c", "import acme_product; acme_product.main()", *arguments, **environ)

    def terminal(self, *arguments: str, app: bool = True, **environ: str) -> pexpect.spawn:
        """Run the command in a terminal."""
        named = ["--app", "acme_product:setup"] if app else []
        spawned = pexpect.spawn(
            sys.executable,
            ["-m", "otel_smart_agents", *named, *arguments],
            env={**self.environ, **environ},
            encoding="utf-8",
            timeout=20,
            dimensions=(60, 160),
            echo=False,
        )
        spawned.delaybeforesend = None  # every test waits for the question before it answers
        spawned.delayafterclose = 0.01
        return spawned

    def agree(self, mode: str = "on", categories=CATEGORIES) -> int:
        """Say yes, as ``enable`` would, and return the epoch."""
        self.store.grant(self.at, NOTICE, categories=categories, mode=mode, method="cli")
        return self.store.decide(self.at, notice=NOTICE).epoch

    def record(self, *names: str, epoch: int, fail: bool = False, trace: int = 1, categories=CATEGORIES, local=False) -> list[str]:
        """Put one sealed file of agent runs of one trace into the spool and return their span ids."""
        identity = self.store.identities.peek(self.at)
        policy = Policy(
            audience="upstream",
            categories=categories,
            catalogue=lambda _: True,
            resource=(
                ("app.installation.id", identity.id if identity else "11111111-2222-4333-8444-555555555555"),
                ("smart_agents.consent.epoch", epoch),
            ),
        )
        spool = Spool(self.folder.folder, self.at, epoch=epoch, marks=Terms(epoch, local, frozenset(categories)).marks)
        spans = [_span(name, trace, number, fail=fail) for number, name in enumerate(names, 1)]
        spool.append([redact(span, policy) for span in spans])
        spool.close()
        update_state(self.folder.folder, lambda state: replace(state, endpoint=self.at.endpoint, protocol=self.protocol))
        return [f"{span.context.span_id:016x}" for span in spans]

    def record_event(self, feature: str, *, epoch: int) -> None:
        """Put one sealed file with the use of a feature into the spool."""
        record = LogRecord(
            timestamp=1_790_000_000_000_000_000,
            observed_timestamp=1_790_000_000_000_000_000,
            event_name="smart_agents.feature.usage",
            attributes={"smart_agents.feature.name": feature, "smart_agents.feature.action": "used"},
        )
        scope = InstrumentationScope("otel_smart_agents", "1")
        readable = ReadableLogRecord(record, Resource({"service.name": "acme"}), scope)
        spool = Spool(self.folder.folder, self.at, signal="logs", epoch=epoch)
        spool.append([redact_log(readable, Policy(audience="upstream", catalogue=lambda _: True))])
        spool.close()


def _span(name, trace, number, *, fail):
    attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name, "smart_agents.kind": "agent"}
    attributes["smart_agents.outcome"] = "failure" if fail else "success"
    if fail:
        attributes["error.type"] = "ValueError"
    root = SpanContext(trace, trace * 1000 + 1, is_remote=False)
    return ReadableSpan(
        f"invoke_agent {name}",
        root if number == 1 else SpanContext(trace, trace * 1000 + number, is_remote=False),
        parent=None if number == 1 else root,
        resource=Resource({"service.name": "acme"}),
        attributes=attributes,
        status=Status(StatusCode.ERROR, "ValueError") if fail else Status(),
        instrumentation_scope=InstrumentationScope("otel_smart_agents", "1"),
        start_time=1_790_000_000_000_000_000 + number,
        end_time=1_790_000_001_000_000_000 + number,
    )
