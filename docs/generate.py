"""Writes the reference pages that the code itself knows: ``python docs/generate.py [--check]``.

``docs/reference/api.md`` comes from the public names and their docstrings, ``docs/reference/configuration.md`` from the settings and the
environment variables. A test fails when a page differs from what this would write.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import textwrap
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ForwardRef, is_typeddict

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REFERENCE: Final = Path(__file__).parent / "reference"

GROUPS: Final = (
    ("Set up", "otel_smart_agents", ("configure", "Handle", "ask", "Notice")),
    ("Instrument", "otel_smart_agents", ("agent", "skill", "tool", "workflow", "step", "session", "feature", "feedback", "Capture")),
    ("The keywords of the decorators", "otel_smart_agents.instrument.kinds", ("Keywords", "AgentKeywords", "SkillKeywords")),
    ("The run inside a call", "otel_smart_agents", ("current", "Run")),
    ("Threads and processes", "otel_smart_agents", ("bind", "pool", "Carrier", "inject_environ", "inject_meta", "continued")),
    ("Code that one cannot edit", "otel_smart_agents", ("SmartAgentsInstrumentor",)),
    (
        "Privacy",
        "otel_smart_agents.privacy",
        (
            "redact_value",
            "redact_text",
            "redact",
            "RedactedSpan",
            "redact_log",
            "RedactedLog",
            "redact_metrics",
            "RedactedMetrics",
            "Policy",
            "PrivacySpanProcessor",
            "Counters",
            "explain_key",
            "KeyExplanation",
            "key_denied",
            "kind_of",
            "literals_of",
            "stack_hash",
            "stack_hash_of_text",
            "error_type",
            "error_category",
            "set_category_hook",
            "pseudonym",
            "other_name",
        ),
    ),
    (
        "Exporters",
        "otel_smart_agents.export.exporters",
        ("ConsentAwareSpanExporter", "ConsentAwareLogExporter", "ConsentAwareMetricExporter"),
    ),
    ("Consent", "otel_smart_agents.consent", ("ConsentStore", "Destination", "Decision")),
    ("Tests", "otel_smart_agents.testing", ("Traces", "Clock", "check_conformance", "Finding")),
    ("The command line inside another", "otel_smart_agents.cli", ("telemetry",)),
    (
        "Errors",
        "otel_smart_agents.errors",
        (
            "SmartAgentsError",
            "ConfigError",
            "MissingDependencyError",
            "ConsentError",
            "PolicyError",
            "SpoolError",
            "SpoolFullError",
            "SpoolCorruptError",
            "ExportError",
        ),
    ),
)

INTRODUCTIONS: Final = {
    "The keywords of the decorators": "All are optional, for `@agent(…)` and for `with agent(…)` alike. "
    "`CaptureLevel` is a [Capture](#capture) or its name in lower case: [what it records](../how-to/capture-content.md).\n",
}

_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Yields|Raises \(when called\)):$", re.MULTILINE)
_ROLE = re.compile(r":(?:func|class|data|mod|meth|attr):(?=`)")
_ITEM = re.compile(r"^    (\*{0,2}\w[\w, .*]*?)(?: \([^)]*\))?: (.*)$")


def api() -> str:
    """Return the page of the public names."""
    parts = ["# API\n\nGenerated from the docstrings by `python docs/generate.py`. What is not named here may change without notice.\n"]
    for title, module_name, names in GROUPS:
        parts += [f"## {title}\n", *filter(None, [INTRODUCTIONS.get(title)])]
        module = importlib.import_module(module_name)
        for name in names:
            parts += _entry(f"{module_name}.{name}", getattr(module, name), level=3)
    return "\n".join(parts)


def _entry(path: str, thing: Any, *, level: int) -> Iterator[str]:
    name = path.rpartition(".")[2]
    yield f"{'#' * level} {name}\n"
    if isinstance(thing, click.Group):
        yield f"A `click` group, to be added to another one: `your_group.add_command({name})`. [Its commands](cli.md).\n"
        return
    if inspect.isclass(thing) or callable(thing):
        yield f"```text\n{_signature(path if level == 3 else name, thing)}\n```\n"
    yield _markdown(inspect.getdoc(thing) or "")
    if inspect.isclass(thing) and not issubclass(thing, BaseException):
        for member, value in sorted(vars(thing).items()):
            target = getattr(value, "__func__", value)
            if member.startswith("_") or not (inspect.isfunction(target) or isinstance(value, property)):
                continue
            if doc := inspect.getdoc(value):
                kind = "" if isinstance(value, property) else str(_arguments(target, drop_first=not isinstance(value, staticmethod)))
                yield f"- `.{member}{kind}`: {_one_line(doc)}"
        yield ""


def _signature(name: str, thing: Any) -> str:
    try:
        arguments = _keywords(thing) if is_typeddict(thing) else _arguments(thing, drop_first=False)
    except (TypeError, ValueError):
        return name
    if len(name) + len(arguments) <= 120:
        return name + arguments
    inner = arguments[1:].rpartition(")")
    body = ",\n".join(f"    {part}" for part in _split(inner[0]))
    return f"{name}(\n{body},\n){inner[2]}"


def _keywords(thing: Any) -> str:
    """Return the keys of a typed dictionary as the keywords of the functions that take it as ``**keywords``."""
    return f"(*, {', '.join(f'{key}: {_annotation(kind)}' for key, kind in thing.__annotations__.items())})"


def _arguments(thing: Any, *, drop_first: bool) -> str:
    signature = inspect.signature(thing)
    parameters = list(signature.parameters.values())[drop_first:]
    written: list[str] = []
    for number, parameter in enumerate(parameters):
        previous = parameters[number - 1].kind if number else None
        if parameter.kind is parameter.KEYWORD_ONLY and previous not in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL):
            written.append("*")
        written.append(_parameter(parameter))
        following = parameters[number + 1].kind if number + 1 < len(parameters) else None
        if parameter.kind is parameter.POSITIONAL_ONLY and following is not parameter.POSITIONAL_ONLY:
            written.append("/")
    result = "" if signature.return_annotation is signature.empty else f" -> {_annotation(signature.return_annotation)}"
    return f"({', '.join(written)}){result}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    typed = "" if parameter.annotation is parameter.empty else f": {_annotation(parameter.annotation)}"
    default = "" if parameter.default is parameter.empty else f" = {_default(parameter.default)}"
    return f"{stars}{parameter.name}{typed}{default}"


def _annotation(annotation: Any) -> str:
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return re.sub(r"^['\"](.*)['\"]$", r"\1", text)


def _default(value: Any) -> str:
    """Return a default as code would have it: without addresses, and with sets in order, so that the page is the same everywhere."""
    if isinstance(value, Enum):
        return str(value.__class__.__name__ + "." + value.name)
    if isinstance(value, frozenset):
        return f"{{{', '.join(map(repr, sorted(value)))}}}"
    if is_dataclass(value):
        return f"{type(value).__name__}(…)"
    if inspect.isroutine(value):
        return f"{value.__module__}.{value.__name__}"
    return "…" if repr(value).startswith("<") else repr(value)


def _split(arguments: str) -> Iterator[str]:
    depth, current = 0, ""
    for character in arguments:
        depth += character in "([{"
        depth -= character in ")]}"
        if character == "," and depth == 0:
            yield current.strip()
            current = ""
        else:
            current += character
    if current.strip():
        yield current.strip()


def _one_line(doc: str) -> str:
    return _ROLE.sub("", " ".join(_SECTION.split(doc)[0].split("\n\n")[0].split())).replace("``", "`")


def _markdown(doc: str) -> str:
    """Return a Google-style docstring as Markdown: the sections as lists, double backticks as single ones."""
    pieces = _SECTION.split(doc)
    out = [pieces[0].rstrip()]
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        out.append(f"\n**{title}**\n")
        out.append("\n".join(_items(body)))
    return _ROLE.sub("", "\n".join(out)).replace("``", "`") + "\n"


def _items(body: str) -> Iterator[str]:
    item = ""
    for line in body.strip("\n").splitlines():
        match = _ITEM.match(line)
        if match:
            if item:
                yield item
            item = f"- `{match[1]}`: {match[2]}"
        elif not line.startswith(" ") and line:
            yield from filter(None, [item])
            item = ""
            yield f"\n{line}"
        else:
            item = f"{item} {line.strip()}".strip() if line.strip() else item
    if item:
        yield item


def configuration() -> str:
    """Return the page of the settings and variables."""
    from otel_smart_agents import env
    from otel_smart_agents.config import _RULES, Settings

    docs = dict(re.findall(r"^    (\w+): (.+?)(?=^    \w+: |\Z)", _attributes_of(Settings), re.MULTILINE | re.DOTALL))
    rows = ["| setting | default | variables | meaning |", "|---|---|---|---|"]
    for item in fields(Settings):
        if item.name not in _RULES:
            continue
        default = item.default if item.default is not MISSING else item.default_factory() if item.default_factory is not MISSING else ""
        shown = ", ".join(sorted(default)) if isinstance(default, frozenset) else default
        variables = [env.OTEL_PYTHON_SMART_AGENTS_PREFIX + item.name.upper(), *_RULES[item.name].standard]
        meaning = " ".join(docs[item.name].split()).replace("``", "`")
        cells = [f"`{item.name}`", f"`{shown}`" if shown not in ("", None, {}) else "", "<br>".join(f"`{v}`" for v in variables), meaning]
        rows.append(f"| {' | '.join(cells)} |")
    module_doc = inspect.getdoc(importlib.import_module("otel_smart_agents.config")) or ""
    return (
        "# Configuration\n\nGenerated by `python docs/generate.py`.\n\n## Who wins\n\n"
        + module_doc.split("\n\n", 1)[1].replace("``", "`")
        + "\n\n## Settings\n\nEach is an argument of `configure()`, a key of the exporter's block in an `OTEL_CONFIG_FILE`, a key of "
        "`~/.smart-agents/telemetry/config.toml`, and a variable.\n\n"
        + "\n".join(rows)
        + "\n\n## Variables that stop or move things\n\n"
        + "\n".join(_variables(env))
        + "\n"
    )


def _attributes_of(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").split("Attributes:\n", 1)[1]


def _variables(env: Any) -> Iterator[str]:
    source = inspect.getsource(env)
    for name, doc in re.findall(r'^(\w+) = "\w+"\n"""(.+?)"""', source, re.MULTILINE | re.DOTALL):
        value = getattr(env, name)
        yield f"- `{value}{'<SETTING>' if value.endswith('_') else ''}`: {' '.join(textwrap.dedent(doc).split())}".replace("``", "`")


PAGES: Final[dict[str, Callable[[], str]]] = {"api.md": api, "configuration.md": configuration}


def main(*, check: bool) -> int:
    """Write the pages, or with ``check`` only name those that differ; returns how many do."""
    differing = 0
    for name, make in PAGES.items():
        path, text = REFERENCE / name, re.sub(r"\n{3,}", "\n\n", make()).rstrip() + "\n"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            differing += 1
            if check:
                print(f"{path.name} is not what docs/generate.py writes: run it again")
            else:
                path.write_text(text, encoding="utf-8")
    return differing if check else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
