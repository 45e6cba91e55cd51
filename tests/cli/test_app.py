"""``--app`` names a product: where it is found, and what messages tell people to type then."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from .user import HERE


@pytest.fixture
def folder(tmp_path):
    """A folder with a product that is not installed."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copy(HERE / "acme_product.py", folder / "uninstalled.py")
    return folder


def script(user, folder, *arguments):
    """Run the console script, which does not have its current folder on the path."""
    program = f"{sys.executable.rpartition('/')[0]}/otel-smart-agents"
    environ = {name: value for name, value in user.environ.items() if name != "PYTHONPATH"}
    return subprocess.run([program, *arguments], cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_a_product_in_the_current_folder_is_found(user, folder):
    done = script(user, folder, "--app", "uninstalled:setup", "status")
    assert done.returncode == 0, done.stderr
    assert user.at.key in done.stdout


def test_nothing_in_the_current_folder_takes_the_place_of_what_is_installed(user, folder):
    (folder / "click.py").write_text("raise SystemExit('the wrong click')")
    (folder / "json.py").write_text("raise SystemExit('the wrong json')")
    assert script(user, folder, "--app", "uninstalled:setup", "status", "--json").returncode == 0


def test_what_is_not_found_is_told_with_the_folder_that_was_searched(user, folder):
    done = script(user, folder, "--app", "mistyped:setup", "status")
    assert done.returncode == 1
    assert f"neither installed nor in {folder}" in done.stderr
    (folder / "broken.py").write_text("import something_else")
    done = script(user, folder, "--app", "broken", "status")
    assert "No module named 'something_else'" in done.stderr
    assert "neither installed" not in done.stderr


def test_messages_name_a_command_that_works(user):
    told = user.cli("status", app=True).out
    assert "`otel-smart-agents --app acme_product:setup enable`" in told


def test_messages_name_the_command_that_the_product_configured(user, folder):
    text = (folder / "uninstalled.py").read_text() + "\n\ndef named():\n    return setup('acme telemetry')\n"
    (folder / "uninstalled.py").write_text(text)
    assert "`acme telemetry enable`" in script(user, folder, "--app", "uninstalled:named", "status").stdout
