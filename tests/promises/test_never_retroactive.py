"""What was recorded or started before a yes never leaves, and after a no nothing does but the request to erase."""

from __future__ import annotations

import json

from support.receiver import HttpReceiver

from promises.program import NOTICE

START = (
    NOTICE
    + """
import time
from otel_smart_agents import agent, skill, workflow, configure
from otel_smart_agents.consent import CATEGORIES, ConsentStore
from otel_smart_agents.setup import withdraw
handle = configure(service_name="acme", endpoint="{endpoint}", audience="upstream", notice=NOTICE, packages=["__main__"])
store = ConsentStore()
@agent("early")
def early(): pass
@agent("late")
def late(): pass
@skill("look")
def look(): pass
"""
)


def names(receiver: HttpReceiver) -> list[str]:
    return [span["name"] for request in receiver.requests if request.signal == "traces" for span in request.records()]


def test_spans_started_before_the_yes_never_arrive(user):
    with HttpReceiver() as receiver:
        user.run(
            START.replace("{endpoint}", receiver.url)
            + """
early()
outer = agent("outer").start()
store.grant(handle.destination, NOTICE, method="prompt")
early()                      # not yet taken over: off to on is seen at the next start or refresh
handle.refresh()
late()
outer.end()
assert handle.flush(10)
"""
        )
        assert names(receiver) == ["invoke_agent late"]


def test_only_the_granted_categories_arrive(user):
    with HttpReceiver() as receiver:
        user.run(
            START.replace("{endpoint}", receiver.url)
            + """
store.grant(handle.destination, NOTICE, categories={"skill"}, method="prompt")
handle.refresh()
with workflow("w"):
    late()
    look()
assert handle.flush(10)
"""
        )
        assert names(receiver) == ["execute_tool look"]


def test_after_a_no_nothing_leaves_but_one_request_to_erase(user):
    with HttpReceiver() as receiver:
        user.run(
            START.replace("{endpoint}", receiver.url)
            + """
store.grant(handle.destination, NOTICE, method="prompt")
handle.refresh()
late()
assert handle.flush(10)
early()
handle.flush(2, to="disk")
print(withdraw(handle.destination, store=store))
early()
handle.flush(2)
time.sleep(1.5)
early()
handle.shutdown()
"""
        )
        assert names(receiver) == ["invoke_agent late"]
        assert [request.signal for request in receiver.requests] == ["traces", "logs"]
        record = receiver.requests[1].records()[0]
        assert record["name"] == "smart_agents.deletion.request"
        left = [file for file in user.files() if file.endswith((".jsonl", ".open")) and "/traces/" in file]
        assert left == []


def test_a_command_that_ends_at_once_still_hands_in_the_request_to_erase(user):
    with HttpReceiver() as receiver:
        user.grant(receiver.url)
        user.run(START.replace("{endpoint}", receiver.url) + "late(); assert handle.flush(10)")
        user.cli("disable")
        for _ in range(3):  # half a second is waited for it at most: on a busy machine the next run does it
            user.run(START.replace("{endpoint}", receiver.url))
        traces, *erasures = receiver.requests
        assert (traces.signal, {request.signal for request in erasures}) == ("traces", {"logs"})
        # A process that ended before it read the answer may have left it to the next one: then they are byte-equal.
        assert len({request.body for request in erasures}) == 1
        user.run(START.replace("{endpoint}", receiver.url))
        assert len(receiver.requests) == 1 + len(erasures), "it was asked for, and that was the end of it"


def test_a_refusal_by_itself_sends_nothing(user):
    with HttpReceiver() as receiver:
        user.run(
            START.replace("{endpoint}", receiver.url)
            + """
store.deny(handle.destination, NOTICE, method="prompt")
handle.refresh()
late()
handle.flush(2)
time.sleep(1)
"""
        )
        user.run(START.replace("{endpoint}", receiver.url) + "late(); handle.flush(1); time.sleep(0.5)")
        assert receiver.requests == []


LOCAL_FOR_A_WHILE = """
from otel_smart_agents import agent, configure
handle = configure(service_name="acme", endpoint="{endpoint}", audience="own", **{more})
@agent("{name}")
def run(): pass
run()
handle.flush(5)
"""


def test_what_was_recorded_as_local_does_not_leave_later_by_itself(user):
    """Whoever kept it local for a while: a variable, the program, the settings file. The answer is the same all the time."""
    with HttpReceiver() as receiver:
        user.grant(receiver.url)
        here = START.replace("{endpoint}", receiver.url)
        user.run(here + "early(); handle.flush(5)", SMART_AGENTS_TELEMETRY="local")
        user.run(here + "late(); assert handle.flush(10)")
        assert names(receiver) == ["invoke_agent late"]
        own = LOCAL_FOR_A_WHILE.replace("{endpoint}", receiver.url)
        user.run(own.replace("{more}", "dict(mode='local')").replace("{name}", "early"))
        settings = user.folder / ".smart-agents" / "telemetry" / "config.toml"
        settings.write_text('mode = "local"\n')
        user.run(own.replace("{more}", "{}").replace("{name}", "early"))
        settings.unlink()
        user.run(own.replace("{more}", "{}").replace("{name}", "later"))
        assert names(receiver) == ["invoke_agent late", "invoke_agent later"]


def test_a_no_from_a_shell_that_does_not_know_where_the_data_is_takes_all_of_it(user):
    with HttpReceiver() as receiver:
        moved = {"SMART_AGENTS_TELEMETRY_DIR": str(user.folder / "moved")}
        here = START.replace("{endpoint}", receiver.url)
        user.grant(receiver.url)
        user.run(here + "late(); assert handle.flush(10)", **moved)
        user.run(here + "late(); handle.flush(5, to='disk')\nimport os; os._exit(0)", **moved)
        sent = len(receiver.requests)
        assert any("/traces/active/" in file for file in user.files())
        user.cli("disable")
        assert not [file for file in user.files() if file.endswith((".jsonl", ".open")) and "/traces/" in file and "/sent/" not in file]
        for _ in range(3):
            user.run(here, **moved)
        assert [request.signal for request in receiver.requests[sent:]] == ["logs"]
        (record,) = receiver.requests[-1].records()
        assert record["name"] == "smart_agents.deletion.request"
        told = json.loads(user.cli("status", "--json", **moved).stdout)["destinations"][0]["erasure"]
        assert (told["pending"], len(told["acknowledged"])) == (0, 1)


def test_an_id_that_nothing_was_sent_under_is_never_named(user):
    with HttpReceiver() as receiver:
        here = START.replace("{endpoint}", receiver.url)
        user.grant(receiver.url)
        user.cli("id", "rotate")
        user.run(here + "late(); assert handle.flush(10)")
        (span,) = receiver.requests[0].records()
        user.cli("id", "rotate")
        user.cli("disable")
        for _ in range(3):
            user.run(here)
        assert [request.signal for request in receiver.requests] == ["traces", "logs"]
        (record,) = receiver.requests[1].records()
        assert record["attributes"]["smart_agents.deletion.installation_id"] == span["resource"]["app.installation.id"]
        user.grant(receiver.url)  # and a yes that is taken back before anything was recorded asks for nothing
        user.cli("disable")
        for _ in range(2):
            user.run(here)
        assert len(receiver.requests) == 2


def test_a_running_program_takes_over_an_id_that_was_replaced(user):
    with HttpReceiver() as receiver:
        user.grant(receiver.url)
        user.run(
            START.replace("{endpoint}", receiver.url)
            + """
late()
assert handle.flush(10)
store.identities.rotate(handle.destination)
late()
assert handle.flush(10)
print(store.identities.current(handle.destination).id)
"""
        )
        first, second = [request.records()[0]["resource"]["app.installation.id"] for request in receiver.requests]
        assert first != second
