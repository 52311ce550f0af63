"""Exporter: asks what to export, remembers the answer, and draws the figures on another thread."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.experiment.value_texts import counted
from wganstudio.gui.controllers.background_job import WAIT_MS, BackgroundJob
from wganstudio.gui.dialogs.figure_previewer import FigurePreviewer
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.job_progress import JobProgress
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.figure_source import FigureSource

EXPORTING = "exporting"
"""The cause of messages about figures that could not be exported; they go once some are."""


class Exporter(QObject):
    """One export at a time."""

    def __init__(self, settings: Settings, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._settings = settings
        self._notifier = notifier
        self._parent = parent
        self._pool = QThreadPool()
        self._job: BackgroundJob | None = None
        self.previewer = FigurePreviewer()
        self.progress = JobProgress("Exporting figures", parent)
        self.progress.canceled.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """True if figures are being drawn."""
        return self._job is not None

    def export(self, record: RunRecord, views: "Mapping[str, FigureSource]") -> None:
        """Ask which figures of a run to export, and start."""
        from wganstudio.gui.dialogs.export import ExportDialog
        from wganstudio.gui.dialogs.export_choices import ExportChoices

        if self.busy:
            self._notifier.show_warning("Figures are still being exported; try again when they are done.")
            return
        choices = ExportChoices.load(self._settings)
        dialog = ExportDialog(self._parent, record, views, choices, self.previewer)
        accepted = dialog.exec() == ExportDialog.DialogCode.Accepted
        self.previewer.forget()
        dialog.deleteLater()
        if not accepted:
            return
        request = dialog.request()
        dialog.choices().save(self._settings)
        self._notifier.log(f"Exporting to {request.folder}\u2026")
        self._job = BackgroundJob(request.write)
        self._job.signals.progress.connect(self.progress.show_progress)
        self._job.signals.canceled.connect(self._on_canceled)
        self._job.signals.done.connect(self._on_done)
        self._job.signals.failed.connect(self._on_failed)
        self._pool.start(self._job)

    @Slot()
    def cancel(self) -> None:
        """End the export before its next figure."""
        if self._job is not None:
            self._job.cancel()

    def close(self) -> None:
        """End the export, and wait, within bounds, for the figure that is being drawn."""
        self.cancel()
        self._pool.waitForDone(WAIT_MS)
        self.previewer.close(WAIT_MS)

    @Slot()
    def _on_canceled(self) -> None:
        self._finish()
        self._notifier.log("The export was canceled; the figures written so far stay.")

    def _finish(self) -> None:
        self._job = None
        self.progress.hide()

    @Slot(object)
    def _on_done(self, files: list[Path]) -> None:
        self._finish()
        self._notifier.resolve(EXPORTING)
        were = "was" if len(files) == 1 else "were"
        message = f"{counted(len(files), 'file')} {were} exported to {files[0].parent}."
        self._notifier.log(message, "\n".join(map(str, files)))

    @Slot(str, str)
    def _on_failed(self, message: str, detail: str) -> None:
        self._finish()
        self._notifier.show_error(message, detail, EXPORTING)
