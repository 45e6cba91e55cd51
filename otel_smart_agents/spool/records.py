"""One log record as OTLP JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from otel_smart_agents.spool.values import any_value, attributes, dropped, fixed64, is_unicode, text

if TYPE_CHECKING:
    from opentelemetry.sdk._logs import ReadableLogRecord  # the SDK has no other public name for it


def log_json(readable: ReadableLogRecord, *, strict: bool) -> str:
    """Return the JSON object of one record. A body that OTLP cannot express becomes an empty value."""
    record = readable.log_record
    return (
        f'{{"timeUnixNano":{fixed64(record.timestamp)},"observedTimeUnixNano":{fixed64(record.observed_timestamp)},'
        + _severity(record)
        + attributes(record.attributes, strict=strict)
        + (f'"traceId":"{record.trace_id:032x}",' if record.trace_id else "")
        + (f'"spanId":"{record.span_id:016x}",' if record.span_id else "")
        + (f'"flags":{int(record.trace_flags)},' if record.trace_flags else "")
        + (f'"eventName":{text(record.event_name)},' if record.event_name else "")
        + f'"body":{_body(record.body)}{dropped(readable.dropped_attributes)}}}'
    )


def _severity(record: Any) -> str:
    severity = f'"severityNumber":{record.severity_number.value},' if record.severity_number is not None else ""
    return severity + (f'"severityText":{text(record.severity_text)},' if record.severity_text else "")


def _body(value: Any) -> str:
    try:
        encoded = any_value(value)
    except Exception:  # noqa: BLE001 - the record's attributes still tell what happened
        return "{}"
    return encoded if is_unicode(encoded) else "{}"
