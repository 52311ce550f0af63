"""SweepStarter: asks for a sweep of the form's experiment, and gives its runs to the queue."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.run_queue import RunQueue
from wganstudio.gui.dialogs.sweep import SweepDialog


class SweepStarter(QObject):
    """The Sweep action."""

    def __init__(self, reader: FormReader, queue: RunQueue, parent: QWidget) -> None:
        super().__init__()
        self._reader = reader
        self._queue = queue
        self._parent = parent
        self.estimate: Callable[[Experiment], float | None] | None = None
        """Returns the seconds that a run takes, or None where that is not known."""

    @Slot()
    def ask(self) -> None:
        """Ask for fields and values, and train the experiment of the form with each."""
        experiment = self._reader.read()
        if experiment is None:
            return
        dialog = SweepDialog(self._parent, experiment, self.estimate)
        accepted = dialog.exec() == SweepDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            self._queue.run_all(dialog.experiments(), "sweep")
