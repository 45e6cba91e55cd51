"""What a person types so that a command can reach the back end of a program that is configured elsewhere."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otel_smart_agents.cli.group import Session
    from otel_smart_agents.cli.known import Known


def online_check(session: Session, known: Known) -> str:
    """Return the command that looks at a destination's back end: with what this process does not know about it, never without a way out."""
    if known.request is not None:
        return f"`{session.command} doctor --online`"
    if known.destination.audience == "upstream":
        return "`otel-smart-agents --app MODULE:CALLABLE doctor --online`, with the product's module that configures it"
    state = known.folder.state()
    variables = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": known.destination.endpoint or state.endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": state.protocol,
    }
    told = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items() if value)
    return (
        f"`{told} {session.command} doctor --online`, with OTEL_EXPORTER_OTLP_HEADERS if it needs credentials; or "
        "`otel-smart-agents --app MODULE:CALLABLE doctor --online`, with the program's module that configures it"
    )
