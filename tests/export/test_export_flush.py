"""``flush()`` is True only if the place was reached."""

from __future__ import annotations

import time

from support.pipelines import emit, make_pipeline, tracer_of
from support.receiver import HttpReceiver

from otel_smart_agents.export.sender import DrainReport
from otel_smart_agents.export.sender_thread import SenderThread


def test_a_dead_back_end_is_not_reached_however_early_flush_is_called(tmp_path):
    with HttpReceiver() as receiver:
        url = receiver.url
    pipeline = make_pipeline(tmp_path, url)
    emit(tracer_of(pipeline), 1)
    assert not pipeline.flush(0.3, to="backend")  # the file that takes the span is begun by this very flush
    assert pipeline.flush(5, to="disk")
    pipeline.shutdown(0)


class _Postponed:
    """A sender that is told to wait for ever."""

    def __init__(self):
        self.drains = 0

    def drain(self, *, deadline=None):
        self.drains += 1
        return DrainReport(retry_in_s=1e300)


def test_a_wait_of_any_length_leaves_the_thread_alive():
    sender = _Postponed()
    errors = []
    thread = SenderThread(
        sender,
        age_s=lambda: 1.0,
        seal=lambda: None,
        waiting=lambda: True,
        prepare=lambda: None,
        seal_age_s=0.0,
        on_error=lambda what, error: errors.append((what, error)),
    )
    for number in (1, 2):
        assert thread.wait(thread.request(), 5.0) is not None
        time.sleep(0.05)  # it goes to sleep
        assert sender.drains >= number
    thread.stop(5.0)
    assert errors == []
