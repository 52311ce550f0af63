"""DistributionDrawer: drawn distributions become the pair of the form, and are trained at once if wanted."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings

if TYPE_CHECKING:
    from wganstudio.gui.drawing.dialog import DrawDialog


class DistributionDrawer(QObject):
    """One dialog at a time."""

    form_wanted = Signal()
    """The form was changed; it may be hidden."""

    def __init__(
        self,
        form: ExperimentForm,
        starter: RunStarter,
        settings: Settings,
        notifier: Notifier,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._form, self._starter, self._settings = form, starter, settings
        self._notifier, self._parent = notifier, parent
        self.dialog: DrawDialog | None = None

    @Slot()
    def ask(self) -> None:
        """Open the dialog with the pair of the form, where that is one that can be drawn."""
        from wganstudio.gui.drawing.dialog import DrawDialog
        from wganstudio.gui.drawing.drawing import Drawing

        if self.dialog is not None:
            return
        experiment = self._form.valid_experiment
        drawing = Drawing() if experiment is None else Drawing.from_settings(experiment.pair.model_dump())
        folder = self._settings.get("folder", str(Path.home()))
        self.dialog = DrawDialog(self._parent, drawing, folder, can_run=self._starter.can_start)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.open()

    @Slot(int)
    def _on_finished(self, result: int) -> None:
        from wganstudio.gui.drawing.dialog import RUN

        dialog, self.dialog = self.dialog, None
        assert dialog is not None
        dialog.deleteLater()
        if not result:
            return
        group = self._form.groups["pair"]
        group.fill(dialog.settings())
        group.set_folded(False)
        self.form_wanted.emit()
        self._notifier.log("P and Q are now those of the drawing.")
        if result == RUN:
            self._starter.start_form()
