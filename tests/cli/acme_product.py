"""A product that sends usage data to its makers, and a command line that has the telemetry command inside."""

from __future__ import annotations

import os

import click

from otel_smart_agents import Notice, agent, configure, skill
from otel_smart_agents.cli import telemetry

NOTICE = Notice(
    version="1",
    controller="Acme Ltd",
    contact="privacy@acme.example",
    purposes=("To see which agents fail.",),
    recipients=("Acme Ltd",),
    country="Germany",
    retention="90 days",
    policy_url="https://acme.example/privacy",
    rights=("Access and erasure: privacy@acme.example",),
)


def setup(command="otel-smart-agents"):
    return configure(
        service_name="acme",
        service_version="2.0",
        endpoint=os.environ["ACME_URL"],
        protocol=os.environ.get("ACME_PROTOCOL"),
        audience="upstream",
        notice=NOTICE,
        packages=["acme_product"],
        command=command,
        rights_endpoint=os.environ.get("ACME_RIGHTS"),
    )


@skill("lint")
def lint():
    return 1


@agent("reviewer")
def review():
    return lint()


def work():
    """Run the product once."""
    with setup():
        review()


@click.group()
def host():
    """The product's own command line."""
    setup("acme telemetry")


host.add_command(telemetry, name="telemetry")


def main():
    host(prog_name="acme")
