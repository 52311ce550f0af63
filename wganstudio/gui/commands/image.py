"""ImageCommand: a change of a painted image."""

from collections.abc import Callable

from PySide6.QtGui import QImage, QUndoCommand


class ImageCommand(QUndoCommand):
    """The images before and after a stroke, a filling or a loaded file."""

    def __init__(self, text: str, before: QImage, after: QImage, show: Callable[[QImage], None]) -> None:
        super().__init__(text)
        self._before, self._after = before.copy(), after.copy()
        self._show = show

    def undo(self) -> None:
        """Show the image before the change."""
        self._show(self._before)

    def redo(self) -> None:
        """Show the image after the change."""
        self._show(self._after)
