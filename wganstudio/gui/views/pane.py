"""Pane: the plot of one run in a view, with its title above and its texts below."""

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from wganstudio.gui.widgets.plain_text import Label, tooltip

LOW = 250
"""Height in pixels of one of several panes below which its texts fold away."""


class Pane(QWidget):
    """The canvas of a view with what belongs to it, or a message in its place."""

    resized = Signal()

    def __init__(self, canvas: pg.GraphicsLayoutWidget, readout: Label) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # panes share their room
        self.title = Label()
        self.title.setMinimumWidth(1)  # a long name must not widen the dock
        self.title.hide()
        self.message = Label(wordWrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMinimumWidth(1)
        self._texts = QWidget()
        self.texts = QVBoxLayout(self._texts)
        """What the view adds below the canvas."""
        self.texts.setContentsMargins(0, 0, 0, 0)
        self.texts.setSpacing(3)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(3)
        inner.addWidget(canvas, 1)
        inner.addWidget(self._texts)
        inner.addWidget(readout)
        place = QWidget()
        self._stack = QStackedLayout(place)
        self._stack.addWidget(content)
        self._stack.addWidget(self.message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.title)
        column.addWidget(place, 1)

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
        self.title.setStyleSheet(f"color: {color}; font-weight: 600")
        self.title.setVisible(bool(text))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the view, whose plots are arranged by the size of the pane."""
        super().resizeEvent(event)
        self._fold()
        self.resized.emit()

    def _fold(self) -> None:
        """Leave the room of a low pane to its plot."""
        self._texts.setVisible(not self.title.text() or self.height() >= LOW)
