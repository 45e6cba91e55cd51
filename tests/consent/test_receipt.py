"""Receipts: the field names of two standards, a hash that proves and does not join."""

from __future__ import annotations

import json

import pytest

from otel_smart_agents.consent.receipt import Receipt, bound_hash, parse_receipt
from otel_smart_agents.consent.record import canonical, sha256_hex
from otel_smart_agents.errors import ConsentError


@pytest.fixture
def receipt(store, upstream, notice) -> Receipt:
    return store.grant(upstream, notice, categories={"agent", "error"}, method="cli", application_version="2.0")


def test_it_has_the_sections_and_fields_of_iso_27560(receipt, notice, upstream):
    record = receipt.record
    assert {"schema_version", "record_id", "pii_principal_id", "pii_processing", "party_identification", "event"} <= set(record)
    (processing,) = record["pii_processing"]
    assert processing["privacy_notice"]["version"] == notice.version
    assert processing["purpose"] == list(notice.purposes)
    assert processing["lawful_basis"] == "consent"
    assert [item["pii_type"] for item in processing["pii_information"]] == ["agent", "error"]
    assert processing["retention_period"] == notice.retention
    assert processing["recipient_third_parties"] == list(notice.recipients)
    assert processing["privacy_rights"] == list(notice.rights)
    assert processing["collection_method"] == "cli"
    assert processing["storage_locations"] == ["Ireland"]
    assert processing["processing_locations"] == [upstream.host]
    assert "disable" in processing["withdrawal_method"]
    controller = record["party_identification"][0]
    assert processing["pii_controllers"] == [controller["party_id"]]
    assert (controller["party_name"], controller["party_contact"]) == (notice.controller, notice.contact)
    (event,) = record["event"]
    assert (event["event_type"], event["event_state"], event["event_time"]) == ("explicit", "consent given", "2027-01-15T08:00:00Z")


def test_it_has_the_fields_of_kantara_1_1(receipt, notice, clock):
    found = receipt.kantara()
    assert set(found) == {
        "version",
        "jurisdiction",
        "consentTimestamp",
        "collectionMethod",
        "consentReceiptID",
        "publicKey",
        "language",
        "piiPrincipalId",
        "piiControllers",
        "policyUrl",
        "services",
        "sensitive",
        "spiCat",
    }
    assert found["version"] == "KI-CR-v1.1.0"
    assert found["consentTimestamp"] == clock.now // 1_000_000_000
    assert found["consentReceiptID"] == receipt.id
    assert found["piiControllers"] == [{"piiController": notice.controller, "onBehalf": False, "contact": notice.contact}]
    assert found["policyUrl"] == notice.policy_url
    ((purpose,),) = [service["purposes"] for service in found["services"]]
    assert purpose["consentType"] == "EXPLICIT"
    assert purpose["piiCategory"] == ["agent", "error"]
    assert purpose["termination"] == notice.retention
    assert purpose["thirdPartyDisclosure"]


def test_the_file_holds_what_was_hashed(receipt, store, paths):
    kept = json.loads((paths.consent / "receipts" / f"{receipt.id}.json").read_text())
    assert sha256_hex(canonical(kept)) == receipt.hash
    assert store.receipt(receipt.id) == receipt


def test_its_ids_are_related_to_nothing_else(receipt, store, upstream):
    identity = store.identities.current(upstream)
    text = receipt.to_bytes().decode()
    assert identity.id not in text
    assert store.identities.pending_deletions(upstream)[0].secret_hex not in text
    assert receipt.record["pii_principal_id"] != receipt.id


def test_a_bound_hash_proves_without_joining_two_ids(receipt):
    one, two = bound_hash(receipt.hash, "id-1"), bound_hash(receipt.hash, "id-2")
    assert one != two
    assert receipt.hash not in (one, two)
    assert one == sha256_hex(f"{receipt.hash}:id-1".encode())


def test_receipts_are_listed_by_time_and_damaged_ones_left_out(store, paths, upstream, own, notice, clock):
    first = store.grant(upstream, notice, method="cli")
    clock.forward(seconds=1)
    second = store.grant(own, notice, method="cli")
    (paths.consent / "receipts" / "junk.json").write_text("{}")
    (paths.consent / "receipts" / "worse.json").write_text("{")
    assert store.receipts() == [first, second]
    assert store.receipts(own) == [second]
    assert store.receipt("junk") is None
    assert store.receipt("missing") is None


def test_the_same_yes_again_does_not_pass_off_an_altered_receipt_as_its_own(store, paths, upstream, notice):
    first = store.grant(upstream, notice, method="cli")
    file = paths.consent / "receipts" / f"{first.id}.json"
    file.write_text(file.read_text().replace("90 days", "9 years"))
    second = store.grant(upstream, notice, method="cli")
    assert second.id != first.id
    assert [(item.id, item.state, item.wrong) for item in store.check_receipts()] == [
        (second.id, "intact", False),
        (first.id, "altered", True),
    ]


def test_a_receipt_of_a_local_grant_says_that_nothing_is_sent(store, upstream, notice):
    receipt = store.grant(upstream, notice, mode="local", method="cli")
    assert receipt.record["pii_processing"][0]["processing_method"] == ["stored on this machine"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'"x"', b"[" * 100_000])
def test_what_is_no_receipt_is_refused(data):
    with pytest.raises(ConsentError, match="not a receipt"):
        parse_receipt(data)
