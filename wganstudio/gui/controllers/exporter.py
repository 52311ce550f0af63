"""Exporter: asks what to export, remembers it, and has it drawn on another thread."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.settings import Settings
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.dialogs.export import ExportJob

WAIT_MS = 10_000
"""How long a window that closes waits for figures that are being drawn."""


class Exporter(QObject):
    """One export at a time."""

    said = Signal(str, str)
    failed = Signal(str, str)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._pool = QThreadPool()
        self._job: ExportJob | None = None

    @property
    def busy(self) -> bool:
        """Whether figures are being drawn."""
        return self._job is not None

    def export(self, parent: QWidget, record: RunRecord, views: dict[str, Any]) -> None:
        """Ask what of a run to export, and begin."""
        from wganstudio.gui.dialogs.export import DEFAULT_FORMATS, ExportDialog, ExportJob

        if self.busy:
            return
        settings = self._settings
        folder = settings.get("export/folder", str(Path.home() / "wgan-figures"))
        formats = settings.get("export/formats", DEFAULT_FORMATS)
        dpi = settings.get("export/dpi", "300")
        dialog = ExportDialog(parent, record, views, folder, formats, int(dpi) if dpi.isdecimal() else 300)
        accepted = dialog.exec() == ExportDialog.DialogCode.Accepted
        dialog.deleteLater()
        if not accepted:
            return
        order = dialog.order()
        settings.put("export/folder", str(order.folder))
        settings.put("export/formats", ",".join(order.formats))
        settings.put("export/dpi", str(order.dpi))
        self.said.emit(f"Exporting to {order.folder}\u2026", "")
        self._job = ExportJob(order)
        self._job.said.done.connect(self._done)
        self._job.said.failed.connect(self._not_done)
        self._pool.start(self._job)

    def close(self) -> None:
        """Let what is being drawn be finished, within bounds."""
        self._pool.waitForDone(WAIT_MS)

    @Slot(list)
    def _done(self, files: list[str]) -> None:
        self._job = None
        self.said.emit(f"{len(files)} files were exported to {Path(files[0]).parent}.", "\n".join(files))

    @Slot(str, str)
    def _not_done(self, message: str, detail: str) -> None:
        self._job = None
        self.failed.emit(message, detail)
