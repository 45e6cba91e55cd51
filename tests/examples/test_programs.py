"""The examples that are one program: what they print, the tree of their trace, and that nothing private is in it."""

from __future__ import annotations

import json
import re
import sys

import pytest

from examples.seen import EXAMPLES, assert_absent, one, tree


def test_01_decorate_an_agent(user, run, back_end):
    done = run("01_decorate_an_agent.py")
    assert "not booked" in done.stdout
    assert tree(back_end.spans()) == (
        "invoke_agent trip-planner [success]\n"
        "  execute_tool search_flights [success]\n"
        "  execute_tool compare-prices [success]\n"
        "  execute_tool book [failure]"
    )
    planner, failed = one(back_end.spans(), "invoke_agent trip-planner"), one(back_end.spans(), "execute_tool book")
    assert planner["attributes"]["gen_ai.agent.version"] == "1.2.0"
    assert planner["attributes"]["gen_ai.usage.output_tokens"] == 12
    assert failed["attributes"]["error.type"] == "PermissionError"
    assert failed["attributes"]["smart_agents.error.stack_hash"].startswith("v1:")
    assert planner["resource"]["service.name"] == "trips"
    assert_absent(user, back_end, "dana", "lisbon", "4111", "the bank", "09:10", str(user.folder))
    assert done.stderr == ""


def test_02_a_rating_finds_its_run_from_another_process(user, run, back_end):
    ref = re.search(r"ref: (.+)", run("02_skills_with_ratings.py").stdout)[1]
    assert tree(back_end.spans()) == (
        "smart_agents.feature suggested-replies\n"
        "invoke_agent support [success]\n"
        "  execute_tool summarise-ticket [success]\n"
        "  execute_tool suggest-reply [success]\n"
        "  execute_tool check-tone [success]\n"
        "    smart_agents.rating user_satisfaction"
    )
    assert run("02_skills_with_ratings.py", "rate", ref, "4", "--label", "helpful").stdout == "Thank you.\n"
    rated, later = one(back_end.spans(), "execute_tool check-tone"), back_end.spans()[-1]
    assert (later["trace_id"], later["parent_span_id"]) == (rated["trace_id"], rated["span_id"])
    assert later["attributes"]["gen_ai.evaluation.score.value"] == 4
    assert later["attributes"]["gen_ai.evaluation.score.label"] == "helpful"
    assert_absent(user, back_end, "dana", "smith", "invoice")


def test_03_streams_end_as_they_were_read(user, run, back_end):
    done = run("03_async_streaming.py")
    assert [line[:4] for line in done.stdout.splitlines()] == ["ONCE", "A … ", "(too"]
    ends = ("success", "abandoned", "cancelled")
    assert tree(back_end.spans()) == "\n".join(f"invoke_agent writer [{end}]\n  execute_tool complete [{end}]" for end in ends)
    conversations = {span["attributes"]["gen_ai.conversation.id"] for span in back_end.spans()}
    assert len(conversations) == 1
    assert not any("error.type" in span["attributes"] for span in back_end.spans())
    assert_absent(user, back_end, "chat-17", "upon", "story")
    assert done.stderr == ""


def test_04_one_trace_across_threads_and_processes(run, back_end):
    done = run("04_threads_and_processes.py")
    assert done.stdout.splitlines() == ["the report is written", "indexed 400 words on 4 pages"]
    spans = back_end.spans()
    assert len({span["trace_id"] for span in spans}) == 1
    assert tree(spans) == (
        "invoke_workflow nightly-index [success]\n"
        "  step fetch [success]\n"
        + "    execute_tool download [success]\n" * 4
        + "  invoke_agent indexer [success]\n"
        + "    execute_tool count-words [success]\n" * 4
        + "  execute_tool notify [success]\n"
        "  invoke_agent reporter [success]\n"
        "    execute_tool write-report [success]\n"
        "  step clean-up [success]"
    )
    counted = [span for span in spans if span["name"] == "execute_tool count-words"]
    assert {span["attributes"]["gen_ai.agent.name"] for span in counted} == {"indexer"}
    assert {span["attributes"].get("gen_ai.workflow.name") for span in spans} == {"nightly-index"}


def test_05_the_existing_set_up_goes_on(user, run, back_end):
    done = run("05_existing_opentelemetry.py")
    spans = back_end.spans()
    assert tree(spans) == "invoke_agent weather [success]\n  execute_tool get_weather [success]\n    GET"
    old = [line for line in done.stdout.splitlines() if line.startswith("old back end")]
    assert old == ["old back end: GET", "old back end: execute_tool get_weather", "old back end: invoke_agent weather"]
    assert f"trace={spans[0]['trace_id']} asking" in done.stderr
    assert f"traceparent 00-{spans[0]['trace_id']}-{one(spans, 'GET')['span_id']}" in done.stdout
    assert re.search(r"/today\?user=\[\w+\]$", one(spans, "GET")["attributes"]["http.url"])
    assert_absent(user, back_end, "dana", "asking")


def test_10_a_review_of_this_repository(user, run, back_end):
    done = run("10_review_this_repository.py")
    files = int(done.stdout.split()[0])
    assert "1 failed checks" in done.stdout
    lines = tree(back_end.spans()).splitlines()
    assert lines[0] == "invoke_workflow review [success]"
    assert lines.count("  invoke_agent file-reviewer [success]") == files > 20
    assert lines.count("    execute_tool check-prose [failure]") == 1
    assert lines[-2:] == ["  invoke_agent summariser [success]", "  smart_agents.rating user_satisfaction"]
    failed = one(back_end.spans(), "execute_tool check-prose")["attributes"]
    assert (failed["error.type"], failed["smart_agents.error.category"]) == ("ConnectionError", "network")
    assert_absent(user, back_end, "dana", "prose service", "__init__.py", str(EXAMPLES.parent))


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.py") if not path.name.startswith("06")))
def test_without_an_endpoint_preview_shows_what_was_recorded(user, name):
    done = user.command(sys.executable, str(EXAMPLES / name))
    assert done.stdout.strip()
    requests = json.loads(user.cli("preview", "--json").stdout)["requests"]
    assert requests
    assert {request["address"] for request in requests} == {None}
    files = [path.suffix for path in user.folder.glob("*")]
    assert files == [""]  # .smart-agents and nothing else


def test_every_example_is_short_enough_to_be_read_at_once():
    paths = [path for path in EXAMPLES.rglob("*") if path.suffix in (".py", ".yaml", ".toml")]
    assert len(paths) >= 14
    assert [path.name for path in paths if len(path.read_text(encoding="utf-8").splitlines()) >= 60] == []


def test_the_table_names_every_example():
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    numbered = sorted(path.name for path in EXAMPLES.iterdir() if path.name[0].isdigit())
    assert [name for name in numbered if name not in table] == []
    assert [name[:2] for name in numbered] == [f"{number:02}" for number in range(1, 11)]
