"""What surrounds, cuts and imitates a traceback in logs; no input raises, and time grows with the length alone."""

from __future__ import annotations

import json
import time
import traceback

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otel_smart_agents.privacy.fingerprint import canonical_of_exception, canonical_of_text, stack_hash, stack_hash_of_text

TRACE = """Traceback (most recent call last):
  File "/srv/app/main.py", line 10, in main
    run()
  File "/srv/app/acme/runner.py", line 31, in run
    raise ValueError("x")
ValueError: x
"""
FORM = "python\nT ValueError\nA main:main\nA acme/runner:run"


def prefixed(prefix: str, text: str = TRACE) -> str:
    return "".join(f"{prefix}{line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        TRACE,
        TRACE.rstrip("\n"),
        TRACE.replace("\n", "\r\n"),
        "\n\n" + TRACE + "\n\n",
        "ERROR:root:planted\n" + TRACE,
        "ERROR:root:planted\nError: planted\n" + TRACE,
        "planted " + TRACE,
        "Task exception was never retrieved\nfuture: <Task finished name='Task-1' coro=<run() done, defined at /srv/app/main.py:3>>\n"
        + TRACE,
        "Exception ignored in: <function Planted.__del__ at 0x7f00>\n" + TRACE,
        "Exception in thread Thread-1 (planted):\n" + TRACE,
        prefixed("  "),
        prefixed("\t"),
        prefixed("worker-1  | "),
        prefixed("2026-11-21T10:00:00.123Z stderr F "),
        prefixed("> "),
        TRACE + "planted log line\nmore\n",
        json.dumps(TRACE)[1:-1],
        repr(TRACE)[1:-1],
        json.dumps({"stack": TRACE}),
    ],
)
def test_surroundings_do_not_count(text: str):
    form = canonical_of_text(text)
    assert form.splitlines()[0] == "python"
    assert form.splitlines()[2:] == FORM.splitlines()[2:]
    assert form.splitlines()[1] in {"T ValueError", "T ?"}


@pytest.mark.parametrize("end", range(len(TRACE)))
def test_every_cut_gives_a_part_of_the_form(end: int):
    lines = canonical_of_text(TRACE[:end]).splitlines()
    assert {line for line in lines if line.startswith("A ")} <= {"A main:main", "A acme/runner:run"}


def test_a_text_is_not_an_exception():
    assert canonical_of_text("Alice") == canonical_of_text("") == canonical_of_text("Alice: hello\n  at home\n") == "python\nT ?"


def test_never_raised_exceptions_agree_with_their_text():
    for error in (ValueError("x"), KeyError("Error: y"), TimeoutError(), ExceptionGroup("x", [ValueError("planted")])):
        assert canonical_of_exception(error) == canonical_of_text("".join(traceback.format_exception(error)))


def test_an_organisation_may_key_its_hashes():
    assert stack_hash_of_text(TRACE, key=b"k") != stack_hash_of_text(TRACE)
    assert stack_hash_of_text(TRACE, key=b"k") == stack_hash_of_text(TRACE.replace("31", "99"), key=b"k")
    error = ValueError()
    assert stack_hash(error, key=b"k") == stack_hash_of_text("ValueError", key=b"k") != stack_hash(error)


PIECES = st.sampled_from(
    [
        "Traceback (most recent call last):",
        "  + Exception Group Traceback (most recent call last):",
        '  File "/srv/app/main.py", line 10, in main',
        '  File "/home/alice/x.py", line 10, in other',
        "    source line",
        "  [Previous line repeated 9 more times]",
        "ValueError: x",
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
        "",
        "  +-+---------------- 1 ----------------",
        "    +---------------- 2 ----------------",
        "    +-+---------------- 1 ----------------",
        "    +------------------------------------",
        "    | Traceback (most recent call last):",
        '    |   File "/srv/app/main.py", line 10, in main',
        "    | ValueError: x",
        "  | ExceptionGroup: x (1 sub-exception)",
        "      +---------------- ... ----------------",
        "Error: x",
        "    at run (/srv/app/x.js:1:2)",
        "    at file:///srv/app/x.js:1:2 {",
        "  [cause]: Error: y",
        "  [errors]: [",
        "    TypeError: z",
        "  ]",
        "run@https://a.example/x.js:1:2",
        "java.lang.Error: x",
        "\tat com.a.B.c(B.java:1)",
        "Caused by: java.lang.Error",
        "\tSuppressed: java.lang.Error",
        "panic: x",
        "goroutine 1 [running]:",
        "main.main()",
        "\t/srv/app/main.go:1 +0x1",
        "\x1b[31mred\x1b[0m",
        '"""',
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30).map("\n".join)))
def test_no_text_raises(text: str):
    form = canonical_of_text(text)
    assert form.split("\n", 1)[0] in {"python", "javascript", "go", "java"}
    assert stack_hash_of_text(text).startswith("v1:")
    assert canonical_of_text(text) == form


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=200), st.integers(1, 10**6))
def test_messages_and_line_numbers_do_not_count(message: str, line: int):
    text = TRACE.replace("31", str(line)).replace("ValueError: x", "ValueError: x" + message)
    if "\n\nDuring handling" not in text and "\n\nThe above" not in text and "\x1b" not in text:
        assert canonical_of_text(text) == FORM


HOSTILE = {
    "headers": "Traceback (most recent call last):\n",
    "frames": '  File "/srv/app/main.py", line 1, in f\n',
    "quotes": '  File "' + '", line 1' * 20 + "\n",
    "long line": '", line 1',
    "links": "ValueError\n\nDuring handling of the above exception, another exception occurred:\n\n",
    "groups": "  +-+---------------- 1 ----------------\n    | x\n",
    "spaces": " " * 50,
    "at": "    at ",
    "at lines": "    at a.b.c(d\n",
    "v8": "    at f (/x.js:1:1)\n",
    "v8 columns": ":1:1",
    "gecko": "a@b",
    "gecko lines": "a@/b:1:1\n",
    "java": "\tat a.b.C.d(C.java:1)\n",
    "java names": "a.",
    "go": "goroutine 1 [running]:\n",
    "go locations": "f()\n\t/x.go:1\n",
    "causes": "  [cause]: Error: x\n    at f (/x.js:1:1)\n",
    "escapes": "\\n",
    "colours": "\x1b[1;",
    "dots": "../",
    "brackets": "[(",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "head", ["", "Traceback (most recent call last):\n", "Error: x\n    at ", '  File "', "panic: x\n\ngoroutine 1 [running]:\n"]
)
def test_time_grows_with_the_length_alone(name: str, head: str):
    def cost(size: int) -> float:
        text = head + HOSTILE[name] * (size // len(HOSTILE[name]))
        best = 1e9
        for _ in range(3):
            start = time.thread_time()
            canonical_of_text(text)
            best = min(best, time.thread_time() - start)
        return best

    small, large = cost(20_000), cost(160_000)
    assert large < max(0.05, 24 * small), (small, large)  # eight times the length: quadratic would be 64


def test_a_hundred_thousand_frames():
    def recurse(depth: int) -> None:
        if depth:
            other(depth - 1)
        raise ValueError

    def other(depth: int) -> None:
        recurse(depth)

    text = (
        "Traceback (most recent call last):\n"
        + '  File "/srv/app/a.py", line 1, in a\n  File "/srv/app/b.py", line 1, in b\n' * 50_000
        + "ValueError: x"
    )
    start = time.thread_time()
    assert canonical_of_text(text) == "python\nT ValueError\nA a:a\nA b:b"
    assert time.thread_time() - start < 3
    with pytest.raises(ValueError) as caught:
        recurse(300)
    assert canonical_of_exception(caught.value) == canonical_of_text("".join(traceback.format_exception(caught.value)))
