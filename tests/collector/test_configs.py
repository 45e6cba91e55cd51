"""Every configuration that is shipped is one that the real collector accepts, and says what a reader must know first."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from .harness import CONFIG, validate

COLLECTOR = sorted(path.name for path in CONFIG.glob("*.yaml") if path.name != "compose.yaml")
SECRETS = {"SMART_AGENTS_HMAC_KEY": "k" * 32, "SMART_AGENTS_TOKEN": "a token", "HOME": "/nonexistent"}
"""What has no default, because nobody should run with ours."""
TOGETHER = {"existing-collector.yaml": ["generated/allow-list.yaml"]}
"""Files that are run with others."""
STOCK_ONLY = {"existing-collector.yaml", "gateway-tail.yaml", "kafka-consume.yaml"}
OURS = {"agentprivacy", "agentrights", "agent_spool"}


def test_the_files_of_the_design_are_there():
    assert set(COLLECTOR) == {
        *("existing-collector.yaml", "agent-local.yaml", "gateway.yaml", "gateway-lb.yaml", "gateway-tail.yaml"),
        *("kafka-ingest.yaml", "kafka-consume.yaml", "replay.yaml", "jaeger.yaml", "tempo.yaml", "prometheus.yaml"),
    }


def files_of(name):
    return [CONFIG / one for one in (name, *TOGETHER.get(name, []))]


@pytest.mark.parametrize("name", COLLECTOR)
def test_the_collector_accepts_it(program, name):
    done = validate(program, *files_of(name), environ=SECRETS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_collector_refuses_an_unknown_key(program):
    done = validate(program, *files_of("tempo.yaml"), "exporters: {otlp_grpc/tempo: {endpont: x}}", environ=SECRETS)
    assert done.returncode == 1
    assert "endpont" in done.stderr


@pytest.mark.parametrize(
    ("name", "missing"), [("gateway.yaml", "SMART_AGENTS_TOKEN"), ("existing-collector.yaml", "SMART_AGENTS_HMAC_KEY")]
)
def test_without_its_secret_it_is_refused(program, name, missing):
    environ = {key: text for key, text in SECRETS.items() if key != missing}
    assert validate(program, *files_of(name), environ=environ).returncode == 1


def parsed(name):
    return yaml.safe_load((CONFIG / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [*COLLECTOR, "compose.yaml"])
def test_it_says_what_it_is_for(name):
    lines = (CONFIG / name).read_text(encoding="utf-8").splitlines()
    header = "\n".join(line for line in lines[: next(i for i, line in enumerate(lines) if not line.startswith("#"))])
    for word in ("Purpose:", "Minimum version", "Components:", "Run:"):
        assert word in header, f"{name} does not say {word}"


@pytest.mark.parametrize("name", COLLECTOR)
def test_it_says_whether_it_is_stock(name):
    used = {kind.partition("/")[0] for part in ("receivers", "processors", "extensions") for kind in parsed(name).get(part) or {}}
    header = re.search(r"# Components: (.*?)(?:;|\.|\()", (CONFIG / name).read_text())[1]
    assert bool(used & OURS) == (name not in STOCK_ONLY)
    assert ("ours" in header) == bool(used & OURS)


@pytest.mark.parametrize("name", COLLECTOR)
def test_it_listens_on_this_machine_alone_unless_told(name):
    for endpoint in re.findall(r"(?:endpoint|host): \"?(\S+?)[\"\s}]", (CONFIG / name).read_text()):
        address = endpoint.partition(":-")[2] or endpoint
        assert re.match(r"(?:http://|tcp://)?127\.0\.0\.1", address), endpoint


@pytest.mark.parametrize("name", sorted(set(COLLECTOR) - {"agent-local.yaml", "existing-collector.yaml", "prometheus.yaml"}))
def test_what_waits_is_on_the_disk_and_never_given_up(name):
    config = parsed(name)
    senders = {kind: body for kind, body in config["exporters"].items() if not kind.startswith(("prometheus", "debug", "file"))}
    assert senders
    for kind, body in senders.items():
        assert body["sending_queue"]["storage"] == "file_storage", kind
        assert body["sending_queue"]["queue_size"], kind
        assert body["retry_on_failure"]["max_elapsed_time"] == 0, kind
    assert config["extensions"]["file_storage"]["fsync"] is True
    assert config["extensions"]["file_storage"]["max_size"]
    assert "file_storage" in config["service"]["extensions"]


@pytest.mark.parametrize("name", COLLECTOR)
def test_every_pipeline_that_takes_data_in_has_the_policy(name):
    """The second row and the consumers get what the first row or Kafka holds, which has passed."""
    if name in {"gateway-tail.yaml", "kafka-consume.yaml"}:
        assert "redacted" in (CONFIG / name).read_text().split("receivers:")[0]
        return
    for pipeline in parsed(name)["service"]["pipelines"].values():
        if pipeline["receivers"] != ["span_metrics"]:
            policy = {"filter/consent", "redaction/smart_agents"} if name == "existing-collector.yaml" else {"agentprivacy"}
            assert policy <= set(pipeline["processors"])
            assert pipeline["processors"][0] == "memory_limiter"


def test_every_variable_is_in_the_table():
    table = (CONFIG / "README.md").read_text(encoding="utf-8")
    used = {name for path in CONFIG.glob("*.yaml") for name in re.findall(r"\$\{env:(SMART_AGENTS_\w+)", path.read_text(encoding="utf-8"))}
    assert used == set(re.findall(r"`(SMART_AGENTS_\w+)`", table))


def test_every_file_is_in_the_table():
    table = (CONFIG / "README.md").read_text(encoding="utf-8")
    assert {f"({name})" for name in (*COLLECTOR, "compose.yaml")} <= set(re.findall(r"\(\S+?\)", table))


def test_compose_refers_to_what_is_there():
    compose = yaml.safe_load((CONFIG / "compose.yaml").read_text())
    services, volumes, configs = compose["services"], set(compose["volumes"]), set(compose["configs"])
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert {item["source"] for item in service.get("configs", [])} <= configs, name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in volumes or (CONFIG / source).exists(), f"{name}: {volume}"
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name} is published on every address"
        for value in service.get("environment", {}).values():
            host = re.match(r"(?:http|tcp)://([a-z]+):", value)
            assert not host or host[1] in services, f"{name}: {value}"
    assert (CONFIG / services["collector"]["build"]["context"] / services["collector"]["build"]["dockerfile"]).is_file()
    content = [yaml.safe_load(item["content"]) for item in compose["configs"].values()]
    assert all(content)


def test_compose_moves_every_address_of_the_gateway():
    environment = yaml.safe_load((CONFIG / "compose.yaml").read_text())["services"]["collector"]["environment"]
    named = set(re.findall(r"\$\{env:(\w+)", (CONFIG / "gateway.yaml").read_text()))
    assert set(environment) <= named, "a variable that the gateway does not know"
    unmoved = {
        name
        for name in named - set(environment)
        if "127.0.0.1" in (re.search(rf"{name}:-(\S+)", (CONFIG / "gateway.yaml").read_text()) or [""])[0]
    }
    assert not unmoved, "an address of the loopback is nobody inside a container"


@pytest.mark.parametrize("path", sorted((CONFIG / "grafana" / "dashboards").glob("*.json")), ids=lambda path: path.stem)
def test_a_dashboard_names_sources_that_are_provisioned(path):
    board = json.loads(path.read_text())
    provisioned = yaml.safe_load((CONFIG / "grafana/provisioning/datasources/smart-agents.yaml").read_text())["datasources"]
    known = {source["uid"]: source["type"] for source in provisioned}
    assert board["schemaVersion"] == 42
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    for panel in board["panels"]:
        for source in (panel["datasource"], *(target["datasource"] for target in panel["targets"])):
            assert known[source["uid"]] == source["type"], panel["title"]
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
