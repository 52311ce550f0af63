"""The link between the processes of runs and the window: a worker on a thread, and the window's handle of it.

The worker blocks on the pipes of the processes. It puts each event into its run's queue and announces the
queues with one signal, of which at most one is pending. The window takes the events when it has time; a newer
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
from multiprocessing.connection import wait
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.run_process import Process, run_process
from wganstudio.session.resuming import Resumption
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Command
from wganstudio.training.events import TERMINAL, Event, Failed
from wganstudio.training.failures import explain
from wganstudio.training.silence import ANSWER_SECONDS, Silence

CLOSE_SECONDS = 2.0
LOOK_SECONDS = 1.0
"""The longest time between two looks at processes that have something to do."""
LONG_STEP_SECONDS = 10


class RunLink:
    """A run as the window and the worker share it: the queue of its events, and its number in the process."""

    def __init__(self) -> None:
        self.queue = CoalescingQueue()
        self.number: int | None = None
        """Set by the worker once the run has started."""
        self.over = False
        """Its last event has come."""


@dataclass(frozen=True)
class _Start:
    link: RunLink
    experiment: Experiment
    resumption: Resumption | None = None
    ignore_memory: bool = False
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True)
class _Send:
    link: RunLink
    command: Command


class _KeepSpare:
    pass


class _ForgetTruths:
    pass


class _EndSilent:
    pass


class _Close:
    pass


_Request = _Start | _Send | _KeepSpare | _ForgetTruths | _EndSilent | _Close


@dataclass(frozen=True)
class Liveness:
    """The signs of life of the processes, as the worker has last heard them."""

    answering: bool = True
    """The trainers have said something in the last seconds."""
    silences: tuple[Silence, ...] = ()
    """Processes that have not answered for so long that something is wrong."""
    step_seconds: int = 0
    """The time since the last event of the newest run, in tens of seconds: perhaps it is in one long step."""


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
        self._newest: RunLink | None = None
        self._links: dict[int, RunLink] = {}
        """The runs, of which truths may still arrive, by their number in the process."""
        self._requests: SimpleQueue[_Request] = SimpleQueue()
        self._wake_reader, self._wake_writer = multiprocessing.Pipe(duplex=False)
        self._woken, self._announced = threading.Event(), threading.Event()
        self.pids: dict[str, int] = {}
        self.finding = 0
        """The number of runs whose truths are still being computed."""
        self.liveness = ALIVE
        self.benchmark_seconds: float | None = None
        """The seconds of a step of the benchmark, once they are known."""

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
                    case request:
                        self._serve(request)
        return True

    def _start(self, start: _Start) -> None:
        self._read()  # the last events of the run that was the newest go into its own queue
        link = start.link
        try:
            if self._process is None:
                self._make()
            if self._process is None:
                self._put(Failed(message="The trainer cannot be started; the log says why."), link)
                return
            resumption = start.resumption
            link.number = self._process.start(
                start.experiment,
                None if resumption is None else resumption.state,
                find_truths=resumption is None or not resumption.truths_known,
                ignore_memory=start.ignore_memory,
                commands=start.commands,
            )
            self._newest = self._links[link.number] = link
            self._update_state(self._process)
        except Exception as error:
            self._replace(error, link)

    def _serve(self, request: _Send | _KeepSpare | _ForgetTruths | _EndSilent) -> None:
        process = self._process
        if process is None:
            return
        try:
            match request:
                case _Send(link, command):
                    if link.number is not None:
                        process.send(command, link.number)
                case _KeepSpare():
                    process.keep_spare()
                case _ForgetTruths():
                    process.forget_truths()
                case _EndSilent():
                    process.end_silent()
            self._update_state(process)
        except Exception as error:
            self._replace(error)

    def _read(self) -> None:
        """Move the events that wait in the pipes into the queues of their runs."""
        if self._process is None:
            return
        before = self.warm, self.finding, self.liveness
        try:
            for event in self._process.poll():
                self._put(event, self._newest)
            for other in self._process.take_others():
                self._put(other.event, self._links.get(other.number))
            self._update_state(self._process)
        except Exception as error:
            self._replace(error)
        if before != (self.warm, self.finding, self.liveness):
            self._announce()

    def _update_state(self, process: Process) -> None:
        self.pids, self.finding = process.pids, process.finding
        self.benchmark_seconds = process.benchmark_seconds
        self.liveness = Liveness(
            answering=process.silent_seconds < ANSWER_SECONDS,
            silences=process.silences,
            step_seconds=int(process.step_seconds) // LONG_STEP_SECONDS * LONG_STEP_SECONDS,
        )

    def _put(self, event: Event, link: RunLink | None) -> None:
        """Put an event into the queue of its run; one without belongs to another window's run."""
        if link is not None:
            link.over = link.over or isinstance(event, TERMINAL)
            link.queue.put(event)
            self._announce()

    def _announce(self) -> None:
        if not self._announced.is_set():
            self._announced.set()
            self.arrived.emit()

    def _make(self) -> None:
        try:
            self._process = self._make_process()
            self._update_state(self._process)
            self._newest = None
            self._links.clear()
        except Exception as error:
            self.broke.emit(explain(error, "Starting the trainer"), traceback.format_exc())
        else:
            self._announce()

    def _replace(self, error: Exception, starting: RunLink | None = None) -> None:
        """Report that the process is unusable, close it, and make a new one; its runs have failed."""
        message, detail = explain(error, "The trainer"), traceback.format_exc()
        process, self._process = self._process, None
        for link in (*self._links.values(), starting):
            if link is not None and not link.over:
                self._put(Failed(message=message, detail=detail), link)
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

    def start(self, experiment: Experiment, *, ignore_memory: bool = False) -> RunLink:
        """Start a run and return the link to it."""
        self.prepare()
        link = RunLink()
        self.worker.request(_Start(link, experiment, ignore_memory=ignore_memory))
        return link

    def resume(self, resumption: Resumption, *commands: Command) -> RunLink:
        """Continue a run, which finds commands when it begins, and return the link to it."""
        self.prepare()
        link = RunLink()
        self.worker.request(_Start(link, resumption.experiment, resumption, commands=commands))
        return link

    def keep_spare(self) -> None:
        """Let a trainer get ready for the next run."""
        self.worker.request(_KeepSpare())

    @property
    def benchmark_seconds(self) -> float | None:
        """The seconds of a step of `time_estimate.BENCHMARK`, once a trainer is ready."""
        return self.worker.benchmark_seconds

    @property
    def finding(self) -> int:
        """The number of runs whose truths are still being computed."""
        return self.worker.finding

    @property
    def liveness(self) -> Liveness:
        """The last signs of life of the processes."""
        return self.worker.liveness

    def send(self, link: RunLink, command: Command) -> None:
        """Send a command to a run."""
        self.worker.request(_Send(link, command))

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
