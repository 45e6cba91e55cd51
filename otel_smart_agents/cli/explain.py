"""``why`` and ``policy show``: why a key is kept or dropped, and what the administrator decided."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from otel_smart_agents.cli.group import Session, json_option, telemetry
from otel_smart_agents.cli.output import emit, say
from otel_smart_agents.consent.policyfile import AdminPolicy, load_policy
from otel_smart_agents.privacy.explain import KeyExplanation, explain_key
from otel_smart_agents.privacy.policy import Policy

if TYPE_CHECKING:
    from otel_smart_agents.cli.known import Known

_WORDS = {
    "drop": "dropped",
    "keep": "kept",
    "hash": "kept as a keyed hash",
    "scan": "kept after the detectors looked at its value",
    "content": "kept only where code lets this content through",
    "fallback": "kept, or replaced by a keyed hash",
}


@telemetry.command()
@click.argument("key")
@json_option
@click.pass_obj
def why(session: Session, key: str, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Say why an attribute is kept or dropped: by the rules, and for each destination that is known here.

    \b
    Examples:
      why gen_ai.agent.name
      why http.request.header.authorization
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    policies = {"own": Policy(), "upstream": Policy(audience="upstream", catalogue=lambda _: True)}
    found = {audience: _by_the_rules(explain_key(key, policy), audience) for audience, policy in policies.items()}
    now = [_now(session, known, key) for known in session.destinations.all()]
    if as_json:
        emit({"key": key, **{audience: dataclasses.asdict(item) for audience, item in found.items()}, "destinations": now})
        return
    for audience, item in found.items():
        click.echo(f"{audience}  {_WORDS.get(item.decision, item.decision)}: {item.reason}")
    _facts(found["own"])
    for at in now:
        click.echo(f"{at['key']}  {_WORDS.get(at['decision'], at['decision'])} now: {at['reason']}")


def _by_the_rules(item: KeyExplanation, audience: str) -> KeyExplanation:
    """Return the explanation without a consent that nobody has given: what is asked here is what would be."""
    if item.decision != "keep" or item.category is None:
        return item
    reason = f"If the category {item.category} is granted"
    reason += ", as all are where an operator decides." if audience == "own" else "; else it is dropped."
    return dataclasses.replace(item, reason=reason)


def _now(session: Session, known: Known, key: str) -> dict[str, str]:
    """Return what happens to the key at a destination as things stand."""
    decision, at = known.decision(session.store), known.destination
    facts = {"key": known.key, "audience": at.audience, "mode": decision.mode}
    if not decision.records:
        return {**facts, "decision": "drop", "reason": f"Nothing is recorded: {decision.reason}"}
    settings = known.request.settings if known.request else None
    policy = Policy(audience=at.audience, categories=decision.categories, catalogue=(lambda _: True) if at.audience == "upstream" else None)
    if settings is not None:
        policy = dataclasses.replace(policy, unknown=settings.unknown, content=settings.content)
    item = explain_key(key, policy)
    return {**facts, "decision": item.decision, "reason": item.reason}


def _facts(item: KeyExplanation) -> None:
    facts = {
        "class": item.privacy_class,
        "consent category": item.category,
        "type": item.type,
        "form": item.form,
        "longest": f"{item.max_length} characters" if item.max_length else None,
    }
    for name, value in facts.items():
        if value:
            click.echo(f"  {name}: {value}")


@telemetry.group()
def policy() -> None:
    """What the administrator of this machine decided.

    \b
    Examples:
      policy show
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines


@policy.command(name="show")
@json_option
@click.pass_obj
def show_policy(session: Session, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show the administrator's policy file, or say what is wrong with it.

    \b
    Examples:
      policy show
      policy show --json
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    path = session.store.paths.policy
    found = load_policy(path)
    if as_json:
        emit({"path": str(path), "policy": _plain(found) if found else None})
        return
    if found is None:
        say(f"There is no policy file at {path}: nothing is decided for you.")
        return
    click.echo(f"{path}")
    for rule in found.rules:
        about = ", ".join(part for part in (rule.product, rule.audience) if part) or "everything"
        parts = (
            f"at most {rule.mode}",
            ", ".join(sorted(rule.categories)) or "no category",
            _names("product", rule.products),
            _names("host", rule.hosts),
        )
        click.echo(f"  {rule.where}, about {about}: {'; '.join(parts)}")
    click.echo(f"  users may {'' if found.prompt else 'not '}be asked")
    if found.operator_decides:
        click.echo("  own destinations need no answer of the user")
    if found.message:
        click.echo(f"  {found.message}")


def _names(what: str, allowed: frozenset[str] | None) -> str:
    return f"any {what}" if allowed is None else f"only {what}s {', '.join(sorted(allowed))}" if allowed else f"no {what}"


def _plain(found: AdminPolicy) -> dict[str, Any]:
    plain = dataclasses.asdict(found)
    plain["path"] = str(found.path)
    return plain
