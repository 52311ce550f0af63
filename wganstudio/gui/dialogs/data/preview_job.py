"""PreviewJob: reads the beginning of a file on another thread, as a slow disk must not block the window."""

import traceback
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QRunnable, Signal

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.preview import preview
from wganstudio.pairs.data.table_choice import TableChoice


class PreviewRequest(NamedTuple):
    """A file and how to read it."""

    path: Path
    choice: TableChoice
    size: int | None
    """Side to which images are resampled."""


class PreviewJob(QRunnable):
    """Emits `done` with job and preview, or `failed` with job, sentence and the field it is about."""

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
        try:
            result = preview(*self.request)
        except BadExperiment as error:
            problem = error.problems[0]
            self.signals.failed.emit(self, problem.message, problem.path.removeprefix("pair."))
        except Exception as error:
            traceback.print_exc()
            self.signals.failed.emit(self, f"{self.request.path} cannot be read: {error}", "")
        else:
            self.signals.done.emit(self, result)
