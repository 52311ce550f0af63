"""ExportRequest: figures to export; ExportJob: draws and writes them on another thread."""

import threading
import traceback
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Signal

from wganstudio.export import ExportError, export, export_panels
from wganstudio.figures import Figure
from wganstudio.figures.print_style import PrintStyle
from wganstudio.gui.dialogs.progress import Canceled
from wganstudio.session.record import RunRecord
from wganstudio.training.failures import explain


@dataclass(frozen=True)
class ExportRequest:
    """Figures to export, and how."""

    figures: tuple[tuple[RunRecord, Figure], ...]
    """Figures with the runs that they show."""
    formats: tuple[str, ...]
    dpi: int
    folder: Path
    style: PrintStyle
    together: bool
    """True to print the figures as the panels of one."""
    caption_file: bool


class ExportJob(QRunnable):
    """Draws the figures on a thread of the pool, as the import of matplotlib alone takes half a second."""

    class Signals(QObject):
        """Emitted at the end of the job."""

        progress = Signal(int, int)
        """Figures written, and all."""
        done = Signal(list)
        failed = Signal(str, str)
        canceled = Signal()

    def __init__(self, request: ExportRequest) -> None:
        super().__init__()
        self.signals = self.Signals()
        self._request = request
        self._is_canceled = threading.Event()
        self.setAutoDelete(False)

    def cancel(self) -> None:
        """End the export before its next figure; the files written so far stay."""
        self._is_canceled.set()

    def run(self) -> None:
        """Draw and write the figures; called by the pool."""
        try:
            files = self._export()
        except Canceled:
            self.signals.canceled.emit()
        except ExportError as error:
            self.signals.failed.emit(str(error), "")
        except Exception as error:
            self.signals.failed.emit(explain(error, "The export"), traceback.format_exc())
        else:
            self.signals.done.emit([str(file) for file in files])

    def _export(self) -> list[Path]:
        request = self._request
        if request.together:
            return export_panels(
                request.figures,
                request.folder,
                request.formats,
                dpi=request.dpi,
                style=request.style,
                caption_file=request.caption_file,
                progress=self._report,
            )
        return export(
            request.figures[0][0],
            request.folder,
            request.formats,
            dpi=request.dpi,
            style=request.style,
            caption_file=request.caption_file,
            figures=[figure for _, figure in request.figures],
            progress=self._report,
        )

    def _report(self, done: int, total: int) -> None:
        if self._is_canceled.is_set():
            raise Canceled
        self.signals.progress.emit(done, total)
