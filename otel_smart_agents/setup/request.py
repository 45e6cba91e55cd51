"""What ``configure()`` was asked for: checked, resolved, comparable."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.config import KNOWN, Settings, resolve, unknown_setting
from otel_smart_agents.consent.model import Audience, Destination, Gate, Mode
from otel_smart_agents.errors import ConfigError
from otel_smart_agents.export.endpoint import Endpoint
from otel_smart_agents.instrument.capture import Capture
from otel_smart_agents.instrument.route import import_name
from otel_smart_agents.paths import telemetry_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from otel_smart_agents import env
    from otel_smart_agents.consent.notice import Notice

_GATES: Final = ("operator", "user", "per_call")
_OWN_ONLY: Final = frozenset({"unknown", "content", "spool"})


@dataclass(frozen=True, slots=True)
class Request:
    """One destination as the program wants it. Two requests are equal if nothing about the destination differs.

    Attributes:
        destination: audience, product, endpoint, controller.
        settings: every setting after precedence.
        notice: what people are told before they are asked.
        gate: who decides about an ``own`` destination.
        packages: import packages of the product.
        provider: ``None`` (the existing provider, or a new global one), ``"isolated"``, or a provider of the SDK.
        capture: the most content that decorators may ask for.
        organisation_key: key that makes stack hashes and pseudonyms comparable inside one organisation only; empty uses the installation's.
        run_mode: the most that this run allows.
        compat: compatibility attributes to add (``openinference``).
    """

    destination: Destination
    settings: Settings
    notice: Notice | None
    gate: Gate
    packages: tuple[str, ...]
    provider: Any = field(compare=False)
    capture: Capture = Capture.FULL
    organisation_key: bytes = field(default=b"", repr=False)
    run_mode: Mode | None = None
    compat: frozenset[str] = frozenset()

    @property
    def upstream(self) -> bool:
        """Whether the data would go to the makers of the software."""
        return self.destination.audience == "upstream"

    def endpoint(self) -> Endpoint | None:
        """Return where requests go, ``None`` if nothing is to be sent.

        Raises:
            ConfigError: the endpoint cannot be used for this audience.
        """
        return Endpoint.from_settings(self.settings, upstream=self.upstream) if self.settings.endpoint else None


@dataclass(frozen=True, slots=True)
class Options:
    """The arguments of ``configure()`` that are no settings, as they were given."""

    audience: str | None = None
    notice: Any = None
    gate: Any = "operator"
    packages: Iterable[str] | None = None
    provider: Any = None
    capture: Any = Capture.FULL
    organisation_key: bytes = field(default=b"", repr=False)
    compat: Iterable[str] = ()
    caller: str = ""


def make_request(arguments: Mapping[str, Any], options: Options, *, environ: env.Environ | None = None) -> Request:
    """Check the arguments of ``configure()`` and lay them over the other sources.

    Raises:
        ConfigError: an argument is missing, unknown, or has a value that cannot be used.
    """
    environ = os.environ if environ is None else environ
    for name in arguments:
        if name not in KNOWN:
            raise unknown_setting(name, "configure()", [*KNOWN, *_OTHER])
    audience = _audience(options.audience, arguments)
    upstream = audience == "upstream"
    settings = resolve(arguments, audience=audience, environ=environ, settings_file=telemetry_paths(environ).settings)
    _check_choices(options)
    if upstream:
        _check_upstream(arguments, options)
    notice = _notice(options.notice)
    request = Request(
        destination=Destination(audience, settings.service_name, settings.endpoint, notice.controller if notice else ""),
        settings=settings,
        notice=notice,
        gate=options.gate,
        packages=_packages(options.packages, caller=options.caller, upstream=upstream),
        provider=options.provider,
        capture=Capture.NONE if upstream else options.capture,
        organisation_key=options.organisation_key,
        # An own destination without an endpoint records for the operator's own eyes and has nobody to send to.
        run_mode=settings.mode or (None if settings.endpoint else "local"),
        compat=frozenset(options.compat),
    )
    request.endpoint()
    return request


_OTHER: Final = ("audience", "notice", "gate", "packages", "provider", "capture", "organisation_key", "compat", "command")


def _audience(audience: str | None, arguments: Mapping[str, Any]) -> Audience:
    if audience is None:
        if arguments.get("endpoint"):
            raise ConfigError(
                "configure(endpoint=…) needs audience=: 'own' for your own back end, 'upstream' for the makers of software that people run"
            )
        return "own"
    if audience == "own":
        return "own"
    if audience == "upstream":
        return "upstream"
    raise ConfigError(f"configure(audience=…) must be 'own' or 'upstream', not {audience!r}")


def _check_choices(options: Options) -> None:
    if options.gate not in _GATES:
        raise ConfigError(f"configure(gate=…) must be one of {', '.join(map(repr, _GATES))}, not {options.gate!r}")
    if not isinstance(options.capture, Capture):
        raise ConfigError(f"configure(capture=…) takes a Capture such as Capture.MASKED, not {options.capture!r}")
    if isinstance(options.compat, str) or not isinstance(options.compat, Iterable):
        raise ConfigError(f"configure(compat=…) takes a set such as {{'openinference'}}, not {options.compat!r}")
    if unknown := [name for name in options.compat if name != "openinference"]:
        raise ConfigError(f"configure(compat=…) knows 'openinference', not {', '.join(map(repr, unknown))}")
    if isinstance(options.provider, str) and options.provider != "isolated":
        raise ConfigError(f"configure(provider=…) takes 'isolated' or a TracerProvider of the SDK, not {options.provider!r}")
    if not isinstance(options.organisation_key, bytes):
        raise ConfigError("configure(organisation_key=…) takes bytes")


def _check_upstream(arguments: Mapping[str, Any], options: Options) -> None:
    if not arguments.get("endpoint"):
        raise ConfigError("configure(audience='upstream') needs endpoint=: it is never taken from the user's environment")
    if not arguments.get("service_name"):
        raise ConfigError("configure(audience='upstream') needs service_name=: consent is given to a named product")
    if options.provider not in (None, "isolated"):
        raise ConfigError("an upstream destination always has a provider of its own: leave provider= out")
    if options.gate == "per_call":
        raise ConfigError("gate='per_call' is for the own back end of a server; upstream is decided by the person whose machine it is")
    if options.compat:
        raise ConfigError("configure(compat=…) is for own destinations only")
    for name in sorted(_OWN_ONLY & set(arguments)):
        raise ConfigError(f"configure({name}=…) is for own destinations only: upstream never carries content and always has a disk spool")


def _notice(notice: object) -> Any:
    from otel_smart_agents.consent.notice import Notice  # here: its texts are not needed by programs without one

    if notice is not None and not isinstance(notice, Notice):
        raise ConfigError(f"configure(notice=…) takes a Notice, not {type(notice).__name__}")
    return notice


def _packages(packages: Iterable[str] | None, *, caller: str, upstream: bool) -> tuple[str, ...]:
    """Return the product's packages; upstream defaults to the package that calls ``configure()``, which is plainly the product's."""
    if packages is None:
        return (caller.partition(".")[0],) if upstream and caller else ()
    if isinstance(packages, str) or not isinstance(packages, Iterable):
        raise ConfigError(f"configure(packages=…) takes a list of import packages, not {packages!r}")
    found = tuple(packages)
    for package in found:
        if not isinstance(package, str) or not all(part.isidentifier() for part in package.split(".")):
            raise ConfigError(f"configure(packages=…) takes import packages such as 'acme' or 'acme.agents', not {package!r}")
    return found


def calling_module(depth: int = 2) -> str:
    """Return the import name of the module that called the public function; empty if it has none."""
    try:
        return import_name(str(sys._getframe(depth).f_globals.get("__name__", "")))  # noqa: SLF001 - inspect.stack() reads source files
    except ValueError:
        return ""
