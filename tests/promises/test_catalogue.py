"""Upstream: only names that the product wrote into its own code leave under their own name."""

from __future__ import annotations

import textwrap

from support.receiver import HttpReceiver

from promises.program import NOTICE

ACME = """
from otel_smart_agents import agent, feature, skill
NAMES = {"report": "weekly-report"}
@agent("planner")
def plan(): return 1
@agent
def summarise(): return 2
def run_named(name):
    with skill(name):
        return 3
def run_listed():
    with skill(NAMES["report"]):
        return 4
def call(function):
    with agent("host"):
        return function()
"""

OTHER = """
from otel_smart_agents import agent
@agent("planner")
def plan(): return 1
"""

PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
import acme_product, other_package
from otel_smart_agents import agent, configure
handle = configure(service_name="acme", endpoint={url!r}, audience="upstream", notice=NOTICE, packages=["acme_product"])
assert handle.active
@agent("danas-tax-return")
def mine(): return 5
acme_product.plan(); acme_product.summarise(); acme_product.run_listed()
acme_product.run_named("fix Danas login bug")
acme_product.run_named("planner")
acme_product.call(mine)
mine()
other_package.plan()
assert handle.flush(10)
"""


def test_only_declared_names_leave(user, tmp_path):
    (tmp_path / "acme_product.py").write_text(textwrap.dedent(ACME))
    (tmp_path / "other_package.py").write_text(textwrap.dedent(OTHER))
    with HttpReceiver() as receiver:
        user.grant(receiver.url)
        user.run(NOTICE + PROGRAM.format(folder=str(tmp_path), url=receiver.url))
        names = sorted(span["name"] for span in receiver.spans())
        body = b"".join(request.body for request in receiver.requests).lower()
        assert b"danas" not in body
        assert b"tax" not in body
        assert names.count("invoke_agent planner") == 1  # the product's; not the other package's of the same name
        assert "invoke_agent summarise" in names
        assert "execute_tool weekly-report" in names
        assert "execute_tool planner" in names  # a literal of the product, wherever it came from
        others = [name for name in names if name.startswith("execute_tool other-")]
        assert len(others) == 1
        assert len(names) == 6  # the five above and the host: no call of anybody else's is seen at all
