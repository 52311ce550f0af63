"""Pool: processes on this machine, each with one job at a time."""

import os
from collections import deque
from multiprocessing.connection import wait

from wganstudio.suites.workers import JobFinished, JobLost, JobStarted, Word
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.process import Child


class Pool:
    """Up to `size` children; one that dies is replaced when there is work for it.

    Each run keeps to its own number of threads. The children end with the parent, however it ends.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.where = f"{size} {'process' if size == 1 else 'processes'} on this machine"
        self._waiting: deque[Job] = deque()
        self._children: list[Child] = []
        self._under_way: dict[Child, int] = {}

    @property
    def pids(self) -> list[int]:
        """The children's process ids."""
        return [child.pid for child in self._children]

    def submit(self, job: Job) -> None:
        """Queue a job."""
        self._waiting.append(job)

    def poll(self, timeout: float = 0.0) -> list[Word]:
        """What was said since the last call, in order; waits up to `timeout` seconds for the first word."""
        words = self._hand_out()
        pipes = {child.pipe: child for child in self._children}
        for pipe in wait(list(pipes), 0.0 if words else timeout) if pipes else ():
            words += self._hear(pipes[pipe])  # type: ignore[index]
        return words

    def close(self) -> None:
        """End all children at once."""
        self._waiting.clear()
        self._under_way.clear()
        for child in self._children:
            child.end(0.0)
        self._children.clear()

    def _hand_out(self) -> list[Word]:
        words: list[Word] = []
        idle = [child for child in self._children if child not in self._under_way]
        while self._waiting and (idle or len(self._children) < self.size):
            if not idle:
                self._children.append(Child("train", polite=False))
                idle.append(self._children[-1])
            child, job = idle.pop(0), self._waiting.popleft()
            child.send(job)
            self._under_way[child] = job.number
            words.append(JobStarted(job.number, f"process {child.pid}"))
        return words

    def _hear(self, child: Child) -> list[Word]:
        words: list[Word] = [JobEvent(number, event) for number, event in child.receive()]
        if not child.busy and child in self._under_way:
            words.append(JobFinished(self._under_way.pop(child)))
        if not child.alive:
            self._children.remove(child)
            how, detail = child.cause_of_death()
            if child in self._under_way:
                words.append(JobLost(self._under_way.pop(child), how, detail))
        return words


def cores() -> int:
    """How many processes this one may keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
