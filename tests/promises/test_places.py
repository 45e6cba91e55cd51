"""Places to live: every way of making processes, and every way of ending one. Nothing is doubled, lost or held up."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support.receiver import HttpReceiver

from promises.places import EXIT_S, INTERPRETER_S, LEAVING, NEXT, SETUP, each_once, exit_s, names, next_run, outcome

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork and signals are POSIX")

CHILDREN = (
    SETUP
    + """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
@skill("work")
def work(number):
    with agent(f"a{number}"): pass
    return number
def child(number, results): results.put(work(number))
def main(context):
    work(0)
    results = context.Queue()
    children = [context.Process(target=child, args=(number, results)) for number in (1, 2)]
    for process in children: process.start()
    assert sorted(results.get(timeout=20) for _ in children) == [1, 2]
    for process in children: process.join(20)
    assert [process.exitcode for process in children] == [0, 0]
    with context.Pool(2) as pool:  # ends its workers by SIGTERM as soon as the results are there
        assert pool.map(work, range(3, 9)) == list(range(3, 9))
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert list(pool.map(work, range(9, 12))) == [9, 10, 11]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, range(12, 15))) == [12, 13, 14]
if __name__ == "__main__":
    main(multiprocessing.get_context(os.environ["METHOD"]))
"""
    + LEAVING.replace("with open", "    with open")
)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_multiprocessing(user, method):
    with HttpReceiver() as receiver:
        done = user.run(CHILDREN, URL=receiver.url, METHOD=method, timeout=50)
        assert exit_s(user) < EXIT_S + INTERPRETER_S
        assert (done.stdout, done.stderr) == ("", "")
        next_run(user, receiver.url)
        found = names(receiver)
        assert {f"invoke_agent a{number}" for number in range(15)} <= set(found)
        assert found["execute_tool work"] == 15
        assert each_once(receiver)


FORKS = (
    SETUP
    + """
with skill("early"):  # nothing has been written yet, so nothing of ours has taken part in a fork before
    if not (first := os.fork()): sys.exit(0)
assert os.waitpid(first, 0)[1] == 0
with agent("root"):
    children = []
    for number, way in enumerate(("exit", "raise", "_exit", "return")):
        if pid := os.fork():
            children.append(pid)
            continue
        with skill(f"in {way}"): pass
        if way == "exit": sys.exit(0)
        if way == "raise":
            sys.stderr = open(os.devnull, "w")
            raise ValueError
        if way == "_exit": os._exit(0 if handle.flush(5, to="disk") else 9)
        break
if way == "return" and not pid:
    with agent("after"): pass
    sys.exit(0)
assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0, 1, 0, 0]
"""
    + LEAVING
)


def test_a_fork_in_the_middle_of_a_run_reports_the_run_once(user):
    with HttpReceiver() as receiver:
        assert user.run(FORKS, URL=receiver.url).stderr == ""
        assert exit_s(user) < EXIT_S + INTERPRETER_S
        next_run(user, receiver.url)
        assert each_once(receiver)
        expected = {"execute_tool early", "invoke_agent root", "invoke_agent after", "invoke_agent next"}
        expected |= {f"execute_tool in {way}" for way in ("exit", "raise", "_exit", "return")}
        assert names(receiver) == dict.fromkeys(expected, 1)
        (root,) = [span for span in receiver.stored_once() if span["name"] == "invoke_agent root"]
        assert outcome(root) == "success"
        assert all(span["parent_span_id"] == root["span_id"] for span in receiver.stored_once() if " in " in span["name"])


STORM = (
    SETUP
    + """
with agent("parent"): pass
children = []
for number in range(100):
    if not (pid := os.fork()):
        with agent("child"): pass
        os._exit(0 if handle.flush(10, to="disk") else 1)
    children.append(pid)
    if len(children) == 8: assert os.waitpid(children.pop(0), 0)[1] == 0
    with skill("between"): pass
for pid in children: assert os.waitpid(pid, 0)[1] == 0
"""
    + LEAVING
)


def test_a_hundred_forks(user):
    with HttpReceiver() as receiver:
        assert user.run(STORM, URL=receiver.url).stderr == ""
        assert exit_s(user) < EXIT_S + INTERPRETER_S
        next_run(user, receiver.url)
        expected = {"invoke_agent parent": 1, "invoke_agent child": 100, "execute_tool between": 100, "invoke_agent next": 1}
        assert names(receiver) == expected
        assert each_once(receiver)


ENDS = (
    SETUP
    + """
way = os.environ["WAY"]
def stream():
    with workflow("generator"):
        while True:
            with skill("item"): pass
            yield
def background(begun, go):
    with agent("daemon"):
        begun.set(); go.wait()
if way == "generator":
    suspended = stream(); next(suspended)  # destroyed with the interpreter
elif way == "daemon":
    begun, go = threading.Event(), threading.Event()
    thread = threading.Thread(target=background, args=(begun, go), daemon=True)
    thread.start(); begun.wait(); time.sleep(0.1)
    class Late:
        def __del__(self): go.set(); time.sleep(0.05)
    late = Late()
else:
    with agent(way):
        with skill("step"): pass
        if way in ("term", "exited", "killed"): assert handle.flush(10, to="disk")
        if way == "exception": raise ValueError("secret")
        if way == "sys.exit": sys.exit(3)
        if way == "interrupt": os.kill(os.getpid(), signal.SIGINT); time.sleep(5)
        if way == "term": os.kill(os.getpid(), signal.SIGTERM); time.sleep(5)
        if way == "exited": os._exit(4)
        if way == "killed": os.kill(os.getpid(), signal.SIGKILL)
"""
)
WAYS = {
    "exception": (1, "failure"),
    "sys.exit": (3, "interrupted"),
    "interrupt": (-2, "interrupted"),
    "term": (-15, "interrupted"),
    "killed": (-9, "interrupted"),
    "exited": (4, "interrupted"),
    "daemon": (0, "interrupted"),
    "generator": (0, "interrupted"),
}


def test_a_run_that_is_open_at_the_end_is_seen_once_however_the_program_ends(user):
    with HttpReceiver() as receiver:
        for way, (code, _) in WAYS.items():
            done = user.run(ENDS, URL=receiver.url, WAY=way, check=False, timeout=20)
            # Without a terminal a KeyboardInterrupt ends a program by SIGINT or, where a child ignores that signal, by exit code 1.
            assert done.returncode in ({code, 1, 130} if way == "interrupt" else {code}), (way, done.stderr)
            assert "otel" not in done.stderr, done.stderr
            assert done.stdout == ""
        next_run(user, receiver.url)
        runs = {span["name"].split()[1]: span for span in receiver.stored_once() if span["name"].startswith("invoke_")}
        assert {way: outcome(runs[way]) for way in WAYS} == {way: expected for way, (_, expected) in WAYS.items()}
        assert each_once(receiver)
        assert "secret" not in str(receiver.spans())


DAEMONS = (
    SETUP
    + """
ended = 0
def emit():
    global ended
    while True:
        with skill("tick"): pass
        ended += 1
        time.sleep(0.002)
for _ in range(3): threading.Thread(target=emit, daemon=True).start()
time.sleep(0.5)
with open(os.environ["HOME"] + "/ended", "w") as file: file.write(str(ended))
"""
    + LEAVING
)


def test_daemon_threads_that_never_stop(user):
    with HttpReceiver() as receiver:
        assert user.run(DAEMONS, URL=receiver.url).stderr == ""
        assert exit_s(user) < EXIT_S + INTERPRETER_S
        next_run(user, receiver.url)
        assert names(receiver)["execute_tool tick"] >= int((user.folder / "ended").read_text()) > 100
        assert each_once(receiver)


@pytest.mark.parametrize("flags", [["-S"], ["-I"], ["-X", "dev", "-W", "error"]])
def test_unusual_interpreters(user, flags):
    script = user.folder.parent / "program.py"
    script.write_text(SETUP + '\nwith agent("a"): pass\n')
    path = os.pathsep.join([str(os.path.dirname(os.path.dirname(pytest.__file__))), *filter(None, sys.path)])
    with HttpReceiver() as receiver:
        done = user.command(sys.executable, *flags, str(script), URL=receiver.url, PYTHONPATH=path, PYTHONWARNINGS="")
        assert (done.stdout, done.stderr) == ("", "")
        assert names(receiver) == {"invoke_agent a": 1}


def test_without_stdin_stdout_and_stderr(user):
    with HttpReceiver() as receiver:
        closed = "import os\nfor fd in (0, 1, 2): os.close(fd)\n"
        user.run(closed + SETUP + '\nwith agent("a"): pass\n', URL=receiver.url)
        (user.folder / ".smart-agents/telemetry/spool").rename(user.folder / "gone")
        (user.folder / ".smart-agents/telemetry/spool").write_text("no folder: there is something to complain about, and nowhere to say it")
        user.run(closed + SETUP + '\nwith agent("b"): pass\nassert not handle.flush(5)\n', URL=receiver.url)
        assert names(receiver) == {"invoke_agent a": 1}


RELOADED = (
    SETUP
    + """
import importlib
from pathlib import Path
Path("plugin.py").write_text('''
import os
from otel_smart_agents import agent, configure
handle = configure(service_name="acme", endpoint=os.environ["URL"], audience="own", protocol="http/json")
@agent("reloaded")
def run(): return 1
''')
sys.path.insert(0, os.getcwd())
import plugin
for _ in range(3):
    assert importlib.reload(plugin).run() == 1
    assert plugin.handle is handle
assert threading.active_count() <= 3, threading.enumerate()
"""
)


def test_a_module_that_is_loaded_again_configures_nothing_twice(user):
    with HttpReceiver() as receiver:
        user.run(RELOADED, URL=receiver.url)
        assert names(receiver) == {"invoke_agent reloaded": 3}


NOBODY = (
    SETUP.replace("handle =", 'os.environ.pop("HOME"); os.setresuid(54321, 0, 0)\nhandle =')
    + """
with agent("a"): pass
assert not handle.flush(5, to="disk")
assert os.listdir(".") == [], os.listdir(".")
"""
)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be a user without a name")
def test_a_user_without_name_and_home(user):
    with HttpReceiver() as receiver:
        done = user.run(NOBODY, URL=receiver.url)
        assert done.stderr.count("otel-smart-agents:") == 1


FROZEN = (
    SETUP
    + """
print("ready", flush=True)
until, ended = time.monotonic() + 1.2, 0
while time.monotonic() < until:
    with skill("tick"): pass
    ended += 1
    time.sleep(0.001)
    if ended == 50: os.kill(os.getpid(), signal.SIGSTOP); until = time.monotonic() + 0.5
print(ended)
"""
)


def test_a_process_that_is_frozen_for_two_seconds(user):
    script = user.folder.parent / "program.py"
    script.write_text(FROZEN)
    with HttpReceiver() as receiver:
        process = subprocess.Popen([sys.executable, str(script)], env=user.environ(URL=receiver.url), stdout=subprocess.PIPE, text=True)
        os.waitpid(process.pid, os.WUNTRACED)
        user.run(NEXT + 'with agent("other"): pass\n', URL=receiver.url)  # a living process is not held up by the frozen one
        assert names(receiver)["invoke_agent other"] == 1
        subprocess.run(["sleep", "1.5"], check=True)
        process.send_signal(18)
        out, _ = process.communicate(timeout=20)
        assert names(receiver)["execute_tool tick"] == int(out.split()[-1])
        assert each_once(receiver)


MANY = (
    SETUP
    + """
import resource
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.process_time()
with agent("root"):
    for number in range(10_000):
        with skill("child"): pass
        if not number % 2_000: handle.flush(10, to="disk")
took = time.process_time() - begun
assert handle.flush(20)
assert took < 15, took
assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < 120_000, before
"""
)


def test_ten_thousand_children_of_one_run(user):
    with HttpReceiver() as receiver:
        user.run(MANY, URL=receiver.url)
        assert names(receiver) == {"execute_tool child": 10_000, "invoke_agent root": 1}
        spans = receiver.stored_once()
        (root,) = [span for span in spans if not span["parent_span_id"]]
        assert {span["parent_span_id"] for span in spans if span is not root} == {root["span_id"]}
