"""Exporting from the window: the dialog, and the job that draws on another thread."""

import traceback
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
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from wganstudio.export import FORMATS, ExportError, export
from wganstudio.session.record import RunRecord

DEFAULT_FORMATS = "png,pdf"
WHAT_FORMATS_ARE_FOR = {
    "png": "pixels, for slides",
    "svg": "vectors with text as text, for editing",
    "pdf": "vectors, for papers",
    "csv": "the data itself",
}


@dataclass(frozen=True)
class ExportRequest:
    """What to export."""

    record: RunRecord
    figures: tuple[Any, ...]
    formats: tuple[str, ...]
    dpi: int
    folder: Path


class ExportJob(QRunnable):
    """Draws the figures on a thread of the pool; matplotlib alone takes half a second to import."""

    class Said(QObject):
        """What the job says at its end."""

        done = Signal(list)
        failed = Signal(str, str)

    def __init__(self, order: ExportRequest) -> None:
        super().__init__()
        self.said = self.Said()
        self._order = order
        self.setAutoDelete(False)

    def run(self) -> None:
        """Called by the pool."""
        order = self._order
        try:
            figures = list(order.figures)
            files = export(order.record, order.folder, order.formats, dpi=order.dpi, figures=figures)
        except ExportError as error:
            self.said.failed.emit(str(error), "")
        except Exception as error:
            self.said.failed.emit(f"The figures could not be exported: {error}.", traceback.format_exc())
        else:
            self.said.done.emit([str(file) for file in files])


class ExportDialog(QDialog):
    """Which figures, in which formats, how fine, and where to."""

    def __init__(
        self, parent: QWidget, record: RunRecord, views: dict[str, Any], folder: str, formats: str, dpi: int
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export figures")
        self._record = record
        self._figures = {name: view.figure() for name, view in views.items()}
        self.figure_boxes = {name: QCheckBox(view.title) for name, view in views.items()}
        for name, box in self.figure_boxes.items():
            there = self._figures[name] is not None
            box.setChecked(there)
            box.setEnabled(there)
            if not there:
                box.setText(f"{box.text()} (nothing to show yet)")
        texts = {name: f"{name.upper()}: {WHAT_FORMATS_ARE_FOR[name]}" for name in FORMATS}
        self.format_boxes = {name: QCheckBox(text) for name, text in texts.items()}
        for name, box in self.format_boxes.items():
            box.setChecked(name in formats.split(","))
        self.dpi = QSpinBox(minimum=30, maximum=2400, singleStep=50, value=dpi, suffix=" dpi")
        self.dpi.setToolTip("Resolution of PNG files; journals ask for 300 to 600")
        self.folder = QLineEdit(folder)
        self.folder.setMinimumWidth(300)
        browse = QPushButton("Choose\u2026")
        browse.clicked.connect(self._browse)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(browse)
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(16)
        form.addRow("Figures", _column(self.figure_boxes.values()))
        form.addRow("Formats", _column(self.format_boxes.values()))
        form.addRow("Resolution", self.dpi)
        form.addRow("Folder", where)
        head = QLabel(f"The run \u201c{record.name}\u201d, with the ranges the views show now.")
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
        self._check()

    def order(self) -> ExportRequest:
        """What was chosen."""
        figures = [self._figures[name] for name, box in self.figure_boxes.items() if box.isChecked()]
        formats = [name for name, box in self.format_boxes.items() if box.isChecked()]
        folder = Path(self.folder.text().strip()).expanduser()
        return ExportRequest(self._record, tuple(figures), tuple(formats), self.dpi.value(), folder)

    @Slot()
    def _check(self) -> None:
        order = self.order()
        self.export_button.setEnabled(bool(order.figures and order.formats and self.folder.text().strip()))

    @Slot()
    def _browse(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "Export to", self.folder.text()):
            self.folder.setText(chosen)


def _column(widgets: Any) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(5)
    for widget in widgets:
        column.addWidget(widget)
    return column
