"""DataDialog: the contents of a data file, how it is read, and what it is used for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment, checked, group_options
from wganstudio.experiment.data import DataPairOptions
from wganstudio.gui.dialogs.data.column_list import ColumnList
from wganstudio.gui.dialogs.data.format_box import FormatBox
from wganstudio.gui.dialogs.data.parts import plain_label, scrolled, titled
from wganstudio.gui.dialogs.data.preview_job import FileContents, PreviewJob, PreviewReader, PreviewRequest
from wganstudio.gui.dialogs.data.preview_pane import PreviewPane
from wganstudio.gui.dialogs.data.split_box import SplitBox
from wganstudio.gui.dialogs.data.use_box import SPLIT, P, Q, UseBox
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.file_drop import FileDropFilter
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.pairs.data.preview import DataPreview
from wganstudio.pairs.data.table_choice import RowFilter, TableChoice

FILES = (
    "Data (*.csv *.tsv *.txt *.dat *.npy *.npz *.parquet *.bin *.idx *.gz *ubyte);;"
    "Images (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp);;All files (*)"
)
TEXTS = {".csv", ".tsv", ".txt", ".dat"}
"""Suffixes of files whose format can be chosen even if they cannot be read."""
EMPTY_TEXT = "Choose a file or a folder of images, or drop one here."
WIDTH, HEIGHT = 1060, 640
"""Size at first; less where the screen is smaller."""
LEFT_SHARE, LEAST_WIDTH = 0.4, 336
"""Width of the left side at first, as a share of the dialog, and at least."""
OFFERED_SIDE = 32
"""Side of images that is offered where their sizes differ."""


class DataDialog(QDialog):
    """Shows how a file is read, its columns or images and its first rows, and asks how to use it.

    `start` runs a job on another thread; `current` are the settings of the pair in the form.
    """

    def __init__(
        self, parent: QWidget, start: Callable[[PreviewJob], None], current: dict[str, Any], folder: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Load data")
        self._current, self._folder = current, folder
        self._reader = PreviewReader(start, self)
        self._path: Path | None = None
        self._is_text, self._fresh = False, True
        self.preview: DataPreview | None = None
        self.head = plain_label("title")
        self.problem, self.bad = plain_label("problem"), plain_label("problem")
        self.file_button, self.folder_button = QPushButton("File\u2026"), QPushButton("Folder\u2026")
        self.array = QComboBox()
        self.side = FieldBox(group_options("pair", "data"), "image_size")
        self.resize_images = QPushButton(f"Resample all to {OFFERED_SIDE} x {OFFERED_SIDE} pixels")
        self.split = SplitBox()
        self.format = FormatBox()
        self.columns = ColumnList()
        self.use_box = UseBox(current)
        self.skip_bad = QCheckBox("Skip these rows")
        self.skip_bad.setChecked(bool(current.get("skip_bad")))
        self.pane = PreviewPane()
        self.buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton(P, QDialogButtonBox.ButtonRole.AcceptRole)
        self._build_layout()
        self.use.setDefault(True)  # a button has a say only in a dialog
        self._connect()
        self._show(None)

    def _build_layout(self) -> None:
        for button in (self.file_button, self.folder_button, self.resize_images):
            button.setAutoDefault(False)
        self._source = QFormLayout()
        self._source.addRow("Array", self.array)
        self._source.addRow("Image size", self.side)
        self._source.addRow("", self.resize_images)
        self._groups = {
            title: titled(title, widget)
            for title, widget in (
                (SPLIT, self.split),
                ("How the file is read", self.format),
                ("Columns", self.columns),
            )
        }
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 8, 0)
        left.addLayout(self._source)
        for group in self._groups.values():
            left.addWidget(group)
        left.addStretch(1)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for widget in (self.head, self.file_button, self.folder_button):
            top.addWidget(widget, int(widget is self.head))
        bad_rows = QHBoxLayout()
        bad_rows.addWidget(self.bad, 1)
        bad_rows.addWidget(self.skip_bad)
        bottom.addWidget(self.use_box)
        bottom.addWidget(self.buttons, 1)
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._left = scrolled(left, LEAST_WIDTH)
        self._splitter.addWidget(self._left)
        self._splitter.addWidget(self.pane)
        self._splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(9)
        column.addLayout(top)
        column.addWidget(self.problem)
        column.addWidget(self._splitter, 1)
        column.addStretch(0)
        column.addLayout(bad_rows)
        column.addLayout(bottom)
        screen = self.screen().availableSize()
        width = min(WIDTH, int(0.95 * screen.width()))
        self.resize(width, min(HEIGHT, int(0.88 * screen.height())))
        left_width = int(LEFT_SHARE * width)
        self._splitter.setSizes([left_width, width - left_width])

    def _connect(self) -> None:
        self.file_button.clicked.connect(self._choose_file)
        self.folder_button.clicked.connect(self._choose_folder)
        self.array.activated.connect(self._reload)
        self.side.changed.connect(self._reload)
        self.resize_images.clicked.connect(self._resize_images)
        self.format.changed.connect(self._reload)
        self.columns.changed.connect(self._read_columns)
        self.use_box.use_changed.connect(self._on_use_changed)
        self.split.column_changed.connect(self._reload)
        self.split.changed.connect(self._read_columns)
        self.use_box.changed.connect(self._check)
        self.skip_bad.toggled.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._reader.done.connect(self._on_done)
        self._reader.failed.connect(self._on_failed)
        FileDropFilter(self).dropped.connect(self.show_file)

    def settings(self) -> dict[str, Any]:
        """Return the choice of the user as settings of the pair; those not named stay as they are."""
        assert self._path is not None and self.preview is not None
        table = self.preview.shape is None
        chosen: dict[str, Any] = {
            "kind": "data",
            "array": self.array.currentText() if len(self.preview.arrays) > 1 else None,
            "image_size": None if table else self.side.value(),
            "columns": self.columns.setting() if table else None,
            "skip_bad": bool(self.preview.bad) and self.skip_bad.isChecked(),
        }
        if self.use_box.chosen == Q:  # what the file of Q leaves open is as the file of P needs it
            chosen = {name: value for name, value in chosen.items() if value not in (None, False)}
            chosen |= {name: value for name, value in self.format.choices().items() if value is not None}
        else:
            chosen |= self.format.choices()
        split = self.split.setting() if self.use_box.chosen == SPLIT else {}
        return chosen | self.use_box.setting(str(self._path)) | split

    def summary(self) -> str:
        """Return what the pair now is, for the log."""
        assert self._path is not None and self.preview is not None
        size = _count(self.preview)
        if self.preview.shape is None:
            columns = len(self.columns.ticked())
            size += f", {columns} column{'s' * (columns != 1)}"
        return f"{self.use_box.summary()} {self._path.name} ({size})."

    @property
    def reading(self) -> bool:
        """True while the file is being read."""
        return self._reader.busy

    @property
    def path(self) -> Path:
        """The file or folder shown."""
        assert self._path is not None
        return self._path

    @Slot(object)
    def show_file(self, path: Path) -> None:
        """Show the contents of a file or a folder."""
        self._path = path.resolve()
        self._is_text = bool(set(map(str.lower, path.suffixes)) & TEXTS)
        self.array.clear()
        self.side.set_value(None)
        self.format.set_choices(self._current if self.use_box.chosen == Q else {})
        self._load(fresh=True)

    @Slot()
    def _reload(self) -> None:
        if self._path is not None and self.side.valid and self.format.valid:
            self._load(fresh=True)
        self._check()

    @Slot()
    def _read_columns(self) -> None:
        self._reader.cancel()
        if self.columns.ticked():
            self._load(fresh=False)
        self._check()

    def _load(self, fresh: bool) -> None:
        """Read the beginning of the file; a fresh reading also lists its columns anew."""
        assert self._path is not None
        try:
            choice = self._choice(fresh)
        except BadExperiment as error:
            self._reader.cancel()
            self._show(None, error.problems[0].message)
            return
        self._fresh = fresh
        if fresh:
            self.head.setText(f"Reading {self._path.name}\u2026")
        parts = () if fresh else self._parts()
        self._reader.read(PreviewRequest(self._path, choice, self.side.value(), parts))
        self._check()

    def _choice(self, fresh: bool) -> TableChoice:
        settings = {name: value for name, value in self.format.choices().items() if value is not None}
        options = checked("pair", DataPairOptions, settings)
        column = self.split.column.currentText() if self.use_box.chosen == SPLIT else ""
        return replace(
            TableChoice.from_options(options, "p"),
            columns=None if fresh else self.columns.setting(),
            array=self.array.currentText() or None,
            rows=RowFilter(column, (), inverted=True) if column else None,
        )

    @Slot(object)
    def _on_done(self, contents: FileContents) -> None:
        self._show(contents.preview, parts=contents.parts)
        if self._parts() and not contents.parts:
            self._load(fresh=False)

    @Slot(str, str)
    def _on_failed(self, sentence: str, field: str) -> None:
        self._show(None, sentence, field)

    def _parts(self) -> tuple[RowFilter, ...]:
        """Return the rows of P and those of Q where a column divides the table."""
        return self.split.filters() if self.use_box.chosen == SPLIT else ()

    def _show(
        self,
        contents: DataPreview | None,
        problem: str = "",
        field: str = "",
        parts: tuple[NDArray[np.float64], ...] = (),
    ) -> None:
        self.preview = contents
        images = contents is not None and contents.shape is not None
        table = contents if contents is not None and not images else None
        self._is_text = table.text_format is not None if table else self._is_text and not images
        name = EMPTY_TEXT if self._path is None else self._path.name
        self.head.setText(name if contents is None else f"{name}: {contents.kind}; {_count(contents)}")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if table is not None:
            self._show_table(table)
        wrong_sizes = field == "image_size"
        self._source.setRowVisible(self.array, self.array.count() > 1)
        self._source.setRowVisible(self.side, images or wrong_sizes)
        self._source.setRowVisible(self.resize_images, wrong_sizes and self.side.value() is None)
        self._groups["How the file is read"].setVisible(self._is_text)
        self._groups["Columns"].setVisible(table is not None or not (images or self._fresh))
        self._groups[SPLIT].setVisible(self.use_box.chosen == SPLIT and not images)
        self.use_box.setVisible(self._path is not None)
        self._splitter.setVisible(self._path is not None)
        self.use_box.set_table(not images)
        self.use.setText(self.use_box.chosen)
        if contents is not None and not parts:
            rows = contents.points, contents.points[:0]
            parts = rows[::-1] if self.use_box.chosen == Q else rows
        self.pane.show_contents(contents, parts)
        self._show_bad_rows(contents)
        self._check()

    def _show_table(self, contents: DataPreview) -> None:
        if len(contents.arrays) > 1 and not self.array.count():
            self.array.addItems(contents.arrays)
        self.format.show_format(contents.text_format)
        if self._fresh:
            self.columns.show_columns(contents)
            self.split.show_columns(self.columns.names())
            self.split.show_values(contents.split_values)
        else:
            self.columns.update_ranges(contents.columns)

    def _show_bad_rows(self, contents: DataPreview | None) -> None:
        bad = () if contents is None else contents.bad
        for widget in (self.bad, self.skip_bad):
            widget.setVisible(bool(bad))
        if contents is not None and bad:
            self.bad.setText(
                f"{contents.num_bad:,} of the {contents.looked:,} rows read cannot be used; the first is "
                f"{contents.unit} {bad[0].line:,}: {bad[0].reason}."
            )

    @Slot()
    def _on_use_changed(self) -> None:
        self.use.setText(self.use_box.chosen)
        if self.use_box.chosen == SPLIT:
            self._groups[SPLIT].show()
            self._left.verticalScrollBar().setValue(0)
            self.split.column.setFocus()
        elif self.use_box.chosen == Q:
            self.format.set_choices(self._current | _given(self.format.choices()))
        self._reload()

    @Slot()
    def _check(self) -> None:
        obstacle = self._obstacle()
        self.use.setEnabled(not obstacle)
        self.use.setToolTip(tooltip(obstacle))

    def _obstacle(self) -> str:
        """Return a sentence that says why the file cannot be used; "" if it can."""
        if self.reading:
            return "The file is being read."
        if self.preview is None:
            return "Choose a file first." if self._path is None else "The file cannot be read."
        if self.preview.shape is None and not self.columns.ticked():
            return "Tick at least one column."
        if self.preview.bad and not self.skip_bad.isChecked():
            return "Some rows cannot be used; skip them or correct the file."
        if not (self.side.valid and self.format.valid):
            return "Correct the marked value first."
        if not self.use_box.held_out.valid:
            return self.use_box.held_out.message.text()
        return self.split.problem if self.use_box.chosen == SPLIT else ""

    @Slot()
    def _resize_images(self) -> None:
        self.side.set_value(OFFERED_SIDE)
        self._reload()

    @Slot()
    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Load data", self._folder, FILES)
        if chosen:
            self.show_file(Path(chosen))

    @Slot()
    def _choose_folder(self) -> None:
        if chosen := QFileDialog.getExistingDirectory(self, "Load a folder of images", self._folder):
            self.show_file(Path(chosen))


def _given(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


def _count(contents: DataPreview) -> str:
    """Return the number of rows or images in words."""
    unit = "images" if contents.shape is not None else "rows"
    if contents.rows is None:
        return f"more than {contents.looked:,} {unit}"
    return f"{contents.rows:,} {unit}"
