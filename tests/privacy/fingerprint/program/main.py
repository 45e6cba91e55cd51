# ruff: noqa: UP036 - run by older interpreters too
"""Runs every case and prints one JSON line for each: how it was printed, and the form of the object where the package can be imported."""

import io
import json
import logging
import sys
import traceback
import types


def cases():
    from acme import agents

    modules = [agents]
    if sys.version_info >= (3, 11):
        from acme import groups

        modules.append(groups)
    helpers = {"check", "decorator", "manager", "steps", "mutual_two", "mutual_three", "caught", "asyncio_timeout"}
    for module in modules:
        for name, function in vars(module).items():
            ours = isinstance(function, types.FunctionType) and function.__module__ == module.__name__
            if ours and name not in helpers and not function.__code__.co_flags & 0x280:
                yield name, function


def printed(error):
    """The same exception through every printer of the standard library."""
    texts = {"format": "".join(traceback.format_exception(type(error), error, error.__traceback__))}
    hook, sys.stderr = sys.stderr, io.StringIO()
    try:
        sys.__excepthook__(type(error), error, error.__traceback__)
        texts["hook"] = sys.stderr.getvalue()
    finally:
        sys.stderr = hook
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    record = logging.LogRecord(
        "planted", 40, __file__, 1, "planted failed\nError: not this", None, (type(error), error, error.__traceback__)
    )
    handler.emit(record)
    texts["log"] = stream.getvalue()
    if sys.version_info >= (3, 13):
        texts["colour"] = "".join(traceback.TracebackException.from_exception(error, compact=True).format(colorize=True))
    return texts


def main():
    try:
        from otel_smart_agents.privacy.fingerprint import canonical_of_exception, stack_hash
    except (ImportError, NameError):  # an interpreter older than the package supports: only its texts are of interest
        canonical_of_exception = stack_hash = None
    for name, function in cases():
        try:
            function(sys.argv[1])
        except BaseException as error:
            row = {"case": name, "texts": printed(error)}
            if stack_hash:
                row["canonical"], row["hash"] = canonical_of_exception(error), stack_hash(error)
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
