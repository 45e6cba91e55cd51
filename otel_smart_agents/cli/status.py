"""``status``: what is on, who decided, what waits, and why nothing is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from otel_smart_agents.cli.delivery import told
from otel_smart_agents.cli.erasure import erasure_of, erasure_text
from otel_smart_agents.cli.group import Session, destination_option, json_option, telemetry
from otel_smart_agents.cli.output import console, emit, reason, size, when
from otel_smart_agents.cli.progress import Steps, progress
from otel_smart_agents.consent import CATEGORIES, ConsentStore, Decision, Destination
from otel_smart_agents.errors import ConsentError
from otel_smart_agents.spool.limits import SpoolStats

if TYPE_CHECKING:
    from rich.console import Console

    from otel_smart_agents.cli.known import Known

_STYLE = {"off": "red", "local": "yellow", "on": "green"}


@telemetry.command()
@destination_option
@json_option
@click.pass_obj
def status(session: Session, destination: str | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Show what is on, who decided, what waits to be sent and why nothing is.

    \b
    Examples:
      status
      status --json
      status --destination acme
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    found = [describe(known, session.store) for known in session.destinations.many(destination)]
    document = {**summary(session.store, found), "destinations": found}
    if as_json:
        emit(document)
    else:
        _show(document)


def summary(store: ConsentStore, found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the strictest upstream answer, with the layer that decided it: of every upstream destination, or in principle."""
    upstream = [item for item in found if item["audience"] == "upstream"]
    order = ("off", "local", "on")
    if upstream:
        decided = min(upstream, key=lambda item: order.index(item["mode"]))
        mode, layer, reason, categories = (decided[name] for name in ("mode", "layer", "reason", "categories"))
    else:
        decision = store.decide(Destination("upstream", "any product", ""))
        mode, layer, reason, categories = decision.mode, decision.layer, decision.reason, sorted(decision.categories)
        if layer == "default":
            reason = "nobody has said yes to sending anything to the makers of a product on this machine"
    return {
        "mode": mode,
        "layer": layer,
        "reason": reason,
        "categories": categories if mode != "off" else [],
        "data_folder": str(store.paths.data),
        "consent_folder": str(store.paths.consent),
    }


def describe(known: Known, store: ConsentStore) -> dict[str, Any]:
    """Return everything that ``status`` tells about one destination, in plain values."""
    decision, state = known.decision(store), known.folder.state()
    stats, older, unreadable = _waiting(known, decision)
    at = known.destination
    identity, damaged = _id(store, at)
    settings = known.request.settings if known.request else None
    return {
        "key": known.key,
        "audience": at.audience,
        "product": at.product,
        "endpoint": at.endpoint or state.endpoint or None,
        "controller": at.controller or None,
        "mode": decision.mode,
        "state": decision.state,
        "categories": sorted(decision.categories) if decision.records else [],
        "layer": decision.layer,
        "reason": decision.reason,
        "notice_version": decision.notice_version or None,
        "id": identity,
        "waiting": {
            "spans": stats.spans,
            "files": stats.files,
            "bytes": stats.bytes,
            "oldest": when(stats.oldest_ns),
            "older": older,
        },
        "dropped": dict(stats.dropped),
        "sent": state.sent,
        "last_sent": when(state.last_sent_ns),
        "next_attempt": when(state.next_attempt_ns) if state.wait_s(time.time_ns()) else None,
        "last_code": state.last_code or None,
        "rejected_files": sum(signal.rejected_files for signal in stats.signals.values()),
        "deletion_requests": stats.deletions,
        "erasure": erasure_of(known.folder, pending=stats.deletions),
        "problem": "; ".join(filter(None, (unreadable, damaged))) or None,
        "configured_here": known.request is not None,
        "not_sent_because": why_not_sent(known, decision, waits=bool(stats.files or stats.deletions))
        or (damaged if at.audience == "upstream" else None),
        "settings": {
            name: {"value": getattr(settings, name), "source": source} for name, source in settings.sources.items() if name != "headers"
        }
        if settings
        else {},
    }


def why_not_sent(known: Known, decision: Decision, *, waits: bool = True) -> str | None:
    """Return in one sentence why nothing is being sent, ``None`` if nothing stands in the way, or nothing ``waits`` for who sends it."""
    if decision.records and known.endpoint() is None:
        return "no endpoint is set: data stays on this machine"
    if not decision.sends:
        return decision.reason
    state = known.folder.state()
    if state.attempts:
        return told(state)
    if waits and known.request is None:
        return "this command is not configured for it: the program that recorded it sends it, at its next run"
    return None


def _waiting(known: Known, decision: Decision) -> tuple[SpoolStats, int, str | None]:
    """Return what waits, how much of it is older, and why it cannot be told if it cannot."""
    counted = Steps()
    try:
        with progress("counting", total=known.folder.waiting_files(), done=lambda: counted.done):
            stats = known.folder.stats(on_file=counted)
    except OSError as error:
        return SpoolStats(), 0, reason(error)
    return stats, sum(items for terms, items in stats.sealed.items() if not terms.covered_by(decision)), None


def _id(store: ConsentStore, at: Destination) -> tuple[str | None, str | None]:
    """Return the id, and why it cannot be used if it cannot."""
    try:
        identity = store.identities.peek(at)
    except ConsentError as error:
        return None, f"the id cannot be used{': nothing can be recorded' if at.audience == 'upstream' else ''}: {reason(error)}"
    return identity.id if identity else None, None


def _show(document: dict[str, Any]) -> None:
    out = console()
    own = [item for item in document["destinations"] if item["audience"] == "own"]
    apart = len(own) < len(document["destinations"]) or not own
    if apart:
        mode = document["mode"]
        out.print(f"Upstream telemetry is [bold {_STYLE[mode]}]{mode}[/] (decided by: {document['layer']})")
        out.print(f"  {escape(document['reason'])}")
        for problem in filter(None, (item["problem"] for item in document["destinations"] if item["audience"] == "upstream")):
            out.print(f"  [red]problem: {escape(problem)}[/]", soft_wrap=True)
    if own:
        _lead_own(out, own)
    if not apart:
        out.print("Nothing goes to the makers of any software: no such destination is known here.")
    for item in document["destinations"]:
        _show_one(out, item)
    if not document["destinations"]:
        out.print("No destination is known here, and nothing is on the disk.")


def _show_one(out: Console, item: dict[str, Any]) -> None:
    out.print(f"\n[bold]{escape(item['key'])}[/]  [{_STYLE[item['mode']]}]{item['mode']}[/]")
    for name, value in _rows(item).items():
        if value is not None:
            out.print(f"  [dim]{name:<10}[/]  {escape(value)}", soft_wrap=True)


def _lead_own(out: Console, own: list[dict[str, Any]]) -> None:
    """Say first what an operator's own back ends get: for whoever has one, that is the telemetry there is."""
    modes = {item["mode"] for item in own}
    if len(modes) == 1:
        (mode,) = modes
        out.print(f"Telemetry to your own back end is [bold {_STYLE[mode]}]{mode}[/] (decided by: {own[0]['layer']})")
    else:
        told = ", ".join(f"[bold {_STYLE[item['mode']]}]{item['mode']}[/] for {escape(item['key'])}" for item in own)
        out.print(f"Telemetry to your own back ends is {told}")
    for why in dict.fromkeys(item["not_sent_because"] for item in own if item["not_sent_because"]):
        out.print(f"  not sent: {escape(why)}", soft_wrap=True)


def _rows(item: dict[str, Any]) -> dict[str, str | None]:
    there = item["waiting"]
    dropped = ", ".join(f"{count} {reason}" for reason, count in item["dropped"].items() if count)
    return {
        "audience": item["audience"],
        "endpoint": item["endpoint"],
        "state": f"{item['state'].replace('_', ' ')} (decided by: {item['layer']})",
        "categories": ", ".join(item["categories"]) or "none",
        "reason": item["reason"] if item["mode"] == "on" and set(item["categories"]) != CATEGORIES else None,
        "id": item["id"],
        "waiting": f"{there['spans']} spans, {size(there['bytes'])}" + (f", since {there['oldest']}" if there["oldest"] else ""),
        "older": f"{there['older']} of them are not covered by the current answer: see review" if there["older"] else None,
        "sent": f"{item['sent']}" + (f", last at {item['last_sent']}" if item["last_sent"] else ""),
        "dropped": dropped or None,
        "rejected": f"{item['rejected_files']} files the back end refused" if item["rejected_files"] else None,
        "erasure": erasure_text(item["erasure"]),
        "problem": item["problem"],
        "not sent": item["not_sent_because"],
    }
