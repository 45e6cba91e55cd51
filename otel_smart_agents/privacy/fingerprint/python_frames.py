"""Which kind of frame a Python file name and function name make, on every system. Pure text: nothing is looked up on disk."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.fingerprint.form import NAME_LENGTH, Frame, identifier
from otel_smart_agents.privacy.fingerprint.python_names import STDLIB_NAMES
from otel_smart_agents.privacy.fingerprint.shared import in_packages, normal_path

DYNAMIC = "<dyn>"
CELL = "<cell>"

_CELL_FILE = re.compile(
    r"/ipykernel_\d+/|[/<]ipython-input-|\.ipynb cell |\.ipynb#|/marimo_\d+/|^<command-|/command-\d+(?:-\d+)?$"
)  # ipykernel, IPython, Colab, VS Code (two ages), marimo, Databricks
_LIBRARY_ROOT = re.compile(
    r"(?:^|/)(?:site-packages|dist-packages|lib(?:32|64)?/(?:python|pypy)\d+(?:\.\d+)*t?|python\d+\.zip|[^/]+\.(?:whl|egg))(?=/)"
)
_WINDOWS_LIBRARY = re.compile(r"(?:^|/)([^/]+)/([^/]+)/lib/([^/]+)")
_PYTHON_FOLDER = re.compile(r"python|pypy|conda|mamba|miniforge|^py\d*$|^3\.\d+")
# Our own wrappers lie between the frames of the program even when this package is installed from a checkout.
_OWN = re.compile(r"(?:^|/)(otel_smart_agents/(?:consent|export|instrument|privacy|setup|spool|testing)/.+)")
_EXTENSION = re.compile(r"\.(?:py[cdiowx]?|so|cpython-[\w-]+\.so)$")

_CACHE_SIZE = 4096
_cache: dict[tuple[str, str, tuple[str, ...]], Frame] = {}


def frame_of(file: str, function: str, packages: tuple[str, ...] = ()) -> Frame:
    """Classify one frame; remembered, since the same few frames come again and again."""
    key = (file, function, packages)
    found = _cache.get(key)
    if found is None:
        if len(_cache) >= _CACHE_SIZE:
            _cache.clear()
        found = _cache[key] = _classify(file, function, packages)
    return found


def _classify(file: str, function: str, packages: tuple[str, ...]) -> Frame:
    name = function_name(function)
    path = normal_path(file.replace("\n", "_").replace("\r", "_"))
    fixed = _generated(path)
    if fixed:
        return _app("fixed", fixed, name)
    path = _EXTENSION.sub("", path)
    library = _library_path(path, file)
    own = in_packages(library or path, [name.replace(".", "/") for name in packages], anywhere=not library)
    if own:
        return _app("fixed", own, name)
    if library:
        return Frame("library", library, name, library.partition("/")[0])
    return _app("app", path, name)


def _app(kind: str, place: str, name: str) -> Frame:
    if not name:
        return Frame("hidden", place, name)
    return Frame("fixed" if kind == "fixed" else "app", place, name)


def function_name(name: str) -> str:
    """The bare name; ``""`` for module level, comprehensions and other non-functions; ``<dyn>`` where it is no identifier."""
    bare = name.rpartition(".")[2]
    if bare.startswith("<"):
        return bare if bare == "<lambda>" else ""
    return bare[:NAME_LENGTH] if identifier(bare) else DYNAMIC


def _generated(path: str) -> str:
    """``<cell>`` or ``<dyn>`` for code that has no file, else ``""``; frozen modules are library files."""
    if _CELL_FILE.search(path):
        return CELL
    if path.startswith("<") and not path.startswith("<frozen "):
        return DYNAMIC
    return ""


def _library_path(path: str, file: str) -> str:
    """The path below the folder that libraries are installed in, or ``""`` for a file of the application."""
    if path.startswith("<frozen "):
        return path[8:].rstrip(">").replace(".", "/")
    end = 0
    for match in _LIBRARY_ROOT.finditer(path):
        end = match.end() + 1
    if end:
        return path[end:]
    own = _OWN.search(path)
    if own:
        return own[1]
    return _windows_library(path) if "\\" in file or path[1:2] == ":" else ""


def _windows_library(path: str) -> str:
    """The standard library of an installation on Windows, where ``Lib`` does not carry Python's version."""
    padded = f"//{path}"
    for match in _WINDOWS_LIBRARY.finditer(padded):
        if match[3] in STDLIB_NAMES and (_PYTHON_FOLDER.search(match[2]) or _PYTHON_FOLDER.search(match[1]) or match[1] == "envs"):
            return padded[match.start(3) :]
    return ""
