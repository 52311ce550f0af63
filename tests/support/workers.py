"""Workers of the tests: a warm trainer that several tests borrow, and workers of a suite in this process."""

import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from queue import SimpleQueue
from typing import Any

DRAIN_SECONDS = 30.0
"""The time that the last run of a lent trainer may take to stop."""


class TrainerPool:
    """Lends one warm RunProcess to the tests of a session, so that they need not import torch again."""

    def __init__(self, *, polite: bool) -> None:
        self._polite = polite
        self._process: Any = None

    @property
    def pids(self) -> set[int]:
        """The children of the process, which replaces those that a test kills."""
        return set(self._process.pids.values()) if self._process is not None else set()

    def borrow(self) -> "LentProcess":
        """Return the process, without a run under way; a new one where the old one is unusable."""
        if self._process is not None and not self._stops():
            self.close()
        if self._process is None:
            from wganstudio.training.process import RunProcess

            self._process = RunProcess(polite=self._polite)
        return LentProcess(self._process)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def _stops(self) -> bool:
        from wganstudio.training.commands import SkipEstimates, Stop

        deadline = time.monotonic() + DRAIN_SECONDS
        try:
            for command in (Stop(), SkipEstimates()):
                self._process.send_all(command)
            while self._process.running and time.monotonic() < deadline:
                self._process.poll(0.1)
        except Exception:
            return False
        return not self._process.running


class LentProcess:
    """A RunProcess that survives `close`: a run under way is only stopped."""

    def __init__(self, process: Any) -> None:
        self._process = process

    def __getattr__(self, name: str) -> Any:
        return getattr(self._process, name)

    def close(self, timeout: float = 2.0) -> None:
        """Stop the run, and leave the process to the next window."""
        from wganstudio.training.commands import SkipEstimates, Stop

        for command in (Stop(), SkipEstimates()):
            self._process.send_all(command)


class InProcessWorkers:
    """Workers of a suite: real runs, one after the other, in this process.

    `die` returns how many times the worker of a job dies, each time after `lived` events.
    """

    where = "here"

    def __init__(self, die: Callable[[Any], int] = lambda job: 0, lived: int = 2) -> None:
        self.done: list[Any] = []
        self.submitted: list[Any] = []
        self.lived = lived
        self.deaths: dict[int, int] = {}
        self._die = die
        self._waiting: deque[Any] = deque()

    def submit(self, job: Any) -> None:
        self.submitted.append(job)
        self._waiting.append(job)

    def poll(self, timeout: float = 0.0) -> list[Any]:
        from wganstudio.suites.workers import JobFinished, JobLost, JobStarted
        from wganstudio.training.job import JobEvent
        from wganstudio.training.worker import perform

        if not self._waiting:
            return []
        job = self._waiting.popleft()
        events = (JobEvent(job.number, event) for event in perform(job, SimpleQueue()))
        if self.deaths.setdefault(job.number, 0) < self._die(job):
            self.deaths[job.number] += 1
            return [
                JobStarted(job.number, "here"),
                *islice(events, self.lived),
                JobLost(job.number, "ended by SIGKILL", "its last words"),
            ]
        self.done.append(job)
        return [JobStarted(job.number, "here"), *events, JobFinished(job.number)]

    def close(self) -> None:
        self._waiting.clear()
