"""FrameView: a view of one frame of a run, the newest or a recorded one."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from wganstudio.gui.views.step_view import StepView
from wganstudio.gui.widgets.plain_text import Label


class FrameView(StepView):
    """A view of the frame at the shown step, with a readout of the position under the mouse."""

    topics: ClassVar[frozenset[str]] = frozenset({"critic"})
    hint: ClassVar[str]
    """Text of the readout while the mouse is elsewhere."""
    readout_lines: ClassVar[int] = 2
    """Lines reserved for the readout, so that the plot does not shrink under the mouse."""
    wide = True
    """True while the panels are side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readout = Label(self.hint)
        self.readout.setMinimumWidth(1)  # a long readout must not widen the dock
        self.readout.setWordWrap(True)
        self.readout.setFixedHeight(self.readout_lines * self.readout.fontMetrics().lineSpacing() + 2)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.readout)

    def _fits_wide(self) -> bool:
        """Return True if the panels fit side by side."""
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the panels side by side or one below the other."""
        super().resizeEvent(event)
        if self.wide != self._fits_wide():
            self.wide = not self.wide
            if self.drawn is not None:
                self._show(self.drawn)
