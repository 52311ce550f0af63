"""RunNamer: the name of the next run, which says what differs from its preset and from earlier runs."""

from PySide6.QtCore import QObject, Slot

from wganstudio.experiment import BadExperiment, Experiment, preset_of, read
from wganstudio.experiment.naming import as_variant, named, names_among, run_name
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.form.form import ExperimentForm


class RunNamer(QObject):
    """Names the experiments of the form, and shows the name of the next run in it."""

    def __init__(self, form: ExperimentForm, session: OpenSession) -> None:
        super().__init__()
        self._form = form
        self._session = session
        form.validated.connect(self.show_next)
        session.changed.connect(self.show_next)
        self.show_next()

    def named(self, experiment: Experiment) -> Experiment:
        """Return the experiment under its own name, or else under one that says what differs."""
        if experiment.about.name:
            return experiment
        return named(experiment, run_name(experiment, self._base(experiment), self._earlier()))

    def all_named(self, experiments: list[Experiment]) -> list[Experiment]:
        """Return the experiments, each under a name that says in what it differs from the others."""
        names = names_among(experiments, self._earlier())
        return [as_variant(experiment, name) for experiment, name in zip(experiments, names, strict=True)]

    @Slot()
    def show_next(self) -> None:
        """Show the name that the next run will get, if the form describes one."""
        try:
            experiment = self._form.experiment()
        except BadExperiment:
            return
        if not self._form.name.text().strip():
            self._form.set_next_name(self.named(experiment).about.name)

    def _base(self, experiment: Experiment) -> Experiment | None:
        """Return the preset of an experiment, or else the settings that the form has loaded."""
        if (preset := preset_of(experiment)) is not None:
            return read(preset.settings)
        return self._form.loaded_experiment()

    def _earlier(self) -> list[tuple[str, Experiment]]:
        return [(record.name, record.requested) for record in self._session.records()]
