"""How much of an argument, an input or a result may be recorded, and which argument stands where."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from otel_smart_agents.errors import ConfigError

RETURN: Final = "return"
"""The name under which ``capture={...}`` speaks of the result."""

if TYPE_CHECKING:
    import inspect


class Capture(IntEnum):
    """How much content a call may record; a decorator can only narrow what the destination allows.

    Attributes:
        NONE: nothing, the default.
        SHAPE: the type, the length and a keyed hash. No method of the value is called.
        MASKED: the text, bounded and redacted before it is stored (``own`` destinations only).
        FULL: the text, bounded, as the destination's policy lets it through (``own`` destinations only, asked for in code).
    """

    NONE = 0
    SHAPE = 1
    MASKED = 2
    FULL = 3


PREFIX: Final = "smart_agents.capture."
"""Begins the attribute of every captured argument."""

Plan = tuple[tuple[str, str, int, Capture], ...]
"""Per captured argument: its attribute, its name, its position (-1 for keyword-only) and how much of it."""


def level(value: Any, where: str) -> Capture:
    """Return the capture level that the value names, as a ``Capture`` or a word in any case.

    Raises:
        TypeError: neither a ``Capture`` nor text.
        ConfigError: text that is no level.
    """
    if isinstance(value, Capture):
        return value
    if not isinstance(value, str):
        raise TypeError(f"{where} takes a Capture or one of 'none', 'shape', 'masked', 'full', not {type(value).__name__}")
    try:
        return Capture[value.upper()]
    except KeyError:
        raise ConfigError(f"{where} must be one of 'none', 'shape', 'masked', 'full', not {value!r}") from None


def capture_plan(capture: Any, signature: inspect.Signature | None, where: str) -> tuple[Plan, Capture]:
    """Return what to record of which argument, and of the result.

    Args:
        capture: ``None``, one level for every argument and the result, or a mapping of argument names (and ``return``) to levels.
        signature: the function's; ``None`` checks the levels alone.
        where: the keyword, for messages.

    Raises:
        TypeError: a level of the wrong type.
        ConfigError: an unknown level, an argument that the function does not have, or ``self``/``cls``.
    """
    if capture is None:
        return (), Capture.NONE
    if not isinstance(capture, Mapping):
        everything = level(capture, where)
        return (_every(signature, everything) if signature and everything else ()), everything
    wanted = {name: level(value, f"{where} for {name!r}") for name, value in capture.items()}
    result = wanted.pop(RETURN, Capture.NONE)
    for name in wanted:
        if name in ("self", "cls"):
            raise ConfigError(f"{where} names {name!r}, which is never captured")
    if signature is None:
        return (), result
    positions = _positions(signature)
    for name in wanted:
        if name not in positions:
            known = ", ".join(repr(p) for p in positions) or "none that can be captured"
            raise ConfigError(f"{where} names {name!r}, but the function's arguments are {known}")
    return tuple((PREFIX + name, name, positions[name], how) for name, how in wanted.items() if how), result


def _every(signature: inspect.Signature, how: Capture) -> Plan:
    return tuple((PREFIX + name, name, position, how) for name, position in _positions(signature).items())


def _positions(signature: inspect.Signature) -> dict[str, int]:
    """Return argument name → position, -1 for keyword-only; without ``self``, ``cls``, ``*args`` and ``**kwargs``."""
    positions: dict[str, int] = {}
    for index, parameter in enumerate(signature.parameters.values()):
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if index == 0 and parameter.name in ("self", "cls"):
            continue
        positions[parameter.name] = -1 if parameter.kind is parameter.KEYWORD_ONLY else index
    return positions
