"""A dialog with the progress of work that is done in a thread, and a button to cancel it."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressDialog, QWidget

from wganstudio.gui.widgets.plain_text import Label

DELAY_SECONDS = 0.5
"""Work that takes no longer shows no dialog."""
_POLL_SECONDS = 0.02
_PARTS = 1000
T = TypeVar("T")
Progress = Callable[[float], None]


class Canceled(Exception):
    """The user has canceled the work."""


def run_with_progress(
    parent: QWidget, text: str, work: Callable[[Progress], T], finish: Callable[[T], object]
) -> None:
    """Do `work` in a thread, then `finish` with its result in this one; Canceled if the user ends the work.

    `work` reports fractions from 0 to 1. Meanwhile the window goes on drawing but takes no input; after
    DELAY_SECONDS a dialog shows the progress, until `finish` is done.
    """
    with _no_collections():
        task = _WorkThread(work)
        task.start()
        _wait_briefly(task)
        if not task.is_alive():
            finish(task.result())
            return
        dialog = _dialog(parent, text)
        try:
            _show_progress(task, dialog)
            finish(task.result())
        finally:
            dialog.close()
            dialog.deleteLater()
            gc.freeze()  # the collection that is due would halt the window while it looks at the whole result


class _WorkThread(threading.Thread, Generic[T]):
    """Work in a thread."""

    def __init__(self, work: Callable[[Progress], T]) -> None:
        super().__init__(name="work with progress", daemon=True)
        self._work = work
        self._result: list[T] = []
        self._error: BaseException | None = None
        self.fraction = 0.0
        self.canceled = False

    def run(self) -> None:
        """Do the work, and keep what it returns or raises."""
        try:
            self._result.append(self._work(self._report))
        except BaseException as error:
            self._error = error

    def result(self) -> T:
        """Return what the work returned, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return self._result.pop()

    def _report(self, fraction: float) -> None:
        self.fraction = fraction
        if self.canceled:
            raise Canceled


def _wait_briefly(task: _WorkThread[T]) -> None:
    end = time.monotonic() + DELAY_SECONDS
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        while task.is_alive() and time.monotonic() < end:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            task.join(_POLL_SECONDS)
    finally:
        QGuiApplication.restoreOverrideCursor()


def _show_progress(task: _WorkThread[T], dialog: QProgressDialog) -> None:
    while task.is_alive():
        dialog.setValue(int(_PARTS * task.fraction))  # which handles events, as the dialog is modal
        QCoreApplication.processEvents()
        if dialog.wasCanceled() and not task.canceled:
            task.canceled = True
            dialog.setLabelText("Canceling\u2026")
            dialog.setCancelButton(None)
            dialog.show()
        task.join(_POLL_SECONDS)


def _dialog(parent: QWidget, text: str) -> QProgressDialog:
    dialog = QProgressDialog(parent)
    dialog.setWindowTitle("WGAN Studio")
    dialog.setLabel(Label(text))
    dialog.setCancelButtonText("Cancel")
    dialog.setRange(0, _PARTS)
    dialog.setAutoClose(False)
    dialog.setAutoReset(False)
    dialog.setMinimumDuration(0)
    dialog.setMinimumWidth(dialog.fontMetrics().averageCharWidth() * 60)
    dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
    dialog.show()
    return dialog


@contextmanager
def _no_collections() -> Iterator[None]:
    """Collect no garbage, which would halt the window for the longer the more has been read."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
