"""Contract 9: importing the package loads the OpenTelemetry API at most, and only once something is recorded."""

from __future__ import annotations

import subprocess
import sys

import pytest

import otel_smart_agents


def modules_after(code):
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stdout.split())


USE = """
from otel_smart_agents import agent, skill, tool, workflow, step, session, feature, feedback, current, bind, Carrier, pool, Capture
@agent
def planner(): pass
planner()
with tool("x") as run: run.set("a", 1)
feature("f")
"""


@pytest.mark.parametrize("code", ["import otel_smart_agents", USE], ids=["import", "decorate and call while off"])
def test_nothing_of_opentelemetry_is_loaded_while_off(code):
    loaded = modules_after(code)
    heavy = ("opentelemetry", "google.protobuf", "grpc", "requests", "re2", "asyncio", "click", "multiprocessing")
    assert not {name for name in loaded if name in heavy or name.startswith(tuple(f"{h}." for h in heavy))}


ON = """
from opentelemetry.trace import NoOpTracer
from otel_smart_agents.instrument.runtime import Route, install
install(Route("own", NoOpTracer()))
planner()
"""


def test_what_is_on_loads_the_api_alone():
    loaded = modules_after(USE + ON)
    assert "opentelemetry.trace" in loaded
    assert not {name for name in loaded if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter", "opentelemetry.proto"))}


def test_the_package_alone_loads_none_of_its_parts():
    assert {name for name in modules_after("import otel_smart_agents") if name.startswith("otel_smart_agents.")} == {
        "otel_smart_agents._version"
    }


def test_importing_starts_and_creates_nothing(tmp_path):
    script = USE + "\nimport threading, os\nprint(threading.active_count(), os.listdir(os.environ['HOME']))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True, env={"HOME": str(tmp_path), "PATH": ""}
    )
    assert done.stdout.split(maxsplit=1) == ["1", "[]\n"]
    assert done.stderr == ""


def test_every_public_name_is_there():
    for name in otel_smart_agents.__all__:
        assert getattr(otel_smart_agents, name) is not None
    assert set(otel_smart_agents.__all__) <= set(dir(otel_smart_agents))
    with pytest.raises(AttributeError, match="nonsense"):
        otel_smart_agents.nonsense  # noqa: B018 - the access is the test
