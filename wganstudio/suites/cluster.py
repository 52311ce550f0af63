"""Cluster: the workers of a Dask scheduler, wherever they are.

A scheduler and its workers speak pickle with each other and with us: whoever holds the address can run code
here. Connect to schedulers that you trust, by TLS (Dask's own settings) where others share the network.
"""

import logging
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter

import wganstudio
from wganstudio.suites.plan import SuiteError
from wganstudio.suites.workers import JobFinished, JobLost, JobStarted, Word
from wganstudio.training.commands import Command
from wganstudio.training.events import Event, Failed, Progress, is_coalescible
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.worker import perform

PATIENCE = 20.0
"""Seconds for the scheduler to answer, at first and after a break."""
_PAUSE = 0.05
_LIVE_PERIOD = 1.0
_PROGRESS: TypeAdapter[Progress] = TypeAdapter(Progress)
_ALONE = threading.Lock()
"""A worker with several threads would let runs share torch's one source of chance and its threads."""


@dataclass(frozen=True)
class Report:
    """What a worker sends back of a job: where it ran, and all it said but the passing words."""

    where: str
    events: list[Event]


class Cluster:
    """Hands jobs to a scheduler, which gives those of lost workers to others by itself.

    What a run says arrives when it is over, in one piece; only its beginning and its progress come live.
    """

    def __init__(self, address: str) -> None:
        """SuiteError if Dask is not installed or the scheduler does not answer."""
        try:
            from distributed import Client
        except ImportError as error:
            message = "--cluster needs Dask; install it by: pip install 'wganstudio[cluster]'"
            raise SuiteError(message) from error
        self._address = address
        if re.fullmatch(r"(tcp|tls|ws|wss|ucx)://\S+:\d+", address) is None:
            raise SuiteError(f"{address} is no address of a Dask scheduler; give it as tcp://HOST:PORT.")
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what matters is said here
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, RuntimeError) as error:  # a TimeoutError is an OSError
            raise SuiteError(
                f"No Dask scheduler answers at {address}; start one there, or give another address."
            ) from error
        self._topic = f"wganstudio-{uuid4().hex}"
        self._live: SimpleQueue[Any] = SimpleQueue()
        self._client.subscribe_topic(self._topic, self._live.put)
        self._futures: dict[int, Any] = {}
        self._begun: set[int] = set()
        self._submitted = 0
        count = len(self._client.scheduler_info(n_workers=-1)["workers"])
        self.where = f"{count} {'worker' if count == 1 else 'workers'} of {address}"

    def submit(self, job: Job) -> None:
        """Queue a job."""
        self._submitted += 1
        self._begun.discard(job.number)
        self._futures[job.number] = self._client.submit(
            work,
            job,
            self._topic,
            wganstudio.__version__,
            pure=False,
            priority=-self._submitted,
            key=f"{self._topic}-{self._submitted}",
        )

    def poll(self, timeout: float = 0.0) -> list[Word]:
        """What was said since the last call, in order; waits up to `timeout` seconds for the first word.

        SuiteError if the scheduler is gone.
        """
        deadline = time.monotonic() + timeout
        while not (words := self._words()) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        return words

    def close(self) -> None:
        """Let go of all jobs; the workers notice and stop."""
        self._futures.clear()
        self._client.close(timeout=5)

    def _words(self) -> list[Word]:
        if self._client.status in ("connecting", "newly-connected"):  # a break: it may come back
            return []
        if self._client.status != "running":
            raise SuiteError(
                f"The Dask scheduler at {self._address} is gone; start it again, then go on by --resume."
            )
        return [*self._heard(), *self._finished()]

    def _heard(self) -> list[Word]:
        """What was said live: beginnings and progress of jobs still open."""
        words: list[Word] = []
        while True:
            try:
                _, message = self._live.get_nowait()
            except Empty:
                return words
            number = message["number"]
            if number not in self._futures:
                continue
            if "progress" in message:
                words.append(JobEvent(number, _PROGRESS.validate_python(message["progress"])))
            else:
                self._begun.add(number)
                words.append(JobStarted(number, message["where"]))

    def _finished(self) -> list[Word]:
        words: list[Word] = []
        for number, future in list(self._futures.items()):
            match future.status:
                case "finished":
                    try:
                        report = future.result(timeout=PATIENCE)
                    except TimeoutError:  # its worker died with it, and another one begins anew
                        continue
                    words += self._delivered(number, report)
                case "error":
                    words += self._broken(number, future.exception(timeout=PATIENCE))
                case "canceled" | "lost":
                    words.append(JobLost(number, "the scheduler has forgotten it"))
                case _:
                    continue
            del self._futures[number]
        return words

    def _delivered(self, number: int, report: Report) -> list[Word]:
        words: list[Word] = [] if number in self._begun else [JobStarted(number, report.where)]
        return [*words, *(JobEvent(number, event) for event in report.events), JobFinished(number)]

    def _broken(self, number: int, error: BaseException) -> list[Word]:
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return [JobLost(number, f"{error.last_worker.address} and others died with it")]
        failed = Failed(message=f"The worker could not begin this run: {error}".splitlines()[0])
        return self._delivered(number, Report("a worker", [failed]))


def work(job: Job, topic: str, version: str) -> Report:
    """What a worker does with a job."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()
    with _ALONE:
        if version != wganstudio.__version__:
            message = f"The worker {worker.address} has WGAN Studio {wganstudio.__version__}, not {version}."
            return Report(worker.address, [Failed(message=message, cause="input")])
        worker.log_event(topic, {"number": job.number, "where": worker.address})
        kept: list[Event] = []
        inbox: SimpleQueue[Command] = SimpleQueue()
        told = time.monotonic()
        for event in perform(job, inbox):
            if _unwanted(worker.state.tasks, key):
                break
            if not is_coalescible(event):
                kept.append(event)
            elif isinstance(event, Progress) and time.monotonic() - told > _LIVE_PERIOD:
                told = time.monotonic()
                worker.log_event(topic, {"number": job.number, "progress": event.model_dump()})
        return Report(worker.address, kept)


def _unwanted(tasks: Mapping[str, Any], key: str) -> bool:
    """Whether the scheduler has let go of a task, as it does when its client dies."""
    return key not in tasks or tasks[key].state == "canceled"
