"""A suite of the smallest runs, and its scheduler."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

import dask_processes
from wganstudio.session import Document
from wganstudio.suites import Suite, SuiteScheduler
from wganstudio.suites.events import SuiteEvent
from wganstudio.suites.plan import suite_of

TINY: dict[str, Any] = {
    "title": "Tiny",
    "budget": {"steps": 10},
    "shared": {
        "training": {"batch": 32},
        "critic": {"width": 8},
        "truth": {"kind": "best"},
        "evaluation": {"samples": 64, "final_samples": 1024, "resolution": 8},
    },
    "pairs": {"funnels": {"pair": {"kind": "ray-monotone", "dim": 3}}},  # no grid looks for its truths
    "matrix": [{"solvers": ["wc", "lp"], "pairs": ["funnels", "gaussians"], "seeds": [0]}],
}


@pytest.fixture(autouse=True)
def quick_runs(small_references: None) -> None:
    """Runs in this process compute nothing to more digits than these tests look at."""


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Suite]:
    """The smallest suite, with some of its top-level entries replaced."""

    def make(**changes: Any) -> Suite:
        return suite_of(TINY | changes, tmp_path)

    return make


@pytest.fixture
def go() -> Callable[..., list[SuiteEvent]]:
    """Run a suite to its end, or until some events are there; what it said."""

    def run(suite: Suite, document: Document, workers: Any, until: int | None = None) -> list[SuiteEvent]:
        going, heard = SuiteScheduler(suite, document, workers), []
        try:
            while not going.over and (until is None or len(heard) < until):
                heard += going.poll(0.2)
        finally:
            going.close()
        return heard

    return run


@dataclass
class Scheduler:
    """A Dask scheduler and two workers on loopback."""

    address: str
    process: BaseProcess
    workers: list[BaseProcess]


@pytest.fixture
def scheduler(
    tmp_path_factory: pytest.TempPathFactory, forked_workers: BaseContext, nothing_left_behind: None
) -> Iterator[Scheduler]:
    def dask(kind: str, *options: str) -> BaseProcess:
        processes.append(forked_workers.Process(target=dask_processes.serve, args=(kind, *options)))
        processes[-1].start()
        return processes[-1]

    processes: list[BaseProcess] = []
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    options = ["--host", "127.0.0.1", "--no-dashboard"]
    process = dask("scheduler", *options, "--port", "0", "--scheduler-file", str(file))
    deadline = time.monotonic() + 60
    while not file.exists() or not file.read_text():
        assert process.is_alive() and time.monotonic() < deadline
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    workers = [dask("worker", address, *options, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    yield Scheduler(address, process, workers)
    for each in processes:
        each.kill()
        each.join()
        each.close()


IMPATIENT = """
import sys
from wganstudio.cli import main
from wganstudio.suites import cluster, scheduler_watch
cluster.TIMEOUT, scheduler_watch.PERIOD, scheduler_watch.SILENCE = 2.0, 0.2, 2.0
sys.exit(main(sys.argv[1:]))
"""
"""A terminal that waits for Dask for two seconds instead of ten or fifteen."""


def started(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", IMPATIENT, "suite", "run", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(run: "subprocess.Popen[str]", text: str) -> None:
    assert run.stderr is not None
    while text not in (line := run.stderr.readline()):
        assert line, f"{text!r} never came"
