"""The registry is the one source: what is generated from it agrees, and it keeps its own rules."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from otel_smart_agents import semconv
from otel_smart_agents.consent.model import CATEGORIES
from otel_smart_agents.semconv import Privacy

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the generator is a development tool beside the package, not part of it

from semconv.generate import main, outputs, stale  # noqa: E402 - needs the line above
from semconv.model import RegistryError, load  # noqa: E402 - needs the line above

NAME = r"[A-Za-z0-9][A-Za-z0-9._:/@ -]{0,127}"
ENUMS = {
    "smart_agents.outcome": "success failure cancelled timeout denied abandoned interrupted",
    "smart_agents.error.category": "network config runtime timeout auth rate_limit filesystem validation dependency unknown",
    "smart_agents.skill.phase": "load resource command run",
    "smart_agents.feature.action": "enabled disabled configured used",
    "smart_agents.source": "curated flea builtin local unknown",
    "smart_agents.kind": "agent skill tool workflow step feature rating",
}
CLASSES = {
    "P": "app.installation.id service.instance.id session.id gen_ai.conversation.id smart_agents.consent.subject",
    "S": (
        "process.runtime.name process.runtime.version os.type service.name service.version telemetry.distro.name telemetry.distro.version "
        "gen_ai.operation.name smart_agents.outcome gen_ai.tool.type smart_agents.skill.phase smart_agents.source "
        "smart_agents.consent.policy_version smart_agents.consent.epoch smart_agents.consent.categories smart_agents.consent.receipt_hash "
        "smart_agents.redaction.count smart_agents.sampling.ratio"
    ),
    "agent": (
        "gen_ai.agent.name gen_ai.agent.version smart_agents.cost.amount smart_agents.cost.currency smart_agents.cost.source "
        "smart_agents.task.type smart_agents.task.file_type smart_agents.task.size gen_ai.provider.name gen_ai.request.model "
        "gen_ai.usage.input_tokens gen_ai.usage.output_tokens gen_ai.usage.cache_read.input_tokens gen_ai.usage.cache_write.input_tokens"
    ),
    "error": "error.type smart_agents.error.category smart_agents.error.component smart_agents.error.stack_hash",
    "skill": "gen_ai.skill.name smart_agents.skill.version smart_agents.source.ref gen_ai.evaluation.score.value",
    "feature": "smart_agents.feature.name smart_agents.feature.action smart_agents.command.name",
    "workflow": "gen_ai.workflow.name smart_agents.workflow.steps smart_agents.workflow.step.count smart_agents.workflow.pattern_hash",
}
NEVER = (
    "gen_ai.input.messages gen_ai.output.messages gen_ai.system_instructions gen_ai.tool.call.arguments gen_ai.tool.call.result "
    "gen_ai.tool.definitions gen_ai.agent.description x.description gen_ai.skill.source.uri exception.message exception.stacktrace "
    "error.message enduser.id user.email process.command process.command_line process.command_args process.owner process.executable.path "
    "host.name code.file.path file_path file_content code_content git_commit email username api_key password token secret"
)


def never(key: str) -> bool:
    row = semconv.ATTRIBUTES.get(key)
    if row is not None:
        return row.privacy == Privacy.NEVER
    return key.startswith(semconv.NEVER_PREFIXES) or key.endswith(semconv.NEVER_SUFFIXES)


def test_every_generated_file_is_what_the_registry_says():
    assert stale() == [], "run python -m semconv.generate"


def test_the_check_names_a_file_that_differs_and_generating_repairs_it(tmp_path, capsys):
    for path in outputs(load()):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    damaged = tmp_path / "docs/reference/data-dictionary.md"
    damaged.write_text("something else", encoding="utf-8")
    assert main(["--check"], tmp_path) == 1
    assert "docs/reference/data-dictionary.md differs" in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0


def test_the_generator_runs_as_a_module_and_refuses_unknown_words():
    done = subprocess.run([sys.executable, "-m", "semconv.generate", "--chek"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--chek" in done.stderr


@pytest.mark.parametrize(("group", "keys"), CLASSES.items())
def test_each_fact_has_its_class_and_category(group, keys):
    for key in keys.split():
        row = semconv.ATTRIBUTES[key]
        expected = (Privacy(group), None) if group in ("S", "P") else (Privacy.CONSENT, group)
        assert (row.privacy, row.category) == expected, key


@pytest.mark.parametrize(("key", "words"), ENUMS.items())
def test_closed_lists_hold_exactly_their_words(key, words):
    assert semconv.ATTRIBUTES[key].catalogue == frozenset(words.split())


@pytest.mark.parametrize("key", NEVER.split())
def test_each_key_of_the_never_list_is_of_class_n(key):
    assert never(key)


def test_nothing_that_may_leave_overlaps_the_never_list():
    """A registered key beats the never words only if its values are a closed list, which no secret fits into."""
    for key, row in semconv.ATTRIBUTES.items():
        if row.privacy == Privacy.NEVER:
            continue
        assert not key.startswith(semconv.NEVER_PREFIXES), key
        assert not key.endswith(semconv.NEVER_SUFFIXES), key
        words = "_".join(re.split(r"[._-]", key))
        hit = [word for word in semconv.NEVER_WORDS if re.search(rf"(?:^|_){word}(?:_|$)", words)]
        assert not hit or row.catalogue, (key, hit)


def test_content_is_class_n_and_speaks_of_generative_ai_only():
    for key in semconv.CONTENT_KEYS:
        assert semconv.ATTRIBUTES[key].privacy == Privacy.NEVER
        assert key.startswith("gen_ai.")


def test_every_text_that_may_leave_has_a_form():
    for key, row in semconv.ATTRIBUTES.items():
        if row.privacy in (Privacy.SAFE, Privacy.PSEUDONYMOUS, Privacy.CONSENT) and row.type.startswith("string"):
            assert row.catalogue or (row.pattern and row.max_length), key


@pytest.mark.parametrize(
    "key", ["gen_ai.agent.name", "gen_ai.skill.name", "gen_ai.tool.name", "gen_ai.workflow.name", "smart_agents.feature.name"]
)
def test_names_have_the_one_form_of_names(key):
    assert semconv.ATTRIBUTES[key].pattern == NAME


def test_categories_are_those_that_a_person_can_agree_to():
    used = {row.category for row in semconv.ATTRIBUTES.values()} | {kind.category for kind in semconv.KINDS.values()}
    assert used - {None} <= CATEGORIES
    assert frozenset(semconv.NOTICE_COLLECTED) == semconv.CONSENT_CATEGORIES == CATEGORIES
    assert all(semconv.NOTICE_COLLECTED.values())


def test_everything_that_may_leave_is_in_the_notice():
    registry = load()
    told = {text for texts in semconv.NOTICE_COLLECTED.values() for text in texts} | set(semconv.NOTICE_ALWAYS) | set(semconv.NOTICE_NEVER)
    for entry in registry.entries:
        if entry.privacy != "scan" and not entry.own_only:
            assert entry.notice in told, entry.key


def test_examples_fit_their_own_rules():
    for entry in load().entries:
        row = semconv.ATTRIBUTES.get(entry.key)
        for example in entry.examples if row and row.privacy != Privacy.NEVER else ():
            for text in example if isinstance(example, list) else [example]:
                if isinstance(text, str) and row.pattern:
                    assert row.hashed or re.fullmatch(row.pattern, text), (entry.key, text)
                elif isinstance(text, str) and row.catalogue:
                    assert text in row.catalogue


def test_the_spellings_of_operations_kinds_events_and_metrics():
    spelled = {name: f"{kind.operation} {{{kind.name_key}}}" for name, kind in semconv.KINDS.items()}
    assert spelled == {
        "agent": "invoke_agent {gen_ai.agent.name}",
        "skill": "execute_tool {gen_ai.skill.name}",
        "tool": "execute_tool {gen_ai.tool.name}",
        "workflow": "invoke_workflow {gen_ai.workflow.name}",
        "step": "step {smart_agents.step.name}",
        "feature": "smart_agents.feature {smart_agents.feature.name}",
        "rating": "smart_agents.rating {gen_ai.evaluation.name}",
    }
    assert set(semconv.EVENTS) == {"gen_ai.evaluation.result", "smart_agents.feature.usage", "smart_agents.deletion.request"}
    assert set(semconv.DURATION_METRICS.values()) == {
        "gen_ai.invoke_agent.duration",
        "gen_ai.execute_tool.duration",
        "gen_ai.invoke_workflow.duration",
    }
    for metric in semconv.METRICS.values():
        assert metric.attributes <= set(semconv.ATTRIBUTES), metric.name


def test_metric_names_stand_in_one_table():
    """An open proposal renames the duration metrics: then one file changes."""
    names = [name for name in semconv.METRICS if name.endswith(".duration")]
    for path in (ROOT / "otel_smart_agents").rglob("*.py"):
        if path.name != "semconv.py":
            text = path.read_text(encoding="utf-8")
            assert not [name for name in names if f'"{name}"' in text], path


def test_constants_are_named_after_their_keys():
    for key in semconv.ATTRIBUTES:
        if key not in semconv.NEVER_WORDS:
            assert getattr(semconv, key.upper().replace(".", "_")) == key


def test_the_tables_cannot_be_changed():
    with pytest.raises(TypeError):
        semconv.ATTRIBUTES["x"] = None
    with pytest.raises(AttributeError):
        semconv.ATTRIBUTES["error.type"].privacy = Privacy.SAFE


def test_python_and_go_read_the_same_table():
    document = json.loads((ROOT / "collector-config/generated/allowlist.json").read_text(encoding="utf-8"))
    rows = {row["key"]: row for row in document["attributes"]}
    assert rows.keys() == semconv.ATTRIBUTES.keys()
    for key, row in semconv.ATTRIBUTES.items():
        other = rows[key]
        assert (row.type, row.privacy, row.category, row.pattern) == (
            other["type"],
            other["class"],
            other.get("category"),
            other.get("pattern"),
        )
        assert sorted(row.catalogue or ()) == other.get("catalogue", [])
    assert {row["key"] for row in document["prefixes"]} == set(semconv.KEY_PREFIXES)
    assert tuple(document["never"]["prefixes"]) == semconv.NEVER_PREFIXES
    assert set(document["never"]["words"]) == semconv.NEVER_WORDS


def test_the_stock_collectors_allow_list_has_every_key_that_may_pass_and_no_other():
    document = yaml.safe_load((ROOT / "collector-config/generated/allow-list.yaml").read_text(encoding="utf-8"))
    processor = document["processors"]["redaction/smart_agents"]
    assert processor["allow_all_keys"] is False
    assert set(processor["allowed_keys"]) == {key for key, row in semconv.ATTRIBUTES.items() if row.privacy != Privacy.NEVER}


def test_importing_the_table_is_cheap_and_imports_nothing_else():
    """It is imported by every instrumented program: about a millisecond of CPU, measured against ten times that on a busy machine."""
    code = (
        "import enum, types, typing, collections.abc, sys, time, otel_smart_agents, pathlib, marshal\n"
        "path = pathlib.Path(otel_smart_agents.__file__).with_name('semconv.py')\n"
        "code = compile(path.read_text(encoding='utf-8'), str(path), 'exec')\n"
        "before = set(sys.modules)\n"
        "times = []\n"
        "for _ in range(5):\n"
        "    start = time.process_time()\n"
        "    exec(code, {'__name__': 'otel_smart_agents.semconv'})\n"
        "    times.append(time.process_time() - start)\n"
        "print(min(times) * 1e3, sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    milliseconds, modules = done.stdout.split(" ", 1)
    assert float(milliseconds) < 10
    assert modules.strip() == "[]"


def attribute(key: str = "a.b", *, kind: str = "int", **annotation: str) -> str:
    words = {"class": "S", "purpose": "usage", "retention": "90d", **{name.strip("_"): word for name, word in annotation.items()}}
    return yaml.safe_dump({"attributes": [{"key": key, "type": kind, "brief": "x", "annotations": {"smart_agents.privacy": words}}]})


BROKEN = {
    "file_format": "file_format: definition/1\nattributes: []\n",
    "smart_agents.privacy": "attributes:\n  - {key: a.b, type: string, stability: stable, brief: x}\n",
    "type text": attribute(kind="text"),
    "class must be": attribute(class_="Q"),
    "unknown word": attribute(clas="S"),
    "purpose must be": attribute(purpose="fun"),
    "notice is missing": attribute(),
    "a category stands": attribute(class_="C", notice="n"),
    "category must be": attribute(class_="C", category="agents", notice="n"),
    "a pattern and a max_length": attribute(kind="string", notice="n"),
    "pattern names is not": attribute(kind="string", pattern="names", notice="n"),
    "content and match": attribute(match="word", notice="n"),
    "defined twice: error.type": attribute("error.type", class_="scan"),
    "no attribute group x": "events:\n  - {name: a, brief: x, annotations: {smart_agents.event: {}}, attributes: [{ref_group: x}]}\n",
    "exactly one smart_agents annotation": "events:\n  - {name: a, brief: x}\n",
    "no.such.key": "metrics:\n  - {name: a, brief: x, annotations: {smart_agents.metric: {}}, attributes: [{ref: no.such.key}]}\n",
}


@pytest.mark.parametrize(("message", "text"), BROKEN.items())
def test_a_registry_that_breaks_its_rules_is_refused_with_the_key(tmp_path, message, text):
    folder = tmp_path / "semconv"
    shutil.copytree(ROOT / "semconv", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    head = "" if text.startswith("file_format") else "file_format: definition/2\n"
    (folder / "zz.yaml").write_text(head + text, encoding="utf-8")
    with pytest.raises(RegistryError, match=re.escape(message)):
        load(folder)
