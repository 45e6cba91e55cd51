"""Where a JavaScript frame comes from: paths and URLs without host, query, content hash or extension; and which of them are libraries."""

from __future__ import annotations

import re
from urllib.parse import unquote

from otel_smart_agents.privacy.fingerprint.shared import normal_path

DYNAMIC = "<dyn>"

_URL = re.compile(r"([a-z][a-z0-9+.-]{1,32}):/{2,3}", re.IGNORECASE)
_DYNAMIC = re.compile(r"<|eval |evalmachine|VM\d|data:|blob:|wasm:|about:|javascript:|\[")
_EXTENSION = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte)$")
_HEX_HASH = re.compile(r"[.-][0-9a-f]{8,64}(?=\.|$)")
_MIXED_HASH = re.compile(r"-(?=[A-Za-z0-9_]{0,7}[A-Z])(?=[A-Za-z0-9_]{0,7}[0-9])[A-Za-z0-9_]{8}(?=\.[a-z]{2,3}$)")
_NODE_FILE = re.compile(  # files of Node before version 12 have no folder
    r"node:|internal/|(?:_[a-z_]+|assert|async_hooks|bootstrap_node|buffer|child_process|cluster|console|crypto|dgram|dns|domain|events|fs"
    r"|http2?|https|inspector|module|net|node|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|string_decoder|timers|tls|tty|url"
    r"|util|v8|vm|worker_threads|zlib)\.js"
)
_WEBPACK_GROUP = re.compile(r"^(?:\([^()/]*\)/)?(?:\./)*")
_CDN = re.compile(
    r"https?://(?:unpkg\.com|esm\.sh|cdn\.skypack\.dev|cdn\.jsdelivr\.net/npm|deno\.land/x|deno\.land|jsr\.io)/(.+)", re.IGNORECASE
)


def place_of(location: str) -> str:
    """The normal path of a frame's location (without line and column), or a name that only libraries have, or ``<dyn>``."""
    scheme = location.partition(":")[0].lower()
    if scheme in {"node", "ext", "bun", "deno"}:
        return f"{scheme}:{_normal(location[len(scheme) + 1 :])}"
    if _NODE_FILE.fullmatch(location) or location.startswith("internal/"):
        return f"node:{_normal(location)}"
    if _DYNAMIC.match(location):
        return DYNAMIC
    if scheme in {"chrome-extension", "moz-extension", "safari-extension", "safari-web-extension"}:
        return "extension:"
    return _file(location, scheme)


def _file(location: str, scheme: str) -> str:
    cdn = _CDN.match(location)
    if cdn:
        return f"cdn:{_normal(cdn[1])}"
    url = _URL.match(location)
    if url is None:
        return _normal(location)
    rest = re.split(r"[?#]", location[url.end() :], maxsplit=1)[0]
    if scheme.startswith("webpack"):
        return _webpack(rest, named=scheme == "webpack" and not location.startswith("webpack:///"))
    if scheme == "file":
        rest = unquote(rest)
        return _normal(rest if rest[1:2] == ":" else f"/{rest}")
    return _normal("/" + rest.partition("/")[2]) if rest.partition("/")[2] else DYNAMIC


def _webpack(rest: str, *, named: bool) -> str:
    path = rest.partition("/")[2] if named else rest
    return _normal(_WEBPACK_GROUP.sub("", path))


def _normal(path: str) -> str:
    folder, slash, name = path.replace("\\", "/").rpartition("/")
    path = normal_path(folder + slash + _MIXED_HASH.sub("", name))
    folder, slash, name = path.rpartition("/")
    return folder + slash + _EXTENSION.sub("", _HEX_HASH.sub("", name))


def library_of(place: str) -> tuple[str, str] | None:
    """``(package, path in it)`` of a library file, ``None`` for application code."""
    _, found, rest = f"/{place}".rpartition("/node_modules/")
    if found:
        return _package(rest), rest
    scheme, colon, rest = place.partition(":")
    if colon and scheme == "cdn":
        bare = re.sub(r"@[^/]*", "", rest) if not rest.startswith("@") else "@" + re.sub(r"@[^/]*", "", rest[1:])
        return _package(bare), bare
    if colon and scheme in {"node", "ext", "bun", "deno", "extension"}:
        name = "deno" if scheme == "ext" else scheme
        return name, f"{name}/{rest}"
    if place == "webpack/bootstrap" or place.startswith("webpack/runtime"):
        return "webpack", place
    return None


def _package(path: str) -> str:
    first, _, rest = path.partition("/")
    return f"{first}/{rest.partition('/')[0]}" if first.startswith("@") else first
