"""``flush()`` is True only if the place was reached."""

from __future__ import annotations

from support.pipelines import emit, make_pipeline, tracer_of
from support.receiver import HttpReceiver


def test_a_dead_back_end_is_not_reached_however_early_flush_is_called(tmp_path):
    with HttpReceiver() as receiver:
        url = receiver.url
    pipeline = make_pipeline(tmp_path, url)
    emit(tracer_of(pipeline), 1)
    assert not pipeline.flush(0.3, to="backend")  # the file that takes the span is begun by this very flush
    assert pipeline.flush(5, to="disk")
    pipeline.shutdown(0)
