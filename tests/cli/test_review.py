"""Promises of ``review``: a person at a terminal looks, decides trace by trace, and only what they keep leaves."""

from __future__ import annotations

import pexpect
import pytest

from otel_smart_agents.cli.review_units import numbers


def names(requests):
    return sorted(span["attributes"]["gen_ai.agent.name"] for request in requests for span in request.records())


class Talk:
    """A review in a terminal."""

    def __init__(self, user, *arguments, **environ) -> None:
        self.terminal = user.terminal("review", *arguments, **environ)
        self.text = ""

    def answer(self, *words):
        for word in words:
            self.terminal.expect(r"\(Enter = .\): |the rest is kept: ")
            self.text += self.terminal.before
            self.terminal.sendline(word)
        return self

    def end(self):
        self.terminal.expect(pexpect.EOF)
        self.text += self.terminal.before
        self.terminal.close()
        return self.terminal.exitstatus


@pytest.mark.parametrize(
    ("environ", "told"), [({}, "in a terminal"), ({"CI": "1"}, "CI (CI)"), ({"CODEX_SANDBOX": "seatbelt"}, "Please relay")]
)
def test_refused_without_a_person(user, environ, told):
    user.record("planner", epoch=user.agree("local"))
    done = user.cli("review", app=True, **environ)
    assert done.code == 3
    assert told in done.err
    assert "otel-smart-agents --app acme_product:setup review" in done.err
    assert user.folder.stats().spans == 1


def test_refused_to_an_agent_with_a_terminal(user):
    user.record("planner", epoch=user.agree("local"))
    talk = Talk(user, CLAUDECODE="1")
    assert talk.end() == 3
    assert "relay" in talk.text


def test_older_data_leaves_if_it_is_kept_and_only_then(connected, receiver):
    local = connected.agree("local")
    connected.record("planner", "searcher", epoch=local, trace=1)
    connected.record("writer", epoch=local, trace=2)
    connected.record("critic", epoch=local, trace=3)
    now = connected.agree("on")
    talk = Talk(connected).answer("k", "d", "s", "y")
    assert talk.end() == 0
    assert "invoke_agent planner" in talk.text
    assert "recorded before your current answer" in talk.text
    assert "2 kept, 1 dropped, 1 left as they are" in talk.text
    assert names(receiver.requests) == ["planner", "searcher"]
    (resource,) = {tuple(sorted((k, str(v)) for k, v in span["resource"].items())) for span in receiver.spans()}
    facts = dict(resource)
    assert facts["smart_agents.consent.epoch"] == str(now)
    assert facts["smart_agents.consent.receipt_hash"]
    (left,) = connected.folder.ready_files("traces")
    assert (left.epoch, left.body().items) == (local, 1)
    assert connected.folder.state().dropped["cleared"] == 1


def test_what_was_local_or_too_wide_leaves_if_it_is_kept_and_only_as_far_as_it_is_agreed_to(connected, receiver):
    now = connected.agree(categories={"agent", "skill"})
    connected.record("planner", epoch=now, categories={"agent"}, local=True, trace=1)
    connected.record("searcher", epoch=now, fail=True, trace=2)
    connected.record("writer", epoch=now, categories={"agent"}, local=True, trace=3)
    talk = Talk(connected).answer("k", "k", "s", "y")
    assert talk.end() == 0
    assert "recorded for your own eyes only: it stays here unless you keep it" in talk.text
    assert "recorded with error, feature, performance, workflow, which is not to be sent any more" in talk.text
    assert names(receiver.requests) == ["planner", "searcher"]
    assert "ValueError" not in str(receiver.spans())
    (left,) = connected.folder.ready_files("traces")
    assert (left.terms.local, left.body().items) == (True, 1)


def test_one_trace_in_several_files_is_decided_once(connected, receiver):
    local = connected.agree("local")
    connected.record("planner", epoch=local)
    connected.record("planner", "writer", epoch=local)
    connected.agree("on")
    assert Talk(connected).answer("k", "y").end() == 0
    assert names(receiver.requests) == ["planner", "planner", "writer"]


def test_single_spans_can_be_dropped(connected, receiver):
    connected.record("planner", "searcher", "writer", epoch=connected.agree("local"))
    connected.agree("on")
    talk = Talk(connected).answer("p", "nonsense", "p", "9", "p", "2", "y")
    assert talk.end() == 0
    assert "is no list of numbers from 1 to 3" in talk.text
    assert names(receiver.requests) == ["planner", "writer"]
    assert connected.folder.stats().spans == 0


def test_current_data_goes_unless_it_is_dropped(connected, receiver):
    epoch = connected.agree("on")
    connected.record("planner", epoch=epoch, trace=1)
    connected.record("writer", epoch=epoch, trace=2)
    assert Talk(connected).answer("d", "", "y").end() == 0
    assert names(receiver.requests) == ["writer"]


def test_everything_in_a_trace_can_be_looked_at(user):
    user.record("planner", epoch=user.agree("local"))
    talk = Talk(user).answer("v", "k", "")
    talk.end()
    assert "gen_ai.agent.name = planner" in talk.text
    assert "Nothing can be sent: " in talk.text
    assert "'k' is not an answer here" in talk.text
    assert user.folder.stats().spans == 1


def test_local_data_can_be_dropped(user):
    local = user.agree("local")
    user.record("planner", epoch=local)
    user.record("writer", epoch=local, trace=2)
    assert Talk(user).answer("d", "s", "y").end() == 0
    (left,) = user.folder.ready_files("traces")
    assert left.body().items == 1


@pytest.mark.parametrize("last", ["", "n"])
def test_nothing_happens_before_the_last_yes(connected, receiver, last):
    connected.record("planner", epoch=connected.agree("local"))
    connected.agree("on")
    talk = Talk(connected).answer("k", last)
    assert talk.end() == 0
    assert "Nothing was changed." in talk.text
    assert not receiver.requests
    assert connected.folder.stats().spans == 1


def test_ctrl_c_and_the_end_of_input_change_nothing(user):
    user.record("planner", epoch=user.agree("local"))
    user.agree("on")
    for stop, code in (("sendintr", 130), ("sendeof", 0)):
        talk = Talk(user)
        talk.terminal.expect(r"\(Enter = s\): ")
        getattr(talk.terminal, stop)()
        assert talk.end() == code
        assert user.folder.stats().spans == 1


def test_what_a_narrower_yes_does_not_cover_is_taken_out(connected, receiver):
    connected.record("planner", epoch=connected.agree("local"), fail=True)
    connected.agree("on", categories={"agent"})
    assert Talk(connected).answer("k", "y").end() == 0
    (span,) = receiver.spans()
    assert span["attributes"]["error.type"] == "_OTHER"
    assert span["resource"]["smart_agents.consent.categories"] == ["agent"]
    assert b"ValueError" not in receiver.requests[0].body


def test_what_is_of_another_category_is_not_sent_at_all(connected, receiver):
    connected.record("planner", epoch=connected.agree("local"))
    connected.agree("on", categories={"feature"})
    talk = Talk(connected).answer("k", "y")
    assert talk.end() == 0
    assert "1 dropped because they are of a category that is not agreed to" in talk.text
    assert not receiver.requests
    assert connected.folder.state().dropped["consent"] == 1


def test_a_product_that_is_not_configured_here_sends_it_itself(user):
    user.record("planner", epoch=user.agree("local"))
    now = user.agree("on")
    terminal = user.terminal("review", app=False)
    terminal.expect(r"\(Enter = s\): ")
    terminal.sendline("k")
    terminal.expect(r"\(Enter = n\): ")
    terminal.sendline("y")
    terminal.expect("at its next run")
    terminal.expect(pexpect.EOF)
    (file,) = user.folder.ready_files("traces")
    assert file.epoch == now


def test_events_are_reviewed_too(connected, receiver):
    local = connected.agree("local")
    connected.record_event("search", epoch=local)
    connected.record_event("replace", epoch=local)
    connected.agree("on")
    talk = Talk(connected).answer("v", "k", "d", "y")
    assert talk.end() == 0
    assert "smart_agents.feature.name = search" in talk.text
    (request,) = receiver.requests
    assert [record["attributes"]["smart_agents.feature.name"] for record in request.records()] == ["search"]


def test_nothing_to_review(user):
    talk = Talk(user)
    assert talk.end() == 0
    assert "Nothing waits to be reviewed." in talk.text
    assert user.files() == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [("2", {2}), ("1 3-4", {1, 3, 4}), ("1,2", {1, 2}), ("", None), ("0", None), ("5", None), ("1-9", None), ("a", None), ("4-1", None)],
)
def test_lists_of_numbers(text, found):
    assert numbers(text, highest=4) == found
