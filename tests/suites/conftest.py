"""A suite of the smallest runs, and workers in this very process."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from wganstudio.session import Document
from wganstudio.suites import Suite, SuiteScheduler
from wganstudio.suites.events import SuiteEvent
from wganstudio.suites.plan import suite_of
from wganstudio.suites.workers import JobFinished, JobLost, JobMessage, JobStarted
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.worker import perform

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


class Here:
    """Workers: real runs, one after the other, in this process; `die` says how often a job's worker dies."""

    where = "here"

    def __init__(self, die: Callable[[Job], int] = lambda job: 0) -> None:
        self.done: list[Job] = []
        self.deaths: dict[int, int] = {}
        self._die = die
        self._waiting: deque[Job] = deque()

    def submit(self, job: Job) -> None:
        self._waiting.append(job)

    def poll(self, timeout: float = 0.0) -> list[JobMessage]:
        if not self._waiting:
            return []
        job = self._waiting.popleft()
        said = [JobEvent(job.number, event) for event in perform(job, SimpleQueue())]
        if self.deaths.setdefault(job.number, 0) < self._die(job):
            self.deaths[job.number] += 1
            return [
                JobStarted(job.number, "here"),
                *said[:2],
                JobLost(job.number, "ended by SIGKILL", "its last words"),
            ]
        self.done.append(job)
        return [JobStarted(job.number, "here"), *said, JobFinished(job.number)]

    def close(self) -> None:
        self._waiting.clear()


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Suite]:
    """The smallest suite, with some of its top-level entries replaced."""

    def make(**changes: Any) -> Suite:
        return suite_of(TINY | changes, tmp_path)

    return make


@pytest.fixture
def here() -> type[Here]:
    return Here


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
