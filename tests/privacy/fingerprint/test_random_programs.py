"""Random trees of exceptions (chains, groups, notes, any message, any place) hashed as objects and as printed text."""

from __future__ import annotations

import io
import random
import sys
import traceback

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from otel_smart_agents.privacy.fingerprint import canonical_of_exception, canonical_of_text, stack_hash, stack_hash_of_text

FILES = (
    "/srv/app/main.py",
    "/srv/app/acme/agents.py",
    "/srv/app/acme/tools/web.py",
    "/home/alice/other.py",
    "C:\\jobs\\report.py",
    "main.py",
    "<string>",
    "<frozen importlib._bootstrap>",
    "/usr/lib/python3.11/json/decoder.py",
    "/usr/lib/python3/dist-packages/thirdparty/client.py",
    "/tmp/ipykernel_1/2.py",
)
NAMES = ("run", "main", "parse", "other", "<lambda>", "<listcomp>", "<module>", "größe")


class LocalError(Exception):
    class Inner(Exception):
        pass


FAKE_LINK = "planted\n\nDuring handling of the above exception, another exception occurred:\n\nplanted text"
FAKE_GROUP = "planted\n  +-+---------------- 1 ----------------\n    | ValueError: planted\n    +------------------------------------"
TYPES = (ValueError, KeyError, RecursionError, LocalError, LocalError.Inner, OSError, SystemExit, Exception)
MESSAGES = (
    FAKE_LINK,
    FAKE_GROUP,
    "",
    "a\nb",
    '  File "/home/alice/x.py", line 3, in planted\n',
    "Traceback (most recent call last):\n  planted",
    "x: y",
    "\nKeyError: z",
    "\n\n",
)
ALPHABET = "aZ0 :.|+-\n\t\"'\u00e9\u2028\udc80#/\\"


def raiser(files: list[tuple[str, str]], error: BaseException):
    """Raise through functions of these files and names, and give the exception back with its traceback."""

    def innermost():
        raise error

    function = innermost
    for file, name in reversed(files):
        names = {"call": function}
        code = compile("def made():\n    call()", file, "exec")
        exec(code, names)
        made = names["made"]
        function = type(made)(made.__code__.replace(co_name=name, co_qualname=name), names)
    try:
        function()
    except BaseException as raised:
        # Only the made frames: this test's own file would be another place.
        trace = raised.__traceback__.tb_next
        kept = None
        frames = []
        while trace is not None:
            frames.append(trace)
            trace = trace.tb_next
        for frame in reversed(frames[:-1]):
            frame.tb_next = kept
            kept = frame
        return raised.with_traceback(kept)
    raise AssertionError


def made(source: random.Random, depth: int = 3) -> BaseException:
    """One exception with everything that hangs on it."""
    if depth and source.random() < 0.25:
        members = [made(source, depth - 1) for _ in range(source.randint(1, 4))]
        error: BaseException = BaseExceptionGroup(message(source), members)
    else:
        error = source.choice(TYPES)(message(source))
    if source.random() < 0.4:
        error.add_note(message(source))
    error = raiser([(source.choice(FILES), source.choice(NAMES)) for _ in range(source.choice((0, 0, 1, 2, 3, 5, 14)))], error)
    if source.random() < 0.15:
        error = error.with_traceback(None)
    if depth and source.random() < 0.5:
        error.__context__ = made(source, depth - 1)
    if depth and source.random() < 0.2:
        error.__cause__ = made(source, depth - 1)
    return error


def message(source: random.Random) -> str:
    if source.random() < 0.6:
        return source.choice(MESSAGES)
    return "".join(source.choice(ALPHABET) for _ in range(source.randint(0, 12)))


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 2**64))
def test_object_and_text_agree(seed: int):
    error = made(random.Random(seed))
    text = "".join(traceback.format_exception(error))
    form = canonical_of_exception(error)
    assert canonical_of_text(text) == form, text
    assert stack_hash(error) == stack_hash(error) == stack_hash_of_text(text)
    assert "alice" not in form
    assert "planted" not in form


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**64))
def test_the_interpreters_own_printer_agrees(seed: int):
    error = made(random.Random(seed))
    stream, kept = io.StringIO(), sys.stderr
    sys.stderr = stream
    try:
        sys.__excepthook__(type(error), error, error.__traceback__)
    finally:
        sys.stderr = kept
    text = stream.getvalue()
    # Until 3.12 this printer puts no margin before the further lines of a message: an imitated margin is then not told from a real one.
    assume(FAKE_GROUP not in text)
    assert canonical_of_text(text) == canonical_of_exception(error), text
