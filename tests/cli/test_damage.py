"""What cannot be read is said, by the stand-alone command too, and a no works all the same."""

from __future__ import annotations

import json

import pytest


def link(path):
    target = path.with_name("elsewhere.json")
    path.rename(target)
    path.symlink_to(target)


BROKEN = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:200]),
    "empty": lambda path: path.write_bytes(b""),
    "edited": lambda path: path.write_bytes(path.read_bytes().replace(b'"on"', b'"off"')),
    "open": lambda path: path.chmod(0o666),
    "link": link,
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN)
def test_a_consent_file_that_cannot_be_used_is_said_and_a_no_is_stored(user, damage):
    user.record("planner", epoch=user.agree())
    file = user.data / "consent.json"
    damage(file)
    status = user.cli("status", "--json").json
    assert (status["mode"], status["layer"]) == ("off", "user")
    assert str(file) in status["reason"]
    assert [at["key"] for at in status["destinations"]] == [user.at.key]
    done = user.cli("receipt")
    assert "agent" in done.out
    assert f"What is in force cannot be told: {file}" in done.err
    done = user.cli("disable")
    assert (done.code, "1 unsent spans deleted" in done.err) == (0, True)
    assert user.store.decide(user.at).state == "denied"
    assert user.store.identities.peek(user.at) is None
    assert list(user.data.glob("consent.damaged-*"))


def test_where_nothing_tells_what_was_on_disable_says_so_and_fails(user):
    user.agree()
    (user.data / "consent.json").write_text("{")
    (user.data / "consent-log.jsonl").unlink()
    assert "consent.json cannot be used" in user.cli("status").out
    done = user.cli("disable")
    assert done.code == 1
    assert "nothing tells any more what was on" in done.err
    assert user.cli("disable", app=True).code == 0  # the product knows which destination it is
    assert user.store.decide(user.at).state == "denied"


def test_a_damaged_id_is_said_by_status_and_doctor(user):
    user.agree()
    (file,) = (user.data / "ids").glob("*.json")
    file.write_text("{")
    (at,) = user.cli("status", "--json", app=True).json["destinations"]
    assert at["id"] is None
    assert "nothing can be recorded" in at["problem"]
    assert str(file) in at["not_sent_because"]
    assert "problem: the id cannot be used" in user.cli("status").out
    done = user.cli("doctor", "--json")
    assert done.code == 1
    (found,) = [finding for finding in done.json["findings"] if not finding["ok"]]
    assert (found["check"], str(file) in found["says"]) == ("id", True)
    file.unlink()  # what it says to do
    assert user.cli("doctor").code == 0


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda file: file.write_text(file.read_text().replace("90 days", "9 years")), "altered"),
        (lambda file: file.write_text("{}"), "altered"),
        (lambda file: file.write_text(json.dumps({**json.loads(file.read_text()), "x": float("nan")})), "altered"),
        (lambda file: file.unlink(), "missing"),
    ],
)
def test_a_receipt_that_is_not_the_one_given_is_said(user, change, state):
    user.agree()
    assert user.cli("receipt").code == 0
    (file,) = (user.data / "receipts").glob("*.json")
    change(file)
    done = user.cli("receipt")
    assert done.code == 1
    assert (state.upper() in done.err, done.out) == (True, "")
    done = user.cli("receipt", "--json")
    assert done.code == 1
    assert [(item["id"], item["key"], item["state"]) for item in done.json["checks"]] == [(file.stem, user.at.key, state)]
    assert done.json["receipts"] == []
    found = [finding["says"] for finding in user.cli("doctor", "--json").json["findings"] if not finding["ok"]]
    assert found == [f"receipt {file.stem} of {user.at.key} is {state}"]
    user.cli("disable")
    user.agree()
    assert [item["state"] for item in user.cli("receipt", "--json").json["checks"]] == ["intact", state]


def test_a_log_that_is_not_intact_is_a_failure(user):
    user.agree()
    log = user.data / "consent-log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"granted", b"revoked", 1))
    done = user.cli("receipt")
    assert done.code == 1
    assert "NOT intact" in done.err


def test_a_receipt_that_nothing_names_any_more_is_shown_and_said_to_be_so(user):
    user.agree()
    (user.data / "consent.json").unlink()
    (user.data / "consent-log.jsonl").unlink()
    done = user.cli("receipt")
    assert (done.code, "nothing vouches for it" in done.err) == (0, True)
    assert "90 days" in done.out
    assert user.cli("receipt", "--kantara").code == 0
