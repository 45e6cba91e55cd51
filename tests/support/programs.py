"""Small programs that tests run in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent

PRELUDE = """
import os, sys, time
from pathlib import Path
from support.pipelines import ScriptedGate, emit, make_pipeline, provider_of, tracer_of
folder = Path(os.environ["TEST_FOLDER"])
url = os.environ.get("TEST_URL") or None
"""


def start(body: str, *, folder: Path, url: str = "", python: str = sys.executable, **environ: str) -> subprocess.Popen[str]:
    """Start ``body`` after the prelude; the caller waits for it."""
    program = PRELUDE + textwrap.dedent(body)
    found = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "COV_", "COVERAGE_"))}
    path = os.pathsep.join([str(TESTS), *filter(None, [found.get("PYTHONPATH")])])
    found |= {"PYTHONPATH": path, "TEST_FOLDER": str(folder), "TEST_URL": url, "HOME": str(folder), **environ}
    return subprocess.Popen(
        [python, "-c", program], env=found, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(body: str, *, folder: Path, url: str = "", timeout_s: float = 40.0, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``body`` after the prelude and fail if it fails."""
    process = start(body, folder=folder, url=url, **environ)
    try:
        out, err = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"the program did not end within {timeout_s} s\n{out}\n{err}") from None
    assert process.returncode == 0, f"exit code {process.returncode}\n{out}\n{err}"
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
