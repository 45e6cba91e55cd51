"""The receipt of a grant: what was agreed to, with whom, when, in the field names of ISO/IEC TS 27560:2023 and Kantara CR 1.1."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents import semconv
from otel_smart_agents.consent.record import canonical, sha256_hex, utc
from otel_smart_agents.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from otel_smart_agents.consent.model import Destination, Mode
    from otel_smart_agents.consent.notice import Notice

KANTARA_VERSION: Final = "KI-CR-v1.1.0"
SCHEMA_VERSION: Final = "ISO/IEC TS 27560:2023"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as it is kept in ``receipts/<id>.json``.

    Attributes:
        id: random id (UUID text), in no relation to the installation id.
        destination: key of the destination.
        record: the receipt in the field names of ISO/IEC TS 27560.
    """

    id: str
    destination: str
    record: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the receipt's canonical JSON: who holds the receipt can prove that it is the one."""
        return sha256_hex(canonical(self.record))

    def to_bytes(self) -> bytes:
        """Return the bytes of the receipt's file."""
        return json.dumps(self.record, indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n"

    def kantara(self) -> dict[str, Any]:
        """Return the receipt in the field names of Kantara Consent Receipt 1.1."""
        processing, event = self.record["pii_processing"][0], self.record["event"][0]
        parties = {party["party_id"]: party for party in self.record["party_identification"]}
        controller = parties[processing["pii_controllers"][0]]
        return {
            "version": KANTARA_VERSION,
            "jurisdiction": processing["jurisdiction"],
            "consentTimestamp": self.record["event_time_ns"] // 1_000_000_000,
            "collectionMethod": processing["collection_method"],
            "consentReceiptID": self.record["record_id"],
            "publicKey": "",
            "language": processing["language"],
            "piiPrincipalId": self.record["pii_principal_id"],
            "piiControllers": [{"piiController": controller["party_name"], "onBehalf": False, "contact": controller["party_contact"]}],
            "policyUrl": processing["policy_url"],
            "services": [
                {"service": processing["service"], "purposes": [_purpose(text, processing, event) for text in processing["purpose"]]}
            ],
            "sensitive": False,
            "spiCat": [],
        }


@dataclass(frozen=True, slots=True)
class Grant:
    """The facts of a grant that its receipt states.

    Attributes:
        destination: where the data may go; its controller is the one who was named.
        notice: what was shown; ``None`` only for ``own``.
        categories: what was agreed to.
        mode: ``on`` or ``local``.
        epoch: number of the answer.
        time_ns: Unix nanoseconds.
        method: how it was given.
        application_version: version of the product that asked.
        text_sha256: SHA-256 of the text that was shown.
    """

    destination: Destination
    notice: Notice | None
    categories: frozenset[str]
    mode: Mode
    epoch: int
    time_ns: int
    method: str
    application_version: str
    text_sha256: str


def make_receipt(grant: Grant, *, receipt_id: str, principal_id: str) -> Receipt:
    """Return the receipt of a grant.

    Args:
        grant: the facts.
        receipt_id: random UUID text.
        principal_id: random UUID text made for this receipt alone: the standard asks for an id of the person, and no other may leave.
    """
    notice, at = grant.notice, grant.destination
    controller = _party(at.controller or "operator of this program", "PII controller", notice.contact if notice else "")
    recipients = notice.recipients if notice else ()
    record = {
        "schema_version": SCHEMA_VERSION,
        "record_id": receipt_id,
        "pii_principal_id": principal_id,
        "destination": at.key,
        "event_time_ns": grant.time_ns,
        "consent_epoch": grant.epoch,
        "pii_processing": [_processing(grant, controller["party_id"], recipients)],
        "party_identification": [controller, *(_party(name, "recipient", "") for name in recipients)],
        "event": [
            {
                "event_time": utc(grant.time_ns),
                "validity_duration": "until revoked, or until the notice's version rises",
                "entity_id": principal_id,
                "event_type": "explicit",
                "event_state": "consent given",
            }
        ],
    }
    return Receipt(receipt_id, at.key, record)


def _processing(grant: Grant, controller_id: str, recipients: Sequence[str]) -> dict[str, Any]:
    notice, at = grant.notice, grant.destination
    return {
        "privacy_notice": {"version": notice.version if notice else "", "sha256": grant.text_sha256},
        "policy_url": notice.policy_url if notice else "",
        "language": notice.language if notice else "en",
        "service": at.product,
        "service_version": grant.application_version,
        "purpose": list(notice.purposes) if notice else ["Operation of this program by its operator"],
        "lawful_basis": "consent",
        "pii_information": [
            {
                "pii_type": name,
                "pii_attribute_id": list(semconv.NOTICE_COLLECTED[name]),
                "pii_optional": True,
                "sensitive_pii_category": False,
            }
            for name in sorted(grant.categories)
        ],
        "pii_controllers": [controller_id],
        "collection_method": grant.method,
        "processing_method": ["stored on this machine" if grant.mode == "local" else "sent over OTLP"],
        "processing_locations": [at.host or "this machine"],
        "storage_locations": [notice.country if notice else ""],
        "retention_period": notice.retention if notice else "",
        "recipient_third_parties": list(recipients),
        "withdrawal_method": "otel-smart-agents disable, or the product's own telemetry command",
        "privacy_rights": list(notice.rights) if notice else [],
        "jurisdiction": notice.country if notice else "",
    }


def _party(name: str, role: str, contact: str) -> dict[str, str]:
    return {"party_id": sha256_hex(f"{role}:{name}".encode())[:16], "party_name": name, "party_role": role, "party_contact": contact}


def bound_hash(receipt_hash: str, installation_id: str) -> str:
    """Return the receipt's hash bound to one installation id, SHA-256 of ``<receipt hash>:<id>``.

    Sent in place of the bare hash it proves the same (the holder of the receipt can compute it), but two ids of one installation, before
    and after a rotation, cannot be joined by it.
    """
    return sha256_hex(f"{receipt_hash}:{installation_id}".encode())


def parse_receipt(data: bytes) -> Receipt:
    """Read a receipt's file.

    Raises:
        ConsentError: it is damaged.
    """
    try:
        record = json.loads(data)
        canonical(record)  # what has no canonical form has no hash to be known by
        return Receipt(id=record["record_id"], destination=record["destination"], record=record)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConsentError(f"it is not a receipt ({type(error).__name__})") from error


def _purpose(text: str, processing: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    third_parties = processing["recipient_third_parties"]
    return {
        "purpose": text,
        "purposeCategory": ["Product analytics"],
        "consentType": event["event_type"].upper(),
        "piiCategory": [item["pii_type"] for item in processing["pii_information"]],
        "primaryPurpose": False,
        "termination": processing["retention_period"],
        "thirdPartyDisclosure": bool(third_parties),
        "thirdPartyName": ", ".join(third_parties),
    }
