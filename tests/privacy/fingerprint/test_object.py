"""The fingerprint of an exception object: no method of the program runs, nothing is read from disk, what is remembered is bounded."""

from __future__ import annotations

import builtins
import concurrent.futures
import linecache
import multiprocessing.pool
import pickle
import subprocess
import sys
import traceback
from typing import TYPE_CHECKING

from otel_smart_agents.privacy.fingerprint import api, canonical_of_exception, canonical_of_text, stack_hash, stack_hash_of_text
from otel_smart_agents.privacy.fingerprint import python_object as walker

if TYPE_CHECKING:
    import pytest


def caught(function, *arguments) -> BaseException:
    try:
        function(*arguments)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def text_of(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def made(file: str, name: str = "run"):
    names: dict = {}
    exec(compile(f"def {name}(value):\n    raise ValueError(value)", file, "exec"), names)
    return names[name]


def test_equal_code_in_two_files_has_two_hashes():
    one, other = made("/srv/app/agents.py"), made("/srv/app/skills.py")
    assert one.__code__ == other.__code__, "the trap is there: such code objects are equal"
    assert stack_hash(caught(one, 1)) != stack_hash(caught(other, 1))
    assert stack_hash(caught(one, 1)) == stack_hash(caught(one, 2))


def test_code_that_is_gone_lends_its_identity_to_nobody():
    hashes = {stack_hash(caught(made(f"/srv/app/made_{number}.py"), 1)) for number in range(200)}
    assert len(hashes) == 200


class Watched(type):
    def __hash__(cls):
        raise AssertionError("a metaclass was asked for a hash")

    def __eq__(cls, other):
        raise AssertionError("a metaclass was compared")

    def __getattribute__(cls, name):
        if name in {"__mro__", "__qualname__", "__name__", "__module__", "__dict__"}:
            raise AssertionError(f"{name} of a metaclass was read")
        return super().__getattribute__(name)


def test_no_method_of_the_program_runs():
    calls = []

    class Touchy(Exception):
        def __getattribute__(self, name):
            calls.append(name)
            return super().__getattribute__(name)

        def __bool__(self):
            calls.append("bool")
            return False

        def __len__(self):
            calls.append("len")
            return 0

        __hash__ = None

        def __eq__(self, other):
            calls.append("eq")
            return True

        def __str__(self):
            calls.append("str")
            return "planted"

        __repr__ = __str__

        @property
        def __cause__(self):
            calls.append("cause")

    def fail():
        try:
            raise Touchy
        except Touchy as first:
            second = Touchy()
            BaseException.__dict__["__cause__"].__set__(second, first)
            raise second  # noqa: B904 - its cause is set by hand, past the property

    error = caught(fail)
    calls.clear()
    form = canonical_of_exception(error)
    stack_hash(error)
    stack_hash(ExceptionGroup("x", [error]))
    assert calls == []
    assert form.count("T Touchy") == 2


def test_no_method_of_a_metaclass_runs():
    kind = Watched("Odd", (Exception,), {})

    def fail():
        raise kind("planted")

    error = caught(fail)
    assert stack_hash(error) == stack_hash(error)
    assert canonical_of_exception(error).splitlines()[1] == "T Odd"


def test_nothing_is_read_from_disk(monkeypatch: pytest.MonkeyPatch):
    def forbidden(*arguments, **options):
        raise AssertionError(arguments)

    error = caught(made("/srv/app/never_there.py"), 1)
    monkeypatch.setattr(linecache, "getline", forbidden)
    monkeypatch.setattr(linecache, "getlines", forbidden)
    monkeypatch.setattr(builtins, "open", forbidden)
    before = dict(linecache.cache)
    stack_hash(error)
    assert linecache.cache == before


def test_the_exception_stays_as_it_was():
    error = caught(made("/srv/app/x.py"), 1)
    trace, state = error.__traceback__, dict(error.__dict__)
    stack_hash(error)
    assert error.__traceback__ is trace
    assert error.__dict__ == state
    assert pickle.loads(pickle.dumps(error)).args == (1,)


def test_results_are_bounded():
    for number in range(3 * api._ARGUMENTS_KEPT):
        stack_hash(ValueError(), packages=(f"package{number}",))
    assert len(api._known) <= api._ARGUMENTS_KEPT
    for number in range(2 * api._RESULTS_KEPT):
        stack_hash(caught(made("/srv/app/x.py", f"run{number}"), 1))
    assert all(len(known) <= api._RESULTS_KEPT for known in api._known.values())
    for number in range(2 * walker._TYPES_KEPT):
        stack_hash(type(f"Made{number}Error", (Exception,), {})())
    assert len(walker._plain) <= walker._TYPES_KEPT


def test_threads_agree():
    errors = [caught(made(f"/srv/app/x{number % 7}.py", f"run{number % 5}"), 1) for number in range(70)]
    expected = [stack_hash_of_text(text_of(error)) for error in errors]
    api._known.clear()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stack_hash, errors)) == expected


def test_very_long_chains_and_very_deep_groups():
    error: Exception = ValueError()
    for _ in range(20_000):
        following = KeyError()
        following.__context__ = error
        error = following
    assert stack_hash(error) == stack_hash_of_text("KeyError")
    group: Exception = caught(made("/srv/app/x.py"), 1)
    for _ in range(2_000):
        group = ExceptionGroup("x", [group])
    assert canonical_of_exception(group) == "python\n(\nT ?\n)"
    wide = ExceptionGroup("x", [caught(made("/srv/app/x.py"), number) for number in range(5_000)])
    assert canonical_of_exception(wide) == "python\n(\nT ValueError\nA test_object:caught\nA x:run\n)"


def test_a_chain_that_bites_its_tail():
    one, two = caught(made("/srv/app/x.py", "one"), 1), caught(made("/srv/app/x.py", "two"), 1)
    one.__context__, two.__context__ = two, one
    assert canonical_of_exception(one) == canonical_of_text(text_of(one))
    assert stack_hash(one) == stack_hash_of_text(text_of(one)) != stack_hash(two)


def test_recursion_is_kept_once():
    def descend(depth: int) -> None:
        if depth:
            descend(depth - 1)
        raise ValueError

    shallow, deep = caught(descend, 1), caught(descend, 200)
    assert stack_hash(shallow) == stack_hash(deep) == stack_hash_of_text(text_of(deep))
    assert canonical_of_exception(deep) == "python\nT ValueError\nA test_object:caught\nA test_object:descend"


def test_a_worker_process_reports_as_text():
    inner = text_of(caught(made("/srv/app/work.py", "work"), 1))
    outer = caught(made("/srv/app/main.py", "main"), 1)
    outer.__cause__ = multiprocessing.pool.RemoteTraceback(f'\n"""\n{inner}"""')
    form = canonical_of_exception(outer)
    assert "A work:work" in form
    assert form == canonical_of_text(text_of(outer))
    assert stack_hash(outer) == stack_hash_of_text(text_of(outer))
    outer.__cause__ = multiprocessing.pool.RemoteTraceback(None)
    assert "work" not in canonical_of_exception(outer)


def test_packages_are_part_of_the_question(tmp_path):
    folder = tmp_path / "site-packages" / "acme"
    error = caught(made(str(folder / "agents.py")), 1)
    assert "A acme/agents:run" in canonical_of_exception(error, packages=("acme",))
    assert "L acme" in canonical_of_exception(error)
    assert stack_hash(error, packages=("acme",)) == stack_hash_of_text(text_of(error), packages=("acme",)) != stack_hash(error)


def test_importing_it_imports_no_telemetry():
    imports = "import sys, otel_smart_agents.privacy.fingerprint, otel_smart_agents.privacy.categories"
    code = f"{imports}; print([name for name in sys.modules if 'opentelemetry' in name])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
