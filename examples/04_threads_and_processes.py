"""One workflow, one trace: across a thread pool, a bare thread, a process pool, another program, and a job that is picked up later."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

from otel_smart_agents import Carrier, agent, bind, configure, inject_environ, pool, skill, step, tool, workflow


@tool("download")
def download(page: int) -> str:
    return f"page {page} " * 50


@skill("count-words")
def count_words(text: str) -> int:
    return len(text.split())


@agent("indexer", version="1.1.0")
def index(pages: list[str]) -> int:
    # Processes: pool() carries the trace along. A spawned process calls configure() itself.
    spawn = multiprocessing.get_context("spawn")
    with pool(ProcessPoolExecutor(2, mp_context=spawn, initializer=partial(configure, service_name="indexing"))) as processes:
        return sum(processes.map(count_words, pages))


def main() -> None:
    with configure(service_name="indexing"):
        with workflow("nightly-index"):
            with step("fetch"), pool(ThreadPoolExecutor(4)) as threads:
                pages = list(threads.map(download, range(4)))
            total = index(pages)
            notify = threading.Thread(target=bind(skill("notify")(lambda: None)))  # a bare thread: bind() what it runs
            notify.start()
            notify.join()
            # Another program: the environment carries the trace (W3C TRACEPARENT) and the names of agent and workflow.
            subprocess.run([sys.executable, __file__, "report"], env=inject_environ(os.environ), check=True)
            job = pickle.dumps(Carrier.of())  # a queue: the carrier goes into the message
        with pickle.loads(job).activate(), step("clean-up"):  # whoever takes the message
            print(f"indexed {total} words on {len(pages)} pages")


def report() -> None:
    with configure(service_name="indexing"), agent("reporter"), skill("write-report"):
        print("the report is written", flush=True)


if __name__ == "__main__":
    report() if sys.argv[1:] == ["report"] else main()
