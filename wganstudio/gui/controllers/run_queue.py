"""RunQueue: several experiments that run one after the other: a sweep, or the five solvers."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.notifier import Notifier
from wganstudio.suites import SuiteError
from wganstudio.suites.five_systems import five_systems


class RunQueue(QObject):
    """Starts the next waiting experiment when a run is over."""

    view_wanted = Signal(str)
    """The name of the view that shows the runs together."""

    def __init__(self, reader: FormReader, starter: RunStarter, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._reader = reader
        self._starter = starter
        self._notifier = notifier
        self._parent = parent
        self._waiting: list[Experiment] = []

    @property
    def waiting(self) -> int:
        """The number of runs that wait."""
        return len(self._waiting)

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
        """Run experiments one after the other, and show the view that compares them."""
        self.view_wanted.emit(view)
        self._waiting = list(experiments)
        self.start_next()

    @Slot()
    def start_next(self) -> None:
        """Start the next waiting run unless another is under way."""
        if self._waiting and self._starter.can_start:
            self._starter.start(self._waiting.pop(0))

    def clear(self) -> None:
        """Cancel the waiting runs."""
        if self._waiting:
            runs = "1 queued run" if self.waiting == 1 else f"{self.waiting} queued runs"
            self._waiting = []
            self._notifier.log(f"Canceled {runs}.")

    def _read_form(self) -> Experiment | None:
        experiment = self._reader.read()
        return experiment if self._starter.can_start else None
