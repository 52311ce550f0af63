"""ComparisonStarter: starts the runs of a comparison: those of a sweep, or of the five solvers."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.waiting_runs import NewRun
from wganstudio.gui.dialogs.sweep import SweepDialog
from wganstudio.gui.notifier import Notifier
from wganstudio.suites import SuiteError
from wganstudio.suites.five_systems import five_systems


class ComparisonStarter(QObject):
    """The actions Sweep and Compare solvers: several runs, and the view that shows them together."""

    view_wanted = Signal(str)
    """The name of the view that shows the runs together."""

    def __init__(self, reader: FormReader, starter: RunStarter, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._reader = reader
        self._starter = starter
        self._notifier = notifier
        self._parent = parent
        self.estimate: Callable[[Experiment], float | None] | None = None
        """Returns the seconds that a run takes, or None where that is not known."""

    @Slot()
    def ask_for_sweep(self) -> None:
        """Ask for fields and values, and train the experiment of the form with each."""
        experiment = self._reader.read()
        if experiment is None:
            return
        dialog = SweepDialog(self._parent, experiment, self.estimate)
        accepted = dialog.exec() == SweepDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            self.run_all(dialog.experiments(), "sweep")

    @Slot()
    def compare_solvers(self) -> None:
        """Train the five solvers on the pair of the form."""
        experiment = self._reader.read()
        if experiment is None or not self._starter.can_start:
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
