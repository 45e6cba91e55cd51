"""The names that a product declares: the text literals and definitions in the code of its packages.

Free text can look like a name. What reaches the makers of a product is therefore only what they wrote into their own code: a name that a
user chose, or that was put together at run time, is in no code object.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from types import CodeType, MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_MAX_NAME: Final = 128


@lru_cache(maxsize=64)
def literals_of(packages: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a test whether a name is declared in these packages: as a text literal, or as the qualified name of a function or class.

    Only modules that are loaded count; a module loaded later is read at the next unknown name. Modules without Python code (extensions,
    some frozen applications) declare nothing.
    """
    return Catalogue(packages)


class Catalogue:
    """The declared names of some packages, read on first use.

    Attributes:
        packages: top-level or dotted package names; ``__main__`` means the script itself.
        modules: the loaded modules, :data:`sys.modules` unless a test brings its own.
    """

    def __init__(self, packages: Iterable[str], *, modules: Mapping[str, Any] | None = None) -> None:
        self.packages = tuple(packages)
        self.modules = MappingProxyType(sys.modules) if modules is None else modules
        self._names: set[str] = set()
        self._read: set[str] = set()
        self._loaded = -1

    def __call__(self, name: str) -> bool:
        """Tell whether the name is declared."""
        if name in self._names:
            return True
        if len(self.modules) == self._loaded:
            return False
        self._refresh()
        return name in self._names

    def _refresh(self) -> None:
        # Without a lock, which a fork could leave locked for ever: two threads that read a module twice find the same names.
        loaded = len(self.modules)
        for key, module in list(self.modules.items()):
            if key not in self._read and self._covers(key, module):
                self._names.update(_declared(key, module))
                self._read.add(key)
        self._loaded = loaded

    def _covers(self, key: str, module: ModuleType) -> bool:
        name = _module_name(key, module)
        return any(candidate == package or candidate.startswith(package + ".") for candidate in {key, name} for package in self.packages)


def _module_name(key: str, module: ModuleType) -> str:
    """Return the module's import name: ``python -m acme`` runs ``acme.__main__`` under the key ``__main__``."""
    return str(getattr(getattr(module, "__spec__", None), "name", None) or key)


def _declared(key: str, module: ModuleType) -> set[str]:
    spec = getattr(module, "__spec__", None)
    loader = getattr(spec, "loader", None) or getattr(module, "__loader__", None)
    try:
        code = loader.get_code(_module_name(key, module)) if loader is not None else None
    except Exception:  # noqa: BLE001 - a loader is anybody's code; a module that cannot be read declares nothing
        return set()
    return set(_names_in(code)) if isinstance(code, CodeType) else set()


def _names_in(code: CodeType) -> Iterator[str]:
    waiting: list[Any] = [code]
    while waiting:
        item = waiting.pop()
        if isinstance(item, CodeType):
            yield item.co_name
            yield item.co_qualname.rpartition("<locals>.")[2]
            yield item.co_qualname.replace("<locals>.", "")
            waiting.extend(item.co_consts)
        elif isinstance(item, tuple | frozenset):
            waiting.extend(item)
        elif isinstance(item, str) and len(item) <= _MAX_NAME:
            yield item
