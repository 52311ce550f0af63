"""History: the commands of the window, the newest last; a click goes back or forward to one."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QUndoView


class History(QUndoView):
    """The list of commands. Those below the selected one have been undone."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("History of changes")
        self.setEmptyLabel("Start")
        self.setFrameShape(QUndoView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Lines(self))

    def sizeHint(self) -> QSize:
        """Return a size wide enough for the name of a command."""
        return QSize(self.fontMetrics().averageCharWidth() * 36, 200)


class _Lines(QStyledItemDelegate):
    """Lines that are as wide as the list, with their ends left out where they are longer."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, option.fontMetrics.height() + 8)
