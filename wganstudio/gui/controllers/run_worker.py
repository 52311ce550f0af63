"""The way between the run's process and the window: a worker on a thread, and the window's end of it.

The worker drains the process into the run's mailbox all the time; the window empties the mailbox when it
has time. A newer picture takes the unread one's place, so that a slow window never makes a queue.
"""

import contextlib
import os
import signal
import traceback
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Command
from wganstudio.training.events import TERMINAL, Event, Failed

POLL_MS = 15
CLOSE_SECONDS = 2.0


class Process(Protocol):
    """What the worker needs of `training.process.RunProcess`."""

    @property
    def warm(self) -> bool: ...
    @property
    def pids(self) -> dict[str, int]: ...
    def start(self, experiment: Experiment) -> None: ...
    def send(self, command: Command) -> None: ...
    def poll(self, timeout: float = 0.0) -> list[Event]: ...
    def close(self, timeout: float = 2.0) -> None: ...


def run_process() -> Process:
    """The real process, at a priority that leaves the window its share."""
    from wganstudio.training.process import RunProcess

    return RunProcess(polite=True)


class RunWorker(QObject):
    """Owns the process, and lives on a thread of its own so that the window never waits for a pipe."""

    warmed = Signal(bool)
    broke = Signal(str, str)
    """The process could not be made or driven: a sentence, and the details."""

    def __init__(self, make: Callable[[], Process]) -> None:
        super().__init__()
        self._make = make
        self._mailbox = CoalescingQueue()
        self._process: Process | None = None
        self._open = False  # the run has not said its last word
        self._warm = False
        self._timer: QTimer | None = None
        self.pids: dict[str, int] = {}

    @Slot()
    def begin(self) -> None:
        """Make the process, which warms up by itself, and listen to it."""
        try:
            self._process = self._make()
            self.pids = self._process.pids
        except Exception as error:
            self.broke.emit(f"The trainer cannot be started: {error}.", traceback.format_exc())
            return
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.listen)
        self._timer.start()

    @Slot(object, object)
    def start(self, experiment: Experiment, mailbox: CoalescingQueue) -> None:
        """Start a run; what it says goes into its mailbox."""
        self.listen()  # what the last run still said is the last run's
        self._mailbox, self._open = mailbox, True
        try:
            if self._process is None:
                self.begin()
            if self._process is None:
                self._post(Failed(message="The trainer cannot be started; the log says why."))
            else:
                self._process.start(experiment)
        except Exception as error:
            self._fail(error)

    @Slot(object)
    def send(self, command: Command) -> None:
        """Tell the run something."""
        try:
            if self._process is not None:
                self._process.send(command)
        except Exception as error:
            self._fail(error)

    @Slot()
    def listen(self) -> None:
        """Move what was said into the mailbox."""
        if self._process is None:
            return
        try:
            for event in self._process.poll():
                self._post(event)
            self.pids = self._process.pids
            warm = self._process.warm
        except Exception as error:
            self._fail(error)
            return
        if warm != self._warm:
            self._warm = warm
            self.warmed.emit(warm)

    @Slot()
    def end(self) -> None:
        """End the process in bounded time, and with it this thread."""
        if self._timer is not None:
            self._timer.stop()
        try:
            if self._process is not None:
                self._process.close(CLOSE_SECONDS)
        finally:
            self._process = None
            QThread.currentThread().quit()

    def _post(self, event: Event) -> None:
        self._open = self._open and not isinstance(event, TERMINAL)
        self._mailbox.put(event)

    def _fail(self, error: Exception) -> None:
        """The process is past use: say so, throw it away, and make a fresh one."""
        detail = traceback.format_exc()
        if self._timer is not None:
            self._timer.stop()
        process, self._process = self._process, None
        if self._open:
            self._post(Failed(message=f"The trainer was lost: {error}.", detail=detail))
        self.broke.emit(f"The trainer was lost: {error}.", detail)
        if process is not None:
            try:
                process.close(CLOSE_SECONDS)
            except Exception as second:
                self.broke.emit(f"The trainer did not end cleanly: {second}.", traceback.format_exc())
        self._warm = False
        self.warmed.emit(False)
        self.begin()


class Trainer(QObject):
    """The window's end: start, send, close."""

    _begin = Signal()
    _start = Signal(object, object)
    _send = Signal(object)
    _end = Signal()

    def __init__(self, make: Callable[[], Process] = run_process) -> None:
        super().__init__()
        self.worker = RunWorker(make)
        self._thread = QThread()
        self._thread.setObjectName("run worker")
        self.worker.moveToThread(self._thread)
        queued = Qt.ConnectionType.QueuedConnection
        self._begin.connect(self.worker.begin, queued)
        self._start.connect(self.worker.start, queued)
        self._send.connect(self.worker.send, queued)
        self._end.connect(self.worker.end, queued)

    @property
    def pids(self) -> dict[str, int]:
        """The children's process ids."""
        return dict(self.worker.pids)

    def warm(self) -> None:
        """Start the thread and let the process get ready in the background."""
        if not self._thread.isRunning():
            self._thread.start()
            self._begin.emit()

    def start(self, experiment: Experiment) -> CoalescingQueue:
        """Start a run; the mailbox in which it will speak."""
        self.warm()
        mailbox = CoalescingQueue()
        self._start.emit(experiment, mailbox)
        return mailbox

    def send(self, command: Command) -> None:
        """Tell the run something."""
        self._send.emit(command)

    def close(self) -> None:
        """End process and thread, in bounded time whatever they are doing."""
        if not self._thread.isRunning():
            return
        self._end.emit()
        if not self._thread.wait(int((CLOSE_SECONDS + 0.5) * 1000)):
            for pid in self.pids.values():  # the worker is stuck in a pipe: its children's end frees it
                _kill(pid)
            self._thread.wait(500)


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):  # gone already
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
