"""A folder whose way was checked is opened again at once, and only while it is the same folder."""

from __future__ import annotations

import os

import pytest

from otel_smart_agents.errors import SpoolError
from otel_smart_agents.spool.files import opened_directory


def test_a_link_in_its_place_is_refused(tmp_path):
    folder = tmp_path / "spool" / "demo"
    with opened_directory(folder, "traces", create=True) as first:
        first.write("file", b"mine")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "traces").mkdir(parents=True)
    folder.rename(tmp_path / "away")
    folder.symlink_to(elsewhere)
    with pytest.raises(SpoolError), opened_directory(folder, "traces"):
        pass


def test_another_folder_in_its_place_is_checked_anew(tmp_path):
    folder = tmp_path / "spool" / "demo"
    with opened_directory(folder, "traces", create=True) as first:
        first.write("file", b"old")
    folder.rename(tmp_path / "away")
    with opened_directory(folder, "traces", create=True) as second:
        assert second.names() == []
    assert (tmp_path / "away" / "traces" / "file").read_bytes() == b"old"


def test_a_folder_that_became_readable_for_others_is_closed_again(tmp_path):
    folder = tmp_path / "spool" / "demo"
    with opened_directory(folder, create=True):
        pass
    os.chmod(folder, 0o755)
    with opened_directory(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
