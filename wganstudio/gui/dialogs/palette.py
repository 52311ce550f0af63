"""PaletteDialog: one line to type into, and everything that fits it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.command_palette.entries import PaletteEntry, ranked
from wganstudio.gui.widgets.plain_text import tooltip

WIDTH, HEIGHT = 96, 24
"""Size in characters and lines."""
MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
ENTRY = Qt.ItemDataRole.UserRole


class PaletteDialog(QDialog):
    """Searches the entries; `chosen` is the one that the user took."""

    def __init__(self, parent: QWidget, entries: Sequence[PaletteEntry], recent: Sequence[str]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Commands")
        self._entries = entries
        self._recent = recent
        self._shown: list[PaletteEntry] = []
        self.chosen: PaletteEntry | None = None
        self.line = QLineEdit()
        self.line.setAccessibleName("Search commands, views, presets, help and recent files")
        self.line.setPlaceholderText("Search commands, views, presets, help and recent files")
        self.line.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Commands that fit")
        self.list.setHeaderLabels(["Command", "Kind", "Shortcut"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.line)
        column.addWidget(self.list)
        metrics = self.fontMetrics()
        size = self.size()
        size.setWidth(metrics.averageCharWidth() * WIDTH)
        size.setHeight(metrics.lineSpacing() * HEIGHT)
        self.resize(size.boundedTo(parent.size()))
        header.resizeSection(1, metrics.averageCharWidth() * 24)
        header.resizeSection(2, metrics.averageCharWidth() * 16)
        self.line.textChanged.connect(self._search)
        self.line.returnPressed.connect(self._take_current)
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        self.line.installEventFilter(self)
        self._search("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move in the list while the line has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in MOVES:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _search(self, query: str) -> None:
        self._shown = ranked(self._entries, query, self._recent)
        self.list.clear()
        self.list.addTopLevelItems([_item(entry) for entry in self._shown])
        first = next((number for number, entry in enumerate(self._shown) if entry.enabled), -1)
        if (item := self.list.topLevelItem(first)) is not None:
            self.list.setCurrentItem(item)

    @Slot()
    def _take_current(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self._take(item)

    @Slot(QTreeWidgetItem)
    def _take(self, item: QTreeWidgetItem) -> None:
        entry = self._shown[self.list.indexOfTopLevelItem(item)]
        if entry.enabled and self.chosen is None:
            self.chosen = entry
            self.accept()


def _item(entry: PaletteEntry) -> QTreeWidgetItem:
    title = entry.title if entry.enabled or not entry.reason else f"{entry.title}: {entry.reason}"
    item = QTreeWidgetItem([title, entry.kind, entry.shortcut])
    item.setDisabled(not entry.enabled)
    for column, text in enumerate((title, entry.kind)):
        item.setToolTip(column, tooltip(text))
    return item
