"""RunQueue: several experiments at once for the queue: a sweep, or the five solvers."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.waiting_runs import NewRun
from wganstudio.gui.notifier import Notifier
from wganstudio.suites import SuiteError
from wganstudio.suites.five_systems import five_systems


class RunQueue(QObject):
    """Makes the experiments of a comparison from that of the form."""

    view_wanted = Signal(str)
    """The name of the view that shows the runs together."""

    def __init__(self, reader: FormReader, starter: RunStarter, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._reader = reader
        self._starter = starter
        self._notifier = notifier
        self._parent = parent

    @Slot()
    def compare_solvers(self) -> None:
        """Train the five solvers on the pair of the form."""
        experiment = self._read_form()
        if experiment is None:
            return
        try:
            experiments = five_systems(experiment)
        except (BadExperiment, SuiteError) as error:
            self._notifier.show_error(f"The five solvers cannot be compared here: {error}.")
        else:
            self.run_all(experiments, "systems")

    def run_all(self, experiments: list[Experiment], view: str) -> None:
        """Let experiments run one after the other, and show the view that compares them."""
        self.view_wanted.emit(view)
        self._starter.submit(*map(NewRun, experiments))

    def _read_form(self) -> Experiment | None:
        experiment = self._reader.read()
        return experiment if self._starter.can_start else None
