"""Answers: what is stored, what it means, and what makes it void."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import replace

import pytest

from otel_smart_agents.consent.detect import AGENT_VARIABLES
from otel_smart_agents.consent.model import CATEGORIES, Destination
from otel_smart_agents.errors import ConfigError, ConsentError


def disk(tmp_path):
    return sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


def test_nothing_is_on_until_someone_says_yes_and_asking_creates_nothing(store, upstream, own, notice, tmp_path):
    before = disk(tmp_path)
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.state, decision.layer) == ("off", "unknown", "default")
    assert "enable" in decision.reason
    assert not decision.records
    assert not decision.sends
    assert store.decide(own, gate="user").mode == "off"
    assert store.stamp() == (None, None)
    assert store.destinations() == ()
    assert store.receipts() == []
    assert store.verify_log().ok
    assert store.identities.peek(upstream) is None
    assert store.identities.pending_deletions(upstream) == []
    assert disk(tmp_path) == before


def test_own_needs_no_yes_of_the_user(store, own):
    for gate in ("operator", "per_call"):
        decision = store.decide(own, gate=gate)
        assert (decision.mode, decision.state, decision.layer, decision.categories) == ("on", "not_required", "default", CATEGORIES)
        assert decision.granted_at_ns == decision.epoch == 0


def test_the_gate_of_own_does_not_open_upstream(store, upstream, notice):
    for gate in ("operator", "user", "per_call"):
        assert store.decide(upstream, gate=gate, notice=notice).mode == "off"


def test_a_yes_is_on_with_its_time_epoch_and_proof(store, upstream, notice, clock):
    receipt = store.grant(upstream, notice, categories={"agent", "error"}, method="cli", application_version="2.0")
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.state, decision.layer) == ("on", "granted", "user")
    assert decision.categories == {"agent", "error"}
    assert decision.granted_at_ns == clock.now
    assert (decision.epoch, decision.notice_version) == (1, notice.version)
    assert (decision.receipt_id, decision.receipt_hash) == (receipt.id, receipt.hash)
    assert decision.sends


def test_local_records_and_never_sends(store, upstream, notice):
    store.grant(upstream, notice, mode="local", method="cli")
    decision = store.decide(upstream, notice=notice)
    assert decision.mode == "local"
    assert decision.records
    assert not decision.sends
    assert "kept on this machine" in decision.reason


def test_what_is_stored_can_be_read_by_a_person(store, paths, upstream, notice, clock):
    receipt = store.grant(upstream, notice, categories={"agent"}, method="prompt", application_version="2.0", shown="the text")
    content = json.loads((paths.consent / "consent.json").read_text())
    record = content["destinations"][upstream.key]
    assert content["schema"] == 1
    assert content["epoch"] == 1
    assert (record["product"], record["controller"], record["host"]) == ("acme", "Acme Ltd", "telemetry.acme.example")
    assert (record["state"], record["mode"], record["epoch"], record["method"]) == ("granted", "on", 1, "prompt")
    assert record["categories"] == {name: "granted" if name == "agent" else "denied" for name in CATEGORIES}
    assert record["notice_version"] == notice.version
    assert record["notice_sha256"] == hashlib.sha256(b"the text").hexdigest()
    assert record["time"] == "2027-01-15T08:00:00Z"
    assert record["time_ns"] == clock.now
    assert record["application_version"] == "2.0"
    assert (record["receipt_id"], record["receipt_sha256"]) == (receipt.id, receipt.hash)
    assert [item.destination for item in store.destinations()] == [upstream]


def test_the_hash_of_the_shown_text_defaults_to_the_notice(store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    text = notice.text(upstream)
    assert store.destinations()[0].notice_sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_files_are_0600_in_folders_0700_whatever_the_umask(store, paths, upstream, notice):
    old = os.umask(0)
    try:
        store.grant(upstream, notice, method="cli")
        store.deny(upstream, method="cli")
    finally:
        os.umask(old)
    for path in [paths.consent.parent, *paths.consent.parent.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_the_same_yes_again_changes_nothing(store, upstream, notice, clock):
    first = store.grant(upstream, notice, method="cli")
    stamp = store.stamp()
    clock.forward(seconds=5)
    assert store.grant(upstream, notice, method="cli") == first
    assert store.stamp() == stamp
    other = store.grant(upstream, notice, categories={"agent"}, method="cli")
    assert other != first
    assert store.decide(upstream, notice=notice).epoch == 2


def test_a_yes_whose_receipt_was_lost_is_given_anew(store, paths, upstream, notice):
    first = store.grant(upstream, notice, method="cli")
    (paths.consent / "receipts" / f"{first.id}.json").unlink()
    assert store.grant(upstream, notice, method="cli").id != first.id


def test_every_answer_raises_the_epoch_and_a_grant_is_never_retroactive(store, upstream, notice, clock):
    store.grant(upstream, notice, method="cli")
    store.revoke(upstream, method="cli")
    clock.forward(days=1)
    store.grant(upstream, notice, method="cli")
    decision = store.decide(upstream, notice=notice)
    assert decision.epoch == 3
    assert decision.granted_at_ns == clock.now


def test_a_first_no_is_a_denial_and_a_no_after_a_yes_a_revocation(store, upstream, notice):
    first = store.deny(upstream, notice, method="prompt")
    assert (first.state, first.changed, first.epoch, first.proofs) == ("denied", True, 1, ())
    assert store.decide(upstream, notice=notice).state == "denied"
    again = store.deny(upstream, notice, method="cli")
    assert (again.state, again.changed, again.epoch) == ("denied", False, 1)
    store.grant(upstream, notice, method="cli")
    gone = store.revoke(upstream, method="cli")
    assert (gone.state, gone.changed, gone.epoch) == ("revoked", True, 3)
    decision = store.decide(upstream, notice=notice)
    assert (decision.mode, decision.state, decision.layer, decision.epoch) == ("off", "revoked", "user", 3)
    assert decision.categories == frozenset()


def test_a_denial_stays_when_the_notice_rises(store, upstream, notice, newer):
    store.deny(upstream, notice, method="cli")
    assert store.decide(upstream, notice=newer).state == "denied"


def test_a_grant_is_stale_when_the_notice_rises_and_only_then(store, upstream, notice, newer):
    store.grant(upstream, notice, method="cli")
    decision = store.decide(upstream, notice=newer)
    assert (decision.mode, decision.state) == ("off", "stale")
    assert "2026-11" in decision.reason
    assert "2026-12" in decision.reason
    assert store.decide(upstream, notice=replace(notice, version="2026-10")).mode == "on"
    store.grant(upstream, newer, method="cli")
    assert store.decide(upstream, notice=newer).mode == "on"
    assert store.decide(upstream, notice=notice).mode == "on"


@pytest.mark.parametrize("change", [{"controller": "Evil Inc"}, {"product": "acme2"}, {"endpoint": "https://evil.example/v1"}])
def test_another_controller_product_or_endpoint_is_unknown_again(change, store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    decision = store.decide(replace(upstream, **change))
    assert (decision.mode, decision.state) == ("off", "unknown")
    assert store.decide(upstream, notice=notice).mode == "on"


def test_a_changed_controller_is_named(store, upstream, notice):
    store.grant(upstream, notice, method="cli")
    reason = store.decide(replace(upstream, controller="Evil Inc")).reason
    assert "Acme Ltd" in reason
    assert "Evil Inc" in reason


def test_the_controller_may_come_from_the_notice(store, upstream, notice):
    bare = replace(upstream, controller="")
    store.grant(bare, notice, method="cli")
    assert store.decide(bare, notice=notice).mode == "on"
    assert store.decide(bare).mode == "off"  # upstream that does not say who it is for
    assert store.decide(bare, notice=replace(notice, controller="Evil Inc")).mode == "off"


def test_own_matches_whatever_controller_was_named(store, own, notice):
    store.grant(own, notice, method="cli")
    assert store.decide(own, gate="user").mode == "on"
    store.deny(own, method="cli")
    assert store.decide(own, gate="user", notice=notice).state == "revoked"
    assert store.decide(replace(own, controller="Other")).mode == "off"


def test_own_may_be_granted_without_a_notice(store, own):
    receipt = store.grant(own, categories={"agent"}, method="cli")
    assert store.decide(own, gate="user").categories == {"agent"}
    assert receipt.kantara()["piiControllers"][0]["piiController"] == "operator of this program"
    assert store.identities.peek(own) is None  # made at first use


def test_a_user_may_narrow_own_that_needs_no_yes(store, own):
    store.deny(own, method="cli")
    assert (store.decide(own).mode, store.decide(own).state) == ("off", "denied")
    store.grant(own, mode="local", categories={"agent"}, method="cli")
    decision = store.decide(own)
    assert (decision.mode, decision.categories) == ("local", {"agent"})


def test_two_destinations_have_nothing_in_common(store, upstream, notice):
    other = Destination("upstream", "beta", upstream.endpoint, "Beta Ltd")
    store.grant(upstream, notice, method="cli")
    assert store.decide(other, notice=replace(notice, controller="Beta Ltd")).mode == "off"
    store.grant(other, replace(notice, controller="Beta Ltd"), method="cli")
    assert store.identities.current(upstream).id != store.identities.current(other).id
    store.revoke(other, method="cli")
    assert store.decide(upstream, notice=notice).mode == "on"
    assert store.decide(upstream, notice=notice).epoch == 1
    assert store.identities.peek(other) is None


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"categories": ()}, "at least one category"),
        ({"categories": {"agents"}}, "did you mean 'agent'"),
        ({"mode": "off"}, "mode is 'on' or 'local'"),
        ({"method": "By Phone"}, "method must be a short"),
        ({"notice": None}, "without a notice"),
    ],
)
def test_a_grant_that_means_nothing_is_refused_and_leaves_nothing(arguments, what, store, upstream, notice, paths):
    with pytest.raises(ConfigError, match=what):
        store.grant(upstream, **{"notice": notice, "method": "cli", **arguments})
    assert not paths.consent.exists()


@pytest.mark.parametrize("method", ["cli", "prompt", "dialog"])
@pytest.mark.parametrize("name", ["CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "AI_AGENT"])
def test_an_ai_agent_cannot_say_yes_for_its_human(name, method, store, environ, upstream, notice, paths):
    environ[name] = "1"
    with pytest.raises(ConsentError, match="Please relay") as caught:
        store.grant(upstream, notice, method=method)
    assert f"{AGENT_VARIABLES[name]} ({name})" in str(caught.value)
    assert not paths.consent.exists()


def test_an_ai_agent_and_ci_can_always_say_no(store, environ, upstream, notice):
    store.grant(upstream, notice, method="cli")
    environ.update(CLAUDECODE="1", CI="true")
    with pytest.raises(ConsentError):
        store.grant(upstream, notice, categories={"agent"}, method="cli")
    assert store.revoke(upstream, method="cli").changed
    assert store.decide(upstream, notice=notice).mode == "off"


def test_ci_cannot_say_yes(store, environ, upstream, notice):
    environ["GITHUB_ACTIONS"] = "true"
    with pytest.raises(ConsentError, match="GitHub Actions"):
        store.grant(upstream, notice, method="cli")
