"""The examples again, with our collector between them and their back end, and Jaeger beside it: the same trees, nothing private."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest
from collector.harness import eventually, running
from examples.seen import EXAMPLES, tree
from examples.test_programs import (  # noqa: F401 - their tests run again here, through the collector
    test_01_decorate_an_agent,
    test_02_a_rating_finds_its_run_from_another_process,
    test_03_streams_end_as_they_were_read,
    test_04_one_trace_across_threads_and_processes,
)
from support.receiver import HttpReceiver

from e2e.pipelines import TWO

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def back_end() -> Iterator[HttpReceiver]:
    with HttpReceiver() as receiver:
        yield receiver


@pytest.fixture
def collector(program, back_end, jaeger, tmp_path):
    environ = {"BACK_END": back_end.url, "SECOND_BACK_END": jaeger.url}
    with running(program, TWO, folder=tmp_path / "collector", **environ) as started:
        yield started


@pytest.fixture
def run(user, collector):
    """Run an example of this user, and return when the collector has passed on what it took."""
    return partial(_run, user, collector)


def _run(user, collector, name, *arguments):
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.ports.url, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}
    done = user.command(sys.executable, str(EXAMPLES / name), *arguments, **environ)
    user.cli("send", **environ)  # a program's exit waits a second at most; on a busy machine some is left for the next one
    accepted = collector.counted("otelcol_receiver_accepted_spans")
    assert accepted > 0
    assert eventually(lambda: collector.counted("otelcol_exporter_sent_spans", exporter="otlp_http") >= accepted)
    assert eventually(lambda: collector.counted("otelcol_exporter_sent_spans", exporter="otlp_http/second") >= accepted)
    return done


def test_jaeger_shows_the_tree_that_a_bare_receiver_got(run, back_end, jaeger):
    run("10_review_this_repository.py")
    expected = back_end.spans()
    shown = jaeger.wait_for("repository-review", len(expected))
    assert tree(shown) == tree(expected)
    assert "invoke_agent file-reviewer [success]" in tree(shown)
    assert "execute_tool check-prose [failure]" in tree(shown)
