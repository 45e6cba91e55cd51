"""Checks of ``doctor`` about programs that are instrumented from outside, and about this process's own tracer provider."""

from __future__ import annotations

import re
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from otel_smart_agents import env
from otel_smart_agents.cli.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from otel_smart_agents.cli.group import Session

OURS: Final = "smart_agents"
_AUTO: Final = "pip install 'otel-smart-agents[auto]'"
_TRACES: Final = "OTEL_TRACES_EXPORTER"
_PROTOCOL: Final = "OTEL_EXPORTER_OTLP_PROTOCOL"
_DISABLED: Final = "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS"


def check_auto(session: Session) -> Iterator[Finding]:
    """Whether ``opentelemetry-instrument --traces_exporter smart_agents`` would record, or do nothing without a word."""
    environ = session.store.environ
    wanted = OURS in (environ.get(_TRACES) or "")
    configurators = [point.name for point in entry_points(group="opentelemetry_configurator")]
    distros = [point.name for point in entry_points(group="opentelemetry_distro")]
    name = "auto-instrumentation"
    if find_spec("opentelemetry.instrumentation") is None:
        says = f"{_TRACES} asks for {OURS} and auto-instrumentation is not installed" if wanted else "not installed"
        yield Finding(name, ok=not wanted, says=says, fix=_AUTO if wanted else "")
    elif not configurators or not distros:
        says = f"opentelemetry-instrument is installed without a distro: with --traces_exporter {OURS} it records nothing and says nothing"
        yield Finding(name, ok=False, says=says, fix=_AUTO)
    elif len(configurators) > 1 or len(distros) > 1:
        says = f"several vendors' start-up code is installed ({', '.join(sorted({*configurators, *distros}))}) and the first one found wins"
        fix = "name the one you want: OTEL_PYTHON_DISTRO=distro OTEL_PYTHON_CONFIGURATOR=configurator"
        yield Finding(name, ok=bool(env.get(environ, "OTEL_PYTHON_CONFIGURATOR")), says=says, fix=fix)
    else:
        yield Finding(name, ok=True, says="installed with a distro: `run -- COMMAND` and opentelemetry-instrument work")
    if distros == ["distro"] and _meant_for_http(environ):
        # configure() and run take HTTP there; whether somebody starts programs the other way is known only if a variable says so.
        says = (
            "no protocol is named, opentelemetry-instrument takes gRPC then, and the endpoint's port is that of HTTP: nothing would arrive"
        )
        says += "" if wanted else f" without {_PROTOCOL}; configure() and run -- COMMAND take HTTP there"
        yield Finding(name, ok=not wanted, says=says, fix=f"set {_PROTOCOL}=http/protobuf" if wanted else "")
    if OURS in re.split(r"[,\s]+", environ.get(_DISABLED) or ""):
        fix = f"take {OURS} out of {_DISABLED}"
        yield Finding(name, ok=False, says=f"{_DISABLED} switches this package's instrumentor off", fix=fix)


def _meant_for_http(environ: env.Environ) -> bool:
    named = env.get(environ, _PROTOCOL) or env.get(environ, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
    try:
        return not named and urlsplit(environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or "").port == 4318
    except ValueError:  # no port is a number like that
        return False


def check_config_file(session: Session) -> Iterator[Finding]:
    """Whether an ``OTEL_CONFIG_FILE`` leads spans past the filter: custom processors cannot be used from there, only exporters."""
    found = env.get(session.store.environ, env.OTEL_CONFIG_FILE)
    if found is None:
        return
    name = "config file"
    if find_spec("opentelemetry.configuration") is None:
        yield Finding(name, ok=False, says=f"{env.OTEL_CONFIG_FILE} is set and what reads it is not installed", fix=_AUTO)
        return
    try:
        exporters = span_exporters(Path(found).read_text(encoding="utf-8"))
    except (OSError, ImportError, ValueError) as error:
        yield Finding(name, ok=False, says=f"{found} cannot be read: {error}", fix=f"correct {env.OTEL_CONFIG_FILE}, or unset it")
        return
    others = sorted(exporter for exporter in exporters if exporter != OURS)
    if others:
        says = (
            f"{found} sends spans through {', '.join(others)}: they get every span unredacted, processors of a program do not apply there"
        )
        fix = f"use `exporter: {{{OURS}: {{endpoint: …}}}}` in its tracer_provider instead"
        yield Finding(name, ok=False, says=says, fix=fix)
    elif OURS not in exporters:
        yield Finding(name, ok=False, says=f"{found} has no span exporter: nothing is recorded", fix=f"add the exporter {OURS}")
    else:
        yield Finding(name, ok=True, says=f"{found} exports spans through {OURS} only")


def span_exporters(text: str) -> set[str]:
    """Return the names of the span exporters in a declarative configuration.

    Raises:
        ValueError: it is not YAML, or has no mapping at its top.
    """
    import yaml  # opentelemetry-configuration, which reads the file in earnest, brings it

    try:
        document: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"it is not YAML ({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise ValueError("it is not a mapping")  # noqa: TRY004 - a file's content, not a caller's argument
    provider = document.get("tracer_provider") or {}
    found: set[str] = set()
    for processor in provider.get("processors") or []:
        for settings in processor.values() if isinstance(processor, dict) else ():
            exporter = (settings or {}).get("exporter") or {}
            found |= set(exporter) if isinstance(exporter, dict) else {str(exporter)}
    return found


def check_provider() -> Iterator[Finding]:
    """Whether a processor of this process's global provider hands spans on that were not redacted."""
    if "opentelemetry.sdk.trace" not in sys.modules:
        return  # nobody has a provider of an SDK that is not loaded
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        return
    raw = [_described(processor) for processor in processors_of(provider) if not is_wrapped(processor)]
    if raw:
        says = f"the global tracer provider also has {', '.join(raw)}: spans leave through it unredacted"
        fix = "if that is not your own back end: add it as PrivacySpanProcessor(processor, Policy()) instead"
        yield Finding("processors", ok=False, says=says, fix=fix)
    else:
        yield Finding("processors", ok=True, says="every processor of the global tracer provider is ours or wrapped")


def processors_of(provider: Any) -> list[Any]:
    """Return the span processors of a provider of the SDK.

    The SDK has no public way to list them; without the private one the check would have to guess. It fails to an empty list.
    """
    active = getattr(provider, "_active_span_processor", None)
    return list(getattr(active, "_span_processors", ()))


def is_wrapped(processor: Any) -> bool:
    """Tell whether a processor is ours, hands spans only to an exporter of ours, or does nothing with ended spans."""
    from opentelemetry.sdk.trace import SpanProcessor

    if _ours(processor):
        return True
    exporter = getattr(processor, "span_exporter", None)
    return _ours(exporter) if exporter is not None else type(processor).on_end is SpanProcessor.on_end


def _ours(thing: Any) -> bool:
    return any(kind.__module__.startswith("otel_smart_agents.") for kind in type(thing).__mro__)


def _described(processor: Any) -> str:
    exporter = getattr(processor, "span_exporter", None)
    return type(processor).__name__ + (f"({type(exporter).__name__})" if exporter is not None else "")
