"""What became of the requests for erasure of one destination: from what is kept on the disk, nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otel_smart_agents.spool.folder import SpoolFolder


def erasure_of(folder: SpoolFolder, *, pending: int) -> dict[str, Any]:
    """Return how many requests wait and which were acknowledged: when, by whom, and under which request id.

    ``rights_service`` promised erasure and gave a receipt; ``back_end`` took the log event that asks for it.
    """
    acknowledged = [
        {
            "time": entry.get("time"),
            "by": "rights_service" if entry.get("erasure_id") else "back_end",
            "request_id": entry.get("erasure_id") or None,
        }
        for entry in _requests(folder)
        if entry.get("result") == "ok"
    ]
    return {"pending": pending, "acknowledged": acknowledged}


def erasure_text(found: dict[str, Any]) -> str | None:
    """Return the same in one line, ``None`` if erasure was never asked for."""
    done, parts = found["acknowledged"], []
    if found["pending"]:
        parts.append(f"pending: {found['pending']} requests wait to be sent")
    if done:
        last = done[-1]
        receipt = f", receipt {last['request_id']}" if last["request_id"] else ""
        parts.append(f"acknowledged: {len(done)} requests, last at {last['time']}{receipt}")
    return "; ".join(parts) or None


def _requests(folder: SpoolFolder) -> list[dict[str, Any]]:
    try:
        return [entry for entry in folder.sent_log() if entry.get("kind") == "deletion"]
    except OSError:  # a folder that must not be used: status says so elsewhere
        return []
