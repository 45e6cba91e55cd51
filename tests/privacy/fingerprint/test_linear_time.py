"""Hostile text costs no more than its length: ten times the text, far less than a hundred times the time."""

from __future__ import annotations

import time

import pytest

from otel_smart_agents.privacy import stack_hash_of_text

HOSTILE = {
    "brackets in a Go function": lambda size: f"goroutine 1 [running]:\nmain.f{'[' * size}(0x1)\n\t/home/dana/a.go:1 +0x1\n",
    "commas behind a V8 frame": lambda size: f"Error: x\n    at f (/srv/a.js:1:2){',' * size}x\n",
    "empty lines before the rules of a group": lambda size: (
        "  + Exception Group Traceback (most recent call last):\n  | ExceptionGroup: x (2 sub-exceptions)\n"
        + "  |\n" * (size // 8)
        + "  +-+---------------- 1 ----------------\n" * (size // 80)
    ),
    "numbers before each line": lambda size: f"{'1.' * 100}web     at f (/srv/a.js:1:2)\n" * (size // 230),
    "numbers of many lengths": lambda size: (
        "Traceback (most recent call last):\n"
        + "".join(f'{"1" * (index % 90)} x   File "a.py", line 1, in f\n' for index in range(size // 80))
    ),
    "nothing but frames": lambda size: "Traceback (most recent call last):\n" + '  File "a.py", line 1, in f\n' * (size // 30),
}


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        stack_hash_of_text(text)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("what", HOSTILE)
def test_ten_times_the_text_takes_no_hundred_times_the_time(what):
    short, long = HOSTILE[what](4_000), HOSTILE[what](40_000)
    assert seconds(long) <= 40 * seconds(short) + 0.02, what
