"""Promises of ``doctor``: every known trouble is found, named with its fix, and nothing is repaired or sent."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
from support.receiver import Reply, dead_port

from otel_smart_agents.cli import health_process
from otel_smart_agents.cli.delivery import fix_for, told
from otel_smart_agents.cli.group import Session
from otel_smart_agents.cli.health import check_clock, check_disk, check_policy, file_problem, folder_problem
from otel_smart_agents.cli.health_process import check_auto, is_wrapped, processors_of, span_exporters
from otel_smart_agents.cli.known import Destinations
from otel_smart_agents.config import resolve
from otel_smart_agents.consent import ConsentStore
from otel_smart_agents.export.exporters import ConsentAwareSpanExporter
from otel_smart_agents.paths import TelemetryPaths
from otel_smart_agents.privacy import Policy, PrivacySpanProcessor
from otel_smart_agents.spool.state import SpoolState


def wrong(done):
    return {finding["check"]: finding for finding in done.json["findings"] if not finding["ok"]}


def session_of(home, *, policy=None, **environ):
    data = home / ".smart-agents" / "telemetry"
    store = ConsentStore(TelemetryPaths(data, data, policy or home / "no-policy.toml"), environ={"HOME": str(home), **environ})
    return Session(store, Destinations(store), "otel-smart-agents")


def test_all_is_well(user):
    user.record("planner", epoch=user.agree())
    done = user.cli("doctor", "--json", app=True)
    assert wrong(done) == {}
    assert (done.code, done.json["ok"]) == (0, True)
    text = user.cli("doctor", app=True)
    assert all(line.startswith("✓ ") for line in text.out.splitlines())
    assert text.err.endswith("nothing wrong.\n")


def test_files_open_to_others_are_told_and_left_as_they_are(user):
    user.record("planner", epoch=user.agree())
    (file,) = user.folder.ready_files("traces")
    file.path.chmod(0o644)
    user.folder.folder.chmod(0o755)
    done = user.cli("doctor", "--json")
    assert done.code == 1
    found = [finding for finding in done.json["findings"] if finding["check"] == "permissions"]
    assert {finding["fix"] for finding in found} == {f"chmod 600 {file.path}", f"chmod 700 {user.folder.folder}"}
    assert file.path.stat().st_mode & 0o777 == 0o644


def test_links_are_told(user, tmp_path):
    user.agree()
    (user.data / "spool").mkdir()
    (user.data / "spool" / "x.upstream.12345678").symlink_to(tmp_path)
    assert "link" in wrong(user.cli("doctor", "--json"))["permissions"]["says"]


@pytest.mark.parametrize("linked", [".smart-agents", ".smart-agents/telemetry"])
def test_a_link_of_the_users_own_above_the_data_is_told_for_what_it_is(user, linked):
    """Dotfile managers make them: the spool follows them, answers are kept in real folders only."""
    folder = user.home / linked
    (user.home / "dotfiles").mkdir(mode=0o700)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.symlink_to(user.home / "dotfiles")
    with dead_port() as port:
        environ = {"OTEL_SERVICE_NAME": "shop", "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"}
        program = "from otel_smart_agents import agent, configure\nhandle = configure(durability='write_through')\nagent('a')(lambda: 1)()"
        assert user.run(sys.executable, "-c", program, **environ).code == 0
        assert list((user.home / "dotfiles").rglob("*.jsonl"))
        (finding,) = [one for one in user.cli("doctor", "--json", **environ).json["findings"] if one["check"] == "permissions"]
        assert "data is kept behind it, answers are not" in finding["says"]
        assert user.cli("disable", "--destination", "shop", **environ).code != 0
        folder.unlink()
        moved = {**environ, "SMART_AGENTS_TELEMETRY_DIR": finding["fix"].rpartition("=")[2]}
        told = user.cli("doctor", "--json", **moved)
        assert "permissions" not in wrong(told)
        assert "1 spans wait" in told.out or "did not take it" in told.out
        user.home.joinpath("link").symlink_to(moved["SMART_AGENTS_TELEMETRY_DIR"])
        through = {**environ, "SMART_AGENTS_TELEMETRY_DIR": str(user.home / "link")}
        assert "permissions" not in wrong(user.cli("doctor", "--json", **through))
        assert user.cli("disable", "--destination", "shop", **moved).code == 0


def test_a_link_that_leads_nowhere_is_told(user):
    (user.home / ".smart-agents").symlink_to(user.home / "gone")
    assert "leads nowhere" in wrong(user.cli("doctor", "--json"))["permissions"]["says"]


def test_what_belongs_to_somebody_else_is_told(tmp_path):
    mine = os.geteuid()
    assert folder_problem(tmp_path) is None or tmp_path.stat().st_mode & 0o077
    assert "belongs to user" in folder_problem(tmp_path, owner=mine + 1)[0]
    file = tmp_path / "file"
    file.touch(mode=0o600)
    assert file_problem(file) is None
    assert "belongs to user" in file_problem(file, owner=mine + 1)[0]


def test_damage_and_losses_are_told(user):
    user.record("planner", epoch=user.agree())
    (file,) = user.folder.ready_files("traces")
    file.path.write_bytes(file.path.read_bytes().replace(b"planner", b"plannex"))
    user.folder.count("disk_full", 4)
    found = wrong(user.cli("doctor", "--json"))
    assert "1 damaged lines" in found["damage"]["says"]
    assert found["losses"]["says"].endswith("4 disk_full")
    assert found["losses"]["fix"] == "free some space"


def test_a_line_that_a_kill_cut_short_is_no_damage(user):
    user.record("planner", epoch=user.agree())
    (file,) = user.folder.ready_files("traces")
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    active = file.folder / "traces" / "active" / file.path.name.replace(f"-{os.getpid()}-", f"-{ended.pid}-")
    file.path.rename(active)
    active.write_bytes(active.read_bytes()[:-9])
    assert "damage" not in wrong(user.cli("doctor", "--json"))


def test_orphans_are_told_and_preview_adopts_them(user):
    epoch = user.agree()
    user.record("planner", epoch=epoch)
    (file,) = user.folder.ready_files("traces")
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    name = file.path.name.replace(f"-{os.getpid()}-", f"-{ended.pid}-")
    file.path.rename(file.folder / "traces" / "active" / name)
    assert "`otel-smart-agents preview` adopts them" in wrong(user.cli("doctor", "--json"))["orphans"]["fix"]
    assert user.cli("preview", "--json").json["requests"][0]["items"] == 1
    assert "orphans" not in wrong(user.cli("doctor", "--json"))


def test_a_broken_answer_file_and_log_are_told(user):
    user.agree()
    (user.data / "consent.json").write_text("{}")
    with (user.data / "consent-log.jsonl").open("a") as log:
        log.write("{}\n")
    found = wrong(user.cli("doctor", "--json"))
    assert "off" in found["consent file"]["says"]
    assert "set aside by itself" in found["consent file"]["fix"]
    assert "sets it aside" in found["consent log"]["fix"]
    assert "remove" not in found["consent file"]["fix"] + found["consent log"]["fix"]  # a no would be forgotten


def test_an_intact_log_is_not_blamed_for_a_broken_answer_file(user):
    user.agree()
    (user.data / "consent.json").write_text("{}")
    assert set(wrong(user.cli("doctor", "--json"))) == {"consent file"}


def test_a_policy_file_that_is_not_roots_is_told(tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text("mode = 'off'\n")
    policy.chmod(0o666)
    (finding,) = check_policy(session_of(tmp_path, policy=policy))
    assert not finding.ok
    assert "chown root" in finding.says


def test_a_clock_that_cannot_be_right_is_told(user):
    user.record("planner", epoch=user.agree())
    session = session_of(user.home)
    found = session.destinations.all()
    (finding,) = check_clock(session, found)
    assert finding.ok
    (finding,) = check_clock(session, found, clock=lambda: 86_400.0)
    assert not finding.ok
    (finding,) = check_clock(session, found, clock=lambda: time.time() - 7_200)
    assert "set back" in finding.says


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=5))
    (finding,) = check_disk(session_of(tmp_path))
    assert not finding.ok
    assert finding.says.startswith("5 B free")


def test_the_back_end_that_does_not_answer_is_told(user):
    user.record("planner", epoch=user.agree())
    user.cli("send", app=True)
    assert "did not take it 1 times" in wrong(user.cli("doctor", "--json", app=True))["delivery"]["says"]


def test_a_file_or_a_header_that_stops_every_request_is_told(user):
    with dead_port() as port:
        environ = {"OTEL_SERVICE_NAME": "shop", "OTEL_EXPORTER_OTLP_ENDPOINT": f"https://127.0.0.1:{port}"}
        for more, code, fix in [
            ({"OTEL_EXPORTER_OTLP_CERTIFICATE": "/nope.pem"}, "OSError", "certificate /nope.pem does not exist"),
            ({"OTEL_EXPORTER_OTLP_HEADERS": "x=%0Aboo"}, "InvalidHeader", "headers has an entry 'x'"),
        ]:
            found = wrong(user.cli("doctor", "--json", "--online", "--yes", **environ, **more))["online"]
            assert code in found["says"]
            assert fix in found["fix"]


def test_what_a_request_ended_with_tells_what_to_do():
    settings = resolve({"endpoint": "https://collector:4317", "protocol": "grpc"})
    assert "certificate" in fix_for("UNAVAILABLE", settings)
    assert "client_key must fit" in fix_for("SSLError", None)
    assert "endpoint" in fix_for("InvalidURL", None)
    assert "certificate" in fix_for("FileNotFoundError", None)
    assert fix_for("503", settings) is fix_for("ConnectionError", settings) is None
    assert told(SpoolState(attempts=2, last_code="SSLError")).startswith("the back end did not take it 2 times (SSLError: the TLS")


def test_a_state_that_no_clock_can_show_stops_no_command(user):
    """Written by a version that believed every wait."""
    user.record("planner", epoch=user.agree())
    user.folder.update_state(next_attempt_ns=10**24, attempts=1, last_sent_ns=10**24)
    assert user.cli("status", app=True).code == 0
    done = user.cli("doctor", "--json", app=True)
    assert "the next attempt is due" in wrong(done)["delivery"]["says"]
    assert "next attempt in" in user.cli("send", app=True).err  # it tried: nobody listens there
    user.folder.update_state(next_attempt_ns=time.time_ns() + 3_600 * 10**9, told_to_wait=True, attempts=2)
    assert user.cli("clear", "--all", "--yes", app=True).code == 0
    assert (user.folder.state().next_attempt_ns, user.folder.state().attempts) == (0, 0)


@pytest.mark.parametrize(
    ("points", "environ", "ok"),
    [
        (["distro"], {}, True),
        ([], {}, False),
        ([], {"OTEL_TRACES_EXPORTER": "smart_agents"}, False),
        (["distro", "vendor"], {}, False),
        (["distro", "vendor"], {"OTEL_PYTHON_CONFIGURATOR": "configurator"}, True),
    ],
)
def test_silent_auto_instrumentation_is_told(tmp_path, monkeypatch, points, environ, ok):
    monkeypatch.setattr(health_process, "entry_points", lambda group: [EntryPoint(name, "x:y", group) for name in points])
    (finding,) = check_auto(session_of(tmp_path, **environ))
    assert finding.ok is ok
    assert ok or finding.fix


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_TRACES_EXPORTER": "smart_agents"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:port"}, False),
        ({}, False),
    ],
)
def test_a_protocol_that_does_not_fit_the_port_is_told(tmp_path, monkeypatch, environ, told):
    monkeypatch.setattr(health_process, "entry_points", lambda group: [EntryPoint("distro", "x:y", group)])
    fixes = [finding.fix for finding in check_auto(session_of(tmp_path, **environ)) if not finding.ok]
    assert any("OTEL_EXPORTER_OTLP_PROTOCOL" in fix for fix in fixes) is told


def test_a_program_that_configures_itself_is_not_alarmed_by_the_other_way_to_start_it(tmp_path, monkeypatch):
    """configure() and ``run`` take HTTP on that port: nobody has to mend anything."""
    monkeypatch.setattr(health_process, "entry_points", lambda group: [EntryPoint("distro", "x:y", group)])
    found = list(check_auto(session_of(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://localhost:4318")))
    assert all(finding.ok and not finding.fix for finding in found)
    assert "configure() and run -- COMMAND take HTTP" in found[-1].says


def test_an_instrumentor_that_is_switched_off_is_told(tmp_path):
    found = list(check_auto(session_of(tmp_path, OTEL_PYTHON_DISABLED_INSTRUMENTATIONS="flask, smart_agents")))
    assert found[-1].fix == "take smart_agents out of OTEL_PYTHON_DISABLED_INSTRUMENTATIONS"


BYPASS = """
file_format: "1.0"
tracer_provider:
  processors:
    - batch: {exporter: {otlp_http: {endpoint: "http://x"}}}
    - batch: {exporter: {smart_agents: {}}}
    - simple: {exporter: {console: {}}}
"""


def test_a_configuration_file_that_leads_past_the_filter_is_told(user):
    file = user.home / "otel.yaml"
    file.write_text(BYPASS)
    found = wrong(user.cli("doctor", "--json", OTEL_CONFIG_FILE=str(file)))["config file"]
    assert "console, otlp_http" in found["says"]
    file.write_text("tracer_provider:\n  processors:\n    - batch: {exporter: {smart_agents: {}}}\n")
    assert "config file" not in wrong(user.cli("doctor", "--json", OTEL_CONFIG_FILE=str(file)))
    file.write_text("[]")
    assert "not a mapping" in wrong(user.cli("doctor", "--json", OTEL_CONFIG_FILE=str(file)))["config file"]["says"]


def test_exporters_of_a_configuration_file():
    assert span_exporters(BYPASS) == {"otlp_http", "smart_agents", "console"}
    assert span_exporters("file_format: '1.0'") == set()
    with pytest.raises(ValueError, match="not YAML"):
        span_exporters("a: [")


class Stamps(SpanProcessor):
    """Touches spans when they start and sends nothing."""

    def on_start(self, span, parent_context=None):
        span.set_attribute("x", 1)


class Sends(SpanProcessor):
    """A vendor's processor without an exporter."""

    def on_end(self, span):
        pass


def test_processors_that_see_raw_spans_are_told():
    exporter = ConsoleSpanExporter()
    batch = BatchSpanProcessor(exporter)
    wrapped = PrivacySpanProcessor(SimpleSpanProcessor(exporter), Policy())
    ours = SimpleSpanProcessor(ConsentAwareSpanExporter(type("Source", (), {"pipeline": lambda self, _: None})()))
    try:
        assert [is_wrapped(one) for one in (batch, Sends(), wrapped, ours, Stamps())] == [False, False, True, True, True]
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(batch)
        assert processors_of(provider) == [batch]
    finally:
        batch.shutdown()


def test_the_global_provider_of_a_host_is_looked_at(user):
    code = (
        "from opentelemetry import trace\nfrom opentelemetry.sdk.trace import TracerProvider\n"
        "from opentelemetry.sdk.trace.export import SimpleSpanProcessor, ConsoleSpanExporter\n"
        "provider = TracerProvider()\nprovider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter()))\n"
        "trace.set_tracer_provider(provider)\nfrom otel_smart_agents.cli import main\nmain()\n"
    )
    done = user.run("python", "-c", code, "doctor", "--json")
    assert "SimpleSpanProcessor(ConsoleSpanExporter)" in wrong(done)["processors"]["says"]


def test_no_packet_without_online_and_none_without_consent(connected, receiver):
    connected.record("planner", epoch=connected.agree("local"))
    connected.cli("doctor", app=True)
    done = connected.cli("doctor", "--online", "--yes", app=True)
    assert "no packet was sent" in done.out
    connected.agree("on")
    done = connected.cli("doctor", "--online", app=True)
    assert "you did not say yes" in done.out
    assert not receiver.requests


def test_online_asks_and_then_sends_one_empty_request(connected, receiver):
    connected.agree()
    terminal = connected.terminal("doctor", "--online")
    terminal.expect("Send one empty request to ")
    terminal.sendline("y")
    terminal.expect("took an empty request")
    terminal.read()
    (request,) = receiver.requests
    assert request.json() == {"resourceSpans": []}


def test_online_says_what_a_refusal_means(connected, receiver):
    connected.agree()
    receiver.script(Reply(401))
    done = connected.cli("doctor", "--online", "--yes", "--json", app=True)
    assert done.code == 1
    assert "credentials" in wrong(done)["online"]["fix"]
    assert connected.cli("doctor", "--yes").code == 2
