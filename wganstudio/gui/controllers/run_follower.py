"""RunFollower: shows the next run of a queue to a user who was watching the one before."""

from PySide6.QtCore import QObject, Slot

from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.widgets.runs.table import RunTable


class RunFollower(QObject):
    """Leaves a user alone who looks at another run."""

    def __init__(self, selection: RunSelection, controller: RunController, runs: RunTable) -> None:
        super().__init__()
        self._selection, self._controller, self._runs = selection, controller, runs
        self._followed: int | None = None
        """The last run that was shown when it started."""

    @Slot(int)
    def show(self, run: int) -> None:
        """Show a run that the user has started."""
        self._followed = run
        self._runs.choose(run)

    @Slot(int)
    def follow(self, run: int) -> None:
        """Show a run that had waited, unless the user looks at one that trains or that is of earlier."""
        shown = self._selection.record
        training = [record for record in self._controller.training if record.run != run]
        if shown is None or (shown.run == self._followed and shown not in training):
            self.show(run)
