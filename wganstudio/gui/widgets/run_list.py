"""RunList: the runs of the session, three lines each; the views show the selected one."""

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.session.record import RunRecord

RUN, DETAIL, STATE = (Qt.ItemDataRole.UserRole + n for n in range(3))
STATE_COLORS = {
    "waiting": "#8a939c",
    "running": "#2f8fdd",
    "paused": "#d99a1c",
    "ended": "#3a9d5d",
    "stopped": "#8a939c",
    "failed": "#d0453b",
    "crashed": "#d0453b",
}
Index = QModelIndex | QPersistentModelIndex
EMPTY_TEXT = "No runs yet.\n\nPress Run and watch the critic learn."
REASONS = {"plateau": " at a plateau", "truth": " at the truth"}


def describe(record: RunRecord) -> str:
    """Return state and steps of a run and, on a second line, its last estimates."""
    numbers = []
    estimates = record.ended.estimates if record.ended else {}
    for name in ("gap", "value"):
        number = estimates.get(name, record.last(name))
        if number is not None:
            numbers.append(f"{name} {number:.4g}")
    reason = record.ended.reason if record.ended else ""
    warned = " with a warning" if record.warnings else ""
    state = f"{record.state}{REASONS.get(reason, '')}{warned}, {record.step:,} of {record.steps:,} steps"
    return "\n".join([state, ", ".join(numbers)] if numbers else [state])


class RunList(QWidget):
    """The list, or a hint how to start a first run."""

    chosen = Signal(object)
    """The numbers of the runs to show, the main one first."""
    renamed = Signal(int, str)
    menu_wanted = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setItemDelegate(_ThreeLines(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_read_only(False)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.itemSelectionChanged.connect(self._selection_changed)
        self.list.currentItemChanged.connect(self._selection_changed)  # Qt changes the selection first
        self.list.itemChanged.connect(self._item_changed)
        self.list.customContextMenuRequested.connect(self._menu)
        empty = Label(EMPTY_TEXT)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("role", "dim")
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        self._items: dict[int, QListWidgetItem] = {}
        self._shown: dict[int, tuple[RunRecord, int]] = {}
        """The records whose texts are shown, and their versions."""

    def sizeHint(self) -> QSize:
        """Return a size wide enough for a line of numbers."""
        return QSize(self.fontMetrics().averageCharWidth() * 40, 300)

    @property
    def selected(self) -> list[int]:
        """The numbers of the selected runs; the main one, which was clicked last, is the first."""
        current = self.list.currentItem()
        items = sorted(self.list.selectedItems(), key=lambda item: (item is not current, self.list.row(item)))
        return [item.data(RUN) for item in items]

    def choose(self, run: int) -> None:
        """Select a run, and no other."""
        if item := self._items.get(run):
            self.list.setCurrentItem(item, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    @Slot()
    def select_all(self) -> None:
        """Select all runs."""
        self.list.setFocus()
        self.list.selectAll()

    def edit_name(self) -> None:
        """Let the user type another name for the selected run."""
        if item := self.list.currentItem():
            self.list.setFocus()
            self.list.editItem(item)

    def show_records(self, records: list[RunRecord]) -> None:
        """Show these runs; the selected one stays selected if it is among them."""
        numbers = {record.run for record in records}
        for run in self._items.keys() - numbers:
            self.list.takeItem(self.list.row(self._items.pop(run)))
        with QSignalBlocker(self.list):
            for row, record in enumerate(records):
                if record.run not in self._items:
                    self._items[record.run] = item = QListWidgetItem(record.name)
                    item.setData(RUN, record.run)
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                    self.list.insertItem(row, item)
        self._shown = {run: shown for run, shown in self._shown.items() if run in numbers}
        self.refresh(records)
        self._stack.setCurrentIndex(1 if records else 0)
        if not self.list.selectedItems() and self.list.count():
            row = self.list.currentRow()
            self.list.setCurrentRow(row if row >= 0 else self.list.count() - 1)

    def refresh(self, records: list[RunRecord]) -> None:
        """Update the texts."""
        with QSignalBlocker(self.list):
            for record in records:
                item = self._items.get(record.run)
                if item is None or self._shown.get(record.run) == (record, record.version):
                    continue
                self._shown[record.run] = record, record.version
                name, detail = record.name, describe(record)
                item.setText(name)
                item.setData(DETAIL, detail)
                item.setData(STATE, record.state)
                item.setToolTip(tooltip(f"{name}\n{detail}"))
        self.list.viewport().update()

    def show_anew(self, records: list[RunRecord]) -> None:
        """Write all texts again, also where the user has typed something else."""
        self._shown.clear()
        self.refresh(records)

    def set_read_only(self, read_only: bool) -> None:
        """Let the user rename runs, or not."""
        trigger = QListWidget.EditTrigger
        editable = trigger.DoubleClicked | trigger.EditKeyPressed
        self.list.setEditTriggers(trigger.NoEditTriggers if read_only else editable)

    @Slot()
    def _selection_changed(self) -> None:
        self.chosen.emit(self.selected)

    @Slot(QListWidgetItem)
    def _item_changed(self, item: QListWidgetItem) -> None:
        self.renamed.emit(item.data(RUN), item.text().strip())

    @Slot(QPoint)
    def _menu(self, place: QPoint) -> None:
        if self.list.itemAt(place):
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(place))


class _ThreeLines(QStyledItemDelegate):
    """The run's name over its state and its numbers, with a dot in the state's color."""

    MARGIN = 7
    DOT = 8

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, 3 * option.fontMetrics.height() + 2 * self.MARGIN + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        palette = option.palette
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            back = QColor(palette.color(QPalette.ColorRole.Highlight))
            back.setAlpha(45)
            painter.fillRect(option.rect, back)
        first = self._first_line(option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(STATE_COLORS.get(index.data(STATE), "#8a939c")))
        center = first.center().y() + 1
        painter.drawEllipse(option.rect.left() + self.MARGIN, center - self.DOT // 2, self.DOT, self.DOT)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        detail = [*str(index.data(DETAIL) or "").split("\n"), ""]
        for number, text in enumerate([str(index.data()), *detail[:2]]):
            color = QColor(palette.color(QPalette.ColorRole.Text))
            color.setAlpha(170 if number else 255)
            painter.setPen(color)
            painter.setFont(option.font if number else bold)
            rect = first.translated(0, number * (first.height() + 1))
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(self._first_line(option).adjusted(-4, -4, 0, 4))

    def _first_line(self, option: QStyleOptionViewItem) -> QRect:
        left = 2 * self.MARGIN + self.DOT
        rect = option.rect.adjusted(left, self.MARGIN, -self.MARGIN, 0)
        return QRect(rect.left(), rect.top(), rect.width(), option.fontMetrics.height())
