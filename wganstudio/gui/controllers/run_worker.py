"""The link between the process of a run and the window: a worker on a thread, and the window's handle of it.

The worker blocks on the pipes of the process. It puts each event into the run's queue and announces the
queue with one signal, of which at most one is pending. The window takes the events when it has time; a newer
frame replaces an unread one, so that a slow window never builds up a backlog.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from queue import Empty, SimpleQueue
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.session.resuming import Resumption
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Command
from wganstudio.training.events import Event, Failed, TrainingState
from wganstudio.training.failures import explain
from wganstudio.training.job import JobEvent
from wganstudio.training.silence import ANSWER_SECONDS, Silence

CLOSE_SECONDS = 2.0
LOOK_SECONDS = 1.0
"""The longest time between two looks at processes that have something to do."""
LONG_STEP_SECONDS = 10


class Process(Protocol):
    """The part of `training.process.RunProcess` that the worker uses."""

    @property
    def warm(self) -> bool: ...
    @property
    def running(self) -> bool: ...
    @property
    def finding(self) -> int: ...
    @property
    def pids(self) -> dict[str, int]: ...
    @property
    def connections(self) -> list[Connection]: ...
    @property
    def busy(self) -> bool: ...
    @property
    def silent_seconds(self) -> float: ...
    @property
    def step_seconds(self) -> float: ...
    @property
    def silences(self) -> tuple[Silence, ...]: ...
    def end_silent(self) -> None: ...
    def start(
        self,
        experiment: Experiment,
        resume: TrainingState | None = None,
        *,
        find_truths: bool = True,
        ignore_memory: bool = False,
    ) -> int: ...
    def forget_truths(self) -> None: ...
    def send(self, command: Command) -> None: ...
    def poll(self, timeout: float = 0.0) -> list[Event]: ...
    def take_late(self) -> list[JobEvent]: ...
    def close(self, timeout: float = 2.0) -> None: ...


def run_process() -> Process:
    """Return the real process, at a priority that leaves the window its share."""
    from wganstudio.training.process import RunProcess

    return RunProcess(polite=True)


@dataclass(frozen=True)
class _Start:
    experiment: Experiment
    queue: CoalescingQueue
    resumption: Resumption | None = None
    ignore_memory: bool = False


class _ForgetTruths:
    pass


class _EndSilent:
    pass


class _Close:
    pass


_Request = _Start | _ForgetTruths | _EndSilent | _Close | Command


@dataclass(frozen=True)
class Liveness:
    """The signs of life of the processes, as the worker has last heard them."""

    answering: bool = True
    """The trainer has said something in the last seconds."""
    silences: tuple[Silence, ...] = ()
    """Processes that have not answered for so long that something is wrong."""
    step_seconds: int = 0
    """The time since the last event of the run, in tens of seconds; the trainer may be busy with one step."""


ALIVE = Liveness()


class RunWorker(QObject):
    """Owns the process and blocks on its pipes, on a separate thread: the window never waits for a pipe.

    `run` is the life of the thread. The window's thread talks to it by `request` and `acknowledge`.
    """

    arrived = Signal()
    """Events wait, or the state of the processes has changed; not emitted again before `acknowledge`."""
    broke = Signal(str, str)
    """The process could not be made or driven: a sentence, and the details."""

    def __init__(self, make_process: Callable[[], Process]) -> None:
        super().__init__()
        self._make_process = make_process
        self._process: Process | None = None
        self._queue = CoalescingQueue()
        self._queues: dict[int, CoalescingQueue] = {}
        """The queues of runs whose truths may still arrive, by the number of the run in the process."""
        self._requests: SimpleQueue[_Request] = SimpleQueue()
        self._wake_reader, self._wake_writer = multiprocessing.Pipe(duplex=False)
        self._woken, self._announced = threading.Event(), threading.Event()
        self.pids: dict[str, int] = {}
        self.finding = 0
        """The number of runs whose truths are still being computed."""
        self.liveness = ALIVE

    @property
    def warm(self) -> bool:
        """True if the training process has imported everything it needs."""
        process = self._process
        return process is not None and process.warm

    def request(self, message: _Request) -> None:
        """Hand a message to the worker, from the window's thread, and wake it up."""
        self._requests.put(message)
        if not self._woken.is_set():
            self._woken.set()
            self._wake_writer.send_bytes(b"\0")

    def acknowledge(self) -> None:
        """Allow the next `arrived`; called by the window before it takes the waiting events."""
        self._announced.clear()

    @Slot()
    def run(self) -> None:
        """Make the process, which warms up by itself, and serve it until `_Close` is requested."""
        self._make()
        try:
            while self._serve_requests():
                self._wait()
                self._read()
        finally:
            process, self._process = self._process, None
            try:
                if process is not None:
                    process.close(CLOSE_SECONDS)
            finally:
                QThread.currentThread().quit()

    def _wait(self) -> None:
        """Block until the process has sent something or the window has requested something."""
        connections = self._process.connections if self._process is not None else []
        timeout = LOOK_SECONDS if self._process is not None and self._process.busy else None
        if self._wake_reader in wait([*connections, self._wake_reader], timeout):
            self._wake_reader.recv_bytes()
            self._woken.clear()

    def _serve_requests(self) -> bool:
        """Serve what the window has requested; return False once it has requested the end."""
        with contextlib.suppress(Empty):
            while True:
                match self._requests.get_nowait():
                    case _Close():
                        return False
                    case _Start() as start:
                        self._start(start)
                    case _ForgetTruths():
                        self._forget_truths()
                    case _EndSilent():
                        if self._process is not None:
                            self._process.end_silent()
                    case command:
                        self._send(command)
        return True

    def _start(self, start: _Start) -> None:
        self._read()  # the last events of the previous run belong into its own queue
        self._queue = start.queue
        try:
            if self._process is None:
                self._make()
            if self._process is None:
                self._put(Failed(message="The trainer cannot be started; the log says why."))
            else:
                if start.ignore_memory:
                    number = self._process.start(start.experiment, ignore_memory=True)
                elif (resumption := start.resumption) is None:
                    number = self._process.start(start.experiment)
                else:
                    truths = not resumption.truths_known
                    number = self._process.start(start.experiment, resumption.state, find_truths=truths)
                self._queues[number] = start.queue
                self._update_state(self._process)
        except Exception as error:
            self._replace(error, run_open=True)

    def _forget_truths(self) -> None:
        if self._process is not None:
            self._process.forget_truths()
            self._update_state(self._process)

    def _send(self, command: Command) -> None:
        if self._process is not None:
            try:
                self._process.send(command)
            except Exception as error:
                self._replace(error, run_open=self._process.running)

    def _read(self) -> None:
        """Move the events that wait in the pipes into the queue."""
        if self._process is None:
            return
        before = self.warm, self.finding, self.liveness
        try:
            for event in self._process.poll():
                self._put(event)
            for late in self._process.take_late():
                if late.number in self._queues:  # otherwise it is of another window that used the process
                    self._put(late.event, self._queues[late.number])
            self._update_state(self._process)
        except Exception as error:
            self._replace(error, run_open=self._process.running)
        if before != (self.warm, self.finding, self.liveness):
            self._announce()

    def _update_state(self, process: Process) -> None:
        self.pids, self.finding = process.pids, process.finding
        self.liveness = Liveness(
            answering=process.silent_seconds < ANSWER_SECONDS,
            silences=process.silences,
            step_seconds=int(process.step_seconds) // LONG_STEP_SECONDS * LONG_STEP_SECONDS,
        )

    def _put(self, event: Event, queue: CoalescingQueue | None = None) -> None:
        (queue or self._queue).put(event)
        self._announce()

    def _announce(self) -> None:
        if not self._announced.is_set():
            self._announced.set()
            self.arrived.emit()

    def _make(self) -> None:
        try:
            self._process = self._make_process()
            self._update_state(self._process)
            self._queues.clear()
        except Exception as error:
            self.broke.emit(explain(error, "Starting the trainer"), traceback.format_exc())
        else:
            self._announce()

    def _replace(self, error: Exception, *, run_open: bool) -> None:
        """Report that the process is unusable, close it, and make a new one."""
        message, detail = explain(error, "The trainer"), traceback.format_exc()
        process, self._process = self._process, None
        if run_open:
            self._put(Failed(message=message, detail=detail))
        self.broke.emit(message, detail)
        if process is not None:
            try:
                process.close(CLOSE_SECONDS)
            except Exception as second:
                self.broke.emit(explain(second, "Ending the trainer"), traceback.format_exc())
        self._make()


class Trainer:
    """The window's handle of the worker: start, send, close."""

    def __init__(self, make_process: Callable[[], Process] = run_process) -> None:
        self.worker = RunWorker(make_process)
        self._thread = QThread()
        self._thread.setObjectName("run worker")
        self.worker.moveToThread(self._thread)
        self._thread.started.connect(self.worker.run, Qt.ConnectionType.QueuedConnection)

    @property
    def warm(self) -> bool:
        """True if a run would start at once."""
        return self.worker.warm

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the children by task."""
        return dict(self.worker.pids)

    def prepare(self) -> None:
        """Start the thread and let the process get ready in the background."""
        if not self._thread.isRunning():
            self._thread.start()

    def start(self, experiment: Experiment, *, ignore_memory: bool = False) -> CoalescingQueue:
        """Start a run and return the queue that its events will come in."""
        return self._request(experiment, None, ignore_memory)

    def resume(self, resumption: Resumption) -> CoalescingQueue:
        """Continue a run and return the queue that its events will come in."""
        return self._request(resumption.experiment, resumption)

    def _request(
        self, experiment: Experiment, resumption: Resumption | None, ignore_memory: bool = False
    ) -> CoalescingQueue:
        self.prepare()
        queue = CoalescingQueue()
        self.worker.request(_Start(experiment, queue, resumption, ignore_memory))
        return queue

    @property
    def finding(self) -> int:
        """The number of runs whose truths are still being computed."""
        return self.worker.finding

    @property
    def liveness(self) -> Liveness:
        """The last signs of life of the processes."""
        return self.worker.liveness

    def send(self, command: Command) -> None:
        """Send a command to the run."""
        self.worker.request(command)

    def end_silent(self) -> None:
        """Kill the processes that do not answer."""
        self.worker.request(_EndSilent())

    def forget_truths(self) -> None:
        """Cancel the truths whose computation has not begun."""
        if self._thread.isRunning():
            self.worker.request(_ForgetTruths())

    def close(self) -> None:
        """End process and thread, in bounded time whatever they are doing."""
        if not self._thread.isRunning():
            return
        self.worker.request(_Close())
        if not self._thread.wait(int((CLOSE_SECONDS + 0.5) * 1000)):
            for pid in self.pids.values():  # the worker is stuck in a pipe; the end of its children frees it
                _kill(pid)
            self._thread.wait(500)


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):  # it has ended already
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
