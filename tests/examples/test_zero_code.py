"""A program that knows nothing of telemetry, in each of the four ways to instrument it from outside."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from examples.seen import EXAMPLES, assert_absent, one, own_back_end, tree

HERE = EXAMPLES / "07_zero_code"
MAIN = str(HERE / "main.py")
PRINTED = "green tea -> GREEN TEA SMALL, GREEN TEA LARGE\ngold bars -> nothing found\n"
TREE = """\
invoke_agent shop-assistant [success]
  execute_tool search [success]
  execute_tool describe-items [success]
invoke_agent shop-assistant [success]
  execute_tool search [failure]"""
TARGETS = {"OTEL_PYTHON_SMART_AGENTS_TARGETS": str(HERE / "targets.toml")}
BIN = Path(sys.executable).parent
EXPORTERS = ("--traces_exporter", "smart_agents", "--metrics_exporter", "none", "--logs_exporter", "none")

WAYS = {
    "instrument": (str(BIN / "opentelemetry-instrument"), *EXPORTERS, "--service_name", "shop", sys.executable, MAIN),
    "config-file": (str(BIN / "opentelemetry-instrument"), sys.executable, MAIN),
    "run": (str(BIN / "otel-smart-agents"), "run", "--service-name", "shop", "--", sys.executable, MAIN),
    "python": (sys.executable, str(HERE / "instrument.py")),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_gives_the_same_trace(user, back_end, way):
    environ = own_back_end(back_end) | ({} if way == "python" else TARGETS)
    if way == "config-file":
        environ |= {"OTEL_CONFIG_FILE": str(HERE / "otel.yaml")}
    done = user.command(*WAYS[way], **environ)
    assert done.stdout == PRINTED
    spans = back_end.spans()
    assert tree(spans) == TREE
    assert {span["resource"]["service.name"] for span in spans} == {"shop"}
    assert {span["attributes"].get("gen_ai.agent.version") for span in spans if span["name"].startswith("invoke")} == {"4.1.0"}
    failed = next(span for span in spans if span["attributes"].get("error.type"))
    assert failed["attributes"]["error.type"] == "ConnectionError"
    assert one(spans, "execute_tool describe-items")["attributes"]["gen_ai.skill.name"] == "describe-items"
    assert_absent(user, back_end, "green", "gold", "catalogue", str(HERE))


def shown_in_the_readme():
    """Return what the page exports for all examples, and the commands for this one."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    exported = dict(re.findall(r"^\$ export (OTEL_EXPORTER_\w+)=(\S+)", text, re.MULTILINE))
    lines = re.findall(r"^\$ (.+)$", text.partition("## The ways of example 07")[2], re.MULTILINE)
    return exported, [line for line in lines if not line.startswith("export ")]


@pytest.mark.parametrize("command", shown_in_the_readme()[1], ids=lambda line: line.split()[0])
def test_the_commands_of_the_readme_reach_the_back_end_that_the_readme_names(user, back_end, command):
    exported, _ = shown_in_the_readme()
    assert exported["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://localhost:4318"
    environ = exported | {"OTEL_EXPORTER_OTLP_ENDPOINT": back_end.url, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    if "instrument.py" not in command:
        environ["OTEL_PYTHON_SMART_AGENTS_TARGETS"] = "targets.toml"
    done = user.command("sh", "-c", f"cd {HERE} && exec env {command}", **environ)
    assert done.stdout == PRINTED
    assert tree(back_end.spans()) == TREE


def test_without_a_back_end_it_stays_here(user):
    done = user.command(*WAYS["instrument"], **TARGETS, OTEL_PYTHON_SMART_AGENTS_MODE="local")
    assert done.stdout == PRINTED
    shown = user.cli("preview").stdout
    assert shown.count("invoke_agent shop-assistant") == 2
    assert "interrupted" not in shown
