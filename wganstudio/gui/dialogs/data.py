"""DataDialog: the contents of a data file and how to use it; and the job that reads it on another thread."""

import csv
import io
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QRunnable, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.gui.widgets.file_drop import FileDropFilter
from wganstudio.pairs.data.preview import DataPreview, preview
from wganstudio.pairs.data.table import TableChoice
from wganstudio.training.failures import explain

FILES = (
    "Data (*.csv *.tsv *.txt *.dat *.npy *.npz *.parquet *.bin *.idx *.gz *ubyte);;"
    "Images (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp);;All files (*)"
)
LISTED_COLUMNS = 2000
"""The most columns that are listed one by one."""
SHOWN_COLUMNS = 40
"""The most columns whose first rows are shown."""
SHOWN_IMAGES = 9
STRIP_WIDTH = 560
TEST_FRACTION, MAX_TEST_FRACTION = 0.2, 0.9
MAX_SIDE = 64
EMPTY_TEXT = "Choose a file or a folder of images, or drop one here."


class PreviewJob(QRunnable):
    """Reads the beginning of a file on a thread of the pool, as a slow disk must not block the window."""

    class Signals(QObject):
        """Emitted at the end of the job."""

        done = Signal(object, object)
        failed = Signal(object, str, bool)

    def __init__(self, path: Path, choice: TableChoice, size: int | None) -> None:
        super().__init__()
        self.signals = self.Signals()
        self._arguments = path, choice, size
        self.setAutoDelete(False)

    def run(self) -> None:
        """Read the file; called by the pool."""
        try:
            result = preview(*self._arguments)
        except BadExperiment as error:
            too_large = any(problem.path == "pair.image_size" for problem in error.problems)
            self.signals.failed.emit(self, error.problems[0].message, too_large)
        except Exception as error:
            traceback.print_exc()
            self.signals.failed.emit(self, explain(error, f"Reading {self._arguments[0]}"), False)
        else:
            self.signals.done.emit(self, result)


class DataDialog(QDialog):
    """Shows the kind of a file, its columns or images and its first rows, and asks which of them to use."""

    def __init__(
        self, parent: QWidget, start: Callable[[PreviewJob], None], current: dict[str, Any], folder: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Load data")
        self.resize(620, 560)
        self._start, self._folder = start, folder
        self._job: PreviewJob | None = None
        self._path: Path | None = None
        self.preview: DataPreview | None = None
        self.head = QLabel(EMPTY_TEXT, wordWrap=True)
        self.head.setTextFormat(Qt.TextFormat.PlainText)
        self.problem = QLabel(wordWrap=True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setProperty("role", "problem")
        self.file_button, self.folder_button = QPushButton("File\u2026"), QPushButton("Folder\u2026")
        self.array = QComboBox()
        self.side = QSpinBox(maximum=MAX_SIDE, suffix=" pixels")
        self.side.setSpecialValueText("original size")
        self.side.setToolTip("Side in pixels; the central square of each image is resampled to it")
        self.columns = QTreeWidget()
        self.columns.setHeaderLabels(["Column", "Minimum", "Maximum"])
        self.columns.setRootIsDecorated(False)
        self.columns.setUniformRowHeights(True)
        self.all_columns = QCheckBox("All numeric columns")
        self.rows = QTableWidget()
        self.rows.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.rows.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 4)
        self.strip = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.bad = QLabel(wordWrap=True)
        self.bad.setTextFormat(Qt.TextFormat.PlainText)
        self.bad.setProperty("role", "problem")
        self.skip_bad = QCheckBox("Skip these rows")
        self.skip_bad.setChecked(bool(current.get("skip_bad")))
        self.standardize = QCheckBox("Standardize: mean 0 and standard deviation 1 in each column")
        self.standardize.setChecked(bool(current.get("standardize")))
        self.held_out = QDoubleSpinBox(maximum=MAX_TEST_FRACTION, singleStep=0.05, decimals=2)
        self.held_out.setValue(float(current.get("held_out", TEST_FRACTION)))
        self.held_out.setToolTip(
            "Fraction of the rows that is kept out of training and used to evaluate generators"
        )
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton("Set as P", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setDefault(True)
        for button in (self.file_button, self.folder_button):
            button.setAutoDefault(False)
        self._build_layout()
        self.file_button.clicked.connect(self._choose_file)
        self.folder_button.clicked.connect(self._choose_folder)
        self.array.activated.connect(self._reload)
        self.side.valueChanged.connect(self._reload)
        self.all_columns.clicked.connect(self._tick_all)
        self.columns.itemChanged.connect(self._on_column_ticked)
        self.skip_bad.toggled.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        FileDropFilter(self).dropped.connect(self.show_file)
        self._show(None)

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        top.addWidget(self.file_button)
        top.addWidget(self.folder_button)
        self._source_form, self._use_form = QFormLayout(), QFormLayout()
        self._source_form.addRow("Array", self.array)
        self._source_form.addRow("Image size", self.side)
        self._use_form.addRow("Held-out fraction", self.held_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(9)
        column.addLayout(top)
        column.addLayout(self._source_form)
        for widget, stretch in (
            (self.problem, 0),
            (self.strip, 1),
            (self.all_columns, 0),
            (self.columns, 3),
            (self.rows, 3),
            (self.bad, 0),
            (self.skip_bad, 0),
            (self.standardize, 0),
        ):
            column.addWidget(widget, stretch)
        column.addLayout(self._use_form)
        column.addStretch(0)
        column.addWidget(self.buttons)

    def settings(self) -> dict[str, Any]:
        """Return the choice of the user as settings of the pair."""
        assert self._path is not None and self.preview is not None
        images = self.preview.shape is not None
        return {
            "kind": "data",
            "p_file": str(self._path),
            "array": self.array.currentText() if len(self.preview.arrays) > 1 else None,
            "image_size": (self.side.value() or None) if images else None,
            "columns": None if images else self._columns_text(),
            "standardize": self.standardize.isChecked(),
            "held_out": round(self.held_out.value(), 2),
            "skip_bad": bool(self.preview.bad) and self.skip_bad.isChecked(),
        }

    def size_text(self) -> str:
        """Return the number of rows and columns, or of images, that are used."""
        assert self.preview is not None
        text = _count(self.preview)
        if self.preview.shape is None:
            columns = sum(self._ticked()) + max(0, len(self.preview.columns) - LISTED_COLUMNS)
            text += f", {columns} column{'s' * (columns != 1)}"
        return text

    @Slot(object)
    def show_file(self, path: Path) -> None:
        """Show the contents of a file or a folder."""
        self._path = path.resolve()
        for chooser in (self.array, self.side):
            chooser.blockSignals(True)
        self.array.clear()
        self.side.setValue(0)
        for chooser in (self.array, self.side):
            chooser.blockSignals(False)
        self._load()

    @Slot()
    def _reload(self) -> None:
        if self._path is not None:
            self._load()

    def _load(self) -> None:
        assert self._path is not None
        choice = TableChoice(array=self.array.currentText() or None)
        self._job = PreviewJob(self._path, choice, self.side.value() or None)
        self._job.signals.done.connect(self._on_done)
        self._job.signals.failed.connect(self._on_failed)
        self.head.setText(f"Reading {self._path.name}\u2026")
        self.use.setEnabled(False)
        self._start(self._job)

    @Slot(object, object)
    def _on_done(self, job: PreviewJob, result: DataPreview) -> None:
        if job is self._job:
            self._show(result)

    @Slot(object, str, bool)
    def _on_failed(self, job: PreviewJob, sentence: str, too_large: bool) -> None:
        if job is self._job:
            self._show(None, sentence, too_large)

    def _show(self, contents: DataPreview | None, problem: str = "", too_large: bool = False) -> None:
        self.preview = contents
        images = contents is not None and contents.shape is not None
        table = contents if contents is not None and contents.shape is None else None
        bad_rows = table is not None and bool(table.bad)
        several = self.array.count() > 1 or (table is not None and len(table.arrays) > 1)
        name = EMPTY_TEXT if self._path is None else self._path.name
        self.head.setText(name if contents is None else f"{name}: {_describe(contents)}")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._source_form.setRowVisible(self.array, several)
        self._source_form.setRowVisible(self.side, images or too_large)
        self._use_form.setRowVisible(self.held_out, contents is not None)
        for widget, shown in (
            (self.strip, images),
            (self.columns, table is not None),
            (self.all_columns, table is not None),
            (self.rows, table is not None),
            (self.bad, bad_rows),
            (self.skip_bad, bad_rows),
            (self.standardize, contents is not None),
        ):
            widget.setVisible(shown)
        if table is not None:
            self._show_table(table)
        elif contents is not None:
            self._show_images(contents)
        self._check()

    def _show_images(self, contents: DataPreview) -> None:
        assert contents.shape is not None
        pixels = Gallery.from_images(contents.first[:SHOWN_IMAGES], None, contents.shape).pixels[::-1].copy()
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        self.strip.setPixmap(QPixmap.fromImage(image.scaledToWidth(STRIP_WIDTH)))

    def _show_table(self, contents: DataPreview) -> None:
        if len(contents.arrays) > 1 and not self.array.count():
            self.array.addItems(contents.arrays)
        self.columns.blockSignals(True)
        self.columns.clear()
        for column in contents.columns[:LISTED_COLUMNS]:
            item = QTreeWidgetItem([column.name, _number(column.low), _number(column.high)])
            item.setCheckState(0, Qt.CheckState.Checked)
            self.columns.addTopLevelItem(item)
        for name in contents.left_out[:LISTED_COLUMNS]:
            item = QTreeWidgetItem([name, "not numeric", ""])
            item.setDisabled(True)
            self.columns.addTopLevelItem(item)
        self.columns.resizeColumnToContents(0)
        self.columns.blockSignals(False)
        self.all_columns.setChecked(True)
        self.all_columns.setEnabled(len(contents.columns) <= LISTED_COLUMNS)
        self.columns.setEnabled(len(contents.columns) <= LISTED_COLUMNS)
        shown = contents.first[:, :SHOWN_COLUMNS]
        self.rows.setRowCount(shown.shape[0])
        self.rows.setColumnCount(shown.shape[1])
        self.rows.setHorizontalHeaderLabels([column.name for column in contents.columns[:SHOWN_COLUMNS]])
        for (row, column), value in np.ndenumerate(shown):
            self.rows.setItem(row, column, QTableWidgetItem(_number(float(value))))
        self.rows.resizeColumnsToContents()
        self._show_hidden()
        if contents.bad:
            count, first = len(contents.bad), contents.bad[0]
            self.bad.setText(
                f"{count:,} of the {contents.looked:,} rows read cannot be used; the first is "
                f"{contents.unit} {first.line:,}: {first.reason}."
            )

    def _ticked(self) -> list[bool]:
        """Return for each listed numeric column whether it is ticked."""
        assert self.preview is not None
        count = min(len(self.preview.columns), LISTED_COLUMNS)
        items = (self.columns.topLevelItem(k) for k in range(count))
        return [item is not None and item.checkState(0) == Qt.CheckState.Checked for item in items]

    def _columns_text(self) -> str | None:
        """Return the ticked columns as the form writes them; None for all."""
        assert self.preview is not None
        ticked = self._ticked()
        if all(ticked):
            return None
        names = [column.name for column, wanted in zip(self.preview.columns, ticked, strict=True) if wanted]
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(names)  # a name with a comma stands in quotes
        return line.getvalue()

    @Slot()
    def _tick_all(self) -> None:
        ticked = Qt.CheckState.Checked if self.all_columns.isChecked() else Qt.CheckState.Unchecked
        self.columns.blockSignals(True)
        for k in range(len(self._ticked())):
            self.columns.topLevelItem(k).setCheckState(0, ticked)  # type: ignore[union-attr]
        self.columns.blockSignals(False)
        self._on_column_ticked()

    @Slot()
    def _on_column_ticked(self) -> None:
        self.all_columns.setChecked(all(self._ticked()))
        self._show_hidden()
        self._check()

    def _show_hidden(self) -> None:
        for k, wanted in enumerate(self._ticked()[:SHOWN_COLUMNS]):
            self.rows.setColumnHidden(k, not wanted)

    @Slot()
    def _check(self) -> None:
        contents = self.preview
        usable = contents is not None and (contents.shape is not None or any(self._ticked()))
        bad = contents is not None and bool(contents.bad) and not self.skip_bad.isChecked()
        self.use.setEnabled(usable and not bad)
        self.use.setToolTip("Some rows cannot be used; skip them or correct the file" if bad else "")

    @Slot()
    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Load data", self._folder, FILES)
        if chosen:
            self.show_file(Path(chosen))

    @Slot()
    def _choose_folder(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "Load a folder of images", self._folder):
            self.show_file(Path(chosen))


def _describe(contents: DataPreview) -> str:
    """Return the kind of a file and its number of rows."""
    return f"{contents.kind}; {_count(contents)}"


def _count(contents: DataPreview) -> str:
    unit = "images" if contents.shape is not None else "rows"
    if contents.rows is None:
        return f"more than {contents.looked:,} {unit}"
    return f"{contents.rows:,} {unit}"


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.5g}"
