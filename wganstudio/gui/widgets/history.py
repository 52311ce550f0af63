"""History: the commands of the window, the newest last; a click goes back or forward to one."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QUndoView


class History(QUndoView):
    """The list of commands."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("History of changes")
        self.setEmptyLabel("Start")
        self.setFrameShape(QUndoView.Shape.NoFrame)

    def sizeHint(self) -> QSize:
        """Return a size wide enough for the name of a command."""
        return QSize(self.fontMetrics().averageCharWidth() * 36, 200)
