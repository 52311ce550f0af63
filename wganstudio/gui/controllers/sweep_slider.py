"""SweepSlider: keeps the sliders over swept values in step with the selection and the session."""

from collections.abc import Hashable

from PySide6.QtCore import QObject, Slot

from wganstudio.figures.families import field_families
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.runs.table import RunTable
from wganstudio.gui.widgets.sweep_bar import SweepBar


class SweepSlider(QObject):
    """The bar above the views that slides through the runs of a sweep."""

    def __init__(
        self, session: OpenSession, selection: RunSelection, run_list: RunTable, area: ViewArea
    ) -> None:
        super().__init__()
        self.bar = SweepBar()
        self._session = session
        self._selection = selection
        self._shown: Hashable = None
        """The selected run and the experiments of the session for which the sliders are shown."""
        selection.records_changed.connect(self.refresh)
        session.changed.connect(self.refresh)
        self.bar.run_wanted.connect(run_list.choose)
        self.bar.lock_toggled.connect(area.set_locked)

    @Slot()
    def refresh(self, *_: object) -> None:
        """Show the sliders of the selected run, if the run or the session has changed."""
        record, records = self._selection.record, self._session.records()
        state = (record, *((one.run, one.state, id(one.experiment)) for one in records))
        if state != self._shown:
            self._shown = state
            self.bar.show_families(record, () if record is None else field_families(record, records))
