"""Silence of a worker process: how long it has not answered, and what the system says about it."""

import time
from dataclasses import dataclass

import psutil

from wganstudio.training.job import Task

ANSWER_SECONDS = 3.0
"""A process that is silent for longer is not worth waiting for when everything is to end."""
HUNG_SECONDS = 10.0
"""A process that is silent for longer is reported."""
STARTING_SECONDS = 60.0
"""The same while it imports torch, which from a cold disk takes long and lets no thread answer."""
LONGEST_LOOK = 2.0
"""Of the time between two looks no more is counted: this process may itself have been asleep or stopped."""
_SUBJECTS: dict[Task, str] = {
    "train": "The trainer",
    "truths": "The process that computes the truths",
}
_STATES = {
    psutil.STATUS_STOPPED: "is stopped",
    psutil.STATUS_TRACING_STOP: "is held by a debugger",
    psutil.STATUS_DISK_SLEEP: "waits for the disk",
    psutil.STATUS_RUNNING: "is computing",
}


@dataclass(frozen=True)
class Silence:
    """A worker process that does not answer."""

    task: Task
    pid: int
    seconds: int
    """In whole tens."""
    state: str
    """The state of the process as a predicate: "is stopped"."""

    @property
    def message(self) -> str:
        """A sentence that says who does not answer, for how long, and what the process does."""
        return (
            f"{_SUBJECTS[self.task]} has not answered for {self.seconds} s (process {self.pid} {self.state})."
        )


class SilenceClock:
    """Counts the seconds in which this process listened and heard nothing."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._looked = time.monotonic()

    def restart(self) -> None:
        """Begin anew: something was heard."""
        self.seconds, self._looked = 0.0, time.monotonic()

    def look(self) -> None:
        """Count the time since the last look; called at least once a second while something is expected."""
        now = time.monotonic()
        self.seconds += min(now - self._looked, LONGEST_LOOK)
        self._looked = now


def silence(task: Task, pid: int, seconds: float, *, starting: bool) -> Silence | None:
    """Return the silence of a process that has been silent for so long; None while that is no alarm."""
    if seconds < HUNG_SECONDS:
        return None
    state = _state(pid)
    if starting and seconds < STARTING_SECONDS and state != _STATES[psutil.STATUS_STOPPED]:
        return None
    return Silence(task, pid, int(seconds) // 10 * 10, state)


def _state(pid: int) -> str:
    try:
        return _STATES.get(psutil.Process(pid).status(), "is waiting")
    except psutil.Error:
        return "has ended"
