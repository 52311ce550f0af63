"""SuiteRunner: runs a suite in a child process and emits its events."""

import contextlib

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from wganstudio.suites.events import SuiteFinished
from wganstudio.suites.process import SuiteMessage, SuiteProcess, SuiteRequest, SuiteStopped

STOP_MS = 5000
"""The time that a suite may take to stop when its window is closed."""


class _Reader(QObject):
    """Blocks on the pipe of the child, on a separate thread."""

    received = Signal(object)

    def __init__(self, process: SuiteProcess) -> None:
        super().__init__()
        self._process = process

    @Slot()
    def run(self) -> None:
        """Emit the messages of the child until it ends."""
        try:
            while (message := self._process.receive()) is not None:
                self.received.emit(message)
            self._process.close()
        finally:
            QThread.currentThread().quit()


class SuiteRunner(QObject):
    """Starts and stops one suite at a time."""

    received = Signal(object)
    """An event of the suite, or SuiteStopped."""
    finished = Signal()
    """The child process has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._process: SuiteProcess | None = None
        self._reader: _Reader | None = None
        self._last: SuiteMessage | None = None
        self._thread = QThread()
        self._thread.setObjectName("suite reader")
        self._thread.finished.connect(self._on_thread_finished)

    @property
    def running(self) -> bool:
        """True if a suite is under way."""
        return self._process is not None

    def start(self, request: SuiteRequest) -> None:
        """Run a suite, or resume it; OSError if no process can be started."""
        self._process, self._last = SuiteProcess(request), None
        self._reader = _Reader(self._process)
        self._reader.moveToThread(self._thread)
        self._reader.received.connect(self._on_received)
        self._thread.started.connect(self._reader.run, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    def stop(self) -> None:
        """Ask the suite to stop; its session keeps the finished runs."""
        if self._process is not None:
            self._process.stop()

    def close(self) -> None:
        """Stop the suite in bounded time."""
        if self._process is None:
            return
        self._process.stop()
        if not self._thread.wait(STOP_MS):
            with contextlib.suppress(ValueError):  # it has just ended
                self._process.kill()
            self._thread.wait(STOP_MS)
        self._forget()

    @Slot(object)
    def _on_received(self, message: SuiteMessage) -> None:
        self._last = message
        self.received.emit(message)

    @Slot()
    def _on_thread_finished(self) -> None:
        if self._process is None:  # closed meanwhile
            return
        self._forget()
        if not isinstance(self._last, SuiteFinished | SuiteStopped):
            self.received.emit(SuiteStopped("error", "The process of the suite has died; Run resumes it."))
        self.finished.emit()

    def _forget(self) -> None:
        if self._reader is not None:
            self._thread.started.disconnect(self._reader.run)
        self._process = self._reader = None
