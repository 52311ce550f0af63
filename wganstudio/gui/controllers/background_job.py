"""BackgroundJobs: work on another thread, one piece at a time, with progress and a button that cancels it."""

import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.export import ExportError
from wganstudio.gui.dialogs.progress import Canceled
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.widgets.job_progress import JobProgress
from wganstudio.training.failures import explain

Report = Callable[[int, int], None]
WRITING = "writing files"
"""The cause of messages about files that could not be written; they go once some are."""
WAIT_MS = 10_000
"""The time that a closing window waits for the work."""


class BackgroundJob(QRunnable):
    """One piece of work."""

    class Signals(QObject):
        """Emitted while the job runs, and at its end."""

        progress = Signal(int, int)
        done = Signal(object)
        failed = Signal(str, str)
        canceled = Signal()

    def __init__(self, work: Callable[[Report], Any]) -> None:
        super().__init__()
        self.signals = self.Signals()
        self._work = work
        self._is_canceled = threading.Event()
        self.setAutoDelete(False)

    def cancel(self) -> None:
        """End the work at its next report of progress."""
        self._is_canceled.set()

    def run(self) -> None:
        """Do the work; called by the pool."""
        try:
            result = self._work(self._report)
        except Canceled:
            self.signals.canceled.emit()
        except ExportError as error:
            self.signals.failed.emit(str(error), "")
        except Exception as error:
            self.signals.failed.emit(explain(error, "The export"), traceback.format_exc())
        else:
            self.signals.done.emit(result)

    def _report(self, done: int, total: int) -> None:
        if self._is_canceled.is_set():
            raise Canceled
        self.signals.progress.emit(done, total)


class BackgroundJobs(QObject):
    """Runs one job at a time."""

    def __init__(self, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._notifier = notifier
        self._pool = QThreadPool()
        self._job: BackgroundJob | None = None
        self._title = ""
        self._finish: Callable[[Any], object] = _ignore
        self.progress = JobProgress("Writing files", parent)
        self.progress.canceled.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """True while a job runs."""
        return self._job is not None

    def start(self, title: str, work: Callable[[Report], Any], finish: Callable[[Any], object]) -> None:
        """Do `work` on another thread, then `finish` with its result on this one."""
        if self.busy:
            self._notifier.show_warning(f"{self._title} is not done yet; try again when it is, or cancel it.")
            return
        self._title, self._finish = title, finish
        self.progress.set_title(title)
        self._job = BackgroundJob(work)
        self._job.signals.progress.connect(self.progress.show_progress)
        self._job.signals.canceled.connect(self._on_canceled)
        self._job.signals.done.connect(self._on_done)
        self._job.signals.failed.connect(self._on_failed)
        self._pool.start(self._job)

    @Slot()
    def cancel(self) -> None:
        """End the job at its next report of progress."""
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """End the job, and wait for it within bounds."""
        self.cancel()
        self._pool.waitForDone(WAIT_MS)

    def _end(self) -> None:
        self._job = None
        self.progress.hide()

    @Slot(object)
    def _on_done(self, result: Any) -> None:
        self._end()
        self._notifier.resolve(WRITING)
        self._finish(result)

    @Slot()
    def _on_canceled(self) -> None:
        self._end()
        self._notifier.log(f"{self._title} was canceled.")

    @Slot(str, str)
    def _on_failed(self, message: str, detail: str) -> None:
        self._end()
        self._notifier.show_error(message, detail, WRITING)


def _ignore(_: Any) -> None:
    pass
