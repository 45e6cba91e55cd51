"""Generates Python and Go from the protocol files, and ``generated.sha256``, by which tests on both sides find drift.

Run as ``make proto``. It needs grpcio-tools 1.63.2, whose output imports on protobuf 5, 6 and 7; what newer releases generate does not.
The Go plugins come from the Go module proxy: ``protoc-gen-go`` at the version of the runtime in ``processors/go.mod``,
``protoc-gen-go-grpc`` at the one in ``proto/tools/go.mod``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ROOT / "proto"
PACKAGE: Final = "otel_smart_agents/proto"
PYTHON: Final = "otel_smart_agents/_pb"
GO: Final = "processors/internal/pb"
GO_MODULE: Final = "github.com/otel-smart-agents/otel-smart-agents/processors"
MANIFEST: Final = "proto/generated.sha256"
PLUGINS: Final = {
    "google.golang.org/protobuf/cmd/protoc-gen-go": ROOT / "processors",
    "google.golang.org/grpc/cmd/protoc-gen-go-grpc": SOURCES / "tools",
}
PINNED: Final = "1.63.2"


def sources() -> list[str]:
    """Return the protocol files, relative to ``proto/``."""
    return sorted(path.relative_to(SOURCES).as_posix() for path in (SOURCES / PACKAGE).rglob("*.proto"))


def generate(target: Path) -> None:
    """Write everything that is generated below ``target``, in the layout of the repository.

    Raises:
        SystemExit: a tool is missing, has another version, or refuses the files.
    """
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        _python(scratch / "python", target)
        _go(scratch / "bin", target)
    lines = [f"{_sha256(path)}  {path.relative_to(base).as_posix()}\n" for base, path in _tracked(target)]
    (target / MANIFEST).parent.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).write_text("".join(sorted(lines, key=lambda line: line.split()[1])), encoding="utf-8")


def _tracked(target: Path) -> list[tuple[Path, Path]]:
    made = [path for folder in (PYTHON, GO) for path in (target / folder).rglob("*") if path.suffix in (".py", ".pyi", ".go")]
    made = [path for path in made if not path.name.endswith("_test.go") and path.name != "doc.go"]
    return [(ROOT, SOURCES / name) for name in sources()] + [(target, path) for path in made]


def _python(scratch: Path, target: Path) -> None:
    _protoc(f"--python_out={scratch}", f"--pyi_out={scratch}", f"--grpc_python_out={scratch}", out=scratch)
    for path in sorted((scratch / PACKAGE).rglob("*")):
        if path.suffix not in (".py", ".pyi"):
            continue
        if path.name.endswith("_pb2_grpc.py") and "Stub" not in path.read_text(encoding="utf-8"):
            continue  # a file without services has nothing to say to gRPC
        place = target / PYTHON / path.relative_to(scratch / PACKAGE)
        # The package of the wheel is otel_smart_agents._pb; "otel_smart_agents.proto" is its name on the wire alone.
        text = path.read_text(encoding="utf-8").replace("from otel_smart_agents.proto.", "from otel_smart_agents._pb.")
        _write(place, text)
        for folder in (place.parent, place.parent.parent):
            _write(folder / "__init__.py", "")
    _write(target / PYTHON / "__init__.py", '"""Generated from ``proto/`` by ``make proto``."""\n')


def _go(binaries: Path, target: Path) -> None:
    binaries.mkdir()
    environ = {**os.environ, "GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0"}
    for package, module in PLUGINS.items():
        _run(["go", "build", "-o", f"{binaries}{os.sep}", package], cwd=module, environ=environ)
    plugins = [f"--plugin={name}={binaries / name}" for name in ("protoc-gen-go", "protoc-gen-go-grpc")]
    out = target / "processors"
    _protoc(
        *plugins, f"--go_out={out}", f"--go_opt=module={GO_MODULE}", f"--go-grpc_out={out}", f"--go-grpc_opt=module={GO_MODULE}", out=out
    )


def _protoc(*arguments: str, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "grpc_tools.protoc", f"-I{SOURCES}", *arguments, *sources()], cwd=SOURCES, environ=dict(os.environ))


def _run(command: list[str], *, cwd: Path, environ: dict[str, str]) -> None:
    try:
        subprocess.run(command, cwd=cwd, env=environ, check=True)  # noqa: S603 - the commands are written above
    except FileNotFoundError:
        raise SystemExit(f"{command[0]} is not on PATH: the Go side needs Go 1.26 or newer") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{' '.join(command[:4])} … ended with {error.returncode}") from None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def drift(made: Path) -> list[str]:
    """Return the generated files of the repository that differ from ``made``, are missing in it, or are not generated any more."""
    names = {path.relative_to(base).as_posix() for base in (made, ROOT) for _, path in _tracked(base) if base in path.parents}
    return sorted(name for name in {*names, MANIFEST} if _text(made / name) != _text(ROOT / name) and not name.startswith("proto/otel"))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def main() -> None:
    """Generate, or with ``--check`` compare with what is committed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a generated file is out of date")
    check = parser.parse_args().check
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("grpcio-tools")
    except PackageNotFoundError:
        found = "none"
    if found != PINNED:
        raise SystemExit(f"grpcio-tools {PINNED} is needed in this environment, found {found}: use `make proto`")
    if not check:
        generate(ROOT)
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        stale = drift(Path(folder))
    if stale:
        raise SystemExit(f"out of date, run `make proto`: {', '.join(stale)}")


if __name__ == "__main__":
    main()
