"""Exporter: asks what to export, remembers the answer, and draws the figures on another thread."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.job_progress import JobProgress
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.dialogs.export import ExportJob

EXPORTING = "exporting"
"""The cause of messages about figures that could not be exported; they go once some are."""
WAIT_MS = 10_000
"""The time that a closing window waits for figures that are being drawn."""


class Exporter(QObject):
    """One export at a time."""

    def __init__(self, settings: Settings, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._settings = settings
        self._notifier = notifier
        self._parent = parent
        self._pool = QThreadPool()
        self._job: ExportJob | None = None
        self.progress = JobProgress("Exporting figures", parent)
        self.progress.canceled.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """True if figures are being drawn."""
        return self._job is not None

    def export(self, record: RunRecord, views: dict[str, Any]) -> None:
        """Ask which figures of a run to export, and start."""
        from wganstudio.gui.dialogs.export import DEFAULT_FORMATS, ExportDialog, ExportJob

        if self.busy:
            self._notifier.show_warning("Figures are still being exported; try again when they are done.")
            return
        settings = self._settings
        folder = settings.get("export/folder", str(Path.home() / "wgan-figures"))
        formats = settings.get("export/formats", DEFAULT_FORMATS)
        dpi = settings.get("export/dpi", "300")
        dpi_value = int(dpi) if dpi.isdecimal() else 300
        dialog = ExportDialog(self._parent, record, views, folder, formats, dpi_value)
        accepted = dialog.exec() == ExportDialog.DialogCode.Accepted
        dialog.deleteLater()
        if not accepted:
            return
        request = dialog.request()
        settings.put("export/folder", str(request.folder))
        settings.put("export/formats", ",".join(request.formats))
        settings.put("export/dpi", str(request.dpi))
        self._notifier.log(f"Exporting to {request.folder}\u2026")
        self._job = ExportJob(request)
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

    @Slot()
    def _on_canceled(self) -> None:
        self._finish()
        self._notifier.log("The export was canceled; the figures written so far stay.")

    def _finish(self) -> None:
        self._job = None
        self.progress.hide()

    @Slot(list)
    def _on_done(self, files: list[str]) -> None:
        self._finish()
        self._notifier.resolve(EXPORTING)
        self._notifier.log(f"{len(files)} files were exported to {Path(files[0]).parent}.", "\n".join(files))

    @Slot(str, str)
    def _on_failed(self, message: str, detail: str) -> None:
        self._finish()
        self._notifier.show_error(message, detail, EXPORTING)
