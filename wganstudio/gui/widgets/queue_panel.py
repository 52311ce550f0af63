"""QueuePanel: the runs that wait, their order, and how many may train at once."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.waiting_runs import NewRun, QueueEntry, WaitingRuns, runs_text
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.plain_text import Label, tooltip

MAX_SLOTS = 32
NUMBER = Qt.ItemDataRole.UserRole
EMPTY_TEXT = "Nothing waits. While a run trains, Run adds the next one here."


def default_slots(cores: int) -> int:
    """Return how many runs train at once unless the user says otherwise."""
    return 1 if cores <= 4 else min(4, cores // 4)


class QueuePanel(QWidget):
    """Shows the queue; the user reorders, duplicates and removes its runs."""

    slots_chosen = Signal(int)

    def __init__(self, waiting: WaitingRuns, slots: int) -> None:
        super().__init__()
        self._waiting = waiting
        self.describe: Callable[[Experiment], str] = _nothing
        """Returns what is known about the time and memory of an experiment."""
        self.summary = Label()
        set_role(self.summary, "dim")
        self.list = _List()
        self.list.setAccessibleName("Queue")
        self.list.arranged.connect(self._arrange, Qt.ConnectionType.QueuedConnection)
        self.list.removal_wanted.connect(self._remove)
        self.list.itemSelectionChanged.connect(self._show_state)
        self.hold = self._button("Hold", self._toggle_hold, "Let no waiting run start, or let them start")
        self.up = self._button("Up", self._up, "Start the selected runs earlier")
        self.down = self._button("Down", self._down, "Start the selected runs later")
        self.copy = self._button("Duplicate", self._duplicate, "Put a copy behind each selected run")
        self.remove = self._button("Remove", self._remove, "Remove the selected runs (Delete)")
        self.clear = self._button("Clear", self._clear, "Remove all runs from the queue")
        self.slots = QSpinBox()
        self.slots.setRange(1, MAX_SLOTS)
        self.slots.setValue(slots)
        self.slots.setToolTip("Runs that train at the same time, if there is memory for them")
        self.slots.valueChanged.connect(self.slots_chosen)
        label = Label("Runs at once")
        label.setBuddy(self.slots)
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 0)
        row.addWidget(label)
        row.addWidget(self.slots)
        row.addSpacing(10)
        for button in (self.hold, self.up, self.down, self.copy, self.remove, self.clear):
            row.addWidget(button)
        row.addSpacing(10)
        row.addWidget(self.summary, 1)
        empty = Label(EMPTY_TEXT)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        set_role(empty, "dim")
        self._stack = QStackedLayout()
        self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(self._stack, 1)
        waiting.changed.connect(self.refresh)
        self.refresh()

    def sizeHint(self) -> QSize:
        """Return the size of the buttons and about four runs."""
        return QSize(500, self.fontMetrics().lineSpacing() * 7)

    @Slot()
    def refresh(self) -> None:
        """Show the queue as it is; what was selected stays selected."""
        selected, entries = set(self.selected), self._waiting.entries
        with QSignalBlocker(self.list):
            self.list.clear()
            for place, entry in enumerate(entries, 1):
                text = f"{place}.  {entry.work.title}   \u00b7   {self._detail(entry)}"
                item = QListWidgetItem(text)
                item.setData(NUMBER, entry.number)
                item.setToolTip(tooltip(text))
                self.list.addItem(item)
                item.setSelected(entry.number in selected)
        self._stack.setCurrentIndex(1 if entries else 0)
        self.hold.setText("Start" if self._waiting.held else "Hold")
        held = ", held" if self._waiting.held else ""
        self.summary.setText(f"{runs_text(len(entries))}{held}" if entries else "")
        self._show_state()

    @property
    def selected(self) -> list[int]:
        """The numbers of the selected entries, from the top."""
        items = sorted(self.list.selectedItems(), key=self.list.row)
        return [item.data(NUMBER) for item in items]

    def _detail(self, entry: QueueEntry) -> str:
        work = entry.work
        more = self.describe(work.experiment) if isinstance(work, NewRun) else ""
        return f"{work.detail}, {more}" if more else work.detail

    def _button(self, text: str, slot: Callable[[], None], tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.clicked.connect(slot)
        return button

    @Slot()
    def _show_state(self) -> None:
        entries, selected = self._waiting.entries, self.selected
        self.hold.setEnabled(bool(entries))
        self.clear.setEnabled(bool(entries))
        self.remove.setEnabled(bool(selected))
        chosen = [entry for entry in entries if entry.number in selected]
        self.copy.setEnabled(any(isinstance(entry.work, NewRun) for entry in chosen))
        ends = [entry.number for entry in entries]
        self.up.setEnabled(bool(selected) and ends[: len(selected)] != selected)
        self.down.setEnabled(bool(selected) and ends[len(ends) - len(selected) :] != selected)

    @Slot()
    def _toggle_hold(self) -> None:
        self._waiting.hold(not self._waiting.held)

    @Slot()
    def _up(self) -> None:
        self._waiting.move(self.selected, -1)

    @Slot()
    def _down(self) -> None:
        self._waiting.move(self.selected, 1)

    @Slot()
    def _duplicate(self) -> None:
        self._waiting.duplicate(self.selected)

    @Slot()
    def _remove(self) -> None:
        self._waiting.remove(self.selected)

    @Slot()
    def _clear(self) -> None:
        self._waiting.clear()

    @Slot(object)
    def _arrange(self, numbers: list[int]) -> None:
        self._waiting.arrange(numbers)


def _nothing(_: Experiment) -> str:
    return ""


class _List(QListWidget):
    """A list whose items the user drags to another place."""

    arranged = Signal(object)
    """The numbers of the entries in their new order."""
    removal_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def dropEvent(self, event: QDropEvent) -> None:
        """Move the items, and tell their order."""
        super().dropEvent(event)
        self.arranged.emit([self.item(row).data(NUMBER) for row in range(self.count())])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove the selected runs with the Delete key."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.removal_wanted.emit()
            event.accept()
        else:
            super().keyPressEvent(event)
