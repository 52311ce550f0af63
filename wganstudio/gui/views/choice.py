"""ViewChoice: shows the views that apply to the shown run, and hides those that would stay empty."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.docks import in_sight
from wganstudio.session.record import RunRecord

SHOWN, HIDDEN = "views-shown", "views-hidden"
"""Settings that hold the names of the views that the user has shown or hidden."""


class ViewChoice(QObject):
    """Decides which views the area shows.

    Without a run, the experiment of the form decides. What the user shows or hides stays so for every run,
    until the layout is reset.
    """

    def __init__(
        self,
        area: ViewArea,
        form: ExperimentForm,
        settings: Settings,
        session_records: Callable[[], Sequence[RunRecord]],
    ) -> None:
        super().__init__()
        self._area, self._form, self._settings = area, form, settings
        self._session_records = session_records
        self._records: Sequence[RunRecord] = ()
        self._preset: Experiment | None = None
        """The preset that was chosen since the runs are shown."""
        self._pinned = {name: self._remembered(name) for name in (SHOWN, HIDDEN)}
        self._fronts: set[str] = set()
        """Views that were in front of their tabs when they were hidden."""
        area.view_shown.connect(self._user_shows)
        area.view_hidden.connect(self._user_hides)
        form.validated.connect(self._form_changed)
        form.preset_loaded.connect(self._preset_loaded)

    @Slot(object)
    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show the views of these runs, or those of the form's experiment if there are none."""
        self._records, self._preset = records, None
        self.update()

    @Slot()
    def update(self) -> None:
        """Show and hide views for the present runs."""
        runs = [record.experiment for record in self._records]
        chosen = self._preset if runs else self._preset or self._form.valid_experiment
        if experiments := runs if chosen is None else [*runs, chosen]:
            self._show_for(experiments)

    @Slot(str)
    def want(self, name: str) -> None:
        """Show a view and bring it to the front."""
        self._area.docks[name].show()
        self._area.docks[name].raise_()

    @Slot()
    def reset(self) -> None:
        """Forget what the user has shown and hidden."""
        for name in (SHOWN, HIDDEN):
            self._pinned[name] = set()
            self._settings.put(name, "")
        self._fronts.clear()
        self.update()

    def _show_for(self, experiments: Sequence[Experiment]) -> None:
        """Show the views that apply to one of the experiments."""
        among = [record.experiment for record in self._session_records()]
        wanted = {
            name
            for name, view in self._area.views.items()
            if any(view.applies_to(one, among) or name in one.about.views for one in experiments)
        }
        wanted = (wanted | self._pinned[SHOWN]) - self._pinned[HIDDEN]
        docks = self._area.docks
        changed = [name for name, dock in docks.items() if dock.isHidden() == (name in wanted)]
        if not changed:
            return
        self._area.setUpdatesEnabled(False)
        try:
            self._fronts |= {name for name in changed if name not in wanted and in_sight(docks[name])}
            for name in changed:
                docks[name].setVisible(name in wanted)
            for name in [name for name in changed if name in wanted & self._fronts]:
                docks[name].raise_()
            self._fronts -= wanted
        finally:
            self._area.setUpdatesEnabled(True)

    @Slot()
    def _form_changed(self) -> None:
        if not self._records:
            self.update()

    @Slot()
    def _preset_loaded(self) -> None:
        """Show what the preset and the shown runs need, the views that the preset names in front."""
        self._preset = self._form.valid_experiment
        if self._preset is None:
            return
        self.update()
        for name in reversed(self._preset.about.views):  # the first one in front of those it shares tabs with
            if name in self._area.docks and name not in self._pinned[HIDDEN]:
                self.want(name)

    @Slot(str)
    def _user_shows(self, name: str) -> None:
        self._pin(name, SHOWN, HIDDEN)

    @Slot(str)
    def _user_hides(self, name: str) -> None:
        self._pin(name, HIDDEN, SHOWN)

    def _pin(self, name: str, into: str, out_of: str) -> None:
        self._pinned[into].add(name)
        self._pinned[out_of].discard(name)
        for key, names in self._pinned.items():
            self._settings.put(key, " ".join(sorted(names)))

    def _remembered(self, key: str) -> set[str]:
        return set(self._settings.get(key, "").split())
