"""RunContinuer: the Continue action, which resumes the selected run or extends it."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.dialogs.questions import ask_steps


class RunContinuer(QObject):
    """Continues a stopped or failed run to the end of its plan, and asks how far a finished one is to go."""

    def __init__(self, selection: RunSelection, starter: RunStarter, parent: QWidget) -> None:
        super().__init__(parent)
        self._selection = selection
        self._starter = starter
        self._window = parent

    @Slot()
    def resume_selected(self) -> None:
        """Continue the selected run, unless another one is under way."""
        record = self._selection.record
        if record is None or not self._selection.over or not self._starter.can_start:
            return
        steps = None
        if record.complete:
            steps = ask_steps(self._window, record.name, record.step)
            if steps is None:
                return
        self._starter.resume(record.run, steps)
