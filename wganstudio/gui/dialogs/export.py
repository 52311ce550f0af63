"""ExportDialog: which figures to export; and the job that draws them on another thread."""

import threading
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Options, option
from wganstudio.experiment.files import user_path
from wganstudio.export import FORMATS, ExportError, export
from wganstudio.gui.dialogs.progress import Canceled
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session.record import RunRecord
from wganstudio.training.failures import explain

DEFAULT_FORMATS = "png,pdf"
FORMAT_USES = {
    "png": "pixels, for slides",
    "svg": "vectors with text as text, for editing",
    "pdf": "vectors, for papers",
    "csv": "the data itself",
}


class ExportOptions(Options):
    """The resolution of exported figures."""

    dpi: int = option(
        300,
        "Resolution",
        "Resolution of PNG files; journals ask for 300 to 600.",
        unit="dpi",
        ge=30,
        le=2400,
    )


@dataclass(frozen=True)
class ExportRequest:
    """Figures to export, and how."""

    record: RunRecord
    figures: tuple[Any, ...]
    formats: tuple[str, ...]
    dpi: int
    folder: Path


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
        request = self._request
        try:
            figures = list(request.figures)
            files = export(
                request.record,
                request.folder,
                request.formats,
                dpi=request.dpi,
                figures=figures,
                progress=self._report,
            )
        except Canceled:
            self.signals.canceled.emit()
        except ExportError as error:
            self.signals.failed.emit(str(error), "")
        except Exception as error:
            self.signals.failed.emit(explain(error, "The export"), traceback.format_exc())
        else:
            self.signals.done.emit([str(file) for file in files])

    def _report(self, done: int, total: int) -> None:
        if self._is_canceled.is_set():
            raise Canceled
        self.signals.progress.emit(done, total)


class ExportDialog(QDialog):
    """The choice of figures, formats, resolution and folder."""

    def __init__(
        self, parent: QWidget, record: RunRecord, views: dict[str, Any], folder: str, formats: str, dpi: int
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export figures")
        self._record = record
        self._figures = {name: view.figure() for name, view in views.items()}
        self.figure_boxes = {name: QCheckBox(view.title) for name, view in views.items()}
        for name, box in self.figure_boxes.items():
            available = self._figures[name] is not None
            box.setChecked(available)
            box.setEnabled(available)
            if not available:
                box.setText(f"{box.text()} (empty)")
        texts = {name: f"{name.upper()}: {FORMAT_USES[name]}" for name in FORMATS}
        self.format_boxes = {name: QCheckBox(text) for name, text in texts.items()}
        for name, box in self.format_boxes.items():
            box.setChecked(name in formats.split(","))
        self.dpi = FieldBox(ExportOptions, "dpi", dpi)
        self.folder = QLineEdit(folder)
        self.folder.setAccessibleName("Folder")
        self.folder.setMinimumWidth(300)
        browse = QPushButton("Choose\u2026")
        browse.clicked.connect(self._browse)
        self.buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(browse)
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(16)
        form.addRow("Figures", _columns(self.figure_boxes.values(), 2))
        form.addRow("Formats", _columns(self.format_boxes.values(), 1))
        form.addRow("Resolution", self.dpi)
        form.addRow("Folder", where)
        others = max((len(view.others) for view in views.values()), default=0)
        beside = f" and {others:,} more selected run{'s' * (others > 1)}" if others else ""
        head = Label(
            f"Exports run \u201c{record.name}\u201d{beside} at the shown step, using the current zoom."
        )
        head.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(14)
        column.addWidget(head)
        column.addLayout(form)
        column.addWidget(self.buttons)
        for box in [*self.figure_boxes.values(), *self.format_boxes.values()]:
            box.toggled.connect(self._check)
        self.folder.textChanged.connect(self._check)
        self.dpi.changed.connect(self._check)
        self._check()

    def request(self) -> ExportRequest:
        """Return the choice of the user."""
        figures = [self._figures[name] for name, box in self.figure_boxes.items() if box.isChecked()]
        formats = [name for name, box in self.format_boxes.items() if box.isChecked()]
        folder = user_path(self.folder.text().strip())
        return ExportRequest(self._record, tuple(figures), tuple(formats), self.dpi.value(), folder)

    @Slot()
    def _check(self) -> None:
        request = self.request()
        self.export_button.setEnabled(
            bool(request.figures and request.formats and self.folder.text().strip() and self.dpi.valid)
        )

    @Slot()
    def _browse(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "Export to", self.folder.text()):
            self.folder.setText(chosen)


def _columns(widgets: Iterable[QWidget], count: int) -> QGridLayout:
    """Return widgets in columns, row by row."""
    grid = QGridLayout()
    grid.setVerticalSpacing(5)
    for place, widget in enumerate(widgets):
        grid.addWidget(widget, *divmod(place, count))
    return grid
