"""A Dask cluster as a back end.

Scheduler, workers and client exchange pickles, so that anybody who controls the scheduler can run code on
this machine. Connect only to schedulers that you trust, over TLS (a setting of Dask) on a shared network.
"""

import contextlib
import logging
import platform
import re
import threading
import time
from asyncio import CancelledError
from collections.abc import Mapping
from concurrent.futures import CancelledError as FutureCancelled
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from traceback import format_exception
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter

import wganstudio
from wganstudio.suites.plan import SuiteError
from wganstudio.suites.scheduler_watch import SchedulerWatch, ask, in_time
from wganstudio.suites.workers import JobFinished, JobLost, JobMessage, JobStarted, WorkersLost
from wganstudio.training.commands import Command
from wganstudio.training.events import Event, Failed, Progress, is_coalescible
from wganstudio.training.failures import explain
from wganstudio.training.job import Job, JobEvent
from wganstudio.training.worker import perform

TIMEOUT = 10.0
"""Seconds to wait for the scheduler to answer, at first and after it was lost."""
GRACE = 2.0
"""Seconds beyond it after which a connection is given up: Dask's own limit does not always hold."""
RESULT_TIMEOUT = 5.0
"""Seconds to wait for a result, whose worker may be lost."""
_PAUSE = 0.05
_LIVE_PERIOD = 1.0
_PROGRESS: TypeAdapter[Progress] = TypeAdapter(Progress)
_ONE_RUN = threading.Lock()
"""Allows one run at a time: runs in threads of one worker would share the random generator of torch."""


@dataclass(frozen=True)
class JobReport:
    """The result of a job: where it ran, and all its events except the coalescible ones."""

    where: str
    events: list[Event]


class Cluster:
    """Submits jobs to a scheduler, which reassigns the jobs of lost workers by itself.

    The events of a run arrive together when it is over; only its start and its progress arrive live.
    """

    def __init__(self, address: str) -> None:
        """Connect to the scheduler; SuiteError if Dask is not installed or nothing answers."""
        try:
            from distributed import Client
        except ImportError as error:
            message = "A cluster needs Dask; install it with: pip install 'wganstudio[cluster]'"
            raise SuiteError(message) from error
        self._address = address
        if re.fullmatch(r"(tcp|tls|ws|wss|ucx)://\S+:\d+", address) is None:
            raise SuiteError(f"{address} is not the address of a Dask scheduler; write tcp://HOST:PORT.")
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # errors become SuiteError
        try:
            self._client = in_time(
                lambda: Client(address, timeout=TIMEOUT, set_as_default=False), TIMEOUT + GRACE
            )
        except (OSError, RuntimeError) as error:  # a TimeoutError is an OSError
            raise SuiteError(
                f"No Dask scheduler answers at {address}; start one there, or give another address."
            ) from error
        self._watch = SchedulerWatch(self._client)
        try:
            self._require_versions()
        except SuiteError:
            self._client.close(timeout=TIMEOUT)
            raise
        self._topic = f"wganstudio-{uuid4().hex}"
        self._live: SimpleQueue[Any] = SimpleQueue()
        self._client.subscribe_topic(self._topic, self._live.put)
        self._futures: dict[int, Any] = {}
        self._started: set[int] = set()
        self._submitted = 0
        count = len(self._client.scheduler_info(n_workers=-1)["workers"])
        self.where = f"{count} {'worker' if count == 1 else 'workers'} of {address}"

    def submit(self, job: Job) -> None:
        """Queue a job."""
        self._submitted += 1
        self._started.discard(job.number)
        self._futures[job.number] = self._client.submit(
            run_job,
            replace(job, state_period=None),  # the events of a run arrive when it is over
            self._topic,
            wganstudio.__version__,
            pure=False,
            priority=-self._submitted,
            key=f"{self._topic}-{self._submitted}",
        )

    def poll(self, timeout: float = 0.0) -> list[JobMessage]:
        """Return the messages since the last call, in order; wait up to `timeout` seconds for the first.

        WorkersLost if the scheduler is gone, or does not answer.
        """
        deadline = time.monotonic() + timeout
        while not (messages := self._messages()) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        return messages

    def close(self) -> None:
        """Release all jobs; the workers notice and stop."""
        self._watch.close()
        self._futures.clear()
        with contextlib.suppress(TimeoutError, OSError):  # the scheduler does not answer
            self._client.close(timeout=5)

    def _require_versions(self) -> None:
        """Raise SuiteError where a worker has another version of the app or of Python, or does not have it.

        A worker that does not answer, or joins later, is checked when it takes up a job.
        """
        question = self._client.scheduler.broadcast(
            msg={"op": "versions", "packages": ["wganstudio"]}, on_error="ignore"
        )
        ours, python = wganstudio.__version__, ".".join(platform.python_version_tuple()[:2])
        for worker, found in (ask(self._client, question, TIMEOUT) or {}).items():
            version = found["packages"].get("wganstudio")
            if version != ours:
                has = f"WGAN Studio {version}, not {ours}" if version else f"no WGAN Studio {ours}"
                raise SuiteError(f"The worker {worker} has {has}; install the same version there.")
            theirs = ".".join(str(found["host"]["python"]).split(".")[:2])
            if theirs != python:
                raise SuiteError(
                    f"The worker {worker} has Python {theirs}, not {python}; use the same version there."
                )

    def _messages(self) -> list[JobMessage]:
        if self._client.status in (
            "connecting",
            "newly-connected",
        ):  # interrupted, perhaps briefly
            return []
        if self._client.status != "running" or not self._watch.answers():
            if self._client.scheduler_comm is not None:  # otherwise closing the client waits for an answer
                self._client.loop.add_callback(self._client.scheduler_comm.abort)
            raise WorkersLost(f"The Dask scheduler at {self._address} does not answer")
        return [*self._live_messages(), *self._finished_messages()]

    def _live_messages(self) -> list[JobMessage]:
        """Return the start and progress messages of unfinished jobs."""
        messages: list[JobMessage] = []
        while True:
            try:
                _, message = self._live.get_nowait()
            except Empty:
                return messages
            number = message["number"]
            if number not in self._futures:
                continue
            if "progress" in message:
                messages.append(JobEvent(number, _PROGRESS.validate_python(message["progress"])))
            else:
                self._started.add(number)
                messages.append(JobStarted(number, message["where"]))

    def _finished_messages(self) -> list[JobMessage]:
        messages: list[JobMessage] = []
        for number, future in list(self._futures.items()):
            match future.status:
                case "finished":
                    try:
                        report = future.result(timeout=RESULT_TIMEOUT)
                    except (OSError, CancelledError, FutureCancelled):
                        # Its worker died with it, and another one starts again; a TimeoutError is an OSError.
                        continue
                    messages += self._result_messages(number, report)
                case "error":
                    messages += self._error_messages(number, future.exception(timeout=RESULT_TIMEOUT))
                case "cancelled" | "lost":  # the connection to the scheduler was lost for a while
                    messages.append(JobLost(number, "the scheduler dropped it"))
                case _:
                    continue
            del self._futures[number]
        return messages

    def _result_messages(self, number: int, report: JobReport) -> list[JobMessage]:
        messages: list[JobMessage] = [] if number in self._started else [JobStarted(number, report.where)]
        return [*messages, *(JobEvent(number, event) for event in report.events), JobFinished(number)]

    def _error_messages(self, number: int, error: BaseException) -> list[JobMessage]:
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return [JobLost(number, f"{error.last_worker.address} and others died with it")]
        if isinstance(error, ImportError | AttributeError):  # the job cannot be unpickled there
            message = (
                f"A worker lacks what the run needs ({error}); install WGAN Studio {wganstudio.__version__}"
            )
            failed = Failed(message=f"{message} there.", cause="input")
            return self._result_messages(number, JobReport("a worker", [failed]))
        failed = Failed(message=explain(error, "The worker"), detail="".join(format_exception(error)))
        return self._result_messages(number, JobReport("a worker", [failed]))


def run_job(job: Job, topic: str, version: str) -> JobReport:
    """Run a job on a worker."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()
    with _ONE_RUN:
        if version != wganstudio.__version__:
            message = f"The worker {worker.address} has WGAN Studio {wganstudio.__version__}, not {version}."
            return JobReport(worker.address, [Failed(message=message, cause="input")])
        worker.log_event(topic, {"number": job.number, "where": worker.address})
        recorded: list[Event] = []
        inbox: SimpleQueue[Command] = SimpleQueue()
        last_report = time.monotonic()
        for event in perform(job, inbox):
            if _is_released(worker.state.tasks, key):
                break
            if not is_coalescible(event):
                recorded.append(event)
            elif isinstance(event, Progress) and time.monotonic() - last_report > _LIVE_PERIOD:
                last_report = time.monotonic()
                worker.log_event(topic, {"number": job.number, "progress": event.model_dump()})
        return JobReport(worker.address, recorded)


def _is_released(tasks: Mapping[str, Any], key: str) -> bool:
    """Tell if the scheduler released a task, as it does when its client dies."""
    return key not in tasks or tasks[key].state == "cancelled"
