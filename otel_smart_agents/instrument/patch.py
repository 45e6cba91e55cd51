"""Puts wrappers on functions of modules that are loaded, or once they are, and takes them off again."""

from __future__ import annotations

import importlib.abc
import importlib.util
import inspect
import sys
from typing import TYPE_CHECKING, Any

from otel_smart_agents.instrument.decorate import decorate
from otel_smart_agents.instrument.runtime import failed
from otel_smart_agents.instrument.wrap import is_wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from otel_smart_agents.instrument.targets import Target

_ABSENT = object()


class Patches:
    """The wrappers on a set of targets. Modules that are not loaded yet are patched by an import hook, never loaded for it."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._by_module: dict[str, list[Target]] = {}
        for target in targets:
            self._by_module.setdefault(target.module, []).append(target)
        self._undo: list[tuple[Any, str, Any, Any]] = []
        self._hook = _Hook(self)

    def apply(self) -> None:
        """Wrap what is loaded and wait for the rest."""
        for name in self._by_module:
            if (module := sys.modules.get(name)) is not None:
                self.patch(module)
        sys.meta_path.insert(0, self._hook)

    def restore(self) -> None:
        """Put every original back where our wrapper still stands."""
        if self._hook in sys.meta_path:
            sys.meta_path.remove(self._hook)
        for owner, name, original, wrapper in reversed(self._undo):
            if inspect.getattr_static(owner, name, None) is not wrapper:
                continue  # something else was put there since; taking it away would break that
            if original is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, original)
        self._undo.clear()

    def wants(self, module: str) -> bool:
        """Tell whether a target lives in the module."""
        return module in self._by_module

    def patch(self, module: ModuleType) -> None:
        """Wrap the module's targets; one that is not there is counted and told, the program goes on."""
        for target in self._by_module.get(module.__name__, ()):
            try:
                self._wrap(module, target)
            except (AttributeError, TypeError, ValueError) as error:
                failed("instrument", f"{target.module}:{target.path} cannot be wrapped: {type(error).__name__}")

    def _wrap(self, module: ModuleType, target: Target) -> None:
        *owners, name = target.path.split(".")
        owner: Any = module
        for part in owners:
            owner = getattr(owner, part)
        # Only what the owner or its bases define: a method of its metaclass is no attribute of its objects.
        found = next((vars(base)[name] for base in getattr(owner, "__mro__", (owner,)) if name in vars(base)), None)
        if found is None:
            raise AttributeError(name)
        if is_wrapped(getattr(found, "__func__", found)):
            return  # decorated, or instrumented before: one span per call
        wrapper = decorate(found, target.options)
        self._undo.append((owner, name, vars(owner).get(name, _ABSENT), wrapper))
        setattr(owner, name, wrapper)


class _Hook(importlib.abc.MetaPathFinder):
    """Lets the other finders find a module and patches it after it ran."""

    def __init__(self, patches: Patches) -> None:
        self._patches = patches
        self._finding: set[str] = set()

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec that the other finders give, with the patch behind its loader; ``None`` for every module without a target."""
        if fullname in self._finding or not self._patches.wants(fullname):
            return None
        self._finding.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._finding.discard(fullname)
        if spec is None or spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return None
        spec.loader = _Loader(spec.loader, self._patches)
        return spec


class _Loader(importlib.abc.Loader):
    """The module's own loader, with the patch after it."""

    def __init__(self, loader: Any, patches: Patches) -> None:
        self._loader = loader
        self._patches = patches

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        found: ModuleType | None = self._loader.create_module(spec)
        return found

    def exec_module(self, module: ModuleType) -> None:
        # The module sees its own loader, as if nobody had looked.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._patches.patch(module)

    def __getattr__(self, name: str) -> Any:
        # Whoever asks a spec for code, data or a file name (runpy, pkgutil, zipapps) asks the module's own loader.
        return getattr(self._loader, name)
