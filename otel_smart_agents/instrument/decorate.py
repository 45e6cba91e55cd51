"""Puts wrappers on functions, methods and classes."""

from __future__ import annotations

import functools
from typing import Any

from otel_smart_agents.errors import ConfigError
from otel_smart_agents.instrument.call import Call
from otel_smart_agents.instrument.spec import Options, build
from otel_smart_agents.instrument.wrap import is_wrapped, wrap


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


def _decorate_function(target: Any, options: Options, *, name: str | None, component: str, receiver: bool = False) -> Any:
    if isinstance(target, (classmethod, staticmethod)):
        receiver = isinstance(target, classmethod)
        return type(target)(_decorate_function(target.__func__, options, name=name, component=component, receiver=receiver))
    if not callable(target):
        raise TypeError(f"{options.kind} decorates functions, methods and classes; {_described(target)} is none of them")
    plain = plain_name(target)
    name = name or plain
    if not name:
        raise ConfigError(f"{_described(target)} has no name of its own: say {options.kind}(name=…)")
    signature = _signature(target, options, receiver=receiver) if options.capture is not None else None
    owner = component or plain.rpartition(".")[0] or plain
    spec = build(options, name=name, component=owner, signature=signature)
    return wrap(target, Call(spec, module_of(target)))


def _decorate_class(cls: type, options: Options) -> type:
    if not options.methods:
        raise ConfigError(f"{options.kind} on class {cls.__name__} needs the methods that are runs: {options.kind}(methods=('run',))")
    name = options.name or plain_name(cls)
    for method in options.methods:
        base = next((base for base in cls.__mro__ if method in vars(base)), None)
        if base is None:
            known = ", ".join(sorted(n for n, v in vars(cls).items() if not n.startswith("_") and callable(getattr(v, "__func__", v))))
            raise ConfigError(f"{options.kind}(methods=…) names {method!r}, but class {cls.__name__} has {known or 'no methods'}")
        found = vars(base)[method]
        if base is not cls and is_wrapped(found):
            found = found.__wrapped__  # the base class is decorated too: a call of this class is one run, under this class's name
        setattr(cls, method, _decorate_function(found, options, name=name, component=plain_name(cls), receiver=True))
    return cls


def _signature(target: Any, options: Options, *, receiver: bool) -> Any:
    import inspect

    try:
        signature = inspect.signature(target)
    except ValueError:
        raise ConfigError(
            f"{options.kind}(capture=…) needs the names of the arguments, and {_described(target)} does not tell them: leave capture= out"
        ) from None
    if not receiver:
        return signature
    # Whatever the first argument of a method is called, it is the object or the class. Named so, it keeps its position and is left out.
    first, *rest = signature.parameters.values()
    return signature.replace(parameters=[first.replace(name="self"), *rest])


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
