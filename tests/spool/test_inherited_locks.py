"""A lock that another thread holds while the process forks belongs to the parent alone."""

from __future__ import annotations

import os
import time

from otel_smart_agents.spool.files import opened_directory
from otel_smart_agents.spool.locked import create_locked, open_locked
from otel_smart_agents.spool.locks import drop_inherited


def test_a_child_does_not_keep_its_parents_lock_alive(tmp_path):
    with opened_directory(tmp_path / "folder", create=True) as directory:
        held = create_locked(directory, "file")
        pid = os.fork()
        if pid == 0:
            drop_inherited()
            time.sleep(5)
            os._exit(0)
        try:
            time.sleep(0.2)
            assert open_locked(directory, "file") is None, "the child unlocked what its parent holds"
            held.close()
            again = open_locked(directory, "file")
            assert again is not None
            again.close()
        finally:
            os.kill(pid, 9)
            os.waitpid(pid, 0)


def test_what_was_closed_since_is_left_alone(tmp_path):
    with opened_directory(tmp_path / "folder", create=True) as directory:
        held = create_locked(directory, "file")
        fd = held.fd
        held.close()
        other = os.open(os.devnull, os.O_RDONLY)
        try:
            drop_inherited()
            assert fd >= 0
            os.fstat(other)
        finally:
            os.close(other)
