"""A pool of processes on this machine; each runs one job at a time."""

import os
from collections import deque
from multiprocessing.connection import wait

from wganstudio.suites.workers import JobFinished, JobLost, JobMessage, JobSilent, JobStarted
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.process import Child

LOST_SECONDS = 60.0
"""A process that has not answered for so long is ended, and its job is lost."""


class Pool:
    """Up to `size` child processes; one that dies or does not answer is replaced while jobs are queued.

    Each run keeps to its own number of threads. The children end with the parent, however it ends.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.where = f"{size} {'process' if size == 1 else 'processes'} on this machine"
        self._queue: deque[Job] = deque()
        self._children: list[Child] = []
        self._jobs: dict[Child, int] = {}
        """The number of the job that a child is running."""
        self._silent: set[Child] = set()
        """The children of which was said that they do not answer."""

    @property
    def pids(self) -> list[int]:
        """The process ids of the children."""
        return [child.pid for child in self._children]

    def submit(self, job: Job) -> None:
        """Queue a job."""
        self._queue.append(job)

    def poll(self, timeout: float = 0.0) -> list[JobMessage]:
        """Return the messages since the last call, in order; wait up to `timeout` seconds for the first."""
        messages = self._start_jobs()
        pipes = {child.pipe: child for child in self._children}
        for pipe in wait(list(pipes), 0.0 if messages else timeout) if pipes else ():
            messages += self._receive(pipes[pipe])  # type: ignore[index]
        for child in self._children:
            messages += self._watch(child)
        return messages

    def close(self) -> None:
        """End all children at once."""
        self._queue.clear()
        self._jobs.clear()
        for child in self._children:
            child.end(0.0)
        self._children.clear()

    def _start_jobs(self) -> list[JobMessage]:
        messages: list[JobMessage] = []
        idle = [child for child in self._children if child not in self._jobs]
        while self._queue and (idle or len(self._children) < self.size):
            if not idle:
                self._children.append(Child("train", polite=False))
                idle.append(self._children[-1])
            child, job = idle.pop(0), self._queue.popleft()
            child.send(job)
            self._jobs[child] = job.number
            messages.append(JobStarted(job.number, f"process {child.pid}"))
        return messages

    def _receive(self, child: Child) -> list[JobMessage]:
        messages: list[JobMessage] = [JobEvent(number, event) for number, event in child.receive()]
        if not child.busy and child in self._jobs:
            messages.append(JobFinished(self._jobs.pop(child)))
            if child.broken:  # another one takes its place
                child.end(0.0)
                self._children.remove(child)
                return messages
        if not child.alive:
            self._children.remove(child)
            self._silent.discard(child)
            how, detail = child.cause_of_death()
            if child in self._jobs:
                messages.append(JobLost(self._jobs.pop(child), how, detail))
        return messages

    def _watch(self, child: Child) -> list[JobMessage]:
        """Report a child that does not answer, and end it after a while: its pipe then says so."""
        child.look()
        silence = child.silence()
        if silence is None or child not in self._jobs:
            self._silent.discard(child)
            return []
        if child.silent_seconds > LOST_SECONDS and not child.killed:
            child.kill()
        if child in self._silent:
            return []
        self._silent.add(child)
        return [JobSilent(self._jobs[child], silence.message)]


def available_cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
