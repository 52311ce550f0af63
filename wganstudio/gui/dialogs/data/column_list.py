"""ColumnList: the columns of a table, of which some are ticked."""

import csv
import io
import math
from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QTreeWidgetItem, QVBoxLayout, QWidget

from wganstudio.gui.dialogs.data.parts import CheckTree
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.pairs.data.preview import ColumnRange, DataPreview

LISTED_COLUMNS = 2000
"""Columns that are listed one by one, at most; all are used where there are more."""
NAME_WIDTH = 26
"""Characters of a name that are shown, at most; the tooltip tells the rest."""
TICKED, UNTICKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ColumnList(QWidget):
    """Lists every column with its range, or with the reason why it is left out."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.all = QCheckBox("All numeric columns")
        self.tree = CheckTree()
        self.tree.setHeaderLabels(["Column", "Minimum", "Maximum"])
        self.tree.setAccessibleName("Columns")
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setMinimumHeight(6 * self.fontMetrics().height())
        self._default: list[str] = []
        self._count = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.all)
        column.addWidget(self.tree)
        self.all.clicked.connect(self._tick_all)
        self.tree.itemChanged.connect(self._on_ticked)

    def show_columns(self, contents: DataPreview) -> None:
        """List the columns of a table, with those ticked that are read by default."""
        self._default = [column.name for column in contents.columns]
        self._count = len(self._default)
        few = self._count <= LISTED_COLUMNS
        with QSignalBlocker(self.tree):
            self.tree.clear()
            for column in contents.columns[:LISTED_COLUMNS]:
                self._add(column.name, TICKED)
            for left_out in contents.left_out[:LISTED_COLUMNS]:
                item = self._add(left_out.name, UNTICKED)
                item.setText(1, left_out.reason)
                item.setToolTip(1, tooltip(left_out.reason))
                item.setFirstColumnSpanned(False)
                item.setDisabled(not left_out.numeric)
        self.update_ranges(contents.columns)
        for widget in (self.tree, self.all):
            widget.setEnabled(few)
        self.all.setChecked(self._all_ticked())
        for widget in (self.tree, self.all):
            widget.setToolTip(
                "" if few else "There are too many columns to choose from; all of them are used"
            )
        for place in range(3):
            self.tree.resizeColumnToContents(place)
        longest = NAME_WIDTH * self.fontMetrics().averageCharWidth()
        self.tree.setColumnWidth(0, min(self.tree.columnWidth(0), longest))

    def update_ranges(self, columns: Iterable[ColumnRange]) -> None:
        """Show the ranges of columns that were read."""
        ranges = {column.name: column for column in columns}
        with QSignalBlocker(self.tree):
            for item in self._items():
                if (column := ranges.get(item.data(0, Qt.ItemDataRole.UserRole))) is not None:
                    item.setText(0, labeled(column))
                    item.setText(1, number_text(column.low))
                    item.setText(2, number_text(column.high))

    def ticked(self) -> list[str]:
        """Return the names of the ticked columns."""
        if self._count > LISTED_COLUMNS:
            return self._default
        items = [item for item in self._items() if item.checkState(0) == TICKED]
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in items]

    def names(self) -> list[str]:
        """Return the names of all columns, numeric or not."""
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in self._items()]

    def setting(self) -> str | None:
        """Return the ticked columns as the form writes them; None for those read by default."""
        ticked = self.ticked()
        return None if ticked == self._default else list_text(ticked)

    def _add(self, name: str, state: Qt.CheckState) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, "", ""])
        item.setData(0, Qt.ItemDataRole.UserRole, name)
        item.setToolTip(0, tooltip(name))
        item.setCheckState(0, state)
        self.tree.addTopLevelItem(item)
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.tree.topLevelItem(k) for k in range(self.tree.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _all_ticked(self) -> bool:
        return all(item.checkState(0) == TICKED or item.isDisabled() for item in self._items())

    @Slot()
    def _tick_all(self) -> None:
        with QSignalBlocker(self.tree):
            for item in self._items():
                if not item.isDisabled():
                    item.setCheckState(0, TICKED if self.all.isChecked() else UNTICKED)
        self.changed.emit()

    @Slot()
    def _on_ticked(self) -> None:
        self.all.setChecked(self._all_ticked())
        self.changed.emit()


def list_text(names: Iterable[str]) -> str:
    """Return names with commas between them; a name with a comma stands in quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(names)
    return line.getvalue()


def labeled(column: ColumnRange) -> str:
    """Return the name of a column with its unit."""
    return f"{column.name} [{column.unit}]" if column.unit else column.name


def number_text(value: float) -> str:
    """Return a number with all digits that tell neighbors apart; "" for nan."""
    return "" if math.isnan(value) else f"{value:.10g}"
