"""The main function of a worker process: waits for jobs, runs one at a time, and sends their events.

One thread reads from the parent, one sends, one tells the parent that this process is alive, the main thread
works. The end of the pipe means that the parent has ended, and ends this process.
"""

import contextlib
import faulthandler
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from wganstudio.experiment import BadExperiment, read, trusted_code
from wganstudio.training import heap
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Command, Stop
from wganstudio.training.events import Event, Failed, FlowMissing, Metrics, Progress, Snapshot, TruthMissing
from wganstudio.training.failures import KEPT, cause_of, explain
from wganstudio.training.job import Heartbeat, Job, JobDone, JobEvent, Task, WorkerMessage, WorkerReady
from wganstudio.training.memory_estimate import NotEnoughMemory, estimate_memory, remedy
from wganstudio.training.signals import leave_to_parent
from wganstudio.training.time_estimate import BENCHMARK

HEARTBEAT_SECONDS = 1.0
FIRST_TIMED = 5
"""The step of the tiny job after which its steps are timed; the first ones take longer."""


class _Voice:
    """The sending end of the pipe, for several threads; `busy` is set while the parent expects answers."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self.busy = threading.Event()

    def send(self, message: WorkerMessage) -> None:
        """Send one message."""
        with self._lock:
            self._pipe.send(message)

    def beat(self) -> None:
        """Send a heartbeat every second while `busy` is set, until the parent has ended."""
        with contextlib.suppress(OSError):
            while self.busy.wait():
                self.send(Heartbeat())
                time.sleep(HEARTBEAT_SECONDS)


def serve(pipe: Connection, task: Task, stderr_log: str, niceness: int) -> None:
    """Serve jobs of one kind of task until the parent ends. stderr goes to the file `stderr_log`."""
    _isolate_process(stderr_log, niceness)
    jobs: SimpleQueue[Job] = SimpleQueue()
    inboxes: dict[int, SimpleQueue[Command]] = {}
    voice = _Voice(pipe)
    voice.busy.set()
    threading.Thread(target=_read, args=(pipe, jobs, inboxes), daemon=True).start()
    threading.Thread(target=voice.beat, daemon=True).start()
    step_seconds = _warm_up(task)
    heap.freeze()
    voice.send(WorkerReady(step_seconds))
    while True:
        voice.busy.clear()
        _serve_next(voice, jobs, inboxes)
        heap.release()


def _serve_next(voice: _Voice, jobs: "SimpleQueue[Job]", inboxes: dict[int, "SimpleQueue[Command]"]) -> None:
    """Wait for a job and do it."""
    job = jobs.get()
    voice.busy.set()
    _work(voice, job, inboxes[job.number])
    voice.send(JobDone(job.number))


def _warm_up(task: Task) -> float | None:
    """Do a tiny job, so that torch is imported and initialized (which takes seconds).

    Returns the seconds of a step, if it has steps. The true flow is left out: it takes a second of
    computation.
    """
    job = Job(0, task, read(BENCHMARK), event_kinds=frozenset())
    seconds, timed_from = None, 0.0
    for event in _events(job, SimpleQueue()):
        if isinstance(event, Metrics | Snapshot) and event.step == FIRST_TIMED:
            timed_from = time.perf_counter()
        elif isinstance(event, Metrics) and event.step == job.experiment.steps:
            seconds = (time.perf_counter() - timed_from) / (event.step - FIRST_TIMED)
    return seconds


def _work(voice: _Voice, job: Job, inbox: "SimpleQueue[Command]") -> None:
    """Do one job; its events leave through a queue, so that the work never waits for the reader."""
    queue = CoalescingQueue()
    sender = threading.Thread(target=_send, args=(voice, job.number, queue))
    sender.start()
    try:
        for event in perform(job, inbox):
            queue.put(event)
    finally:
        queue.close()
        sender.join()


def perform(job: Job, inbox: "SimpleQueue[Command]") -> Iterator[Event]:
    """Yield the events of a job, done in this process; an exception becomes the last event."""
    deadline: float | None = None
    trusted_code.adopt(job.consent)
    try:
        for event in _events(job, inbox):
            if job.seconds is not None and event.step:
                deadline = deadline or time.process_time() + job.seconds - _seconds_before(job)
                if isinstance(event, Progress):
                    event = _within(event, job.seconds, deadline - time.process_time())
            if job.event_kinds is None or event.name in job.event_kinds:
                yield event
            if deadline is not None and time.process_time() > deadline:
                inbox.put(Stop())
    except Exception as error:
        yield _failure_event(job, error)


def _seconds_before(job: Job) -> float:
    """Return the processor time that a run had taken when it was interrupted."""
    if job.resume is None:
        return 0.0
    import torch

    from wganstudio.training.packed_state import unpack

    state = unpack(job.resume.body, job.resume.arrays, torch.device("cpu"))
    return float(state["_clock"]["processor_seconds"])


def _within(event: Progress, seconds: float, left: float) -> Progress:
    """Return progress with the steps that a limit of processor time allows; `left` of it remain."""
    steps = max(event.step, int(event.step * seconds / max(seconds - left, 1e-3)))
    if steps >= event.steps:
        return event
    return event.model_copy(update={"steps": steps, "eta": max(left, 0.0)})


def _events(job: Job, inbox: "SimpleQueue[Command]") -> Iterator[Event]:
    if job.task == "truths":
        from wganstudio.training.truths import find_flow, find_truths

        yield from find_truths(job.experiment)
        if job.event_kinds is None or "flow" in job.event_kinds:
            yield find_flow(job.experiment)
        return
    from wganstudio.training.run import Run

    run = Run(
        job.experiment,
        inbox,
        live_topics=job.live_topics,
        resume=job.resume,
        state_period=job.state_period,
        check_memory=not job.ignore_memory,
        keep_frames=job.event_kinds is None or "critic" in job.event_kinds,
    )
    yield from run.events()


def _failure_event(job: Job, error: Exception) -> Event:
    """Return the last event of a job that an error ended."""
    bad_input = isinstance(error, BadExperiment)
    if job.task == "truths":
        if bad_input:
            return TruthMissing(message=str(error), failed=True)
        return FlowMissing(message=explain(error, "The computation of the true flow"))
    if isinstance(error, NotEnoughMemory):
        return Failed(message=str(error), cause="memory")
    if bad_input:
        return Failed(message=str(error), cause="input")
    lower = f"{remedy(estimate_memory(job.experiment))}, or free memory and resume the run: {KEPT}"
    return Failed(
        message=explain(error, "The run", lower), detail=traceback.format_exc(), cause=cause_of(error)
    )


def _send(voice: _Voice, number: int, queue: CoalescingQueue) -> None:
    """Send the events of a job as they come, until its queue is closed and empty."""
    while events := queue.take(timeout=None):
        for event in events:
            voice.send(JobEvent(number, event))


def _read(pipe: Connection, jobs: "SimpleQueue[Job]", inboxes: dict[int, "SimpleQueue[Command]"]) -> None:
    """Take jobs and commands (number, command) from the parent until it ends."""
    try:
        while True:
            _deliver(pipe.recv(), jobs, inboxes)
    except (EOFError, OSError):
        os._exit(0)


def _deliver(message: Any, jobs: "SimpleQueue[Job]", inboxes: dict[int, "SimpleQueue[Command]"]) -> None:
    if isinstance(message, Job):
        inboxes.clear()
        inboxes[message.number] = SimpleQueue()
        for command in message.commands:
            inboxes[message.number].put(command)
        jobs.put(message)
    else:
        number, command = message
        if number in inboxes:
            inboxes[number].put(command)


def _isolate_process(stderr_log: str, niceness: int) -> None:
    """Leave the end to the parent, and redirect stdout and stderr to a file that the parent can quote."""
    leave_to_parent()
    if not os.path.exists(stderr_log):  # the parent has ended meanwhile, and removed it
        stderr_log = os.devnull
    log = open(stderr_log, "w", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as the process lives
    sys.stdout = sys.stderr = log
    faulthandler.enable(log)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
