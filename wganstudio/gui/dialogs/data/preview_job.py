"""PreviewReader: reads the beginning of a file on another thread; a slow disk does not block the window."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRunnable, Signal, Slot

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.preview import DataPreview, preview
from wganstudio.pairs.data.table_choice import RowFilter, TableChoice
from wganstudio.training.failures import explain

LOGGER = logging.getLogger(__name__)


class PreviewRequest(NamedTuple):
    """A file and how to read it."""

    path: Path
    choice: TableChoice
    size: int | None
    """Side to which images are resampled."""
    parts: tuple[RowFilter, ...] = ()
    """The rows of P and those of Q, where a column divides the table."""


class FileContents(NamedTuple):
    """The beginning of a file, and the first rows [n, D] of each part of it."""

    preview: DataPreview
    parts: tuple[NDArray[np.float64], ...]


class PreviewJob(QRunnable):
    """Emits `done` with job and contents, or `failed` with job, sentence and the field it is about."""

    class Signals(QObject):
        """Emitted at the end of the job."""

        done = Signal(object, object)
        failed = Signal(object, str, str)

    def __init__(self, request: PreviewRequest) -> None:
        super().__init__()
        self.signals = self.Signals()
        self.request = request
        self.setAutoDelete(False)

    def run(self) -> None:
        """Read the file; called by the pool."""
        path, choice, size, parts = self.request
        try:
            contents = preview(path, choice, size)
            points = tuple(preview(path, replace(choice, rows=rows), size).points for rows in parts)
        except BadExperiment as error:
            problem = error.problems[0]
            self.signals.failed.emit(self, problem.message, problem.path.removeprefix("pair."))
        except Exception as error:
            sentence = explain(error, f"Reading {path}")
            LOGGER.error("%s", sentence, extra={"detail": traceback.format_exc()})
            self.signals.failed.emit(self, sentence, "")
        else:
            self.signals.done.emit(self, FileContents(contents, points))


class PreviewReader(QObject):
    """Answers only the latest request: `done` with the contents, or `failed` with a sentence and a field.

    `start` runs a job on another thread.
    """

    done = Signal(object)
    failed = Signal(str, str)

    def __init__(self, start: Callable[[PreviewJob], None], parent: QObject) -> None:
        super().__init__(parent)
        self._start = start
        self._job: PreviewJob | None = None

    @property
    def busy(self) -> bool:
        """True while the latest request is not answered."""
        return self._job is not None

    def read(self, request: PreviewRequest) -> None:
        """Read a file; requests before this one are not answered."""
        self._job = PreviewJob(request)
        self._job.signals.done.connect(self._on_done)
        self._job.signals.failed.connect(self._on_failed)
        self._start(self._job)

    def cancel(self) -> None:
        """Answer no request."""
        self._job = None

    @Slot(object, object)
    def _on_done(self, job: PreviewJob, contents: FileContents) -> None:
        if job is self._job:
            self._job = None
            self.done.emit(contents)

    @Slot(object, str, str)
    def _on_failed(self, job: PreviewJob, sentence: str, field: str) -> None:
        if job is self._job:
            self._job = None
            self.failed.emit(sentence, field)
