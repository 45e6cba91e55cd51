"""Several products of one user: the command of each is about that product first."""

from __future__ import annotations

import pexpect

from otel_smart_agents.consent import Destination

from .acme_product import NOTICE

BETA = """
from acme_product import NOTICE
from otel_smart_agents import configure
def setup():
    return configure(service_name="beta", endpoint="http://127.0.0.1:9", audience="upstream", notice=NOTICE, packages=["acme_product"])
"""


def test_enable_is_about_the_product_whose_command_it_is(user, tmp_path):
    user.agree()
    (tmp_path / "beta.py").write_text(BETA)
    path = f"{tmp_path}:{user.environ['PYTHONPATH']}"
    terminal = pexpect.spawn(
        "python",
        ["-m", "otel_smart_agents", "--app", "beta:setup", "enable"],
        env={**user.environ, "PYTHONPATH": path},
        encoding="utf-8",
        timeout=20,
    )
    terminal.expect("Share usage data")
    terminal.sendline("y")
    terminal.expect("beta.upstream.* is on")
    terminal.expect(pexpect.EOF)
    assert user.store.decide(Destination("upstream", "beta", "http://127.0.0.1:9", "Acme Ltd")).mode == "on"


def test_where_several_are_known_and_none_is_configured_they_are_listed(user):
    user.agree()
    user.store.grant(Destination("upstream", "beta", "http://127.0.0.1:9", "Acme Ltd"), NOTICE, method="cli")
    done = user.cli("enable")
    assert done.code == 1
    assert "name one with --destination; known: acme.upstream" in done.err
