"""The protocol files: what is generated from them is up to date, and nothing that was published breaks."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2, json_format

from otel_smart_agents import semconv
from otel_smart_agents._pb.consent.v1 import consent_pb2
from otel_smart_agents._pb.rights.v1 import rights_pb2
from otel_smart_agents._pb.usage.v1 import usage_pb2
from otel_smart_agents.consent import CATEGORIES, Destination
from otel_smart_agents.consent.receipt import Grant, make_receipt

ROOT = Path(__file__).parents[2]
MODULES = (rights_pb2, consent_pb2, usage_pb2)
TOOLS = ROOT / ".venv-proto" / ".ready"


def listed() -> dict[str, str]:
    lines = (ROOT / "proto" / "generated.sha256").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def test_what_is_generated_is_up_to_date():
    """Hashes of sources and results, made together by ``make proto``: neither may change without the other."""
    found = {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder, endings in {
            "proto/otel_smart_agents": {".proto"},
            "otel_smart_agents/_pb": {".py", ".pyi"},
            "processors/internal/pb": {".go"},
        }.items()
        for path in (ROOT / folder).rglob("*")
        if path.suffix in endings and not path.name.endswith("_test.go") and path.name != "doc.go"
    }
    assert found == listed(), "run `make proto`"


@pytest.mark.timeout(600)  # builds two Go plugins if they are not cached
@pytest.mark.skipif(not TOOLS.exists(), reason="generating needs an environment of its own: `make proto` makes it")
def test_generating_again_changes_nothing():
    done = subprocess.run(
        [TOOLS.parent / "bin" / "python", ROOT / "proto" / "generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def published() -> dict[str, descriptor_pb2.FileDescriptorProto]:
    files = descriptor_pb2.FileDescriptorSet.FromString((ROOT / "proto" / "baseline.binpb").read_bytes()).file
    return {file.name: file for file in files}


def current() -> dict[str, descriptor_pb2.FileDescriptorProto]:
    found = {}
    for module in MODULES:
        file = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        found[file.name] = file
    return found


def facts(files) -> set[tuple]:
    """Everything that others rely on: numbers, names, types of fields; values of enums; methods."""
    found = set()
    for file in files.values():
        for message in file.message_type:
            for field in message.field:
                found.add((file.package, message.name, field.number, field.name, field.type, field.label, field.type_name))
        for enum in file.enum_type:
            found |= {(file.package, enum.name, value.number, value.name) for value in enum.value}
        for service in file.service:
            found |= {(file.package, service.name, method.name, method.input_type, method.output_type) for method in service.method}
    return found


def test_nothing_that_was_published_is_broken():
    """The check of ``make proto-check`` (buf) in short, for machines without Go."""
    assert facts(published()) - facts(current()) == set()
    assert facts(published()), "the baseline is read at all"


def test_every_field_says_what_it_is_and_how_private():
    for path in (ROOT / "proto").rglob("*.proto"):
        above: list[str] = []
        for line in path.read_text().splitlines():
            text = line.strip()
            if re.match(r"(repeated |optional )?[\w.]+ \w+ = \d+;|\w+ = \d+;|message|enum|service|rpc", text):
                assert above, f"{path.name}: no comment above {text!r}"
            above = [*above, text] if text.startswith("//") else []


@pytest.mark.parametrize(
    ("key", "enum", "prefix"),
    [
        ("smart_agents.outcome", usage_pb2.Outcome, "OUTCOME_"),
        ("smart_agents.error.category", usage_pb2.ErrorCategory, "ERROR_CATEGORY_"),
        ("smart_agents.feature.action", usage_pb2.FeatureAction, "FEATURE_ACTION_"),
        ("smart_agents.consent.categories", consent_pb2.Category, "CATEGORY_"),
    ],
)
def test_enums_are_the_registry_s(key, enum, prefix):
    words = {name.removeprefix(prefix).lower() for name in enum.keys()} - {"unspecified"}  # noqa: SIM118 - an EnumTypeWrapper is no mapping
    assert words == semconv.ATTRIBUTES[key].catalogue


def test_a_receipt_is_a_message(notice):
    """Field names of consent/receipt.py and of the message are the same, so the kept JSON can be read as the message, and back."""
    grant = Grant(
        destination=Destination("upstream", "acme", "https://telemetry.acme.example", "Acme Ltd"),
        notice=notice,
        categories=CATEGORIES,
        mode="on",
        epoch=3,
        time_ns=1_700_000_000_000_000_001,
        method="cli",
        application_version="2.0",
        text_sha256="ab" * 32,
    )
    record = make_receipt(
        grant, receipt_id="7c9e6679-7425-40de-944b-e07fc1f90ae7", principal_id="7c9e6679-7425-40de-944b-e07fc1f90ae8"
    ).record
    message = json_format.ParseDict(dict(record), consent_pb2.ConsentReceipt())
    assert message.event_time_ns == 1_700_000_000_000_000_001
    back = json_format.MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    assert {**back, "event_time_ns": int(back["event_time_ns"]), "consent_epoch": int(back["consent_epoch"])} == record


@pytest.fixture
def notice():
    from otel_smart_agents import Notice

    return Notice(
        version="1",
        controller="Acme Ltd",
        contact="privacy@acme.example",
        purposes=("To see which agents fail.",),
        recipients=("Acme Ltd", "Hosting Ltd"),
        country="Germany",
        retention="90 days",
        policy_url="https://acme.example/privacy",
        rights=("Access and erasure: privacy@acme.example",),
    )
