"""Promises of ``send``, ``preview`` and ``clear``: what was shown is what arrives, and the exit code tells how it went."""

from __future__ import annotations

import hashlib

import pytest
from support.receiver import GrpcReceiver, HttpReceiver, Reply

from .user import User


@pytest.mark.parametrize(("protocol", "make"), [("http/json", HttpReceiver), ("http/protobuf", HttpReceiver), ("grpc", GrpcReceiver)])
def test_what_is_previewed_is_what_arrives(tmp_path, protocol, make):
    with make() as receiver:
        user = User(tmp_path, receiver.url, protocol)
        user.record("planner", "writer", epoch=user.agree())
        (shown,) = user.cli("preview", "--json").json["requests"]
        raw = user.cli("preview", "--raw").raw
        assert shown["protocol"] == protocol
        assert hashlib.sha256(raw).hexdigest() == shown["sha256"]
        assert shown["sha256"] in user.cli("preview").out
        assert user.cli("send", app=True).code == 0
        (request,) = receiver.requests
        assert request.body == raw
        assert request.headers["idempotency-key"] == shown["sha256"]
        (sent,) = user.cli("preview", "--sent", "--json").json["requests"]
        assert sent["sha256"] == shown["sha256"]


def test_preview_tells_what_stays_from_what_goes(user):
    epoch = user.agree("local")
    user.record("planner", epoch=epoch)
    assert "not sent: agreed to" in user.cli("preview").out
    now = user.agree("on")
    user.record("writer", epoch=now, trace=2)
    older, current = user.cli("preview", "--json").json["requests"]
    assert "review" in older["stays"]
    assert current["stays"] is None
    (newest,) = user.cli("preview", "--last", "1", "--json").json["requests"]
    assert newest["epoch"] == now


def test_what_was_recorded_for_the_user_alone_stays_when_the_same_answer_sends_again(connected, receiver):
    """A variable, a policy or the program kept it local for a while; the answer itself never changed."""
    epoch = connected.agree()
    connected.record("planner", epoch=epoch, local=True)
    done = connected.cli("send", app=True)
    assert done.code == 3
    assert "1 items are not covered by the current answer and stay" in done.err
    (shown,) = connected.cli("preview", "--json").json["requests"]
    assert shown["stays"].startswith("recorded for your own eyes only")
    connected.record("writer", epoch=epoch, trace=2)
    assert connected.cli("send", app=True).code == 0
    assert [span["attributes"]["gen_ai.agent.name"] for span in receiver.spans()] == ["writer"]
    assert connected.cli("status", "--json").json["destinations"][0]["waiting"]["older"] == 1
    under = {"SMART_AGENTS_TELEMETRY": "local"}
    assert connected.cli("status", "--json", **under).json["destinations"][0]["waiting"]["older"] == 0
    assert connected.cli("clear", "--all", "--yes").code == 0
    assert connected.folder.stats().spans == 0


def test_what_waits_with_more_categories_than_are_allowed_now_stays(connected, receiver):
    epoch = connected.agree(categories={"agent"})
    connected.record("planner", epoch=epoch)
    assert connected.cli("send", app=True).code == 3
    (shown,) = connected.cli("preview", "--json").json["requests"]
    assert shown["stays"].startswith("recorded with error, feature, performance, skill, workflow, which")
    connected.record("writer", epoch=epoch, categories={"agent"}, trace=2)
    assert connected.cli("send", app=True).code == 0
    assert [span["attributes"]["gen_ai.agent.name"] for span in receiver.spans()] == ["writer"]


def test_send_reports_what_was_sent(connected, receiver):
    connected.record("planner", "writer", epoch=connected.agree())
    dry = connected.cli("send", "--dry-run", "--json", app=True).json["destinations"][0]
    assert (dry["items"], dry["sent"], dry["result"]) == (2, 0, "ok")
    assert not receiver.requests
    done = connected.cli("send", "--json", app=True)
    assert done.code == 0
    assert "sent 2 of 2 items" in done.err
    assert done.json["destinations"][0]["sent"] == 2
    assert len(receiver.spans()) == 2
    assert "nothing waits to be sent" in connected.cli("send", app=True).err


def test_partly_sent_is_exit_code_4(connected, receiver):
    epoch = connected.agree()
    connected.record("planner", epoch=epoch)
    connected.record("writer", epoch=epoch, trace=2)
    receiver.script(Reply(), Reply(503))
    done = connected.cli("send", app=True)
    assert done.code == 4
    assert "sent 1 of 2 items" in done.err
    assert "next attempt in" in done.err


def test_a_dead_back_end_is_exit_code_1(user):
    user.record("planner", epoch=user.agree())
    done = user.cli("send", app=True)
    assert done.code == 1
    assert "sent 0 of 1 items" in done.err
    assert user.folder.stats().spans == 1


def test_what_this_command_is_not_configured_for_is_said(user):
    user.record("planner", epoch=user.agree())
    done = user.cli("send")
    assert done.code == 1
    assert "not configured" in done.err


def test_older_data_never_leaves_by_send(connected, receiver):
    connected.record("planner", epoch=connected.agree("local"))
    connected.agree("on")
    done = connected.cli("send", app=True)
    assert done.code == 3
    assert "`otel-smart-agents --app acme_product:setup review`" in done.err
    refused = connected.cli("send", app=True, CLAUDECODE="1")
    assert refused.code == 3
    assert "Please relay" in refused.err
    assert not receiver.requests
    assert connected.folder.stats().spans == 1


def test_without_consent_nothing_is_sent(connected, receiver):
    connected.record("planner", epoch=connected.agree())
    done = connected.cli("send", app=True, DO_NOT_TRACK="1")
    assert done.code == 3
    assert "DO_NOT_TRACK" in done.err
    assert not receiver.requests


def test_what_any_own_program_recorded_can_be_sent_where_the_environment_names_its_back_end(connected, receiver):
    code = (
        "import os\nfrom otel_smart_agents import agent, configure\n"
        f"h = configure(service_name='shop', endpoint='{receiver.url}', audience='own', durability='write_through')\n"
        "@agent('a')\ndef a(): pass\na()\nos._exit(0)\n"
    )
    assert connected.run("python", "-c", code).code == 0
    assert connected.cli("send").code == 1
    done = connected.cli("send", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert done.code == 0, done.err
    assert [span["name"] for span in receiver.spans()] == ["invoke_agent a"]


def test_clear_deletes_what_is_asked_for(user):
    epoch = user.agree()
    user.record("planner", epoch=epoch)
    assert user.cli("clear").code == 2
    assert user.cli("clear", "--older-than", "soon").code == 2
    refused = user.cli("clear", "--all")
    assert refused.code == 1
    assert "--yes" in refused.err
    assert user.cli("clear", "--older-than", "90d", "--yes", "--json").json["destinations"][0]["spans"] == 0
    assert user.cli("clear", "--all", "--yes", "--json").json["destinations"][0]["spans"] == 1
    assert user.folder.stats().spans == 0


def test_clear_asks_a_person(user):
    user.record("planner", epoch=user.agree())
    terminal = user.terminal("clear", "--all", app=False)
    terminal.expect("Delete everything")
    terminal.sendline("n")
    terminal.expect("Nothing was deleted")
    terminal.close()
    assert user.folder.stats().spans == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--no-such-option",), 2),
        (("nonsense",), 2),
        (("preview", "--last", "0"), 2),
        (("preview", "--raw"), 1),
        (("send", "--destination", "nobody"), 1),
        (("--app", "no_such_module", "status"), 1),
        (("--app", "acme_product:nothing", "status"), 1),
        (("id", "hash", "x"), 1),
    ],
    ids=str,
)
def test_exit_codes(user, arguments, code):
    done = user.cli(*arguments)
    assert done.code == code
    assert "Error: " in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_damaged_and_unreadable_files_are_told_and_stop_nothing(user):
    epoch = user.agree()
    user.record("planner", epoch=epoch)
    user.record("writer", epoch=epoch, trace=2)
    first, _ = user.folder.ready_files("traces")
    first.path.write_bytes(first.path.read_bytes().replace(b"planner", b"plannex"))
    done = user.cli("preview", "--json")
    assert done.code == 0
    assert [request["items"] for request in done.json["requests"]] == [1]
    assert "checksum" in done.err


def test_an_unreadable_answer_counts_as_off_and_is_told(user):
    user.agree()
    (user.data / "consent.json").write_text("{}")
    done = user.cli("status", "--json", app=True)
    assert done.code == 0
    assert done.json["mode"] == "off"
    assert "cannot be used" in done.json["reason"]


def test_a_spool_that_cannot_be_used_is_told_and_a_no_is_stored_all_the_same(user):
    user.record("planner", epoch=user.agree())
    real = user.folder.folder.rename(user.home / "elsewhere")
    user.folder.folder.symlink_to(real)
    (at,) = user.cli("status", "--json", app=True).json["destinations"]
    assert "symbolic link" in at["problem"]
    for command in (("send",), ("clear", "--all", "--yes"), ("export", "-"), ("disable",)):
        done = user.cli(*command, app=True)
        assert done.code == 1, command
        assert "symbolic link" in done.err
        assert "Errno" not in done.err
    assert user.store.decide(user.at).state == "revoked"
    user.folder.folder.unlink()
    real.rename(user.folder.folder)
    found = [finding for finding in user.cli("doctor", "--json").json["findings"] if finding["check"] == "leftovers"]
    assert "disable" in found[0]["fix"]
    assert user.cli("disable", app=True).code == 0
    assert user.folder.stats().spans == 0


def test_a_reader_that_stops_early_is_no_error_to_tell(user):
    epoch = user.agree()
    for trace in range(1, 40):
        user.record(*["planner"] * 20, epoch=epoch, trace=trace)
    done = user.run("bash", "-c", "python -m otel_smart_agents preview | head -2")
    assert len(done.out.splitlines()) == 2
    assert done.err == ""
