"""RunSelection: the runs that the views show, and what can be done with the main one."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from wganstudio.gui.commands.texts import quoted
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.widgets.runs.table import RunTable
from wganstudio.session.record import RunRecord


class RunSelection(QObject):
    """Follows the selection in the table of runs."""

    records_changed = Signal(object)
    """The records to show, the main one first."""

    def __init__(
        self,
        session: OpenSession,
        controller: RunController,
        run_list: RunTable,
        form: ExperimentForm,
        undo: Undo,
    ) -> None:
        super().__init__()
        self._session = session
        self._controller = controller
        self._list = run_list
        self._form = form
        self._undo = undo
        self.records: tuple[RunRecord, ...] = ()
        """The selected runs, the main one first."""
        run_list.chosen.connect(self.choose)
        run_list.renamed.connect(self._rename)

    @property
    def record(self) -> RunRecord | None:
        """The main selected run, or None."""
        return self.records[0] if self.records else None

    @property
    def over(self) -> bool:
        """True if a run is selected and it is not under way."""
        return self.record is not None and not self._controller.is_under_way(self.record.run)

    @Slot(object)
    def choose(self, runs: Sequence[int]) -> None:
        """Select other runs, the main one first, or none."""
        by_number = {record.run: record for record in self._session.records()}
        records = tuple(by_number[run] for run in runs if run in by_number)
        if list(map(id, records)) != list(map(id, self.records)):
            self.records = records
            self.records_changed.emit(records)

    @Slot()
    def use_settings(self) -> None:
        """Put the settings of the run into the form."""
        if self.record:
            name = self.record.name
            with self._form.named_change(f"use of the settings of {quoted(name)}"):
                self._form.load(self.record.requested.settings(), f"As in \u201c{name}\u201d")

    @Slot()
    def edit_name(self) -> None:
        """Let the user type another name for the run."""
        self._list.edit_name()

    @Slot()
    def delete(self) -> None:
        """Move the selected runs to the trash."""
        self._undo.delete([record.run for record in self.records])

    @Slot(int, str)
    def _rename(self, run: int, name: str) -> None:
        if not self._undo.rename(run, name):
            self._list.show_anew(self._session.records())
