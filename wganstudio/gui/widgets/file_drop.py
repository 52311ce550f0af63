"""Dropping: one file or folder, dragged from elsewhere and dropped on a widget."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDropFilter(QObject):
    """Watches a widget, and whatever is on it that takes no drops itself."""

    dropped = Signal(object)
    """The path."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take one local path; nothing else can be let go here."""
        if not isinstance(event, QDropEvent):  # entering and moving are drops to come
            return False
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()
            if not isinstance(event, QDragMoveEvent):
                self.dropped.emit(Path(urls[0].toLocalFile()))
            return True
        return False
