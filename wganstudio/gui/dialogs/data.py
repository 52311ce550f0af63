"""DataDialog: what a file of data holds, and what of it to use; the job that looks on another thread."""

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
from wganstudio.pairs.data.preview import Preview, preview
from wganstudio.pairs.data.table import Choice

FILES = (
    "Data (*.csv *.tsv *.txt *.dat *.npy *.npz *.parquet *.bin *.idx *.gz *ubyte);;"
    "Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp);;All files (*)"
)
ROWS_OF_COLUMNS = 2000
"""Columns that are listed one by one."""
SHOWN_COLUMNS = 40
"""Whose first rows are shown."""
STRIP = 9
"""Images that are shown."""
STRIP_WIDTH = 560
HELD_OUT, MOST_HELD_OUT = 0.2, 0.9
LARGEST = 64
INVITATION = "Choose a file or a folder of pictures, or drop one here."


class PreviewJob(QRunnable):
    """Looks at the beginning of a file on a thread of the pool: a slow disk must not hold the window up."""

    class Said(QObject):
        """What the job says at its end."""

        done = Signal(object, object)
        failed = Signal(object, str, bool)

    def __init__(self, path: Path, choice: Choice, size: int | None) -> None:
        super().__init__()
        self.said = self.Said()
        self._order = path, choice, size
        self.setAutoDelete(False)

    def run(self) -> None:
        """Called by the pool."""
        try:
            found = preview(*self._order)
        except BadExperiment as error:
            too_large = any(problem.path == "pair.image_size" for problem in error.problems)
            self.said.failed.emit(self, error.problems[0].message, too_large)
        except Exception as error:
            traceback.print_exc()
            self.said.failed.emit(self, f"{self._order[0]} cannot be read: {error}", False)
        else:
            self.said.done.emit(self, found)


class DataDialog(QDialog):
    """The kind of a file, its columns or images and its first rows; then what of it to use, and how."""

    def __init__(
        self, parent: QWidget, start: Callable[[PreviewJob], None], present: dict[str, Any], folder: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Use data")
        self.resize(620, 560)
        self._start, self._folder = start, folder
        self._job: PreviewJob | None = None
        self._path: Path | None = None
        self.preview: Preview | None = None
        self.head = QLabel(INVITATION, wordWrap=True)
        self.head.setTextFormat(Qt.TextFormat.PlainText)
        self.problem = QLabel(wordWrap=True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setProperty("role", "problem")
        self.file_button, self.folder_button = QPushButton("File\u2026"), QPushButton("Folder\u2026")
        self.array = QComboBox()
        self.side = QSpinBox(maximum=LARGEST, suffix=" pixels")
        self.side.setSpecialValueText("as they are")
        self.side.setToolTip("Pixels on a side; the middle square of each image is resampled to it")
        self.columns = QTreeWidget()
        self.columns.setHeaderLabels(["Column", "lowest", "highest"])
        self.columns.setRootIsDecorated(False)
        self.columns.setUniformRowHeights(True)
        self.all_columns = QCheckBox("All columns of numbers")
        self.rows = QTableWidget()
        self.rows.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.rows.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 4)
        self.strip = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.bad = QLabel(wordWrap=True)
        self.bad.setTextFormat(Qt.TextFormat.PlainText)
        self.bad.setProperty("role", "problem")
        self.skip_bad = QCheckBox("Leave such rows out")
        self.skip_bad.setChecked(bool(present.get("skip_bad")))
        self.standardize = QCheckBox("Standardize: subtract each column's mean, divide by its deviation")
        self.standardize.setChecked(bool(present.get("standardize")))
        self.held_out = QDoubleSpinBox(maximum=MOST_HELD_OUT, singleStep=0.05, decimals=2)
        self.held_out.setValue(float(present.get("held_out", HELD_OUT)))
        self.held_out.setToolTip(
            "Share of the rows that training never sees; generators are measured on them"
        )
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton("Use as P", QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setDefault(True)
        for button in (self.file_button, self.folder_button):
            button.setAutoDefault(False)
        self._lay_out()
        self.file_button.clicked.connect(self._choose_file)
        self.folder_button.clicked.connect(self._choose_folder)
        self.array.activated.connect(self._look_again)
        self.side.valueChanged.connect(self._look_again)
        self.all_columns.clicked.connect(self._choose_all)
        self.columns.itemChanged.connect(self._column_chosen)
        self.skip_bad.toggled.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        FileDropFilter(self).dropped.connect(self.look_at)
        self._show(None)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        top.addWidget(self.file_button)
        top.addWidget(self.folder_button)
        self._what, self._how = QFormLayout(), QFormLayout()
        self._what.addRow("Array", self.array)
        self._what.addRow("Image size", self.side)
        self._how.addRow("Held-out share", self.held_out)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(9)
        column.addLayout(top)
        column.addLayout(self._what)
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
        column.addLayout(self._how)
        column.addStretch(0)
        column.addWidget(self.buttons)

    def settings(self) -> dict[str, Any]:
        """What was chosen, as settings of the pair."""
        assert self._path is not None and self.preview is not None
        images = self.preview.shape is not None
        return {
            "kind": "data",
            "p_file": str(self._path),
            "array": self.array.currentText() if len(self.preview.arrays) > 1 else None,
            "size": (self.side.value() or None) if images else None,
            "columns": None if images else self._columns_chosen(),
            "standardize": self.standardize.isChecked(),
            "held_out": round(self.held_out.value(), 2),
            "skip_bad": bool(self.preview.bad) and self.skip_bad.isChecked(),
        }

    @Slot(object)
    def look_at(self, path: Path) -> None:
        """Show what a file or a folder holds."""
        self._path = path.resolve()
        for chooser in (self.array, self.side):
            chooser.blockSignals(True)
        self.array.clear()
        self.side.setValue(0)
        for chooser in (self.array, self.side):
            chooser.blockSignals(False)
        self._look()

    @Slot()
    def _look_again(self) -> None:
        if self._path is not None:
            self._look()

    def _look(self) -> None:
        assert self._path is not None
        choice = Choice(array=self.array.currentText() or None)
        self._job = PreviewJob(self._path, choice, self.side.value() or None)
        self._job.said.done.connect(self._found)
        self._job.said.failed.connect(self._refused)
        self.head.setText(f"Reading {self._path.name}\u2026")
        self.use.setEnabled(False)
        self._start(self._job)

    @Slot(object, object)
    def _found(self, job: PreviewJob, found: Preview) -> None:
        if job is self._job:
            self._show(found)

    @Slot(object, str, bool)
    def _refused(self, job: PreviewJob, sentence: str, too_large: bool) -> None:
        if job is self._job:
            self._show(None, sentence, too_large)

    def _show(self, found: Preview | None, problem: str = "", too_large: bool = False) -> None:
        self.preview = found
        images = found is not None and found.shape is not None
        table = found is not None and not images
        name = INVITATION if self._path is None else self._path.name
        self.head.setText(name if found is None else f"{name}: {_said(found)}")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self._what.setRowVisible(self.array, self.array.count() > 1 or (table and len(found.arrays) > 1))
        self._what.setRowVisible(self.side, images or too_large)
        self._how.setRowVisible(self.held_out, found is not None)
        for widget, shown in (
            (self.strip, images),
            (self.columns, table),
            (self.all_columns, table),
            (self.rows, table),
            (self.bad, table and bool(found.bad)),
            (self.skip_bad, table and bool(found.bad)),
            (self.standardize, found is not None),
        ):
            widget.setVisible(bool(shown))
        if found is not None and images:
            self._show_images(found)
        elif found is not None:
            self._show_table(found)
        self._check()

    def _show_images(self, found: Preview) -> None:
        assert found.shape is not None
        pixels = Gallery.from_images(found.first[:STRIP], None, found.shape).pixels[::-1].copy()
        height, width = pixels.shape[:2]
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        self.strip.setPixmap(QPixmap.fromImage(image.scaledToWidth(STRIP_WIDTH)))

    def _show_table(self, found: Preview) -> None:
        if len(found.arrays) > 1 and not self.array.count():
            self.array.addItems(found.arrays)
        self.columns.blockSignals(True)
        self.columns.clear()
        for one in found.columns[:ROWS_OF_COLUMNS]:
            item = QTreeWidgetItem([one.name, _number(one.low), _number(one.high)])
            item.setCheckState(0, Qt.CheckState.Checked)
            self.columns.addTopLevelItem(item)
        for name in found.left_out[:ROWS_OF_COLUMNS]:
            item = QTreeWidgetItem([name, "no numbers", ""])
            item.setDisabled(True)
            self.columns.addTopLevelItem(item)
        self.columns.resizeColumnToContents(0)
        self.columns.blockSignals(False)
        self.all_columns.setChecked(True)
        self.all_columns.setEnabled(len(found.columns) <= ROWS_OF_COLUMNS)
        self.columns.setEnabled(len(found.columns) <= ROWS_OF_COLUMNS)
        shown = found.first[:, :SHOWN_COLUMNS]
        self.rows.setRowCount(shown.shape[0])
        self.rows.setColumnCount(shown.shape[1])
        self.rows.setHorizontalHeaderLabels([one.name for one in found.columns[:SHOWN_COLUMNS]])
        for (row, column), value in np.ndenumerate(shown):
            self.rows.setItem(row, column, QTableWidgetItem(_number(float(value))))
        self.rows.resizeColumnsToContents()
        self._show_hidden()
        if found.bad:
            count, first = len(found.bad), found.bad[0]
            self.bad.setText(
                f"{count:,} of the {found.looked:,} rows looked at cannot be used; the first is "
                f"{found.unit} {first.line:,}: {first.reason}."
            )

    def _chosen(self) -> list[bool]:
        """Which of the listed columns of numbers are ticked."""
        assert self.preview is not None
        count = min(len(self.preview.columns), ROWS_OF_COLUMNS)
        items = (self.columns.topLevelItem(k) for k in range(count))
        return [item is not None and item.checkState(0) == Qt.CheckState.Checked for item in items]

    def _columns_chosen(self) -> str | None:
        """The ticked columns as the form writes them; None for all."""
        assert self.preview is not None
        ticked = self._chosen()
        if all(ticked):
            return None
        names = [one.name for one, wanted in zip(self.preview.columns, ticked, strict=True) if wanted]
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(names)  # a name with a comma stands in quotes
        return line.getvalue()

    @Slot()
    def _choose_all(self) -> None:
        ticked = Qt.CheckState.Checked if self.all_columns.isChecked() else Qt.CheckState.Unchecked
        self.columns.blockSignals(True)
        for k in range(len(self._chosen())):
            self.columns.topLevelItem(k).setCheckState(0, ticked)  # type: ignore[union-attr]
        self.columns.blockSignals(False)
        self._column_chosen()

    @Slot()
    def _column_chosen(self) -> None:
        self.all_columns.setChecked(all(self._chosen()))
        self._show_hidden()
        self._check()

    def _show_hidden(self) -> None:
        for k, wanted in enumerate(self._chosen()[:SHOWN_COLUMNS]):
            self.rows.setColumnHidden(k, not wanted)

    @Slot()
    def _check(self) -> None:
        found = self.preview
        usable = found is not None and (found.shape is not None or any(self._chosen()))
        bad = found is not None and bool(found.bad) and not self.skip_bad.isChecked()
        self.use.setEnabled(usable and not bad)
        self.use.setToolTip("These rows cannot be used; leave them out, or mend the file" if bad else "")

    @Slot()
    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Use data", self._folder, FILES)
        if chosen:
            self.look_at(Path(chosen))

    @Slot()
    def _choose_folder(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "Use a folder of pictures", self._folder):
            self.look_at(Path(chosen))


def _said(found: Preview) -> str:
    """The kind of a file, and how many rows it has."""
    what = "images" if found.shape is not None else "rows"
    count = f"{found.rows:,} {what}" if found.rows is not None else f"more than {found.looked:,} {what}"
    return f"{found.kind}; {count}"


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.5g}"
