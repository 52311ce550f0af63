"""CompareSettingsDialog: the settings of several experiments side by side, to read and to copy."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import ABSENT, ComparedField, Experiment, compare
from wganstudio.experiment.difference_tables import difference_table
from wganstudio.experiment.text_tables import to_markdown, to_tsv
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label, tooltip

FIXED_COLUMNS = ("", "Group", "Setting")
DIFFERS = "\u2260"
MAX_WIDTH = 260
"""Pixels of a column at first."""


class CompareSettingsDialog(QDialog):
    """A table with a row for each setting, and a column for each experiment."""

    def __init__(self, parent: QWidget, experiments: Sequence[tuple[str, Experiment]]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare settings")
        self._names = [name for name, _ in experiments]
        self._fields = compare([experiment for _, experiment in experiments])
        self.sentence = Label(wordWrap=True)
        self.all_rows = QCheckBox("Show the settings that agree as well")
        self.all_rows.toggled.connect(self._fill)
        self.table = QTableWidget(0, len(FIXED_COLUMNS) + len(self._names))
        for column, name in enumerate((*FIXED_COLUMNS, *self._names)):
            item = QTableWidgetItem(name)
            item.setToolTip(tooltip(name or "\u2260 marks the settings that differ"))
            self.table.setHorizontalHeaderItem(column, item)
        self.table.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.setAccessibleName("Settings of the compared runs")
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.horizontalHeader().setStretchLastSection(True)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self.copy_button = buttons.addButton("Copy table", QDialogButtonBox.ButtonRole.ActionRole)
        self.markdown_button = buttons.addButton("Copy as Markdown", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setToolTip("Copy the rows shown, to be pasted into a spreadsheet")
        self.copy_button.clicked.connect(self.copy)
        self.markdown_button.clicked.connect(self.copy_markdown)
        buttons.rejected.connect(self.reject)
        QShortcut(QKeySequence.StandardKey.Copy, self.table, self.copy)
        layout = QVBoxLayout(self)
        for widget in (self.sentence, self.table, self.all_rows, buttons):
            layout.addWidget(widget)
        self._fill()
        self._fit()

    @property
    def shown(self) -> list[ComparedField]:
        """The fields in the table: all, or those that differ and are not only left at `auto`."""
        if self.all_rows.isChecked():
            return list(self._fields)
        return [field for field in self._fields if field.differs and _is_set(field)]

    @Slot()
    def copy(self) -> None:
        """Copy the rows shown, separated by tabs."""
        QGuiApplication.clipboard().setText(to_tsv(difference_table(self.shown, self._names)))

    @Slot()
    def copy_markdown(self) -> None:
        """Copy the rows shown as a table in Markdown."""
        QGuiApplication.clipboard().setText(to_markdown(difference_table(self.shown, self._names)))

    @Slot()
    def _fill(self) -> None:
        differing = sum(field.differs for field in self._fields)
        settings = "1 setting differs" if differing == 1 else f"{differing} settings differ"
        count = f"{settings} of {len(self._fields)}"
        self.sentence.setText(f"{count}." if differing else "All settings are the same.")
        fields = self.shown
        self.table.setRowCount(len(fields))
        for row, field in enumerate(fields):
            texts = [field.text(column) for column in range(len(self._names))]
            mark = DIFFERS if field.differs else ""
            for column, text in enumerate((mark, field.group.capitalize(), _label(field), *texts)):
                item = QTableWidgetItem(text)
                item.setToolTip(tooltip(field.path if column < len(FIXED_COLUMNS) else text))
                if field.differs and column >= len(FIXED_COLUMNS):
                    font = item.font()
                    font.setWeight(QFont.Weight.DemiBold)
                    item.setFont(font)
                self.table.setItem(row, column, item)

    def _fit(self) -> None:
        """Choose a size at which the rows and the columns fit, as far as the screen allows."""
        self.table.resizeColumnsToContents()
        for column in range(self.table.columnCount()):
            self.table.setColumnWidth(column, min(self.table.columnWidth(column) + 8, MAX_WIDTH))
        metrics = self.fontMetrics()
        width = sum(self.table.columnWidth(column) for column in range(self.table.columnCount())) + 60
        rows = min(max(len(self.shown), 6), 20)
        height = (rows + 2) * self.table.verticalHeader().defaultSectionSize() + 8 * metrics.lineSpacing()
        self.resize(max(width, metrics.averageCharWidth() * 90), height)
        self.setMaximumSize(self.screen().availableSize())


def _is_set(field: ComparedField) -> bool:
    """Return False for a field of one kind only that is left at `auto`."""
    return not field.owners or any(value is not ABSENT and value is not None for value in field.values)


def _label(field: ComparedField) -> str:
    return "Kind" if field.name == "kind" else field.label
