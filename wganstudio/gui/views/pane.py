"""Pane: the plot of one run in a view, with its title above and its texts below."""

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.plain_text import Label, tooltip

LETTERS = "ABCD"
"""The letters of the runs that stand beside each other, in the titles of their panes."""


class Pane(QWidget):
    """The canvas of a view with what belongs to it, or a message in its place."""

    resized = Signal()

    def __init__(self, canvas: pg.GraphicsLayoutWidget, readout: Label) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # panes share their room
        self.title = Label()
        set_role(self.title, "title")
        self.title.setMinimumWidth(1)  # a long name must not widen the dock
        self.title.hide()
        self.message = Label(wordWrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMinimumWidth(1)
        content = QWidget()
        self.content = QVBoxLayout(content)
        """The canvas, and the texts below it."""
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(3)
        self.content.addWidget(canvas, 1)
        self.content.addWidget(readout)
        place = QWidget()
        self._stack = QStackedLayout(place)
        self._stack.addWidget(content)
        self._stack.addWidget(self.message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.title)
        column.addWidget(place, 1)

    def add_text(self, text: QWidget) -> None:
        """Add a text below the canvas, above the readout."""
        self.content.insertWidget(self.content.count() - 1, text)

    def hasHeightForWidth(self) -> bool:
        """Return False: wrapped texts must not take the room of another pane."""
        return False

    def set_message(self, text: str) -> None:
        """Show a message in place of the plot; without a text, the plot."""
        self.message.setText(text)
        self._stack.setCurrentIndex(1 if text else 0)

    def set_title(self, text: str, color: str) -> None:
        """Name the run in its color; without a text, take no room."""
        self.title.setText(text)
        self.title.setToolTip(tooltip(text))
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(color))
        self.title.setPalette(palette)
        self.title.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the view, whose plots are arranged by the size of the pane."""
        super().resizeEvent(event)
        self.resized.emit()
