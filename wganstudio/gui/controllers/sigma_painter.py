"""SigmaPainter: a painted speed-limit field becomes the sigma of the form."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.dialogs.paint_sigma import PaintSigmaDialog
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings


class SigmaPainter(QObject):
    """Opens the dialog for the form's pair and fills the form with its result."""

    def __init__(
        self,
        form: ExperimentForm,
        reader: FormReader,
        settings: Settings,
        notifier: Notifier,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._form = form
        self._reader = reader
        self._settings = settings
        self._notifier = notifier
        self._parent = parent

    @Slot()
    def ask(self) -> None:
        """Let the user paint sigma for the pair of the form."""
        experiment = self._reader.read()
        if experiment is None:
            return
        if experiment.solver.gradient_penalty is None:
            self._notifier.show_error(
                "Speed limits act through a gradient penalty; choose the solver LP or GP."
            )
            return
        folder = self._settings.get("folder", str(Path.home()))
        dialog = PaintSigmaDialog(self._parent, experiment, folder)
        accepted = dialog.exec() == PaintSigmaDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            group = self._form.groups["sigma"]
            with self._form.named_change("painting of \u03c3"):
                group.fill(dialog.settings())
            group.set_folded(False)
            QTimer.singleShot(0, self._scroll_to_file)  # once the group has laid out its new fields
            self._notifier.log(f"Sigma now uses {dialog.path}. Press Run to train with it.")

    @Slot()
    def _scroll_to_file(self) -> None:
        self._form.scroll_area.ensureWidgetVisible(self._form.groups["sigma"].focus("file"), 0, 40)
