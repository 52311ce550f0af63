"""SplitBox: the column whose values divide the rows of a table into P and Q."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.dialogs.data.column_list import TICKED, UNTICKED, list_text
from wganstudio.gui.dialogs.data.parts import CheckTree
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.pairs.data.table_choice import RowFilter

LISTED_VALUES = 200
"""Values of a column, at most; a column with more divides nothing."""
IN_P, IN_Q = 2, 3
"""Places of the boxes of P and of Q in a row of the list."""


class SplitBox(QWidget):
    """A chooser of columns, and its values, each of which belongs to P, to Q or to neither."""

    column_changed = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QComboBox()
        self.column.setToolTip("Column that tells which rows belong to P and which to Q, such as species")
        self.column.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.column.setMinimumContentsLength(10)
        self.values = CheckTree()
        self.values.setAccessibleName("Values of the column")
        self.values.setHeaderLabels(["Value", "Rows", "P", "Q"])
        self.values.setRootIsDecorated(False)
        self.values.setUniformRowHeights(True)
        self.values.setMinimumHeight(6 * self.fontMetrics().height())
        self.values.setToolTip("A value without a tick belongs to neither; its rows are not used")
        self.note = Label(wordWrap=True)
        set_role(self.note, "warning")
        form = QFormLayout()
        form.addRow("Column", self.column)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(form)
        column.addWidget(self.values)
        column.addWidget(self.note)
        self.column.activated.connect(self.column_changed)
        self.values.itemChanged.connect(self._on_ticked)
        self._empty = False
        self.show_values(())

    def show_columns(self, names: Sequence[str]) -> None:
        """Offer the columns of a table; the chosen one stays if it is still there."""
        kept = self.column.currentText()
        with QSignalBlocker(self.column):
            self.column.clear()
            self.column.addItems(names)
            self.column.setCurrentIndex(names.index(kept) if kept in names else -1)

    def show_values(self, values: Sequence[tuple[str, int]]) -> None:
        """List the values of the chosen column: the first one belongs to P, the others to Q."""
        many = len(values) > LISTED_VALUES
        self._empty = any(not value for value, _ in values)
        values = [(value, count) for value, count in values if value]
        with QSignalBlocker(self.values):
            self.values.clear()
            for k, (value, count) in enumerate(() if many else values):
                item = QTreeWidgetItem([value, f"{count:,}"])
                item.setCheckState(IN_P, UNTICKED if k else TICKED)
                item.setCheckState(IN_Q, TICKED if k else UNTICKED)
                self.values.addTopLevelItem(item)
        for place in range(4):
            self.values.resizeColumnToContents(place)
        self.values.setVisible(bool(values) and not many)
        self._note(f"This column has more than {LISTED_VALUES} values. Choose one with few." if many else "")

    def setting(self) -> dict[str, Any]:
        """Return the settings of the pair; values of Q are all others where none is left out."""
        in_p, in_q = self._ticked(IN_P), self._ticked(IN_Q)
        complete = len(in_p) + len(in_q) == self.values.topLevelItemCount() and not self._empty
        return {
            "split_column": self.column.currentText(),
            "p_values": list_text(in_p),
            "q_values": None if complete else list_text(in_q),
        }

    def filters(self) -> tuple[RowFilter, ...]:
        """Return the rows of P and those of Q; none before both are chosen."""
        column, parts = self.column.currentText(), (self._ticked(IN_P), self._ticked(IN_Q))
        return tuple(RowFilter(column, tuple(part)) for part in parts) if all(parts) else ()

    @property
    def problem(self) -> str:
        """A sentence that says what must be chosen; "" if nothing."""
        if not self.column.currentText():
            return "Choose the column that divides the rows."
        if self.values.topLevelItemCount() and not (self._ticked(IN_P) and self._ticked(IN_Q)):
            return "Tick at least one value for P and one for Q."
        return self.note.text()

    def _ticked(self, place: int) -> list[str]:
        items = [self.values.topLevelItem(k) for k in range(self.values.topLevelItemCount())]
        return [item.text(0) for item in items if item is not None and item.checkState(place) == TICKED]

    def _note(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    @Slot(QTreeWidgetItem, int)
    def _on_ticked(self, item: QTreeWidgetItem, place: int) -> None:
        if item.checkState(place) == Qt.CheckState.Checked:
            with QSignalBlocker(self.values):
                item.setCheckState(IN_P + IN_Q - place, UNTICKED)
        self.changed.emit()
