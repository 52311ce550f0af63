"""FileDropFilter: one file or folder dropped on a widget."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDropFilter(QObject):
    """Accepts drops on a widget and on its children that accept none themselves."""

    dropped = Signal(object)
    """The path."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept one local path; refuse everything else."""
        if not isinstance(event, QDropEvent):  # drag-enter and drag-move events are subclasses
            return False
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()
            if not isinstance(event, QDragMoveEvent):
                self.dropped.emit(Path(urls[0].toLocalFile()))
            return True
        return False
