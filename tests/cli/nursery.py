"""Real processes of the command, quickly: one interpreter that has loaded it forks a child for every call.

A child has its own environment, streams and exit code, and ends like any program. Starting Python and importing the command takes ten times
as long as most commands. What has to be started by the shell or in a terminal is started so by other tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

SERVER = """
import json, os, sys
from otel_smart_agents.cli import main

for line in sys.stdin:
    call = json.loads(line)
    child = os.fork()
    if child == 0:
        break
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
else:
    os._exit(0)
os.environ.clear()
os.environ.update(call["environ"])
for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, call["out"], os.O_WRONLY), (2, call["err"], os.O_WRONLY)):
    os.dup2(os.open(name, flags | os.O_CREAT), number)
sys.argv = ["otel-smart-agents", *call["arguments"]]
main()
"""


class Nursery:
    """Starts the interpreter with the first call.

    Args:
        path: where its children find the product's module.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = TemporaryDirectory()
        self._server: subprocess.Popen[str] | None = None
        self._calls = 0

    def run(self, arguments, environ) -> tuple[int, bytes, bytes]:
        """Return exit code, stdout and stderr of the command."""
        server = self._server = self._server or self._start()
        self._calls += 1
        out, err = (Path(self._folder.name) / f"{self._calls}.{name}" for name in ("out", "err"))
        call = {"arguments": list(arguments), "environ": environ, "out": str(out), "err": str(err)}
        server.stdin.write(json.dumps(call) + "\n")
        server.stdin.flush()
        return int(server.stdout.readline()), out.read_bytes(), err.read_bytes()

    def _start(self) -> subprocess.Popen[str]:
        environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self._path), "LANG": "C.UTF-8"}
        return subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ)

    def close(self) -> None:
        """End the interpreter."""
        if self._server is not None:
            self._server.stdin.close()
            self._server.wait(10)
            self._server.stdout.close()
        self._folder.cleanup()
