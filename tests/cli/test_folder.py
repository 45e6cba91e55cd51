"""A container without a home, or with one that nobody may write to: ``doctor`` and the program's one line name the way out."""

from __future__ import annotations

import json
import os
import re
import sys

import pytest

NO_HOME = "import os.path\nos.path.expanduser = lambda path: path\n"  # what Python does where /etc/passwd has no entry
PROGRAM = "from otel_smart_agents import agent, configure\nconfigure(service_name='x')\nwith agent('a'):\n    pass\n"
DOCTOR = "from otel_smart_agents.cli import main\nmain()\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such homes")


def folder_of(done):
    findings = {finding["check"]: finding for finding in json.loads(done.out)["findings"]}
    return findings.get("folder")


@pytest.fixture
def homeless(user):
    del user.environ["HOME"]
    return user


@pytest.fixture
def closed(tmp_path, user):
    """A home below a file: nobody may make a folder there, root neither."""
    (tmp_path / "file").write_text("")
    user.environ["HOME"] = str(tmp_path / "file" / "home")
    return user


@pytest.mark.parametrize("who", ["homeless", "closed"])
def test_the_variables_that_mend_it_are_named_and_do(who, request, tmp_path):
    user = request.getfixturevalue(who)
    before = NO_HOME if who == "homeless" else ""
    told = user.run("python", "-c", before + PROGRAM).err
    found = folder_of(user.run("python", "-c", before + DOCTOR, "doctor", "--json"))
    assert not found["ok"]
    for text in (told, found["fix"]):
        variables = re.findall(r"\b(?:HOME|SMART_AGENTS_TELEMETRY_DIR)\b", text)
        assert variables == (["HOME"] if who == "homeless" else []) + ["SMART_AGENTS_TELEMETRY_DIR"], text
        for number, variable in enumerate(variables):
            place = tmp_path / f"place {number}"
            place.mkdir(exist_ok=True)
            assert user.run("python", "-c", before + PROGRAM, **{variable: str(place)}).err == ""
            mended = folder_of(user.run("python", "-c", before + DOCTOR, "doctor", "--json", **{variable: str(place)}))
            assert mended is None or mended["ok"]


def test_a_home_that_may_be_written_to_is_not_told_of(user):
    assert folder_of(user.cli("doctor", "--json")) is None
    assert user.files() == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_told(user):
    user.home.chmod(0o500)
    assert not folder_of(user.cli("doctor", "--json"))["ok"]
    user.home.chmod(0o700)
