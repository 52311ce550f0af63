"""The interface of job back ends: processes on this machine, or a cluster."""

from dataclasses import dataclass
from typing import Protocol

from wganstudio.suites.plan import SuiteError
from wganstudio.training.job import Job, JobEvent


class WorkersLost(SuiteError):
    """No worker can be reached any more; what finished before is recorded. A clause without a full stop."""


@dataclass(frozen=True)
class JobStarted:
    """A worker took up a job; sent again if the job was lost on the way and starts once more."""

    number: int
    where: str


@dataclass(frozen=True)
class JobFinished:
    """A job has sent its last event."""

    number: int


@dataclass(frozen=True)
class JobLost:
    """The worker of a job died or cannot be reached any more."""

    number: int
    why: str
    detail: str = ""


@dataclass(frozen=True)
class JobSilent:
    """The worker of a job does not answer; it is waited for, and lost after a while."""

    number: int
    message: str
    """A sentence that says so."""


JobMessage = JobStarted | JobEvent | JobFinished | JobLost | JobSilent


class Workers(Protocol):
    """Interface of job back ends: submit jobs, poll their messages. Not thread-safe."""

    where: str
    """Human-readable description, e.g. "2 processes on this machine"."""

    def submit(self, job: Job) -> None:
        """Queue a job; jobs start in the order of submission."""

    def poll(self, timeout: float = 0.0) -> list[JobMessage]:
        """Return the messages since the last call, in order; wait up to `timeout` seconds for the first."""

    def close(self) -> None:
        """Cancel all jobs and end the processes started for them."""
