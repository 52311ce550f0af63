"""RunInspection: keeps the inspector at the selected run and the form, and compares settings."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.experiment import BadExperiment, Experiment, preset_of, read
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.dialogs.compare_settings import CompareSettingsDialog
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.inspector.inspector import Inspector
from wganstudio.session.record import RunRecord


class RunInspection(QObject):
    """Follows selection, form and run, and opens the comparison of settings."""

    def __init__(
        self,
        inspector: Inspector,
        selection: RunSelection,
        controller: RunController,
        form: ExperimentForm,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._inspector = inspector
        self._selection = selection
        self._form = form
        self._parent = parent
        selection.records_changed.connect(self._show_records)
        controller.updated.connect(inspector.refresh)
        form.validated.connect(self._show_form)
        self._show_form()

    @Slot()
    def compare(self) -> None:
        """Show the settings of the selected runs side by side; those of one run beside form and preset."""
        records = self._selection.records
        columns = [(record.name, record.experiment) for record in records]
        if len(records) == 1:
            columns += self._references(records[0])
        if columns:
            dialog = CompareSettingsDialog(self._parent, columns)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _references(self, record: RunRecord) -> list[tuple[str, Experiment]]:
        """Return the experiments of the form and of the preset of a run."""
        references = []
        if (form := self._form_experiment()) is not None:
            references.append(("Form", form))
        if (preset := preset_of(record.requested)) is not None:
            references.append(
                (f"Preset \u201c{preset.about.name or preset.name}\u201d", read(preset.settings))
            )
        return references

    @Slot(object)
    def _show_records(self, records: Sequence[RunRecord]) -> None:
        self._inspector.show_record(records[0] if records else None)

    @Slot()
    def _show_form(self) -> None:
        self._inspector.show_form(self._form_experiment())

    def _form_experiment(self) -> Experiment | None:
        try:
            return self._form.experiment()
        except BadExperiment:
            return None
