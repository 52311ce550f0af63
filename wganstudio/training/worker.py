"""The child process: waits for jobs, runs one at a time, and sends what it says.

One thread reads what the parent says, one sends, the main thread works. The end of the pipe is the end
of the parent, and of this process with it.
"""

import faulthandler
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from queue import SimpleQueue

from wganstudio.experiment import BadExperiment, override, read
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Command, Stop
from wganstudio.training.events import Event, Failed, Progress, TruthMissing
from wganstudio.training.job import Job, JobDone, JobEvent, Task, WorkerReady


def serve(pipe: Connection, task: Task, last_words: str, niceness: int) -> None:
    """The child's whole life, given to one kind of task. Its stderr goes to the file `last_words`."""
    _listen_to_nobody_else(last_words, niceness)
    jobs: SimpleQueue[Job] = SimpleQueue()
    inboxes: dict[int, SimpleQueue[Command]] = {}
    threading.Thread(target=_read, args=(pipe, jobs, inboxes), daemon=True).start()
    _warm_up(task)
    pipe.send(WorkerReady())
    while True:
        job = jobs.get()
        _work(pipe, job, inboxes[job.number])
        pipe.send(JobDone(job.number))


def _warm_up(task: Task) -> None:
    """Do a job of no size: what is imported and made at first use (seconds, in torch) is then there."""
    small = [("training.steps", 1), ("evaluation.samples", 16), ("evaluation.final_samples", 1024)]
    job = Job(0, task, read(override({}, [*small, ("evaluation.resolution", 8)])))
    for _ in _events(job, SimpleQueue()):
        pass


def _work(pipe: Connection, job: Job, inbox: "SimpleQueue[Command]") -> None:
    """Do one job; its events leave through a mailbox, so that the work never waits for the reader's pace."""
    mailbox = CoalescingQueue()
    sender = threading.Thread(target=_send, args=(pipe, job.number, mailbox))
    sender.start()
    try:
        for event in perform(job, inbox):
            mailbox.put(event)
    finally:
        mailbox.close()
        sender.join()


def perform(job: Job, inbox: "SimpleQueue[Command]") -> Iterator[Event]:
    """What a job says, in this process; whatever goes wrong is its last event."""
    deadline: float | None = None
    try:
        for event in _events(job, inbox):
            if job.seconds is not None and event.step:
                deadline = deadline or time.process_time() + job.seconds
                if isinstance(event, Progress):
                    event = _within(event, job.seconds, deadline - time.process_time())
            if job.told is None or event.kind in job.told:
                yield event
            if deadline is not None and time.process_time() > deadline:
                inbox.put(Stop())
    except Exception as error:
        yield _bad_news(job.task, error)


def _within(event: Progress, seconds: float, left: float) -> Progress:
    """Progress through a job of so many seconds of processor time, of which some are left."""
    steps = max(event.step, int(event.step * seconds / max(seconds - left, 1e-3)))
    if steps >= event.steps:
        return event
    return event.model_copy(update={"steps": steps, "eta": max(left, 0.0)})


def _events(job: Job, inbox: "SimpleQueue[Command]") -> Iterator[Event]:
    if job.task == "truths":
        from wganstudio.training.truths import find_flow, find_truths

        yield from find_truths(job.experiment)
        if job.told is None or "flow" in job.told:
            yield find_flow(job.experiment)
        return
    from wganstudio.training.run import Run

    yield from Run(job.experiment, inbox, watched=job.watched).events()


def _bad_news(task: Task, error: Exception) -> Event:
    if task == "truths":
        return TruthMissing(message=f"The truths could not be computed: {error}")
    if isinstance(error, BadExperiment):
        return Failed(message=str(error), cause="input")
    return Failed(message=_sentence(error), detail=traceback.format_exc())


def _sentence(error: Exception) -> str:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text:
        return "There is not enough memory for this run; choose a smaller batch, network or resolution."
    return f"The run could not go on: {text}"


def _send(pipe: Connection, number: int, mailbox: CoalescingQueue) -> None:
    """Send the events of a job as they come, until its mailbox is closed and empty."""
    while events := mailbox.take(timeout=None):
        for event in events:
            pipe.send(JobEvent(number, event))


def _read(pipe: Connection, jobs: "SimpleQueue[Job]", inboxes: dict[int, "SimpleQueue[Command]"]) -> None:
    """Take jobs and commands (number, command) from the parent until it is gone."""
    try:
        while True:
            message = pipe.recv()
            if isinstance(message, Job):
                inboxes.clear()
                inboxes[message.number] = SimpleQueue()
                jobs.put(message)
            else:
                number, command = message
                if number in inboxes:
                    inboxes[number].put(command)
    except (EOFError, OSError):
        os._exit(0)


def _listen_to_nobody_else(last_words: str, niceness: int) -> None:
    """Ctrl-C is the parent's to answer; what is written to stderr is kept for the parent to quote."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    words = open(last_words, "w", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as the process lives
    sys.stdout = sys.stderr = words
    faulthandler.enable(words)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
