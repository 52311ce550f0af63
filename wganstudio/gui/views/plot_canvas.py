"""PlotCanvas: the canvas of a view, whose plots follow the type of the window."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QGraphicsTextItem

from wganstudio.figures.tokens import SMALL_TYPE

BAR_MARGINS = 10
"""Pixels between the bar, its numbers and its name."""


class PlotCanvas(pg.GraphicsLayoutWidget):
    """A canvas that gives the names of axes, legends and curves its type; ticks have it by themselves."""

    def __init__(self) -> None:
        self._size = QFont().pointSizeF()
        super().__init__()

    def changeEvent(self, event: QEvent) -> None:
        """Change the type of what is drawn, and make room for it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.scene() is not None:
            items, font = self.scene().items(), self.font()
            growth, self._size = font.pointSizeF() / self._size, font.pointSizeF()
            for item in items:
                if isinstance(item, QGraphicsTextItem):
                    item.setFont(font)
            for item in items:
                if isinstance(item, pg.LegendItem):
                    item.setLabelTextSize(f"{font.pointSizeF():g}pt")
                    for _, label in item.items:
                        label.setText(label.text)  # a new size alone draws nothing anew
                    item.updateSize()
                elif isinstance(item, pg.AxisItem):
                    _set_type(item, font, growth)


def small_type(font: QFont) -> QFont:
    """Return the type of numbers side by side, which need more room."""
    small = QFont(font)
    small.setPointSizeF(SMALL_TYPE * font.pointSizeF())
    return small


def bar_width() -> int:
    """Return the width of the vertical axis of a color bar: its name, and numbers such as 0.005."""
    metrics = QFontMetricsF(QFont())
    return round(metrics.lineSpacing() + metrics.horizontalAdvance("0.005") + BAR_MARGINS)


def _set_type(axis: pg.AxisItem, font: QFont, growth: float) -> None:
    if axis.fixedWidth is not None:
        axis.setWidth(round(growth * axis.fixedWidth))
    if axis.style["tickFont"] is not None:
        axis.setTickFont(small_type(font))
    if axis.label.isVisible():
        axis.showLabel()  # makes room for it
