"""RunView: the view of the table of runs, wide as a table and narrow as a list of three lines per run."""

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from wganstudio.gui.widgets.runs.delegates import MarkDelegate, RunDelegate, StateDelegate, ThreeLines
from wganstudio.gui.widgets.runs.model import MARK_COLUMN, NAME_COLUMN, ROW, STATE_COLUMN, RunTableModel
from wganstudio.gui.widgets.runs.rows import Row

COMPACT_CHARACTERS = 62
"""Width in characters below which each run takes three lines."""
NAME_CHARACTERS = 26
MAX_CHARACTERS = 40
"""The widest column at first."""


class RunView(QTableView):
    """Arrows move, Space stars, F2 renames, Left and Right fold; clicks on color and star change these."""

    star_wanted = Signal()
    """Star the selected runs, or take the stars away."""
    star_clicked = Signal(object)
    color_clicked = Signal(object, QPoint)
    fold_wanted = Signal(object, bool)
    """Unfold (True) or fold the group of a row."""

    def __init__(self, model: RunTableModel) -> None:
        super().__init__()
        self.setModel(model)
        self._table = model
        self.compact = False
        self._mark = MarkDelegate(self, model.unfolded)
        self._state = StateDelegate(self, model.unfolded)
        self._lines = ThreeLines(self, model.unfolded)
        self._plain = RunDelegate(self, model.unfolded)
        self.setItemDelegate(self._plain)
        self.setItemDelegateForColumn(MARK_COLUMN, self._mark)
        self.setItemDelegateForColumn(STATE_COLUMN, self._state)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName("Runs")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.setHighlightSections(False)
        header.setSelectionModel(QItemSelectionModel(model, self))  # its own: Qt asks for each selected cell
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setResizeContentsPrecision(40)
        header.setMinimumSectionSize(24)
        header.setStretchLastSection(True)
        self._arrange()
        self.set_dark(False)

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        for delegate in (self._mark, self._state, self._lines, self._plain):
            delegate.set_dark(dark)
        self.viewport().update()

    def fit_columns(self) -> None:
        """Give every column the width of its texts, within bounds."""
        if self.compact:
            return
        character = self.fontMetrics().averageCharWidth()
        for column in range(self._table.columnCount()):
            self.setColumnHidden(column, False)
            self.resizeColumnToContents(column)
            width = self.columnWidth(column)
            if column == NAME_COLUMN:
                width = max(width, NAME_CHARACTERS * character)
            self.setColumnWidth(column, min(width, MAX_CHARACTERS * character))
        self.setColumnWidth(MARK_COLUMN, MarkDelegate.WIDTH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change between the table and the list of three lines."""
        super().resizeEvent(event)
        compact = self.viewport().width() < COMPACT_CHARACTERS * self.fontMetrics().averageCharWidth()
        if compact != self.compact:
            self.compact = compact
            self._arrange()
        if self.compact:
            self.setColumnWidth(NAME_COLUMN, self.viewport().width())

    def hide_columns(self) -> None:
        """Hide what a narrow panel has no room for; after the columns of the model have changed."""
        for column in range(self._table.columnCount()):
            self.setColumnHidden(column, self.compact and column != NAME_COLUMN)
        if self.compact:
            self.setColumnWidth(NAME_COLUMN, self.viewport().width())
        else:
            self.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle Space, F2, Left and Right."""
        row = self._row_at(self.currentIndex())
        match event.key():
            case Qt.Key.Key_Space:
                self.star_wanted.emit()
            case Qt.Key.Key_F2 if row is not None:
                self.edit(self._table.index(self.currentIndex().row(), NAME_COLUMN))
            case Qt.Key.Key_Right | Qt.Key.Key_Left if row is not None and row.is_group:
                self.fold_wanted.emit(row, event.key() == Qt.Key.Key_Right)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let clicks on color and star change these, and not the selection."""
        index = self.indexAt(event.position().toPoint())
        row = self._row_at(index)
        if row is None or event.button() != Qt.MouseButton.LeftButton or event.modifiers():
            super().mousePressEvent(event)
            return
        place, rect = event.position().toPoint(), self.visualRect(index)
        lines = self.compact and index.column() == NAME_COLUMN
        if not lines and index.column() != MARK_COLUMN:
            super().mousePressEvent(event)
        elif (self._lines if lines else self._mark).star_rect(rect).contains(place):
            self.star_clicked.emit(row)
        elif lines and place.x() > rect.left() + 24:
            super().mousePressEvent(event)
        elif row.is_group:
            self.fold_wanted.emit(row, row.records[0].run not in self._table.unfolded)
        else:
            self.color_clicked.emit(row, event.globalPosition().toPoint())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keep the current row: Qt would choose the first one."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._table.rows:
            self.setCurrentIndex(self._table.index(0, NAME_COLUMN))

    def _arrange(self) -> None:
        self.horizontalHeader().setVisible(not self.compact)
        self.setItemDelegateForColumn(NAME_COLUMN, self._lines if self.compact else self._plain)
        height = self.fontMetrics().height()
        self.verticalHeader().setDefaultSectionSize(3 * height + 16 if self.compact else height + 8)
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if self.compact else policy.ScrollBarAsNeeded
        )
        self.hide_columns()

    def _row_at(self, index: object) -> Row | None:
        row = index.data(ROW) if hasattr(index, "data") else None
        return row if isinstance(row, Row) else None
