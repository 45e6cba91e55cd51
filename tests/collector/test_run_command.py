"""Promises of ``collector run`` and ``collector validate``: the collector's signals, exit code and judgement are the command's."""

from __future__ import annotations

import shutil
import signal
import subprocess

import pytest

from .tiny import Tiny

pytestmark = pytest.mark.skipif(shutil.which("go") is None, reason="no Go on PATH: nothing can be built")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    found = Tiny(tmp_path_factory.mktemp("tiny"))
    assert found.cli("build").code == 0
    return found


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "good.yaml"
    path.write_text("receivers: {}\n")
    return path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_collector_takes_the_place_of_the_command(tiny, config, number):
    argv = tiny.argv("run", "--config", str(config), "--", "--set=a=b")
    with subprocess.Popen(argv, env=tiny.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        words = process.stdout.readline().split()
        assert int(words[words.index("pid") + 1]) == process.pid, "one process, so none can be left behind"
        assert words[-2:] == [f"--config=file:{config}", "--set=a=b"]
        assert words[1] != "unset", "the program knows the version that it was built from"
        process.send_signal(number)
        assert process.wait(20) == 7


def test_several_files_are_handed_on_in_order(tiny, config, tmp_path):
    second = tmp_path / "second.yaml"
    second.write_text("exporters: {}\n")
    argv = tiny.argv("run", "-c", str(config), "-c", str(second))
    with subprocess.Popen(argv, env=tiny.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().split()[-2:] == [f"--config=file:{config}", f"--config=file:{second}"]
        process.terminate()


def test_without_a_configuration_the_one_for_a_laptop_is_run(tiny):
    done = tiny.cli("run")
    assert done.code == 1
    assert "name a configuration with --config" in done.err
    laptop = tiny.sources.parent / "collector-config" / "agent-local.yaml"
    laptop.parent.mkdir()
    laptop.write_text("receivers: {}\n")
    with subprocess.Popen(tiny.argv("run"), env=tiny.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().split()[-1] == f"--config=file:{laptop}"
        process.terminate()


def test_a_file_that_is_not_there_is_a_usage_error(tiny):
    done = tiny.cli("run", "--config", "/nowhere.yaml")
    assert done.code == 2
    assert "/nowhere.yaml" in done.err


def test_a_valid_configuration(tiny, config):
    done = tiny.cli("validate", str(config))
    assert (done.code, done.out) == (0, f"{config}: valid\n")
    document = tiny.cli("validate", str(config), "--json").json
    assert document == {"schema_version": 1, "files": [str(config)], "valid": True, "errors": []}


def test_an_invalid_configuration(tiny, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("wrong: {}\n")
    done = tiny.cli("validate", str(bad))
    assert (done.code, done.out) == (1, "")
    assert "'wrong' is no key" in done.err
    told = tiny.cli("validate", str(bad), "--json")
    assert told.code == 1
    assert told.json["valid"] is False
    assert told.json["errors"] == ["Error: 'wrong' is no key"]


def test_a_program_that_is_there_is_not_built(tiny, config, tmp_path):
    program = tiny.cli("build").out.strip()
    environ = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "empty")}
    assert tiny.cli("validate", "--program", program, str(config), **environ).code == 0
    assert tiny.cli("validate", str(config), SMART_AGENTS_COLLECTOR=program, **environ).code == 0
