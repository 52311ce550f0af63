"""RunContinuer: resumes, extends and repeats the selected run, and computes or skips its final estimates."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.waiting_runs import Continuation, Estimation, NewRun
from wganstudio.gui.dialogs.questions import ask_steps
from wganstudio.session.record import RunRecord


class RunContinuer(QObject):
    """Continues a run: more steps, another seed, the final estimates."""

    def __init__(
        self,
        selection: RunSelection,
        session: OpenSession,
        controller: RunController,
        starter: RunStarter,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._session = session
        self._controller = controller
        self._starter = starter
        self._window = parent

    @Slot()
    def resume_selected(self) -> None:
        """Continue the selected run to the end of its plan, or ask how far a finished one is to go."""
        record = self._selection.record
        if record is None or not self._selection.over or not self._starter.can_start:
            return
        steps = None
        if record.complete:
            steps = ask_steps(self._window, record.name, record.step)
            if steps is None:
                return
        self._starter.submit(Continuation(record.run, record.name, steps))

    @Slot()
    def repeat_selected(self) -> None:
        """Run the settings of the selected run again with a seed that none of their runs has had."""
        record = self._selection.record
        if record is not None and self._starter.can_start:
            self._starter.submit(NewRun(_with_seed(record, self._next_seed(record))))

    @Slot()
    def skip_estimates(self) -> None:
        """Let the selected run end without the final estimates that it computes."""
        if self._selection.record is not None:
            self._controller.skip(self._selection.record.run)

    @Slot()
    def compute_estimates(self) -> None:
        """Compute the final estimates of the selected run, which lacks them."""
        record = self._selection.record
        if record is not None and record.lacks_estimates and self._selection.over and self._starter.can_start:
            self._starter.submit(Estimation(record.run, record.name))

    def _next_seed(self, record: RunRecord) -> int:
        """Return a seed above those of the runs that differ from a run by their seeds alone."""
        plan = _with_seed(record, 0)
        same = [other for other in self._session.records() if _with_seed(other, 0) == plan]
        return (max(other.experiment.training.seed for other in same) + 1) % 2**31


def _with_seed(record: RunRecord, seed: int) -> Experiment:
    experiment = record.experiment
    return experiment.model_copy(update={"training": experiment.training.model_copy(update={"seed": seed})})
