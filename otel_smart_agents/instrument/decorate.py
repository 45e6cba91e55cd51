"""Puts wrappers on functions, methods and classes."""

from __future__ import annotations

import functools
from typing import Any

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.call import Call
from otel_smart_agents.instrument.spec import Options, build
from otel_smart_agents.instrument.wrap import wrap


def decorate(target: Any, options: Options) -> Any:
    """Return the function, method or class with spans around its calls.

    Raises:
        TypeError: the target cannot be called, or an option has the wrong type.
        ConfigError: an option has an unknown value, or the class lacks a method that is named.
    """
    options.checked()
    if isinstance(target, type):
        return _decorate_class(target, options)
    if options.methods:
        raise ConfigError(f"{options.kind}(methods=…) is for classes; {_described(target)} is not one")
    return _decorate_function(target, options, name=options.name, component="")


def _decorate_function(target: Any, options: Options, *, name: str | None, component: str) -> Any:
    if isinstance(target, (classmethod, staticmethod)):
        return type(target)(_decorate_function(target.__func__, options, name=name, component=component))
    if not callable(target):
        raise TypeError(f"{options.kind} decorates functions, methods and classes; {_described(target)} is none of them")
    plain = plain_name(target)
    name = name or plain
    if not name:
        raise ConfigError(f"{_described(target)} has no name of its own: say {options.kind}(name=…)")
    signature = _signature(target) if options.capture is not None else None
    owner = component or plain.rpartition(".")[0] or plain
    spec = build(options, name=name, component=owner, signature=signature)
    return wrap(target, Call(spec, module_of(target)))


def _decorate_class(cls: type, options: Options) -> type:
    if not options.methods:
        raise ConfigError(f"{options.kind} on class {cls.__name__} needs the methods that are runs: {options.kind}(methods=('run',))")
    name = options.name or plain_name(cls)
    for method in options.methods:
        found = next((vars(base)[method] for base in cls.__mro__ if method in vars(base)), None)
        if found is None:
            known = ", ".join(sorted(n for n, v in vars(cls).items() if not n.startswith("_") and callable(getattr(v, "__func__", v))))
            raise ConfigError(f"{options.kind}(methods=…) names {method!r}, but class {cls.__name__} has {known or 'no methods'}")
        setattr(cls, method, _decorate_function(found, options, name=name, component=plain_name(cls)))
    return cls


def _signature(target: Any) -> Any:
    import inspect

    return inspect.signature(target)


def plain_name(target: Any) -> str:
    """Return ``__qualname__`` without ``<locals>``, without leading underscores; empty if the target has none."""
    while isinstance(target, functools.partial):
        target = target.func
    qualname = getattr(target, "__qualname__", None) or type(target).__qualname__
    last = str(qualname).rsplit("<locals>.", 1)[-1]
    return "" if last == "<lambda>" else last.lstrip("_")


def module_of(target: Any) -> str:
    """Return the name of the module that the target was defined in."""
    while isinstance(target, functools.partial):
        target = target.func
    return str(getattr(target, "__module__", None) or "")


def _described(target: Any) -> str:
    return f"{type(target).__name__} {getattr(target, '__name__', '')}".strip()
