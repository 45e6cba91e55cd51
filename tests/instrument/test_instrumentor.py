"""Zero-code: targets from configuration, wrapped when loaded or once they are, restored afterwards."""

from __future__ import annotations

import importlib
import inspect
import os
import subprocess
import sys
import types

import pytest

from otel_smart_agents import agent, session
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument import runtime
from otel_smart_agents.instrument.instrumentor import SmartAgentsInstrumentor
from otel_smart_agents.instrument.targets import from_environ, parse

SOURCE = '''
from otel_smart_agents import agent, session

class Base:
    def inherited(self):
        return "inherited"

class Planner(Base):
    def run(self):
        """Runs."""
        return "run"

    @classmethod
    def make(cls):
        return cls()

    @staticmethod
    def plain():
        return "plain"

    async def arun(self):
        return "arun"

@agent("decorated")
def decorated():
    return 1

def search(query):
    return query
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    (tmp_path / "crewpkg").mkdir()
    (tmp_path / "crewpkg" / "__init__.py").write_text("")
    (tmp_path / "crewpkg" / "core.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield "crewpkg.core"
    for name in [name for name in sys.modules if name.startswith("crewpkg")]:
        del sys.modules[name]


@pytest.fixture
def instrument(make):
    instrumentor = SmartAgentsInstrumentor()
    destination = make("unused")

    def start(**options):
        instrumentor.instrument(tracer_provider=destination.provider, **{"environ": {}, **options})
        return destination

    yield start
    if instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.uninstrument()


TARGETS = {
    "crewpkg.core:Planner.run": "agent",
    "crewpkg.core:Planner.make": {"kind": "step", "name": "making"},
    "crewpkg.core:Planner.plain": "tool",
    "crewpkg.core:Planner.inherited": "tool",
    "crewpkg.core:decorated": "agent",
    "crewpkg.core:search": {"kind": "skill", "name": "web-search", "source": "builtin", "capture": {"query": "full"}},
}


@pytest.mark.parametrize("loaded", [True, False])
def test_targets_are_wrapped_and_restored(package, instrument, loaded, no_failures):
    module = importlib.import_module(package) if loaded else None
    before = dict(vars(module)) if loaded else None
    memory = instrument(targets=TARGETS)
    assert loaded or package not in sys.modules
    module = importlib.import_module(package)
    planner = module.Planner.make()
    assert (planner.run(), planner.plain(), planner.inherited(), module.decorated(), module.search("q")) == (
        "run",
        "plain",
        "inherited",
        1,
        "q",
    )
    assert module.Base().inherited() == "inherited"
    assert memory.names == [
        "execute_tool Base.inherited",
        "execute_tool Planner.plain",
        "execute_tool web-search",
        "invoke_agent Planner.run",
        "invoke_agent decorated",
        "step making",
    ]
    search = memory.one("execute_tool web-search")
    assert search.attributes["smart_agents.source"] == "builtin"
    assert search.attributes["smart_agents.capture.query.length"] == 1
    assert "smart_agents.capture.query" not in search.attributes
    SmartAgentsInstrumentor().uninstrument()
    assert runtime.STATE.routes == ()
    assert "inherited" not in vars(module.Planner)
    assert planner.run.__doc__ == "Runs."
    assert not hasattr(module.search, "__wrapped__")
    if before:
        assert vars(module)["search"] is before["search"]
    planner.run()
    assert len(memory.spans) == 6
    assert inspect.iscoroutinefunction(planner.arun)


def test_a_module_sees_its_own_loader(package, instrument):
    instrument(targets=TARGETS)
    module = importlib.import_module(package)
    assert type(module.__loader__).__name__ == "SourceFileLoader"
    assert module.__spec__.loader is module.__loader__
    assert importlib.reload(module).search("q") == "q"


def test_what_replaced_our_wrapper_stays(package, instrument):
    module = importlib.import_module(package)
    instrument(targets={"crewpkg.core:search": "tool"})
    module.search = lambda query: "other"
    SmartAgentsInstrumentor().uninstrument()
    assert module.search("q") == "other"


def test_it_gives_way_to_a_configured_destination(package, instrument, own):
    memory = instrument()
    with agent("a"):
        pass
    assert (own.names, memory.names) == (["invoke_agent a"], [])
    own.off()
    with agent("b"):
        pass
    assert memory.names == ["invoke_agent b"]


def test_a_target_that_is_not_there_is_told_and_the_module_loads(package, instrument, capsys):
    instrument(targets={"crewpkg.core:Planner.walk": "agent", "crewpkg.core:Nobody.run": "agent", "crewpkg.core:search": "tool"})
    assert importlib.import_module(package).search("q") == "q"
    assert runtime.FAILURES == {"instrument": 2}
    assert "crewpkg.core:Planner.walk" in capsys.readouterr().err


def test_targets_come_from_the_environment(package, instrument, tmp_path):
    text = "crewpkg.core:Planner.run=agent; crewpkg.core:search=tool"
    assert [(t.module, t.path, t.options.kind) for t in from_environ({"OTEL_PYTHON_SMART_AGENTS_TARGETS": text})] == [
        ("crewpkg.core", "Planner.run", "agent"),
        ("crewpkg.core", "search", "tool"),
    ]
    file = tmp_path / "targets.toml"
    file.write_text('[targets]\n"crewpkg.core:search" = {kind = "tool", name = "web-search"}\n')
    memory = instrument(environ={"OTEL_PYTHON_SMART_AGENTS_TARGETS": str(file)})
    importlib.import_module(package).search("q")
    assert memory.names == ["execute_tool web-search"]


@pytest.mark.parametrize("text", ["crewpkg.core.search=tool", "crewpkg.core:search", "crewpkg.core:search=tol", "missing.toml"])
def test_a_bad_value_of_the_environment_is_told_and_ignored(instrument, text):
    with pytest.warns(RuntimeWarning, match="OTEL_PYTHON_SMART_AGENTS_TARGETS"):
        instrument(environ={"OTEL_PYTHON_SMART_AGENTS_TARGETS": text})


@pytest.mark.parametrize(
    ("targets", "error"),
    [
        (["a:b"], TypeError),
        ({"no-colon": "agent"}, ConfigError),
        ({"a:b": "robot"}, ConfigError),
        ({"a:b": {"kind": "agent", "nmae": "x"}}, ConfigError),
        ({"a:b": {"kind": "agent", "source": "x"}}, ConfigError),
    ],
)
def test_a_bad_target_in_code_raises(targets, error):
    with pytest.raises(error):
        parse(targets, "targets")


def test_a_disabled_sdk_switches_nothing_on(instrument):
    instrument(environ={"OTEL_SDK_DISABLED": "true"})
    assert runtime.STATE.routes == ()


def test_it_is_registered_as_an_instrumentor():
    from importlib.metadata import entry_points

    (found,) = [point for point in entry_points(group="opentelemetry_instrumentor") if point.name == "smart_agents"]
    assert found.load() is SmartAgentsInstrumentor


def test_a_module_with_a_target_still_runs_as_a_program_and_gives_its_data(package, tmp_path):
    """Whoever asks a spec for code or data, as runpy and pkgutil do, gets what the module's own loader gives."""
    (tmp_path / "crewpkg" / "shown.txt").write_bytes(b"data")
    script = """
import pkgutil, runpy
from otel_smart_agents.instrument.instrumentor import SmartAgentsInstrumentor
SmartAgentsInstrumentor().instrument(targets={"crewpkg.core:search": "tool", "crewpkg:x": "tool"})
print(pkgutil.get_data("crewpkg", "shown.txt"), runpy.run_module("crewpkg.core", run_name="__main__")["search"]("ran"))
"""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["b'data'", "ran"]), done.stderr


def test_a_method_of_the_metaclass_is_no_target(package, instrument, capsys):
    class Meta(type):
        def make(cls):
            return cls()

    class Made(metaclass=Meta):
        pass

    module = types.ModuleType("meta_targets")
    module.Made = Made
    sys.modules["meta_targets"] = module
    try:
        instrument(targets={"meta_targets:Made.make": "tool"})
        assert isinstance(Made.make(), Made)
    finally:
        del sys.modules["meta_targets"]


def test_what_cannot_be_used_leaves_nothing_wrapped(package):
    before = list(sys.meta_path)
    with pytest.raises(AttributeError):
        SmartAgentsInstrumentor().instrument(targets={f"{package}:Planner.run": "agent"}, tracer_provider=5)
    assert sys.meta_path == before


def test_a_function_with_a_session_alone_is_a_target(instrument, own, no_failures):
    module = types.ModuleType("session_targets")
    module.work = session(team="blue")(lambda: "done")
    sys.modules["session_targets"] = module
    try:
        instrument(targets={"session_targets:work": {"kind": "tool", "name": "work"}})
        assert module.work() == "done"
    finally:
        del sys.modules["session_targets"]
    assert own.names == ["execute_tool work"]


def test_a_misspelt_keyword_is_named():
    with pytest.raises(ConfigError, match="did you mean 'targets'"):
        SmartAgentsInstrumentor().instrument(target={})
    with pytest.raises(ConfigError, match="did you mean 'name'"):
        parse({"a:b": {"kind": "tool", "nmae": "x"}}, "targets")
    with pytest.raises(ConfigError, match="'phase' for 'a:b'"):
        parse({"a:b": {"kind": "agent", "phase": "load"}}, "targets")
    with pytest.raises(TypeError, match="'a:b': tool\\(version"):
        parse({"a:b": {"kind": "tool", "version": 4}}, "targets")
