"""Which kind of frame a Python file name and function name make, on every system. Pure text: nothing is looked up on disk."""

from __future__ import annotations

import re

from otel_smart_agents.privacy.fingerprint.form import NAME_LENGTH, Frame, identifier
from otel_smart_agents.privacy.fingerprint.python_names import STDLIB_NAMES
from otel_smart_agents.privacy.fingerprint.shared import PATH_LENGTH, in_packages, normal_path

DYNAMIC = "<dyn>"
CELL = "<cell>"

_CELL_FILE = re.compile(
    r"/ipykernel_\d+/|[/<]ipython-input-|\.ipynb cell |\.ipynb#|/marimo_\d+/|^<command-|/command-\d+(?:-\d+)?$"
)  # ipykernel, IPython, Colab, VS Code (two ages), marimo, Databricks
_LIBRARY_ROOT = re.compile(
    r"(?:^|/)(?:(?:site-packages|dist-packages|[^/]+\.(?:whl|egg))|(?P<std>lib(?:32|64)?/(?:python|pypy)\d+(?:\.\d+)*t?|python\d+\.zip))(?=/)"
)
_WINDOWS_LIBRARY = re.compile(r"(?:^|/)([^/]+)/([^/]+)/lib/([^/]+)")
_PYTHON_FOLDER = re.compile(r"python|pypy|conda|mamba|miniforge|^py\d*$|^3\.\d+")
# Our own wrappers lie between the frames of the program even when this package is installed from a checkout.
_OWN = re.compile(r"(?:^|/)(otel_smart_agents/(?:consent|export|instrument|privacy|setup|spool|testing)/.+)")
# Libraries that were put beside the program: by vendoring, as a layer or an archive of a cloud's runtime.
_BUNDLES = frozenset({"_vendor", "_vendored", "third_party"})
_LIBRARY_ZIP = re.compile(r"(?:deps|dependencies|libs?|packages|requirements|vendor|pyspark|py4j-[0-9.]+-src)\.zip")
_RUNTIME = re.compile(r"/var/runtime/(.+)|/opt/python/((?!current/|bundle/).+)")
_DEBUGGERS = ("_pydev", "pydevd_", "pydev_ipython")
_EXTENSION = re.compile(r"\.(?:py[cdiowx]?|so|cpython-[\w-]+\.so)$")

_CACHE_SIZE = 4096
_cache: dict[tuple[str, str, tuple[str, ...]], Frame] = {}


def frame_of(file: str, function: str, packages: tuple[str, ...] = ()) -> Frame:
    """Classify one frame; remembered, since the same few frames come again and again."""
    key = (file[-PATH_LENGTH:], function[-PATH_LENGTH:], packages)
    found = _cache.get(key)
    if found is None:
        if len(_cache) >= _CACHE_SIZE:
            _cache.clear()
        found = _cache[key] = _classify(*key)
    return found


def _classify(file: str, function: str, packages: tuple[str, ...]) -> Frame:
    name = function_name(function)
    path = normal_path(file.replace("\n", "_").replace("\r", "_"))
    fixed = _generated(path)
    if fixed:
        return _app("fixed", fixed, name)
    path = _EXTENSION.sub("", path)
    library, standard = _library_path(path, file)
    own = in_packages(library or path, [package.replace(".", "/") for package in packages], anywhere=not library)
    if own:
        return _app("fixed", own, name)
    if library:
        top = library.partition("/")[0]
        return Frame("library", top if standard else library, name, top)
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


def _library_path(path: str, file: str) -> tuple[str, bool]:
    """The path below the folder that libraries are installed in, and whether it is the standard library's; ``""`` for application code.

    Of the standard library only the top package stays in a form: its inner modules move from one version to the next.
    """
    if path.startswith("<frozen "):
        return path[8:].rstrip(">").replace(".", "/"), True
    last: re.Match[str] | None = None
    for last in _LIBRARY_ROOT.finditer(path):  # noqa: B007 - the last one counts: site-packages lies inside lib/pythonX.Y
        pass
    if last is not None:
        return path[last.end() + 1 :], last["std"] is not None
    own = _OWN.search(path)
    if own:
        return own[1], False
    bundled = _bundled(path)
    if bundled:
        return bundled, False
    if "\\" in file or path[1:2] == ":":
        return _windows_library(path, named="\\Lib\\" in file or "/Lib/" in file), True
    return "", True


def _bundled(path: str) -> str:
    """The path of a library that lies beside the program, or of a debugger, which runs the program."""
    runtime = _RUNTIME.fullmatch(path)
    if runtime:
        return runtime[1] or runtime[2]
    parts = path.split("/")
    for index in range(len(parts) - 2, -1, -1):
        name, below = parts[index], parts[index + 1 :]
        # A single file in "vendor" is rather the program's word for a seller.
        if name in _BUNDLES or (name == "vendor" and len(below) > 1) or _LIBRARY_ZIP.fullmatch(name):
            return "/".join(below)
        if name == "debugpy" or name.startswith(_DEBUGGERS):
            return "/".join(parts[index:])
        if name == "helpers" and len(below) > 1 and below[0] in {"pydev", "pycharm"}:
            return "/".join(below)
    return parts[-1] if parts[-1].startswith("pydevd") else ""


def _windows_library(path: str, *, named: bool) -> str:
    """The standard library of an installation on Windows, where ``Lib`` does not carry Python's version.

    ``named``: the folder is written like that; else it may be any program's, if the folders before do not say that they are Python's.
    """
    padded = f"//{path}"
    for match in _WINDOWS_LIBRARY.finditer(padded):
        if match[3] in STDLIB_NAMES and (named or _PYTHON_FOLDER.search(match[2]) or _PYTHON_FOLDER.search(match[1]) or match[1] == "envs"):
            return padded[match.start(3) :]
    return ""
