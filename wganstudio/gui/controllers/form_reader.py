"""FormReader: reads the experiment of the form and shows its problems."""

from PySide6.QtCore import QObject, Signal, Slot

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.gui.controllers.run_namer import RunNamer
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.notifier import Notifier

FORM = "form"
"""The cause of messages about problems of the form; they go once the form has none."""


class FormReader(QObject):
    """Reads a valid experiment from the form."""

    form_wanted = Signal()
    """The form has something to show; it may be hidden."""

    def __init__(self, form: ExperimentForm, namer: RunNamer, notifier: Notifier) -> None:
        super().__init__()
        self._namer = namer
        self._form = form
        self._notifier = notifier
        form.corrected.connect(self._on_corrected)

    def all_named(self, experiments: list[Experiment]) -> list[Experiment]:
        """Return variants of the experiment, each under a name that says in what it differs."""
        return self._namer.all_named(experiments)

    def read(self) -> Experiment | None:
        """Return the experiment, named, or None after showing its problems at their fields."""
        try:
            experiment = self._namer.named(self._form.experiment())
            self._notifier.resolve(FORM)
            return experiment
        except BadExperiment as error:
            self.form_wanted.emit()
            first = self._form.focus_problem() or error.problems[0]
            details = "\n".join(map(str, error.problems)) if len(error.problems) > 1 else ""
            self._notifier.show_error(f"This experiment cannot run yet: {first}.", details, FORM)
            return None

    @Slot()
    def _on_corrected(self) -> None:
        self._notifier.resolve(FORM)
