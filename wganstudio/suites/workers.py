"""Workers: where the runs of a suite take place, here or on a cluster; one interface."""

from dataclasses import dataclass
from typing import Protocol

from wganstudio.training.job import Job, JobEvent


@dataclass(frozen=True)
class JobStarted:
    """A worker took up a job; said again if the job was lost on the way and begun anew."""

    number: int
    where: str


@dataclass(frozen=True)
class JobFinished:
    """A job said its last event."""

    number: int


@dataclass(frozen=True)
class JobLost:
    """A job's worker died, or was not to be reached any more."""

    number: int
    why: str
    detail: str = ""


Word = JobStarted | JobEvent | JobFinished | JobLost


class Workers(Protocol):
    """Takes jobs and tells, word by word, what becomes of them. All methods are for one thread."""

    where: str
    """Who they are, in words."""

    def submit(self, job: Job) -> None:
        """Queue a job; the first submitted begins first."""

    def poll(self, timeout: float = 0.0) -> list[Word]:
        """What was said since the last call, in order; waits up to `timeout` seconds for the first word."""

    def close(self) -> None:
        """Give up what is under way, and end what was begun for it."""
