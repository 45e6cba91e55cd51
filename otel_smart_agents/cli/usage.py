"""Usage events as JSON: protobuf's own mapping, with the field names of ``proto/…/usage/v1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def usage_objects(requests: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the usage events of OTLP JSON requests; 64-bit numbers are text, as in OTLP."""
    from google.protobuf.json_format import MessageToDict

    from otel_smart_agents.export.usage import usage_events

    for event in usage_events(requests):
        yield MessageToDict(event, preserving_proto_field_name=True)
