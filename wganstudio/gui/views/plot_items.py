"""Building blocks of the views: summary labels, legends, themed axes."""

import math
from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.LegendItem import ItemSample
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QScrollArea
from shiboken6 import isValid

from wganstudio.figures import style
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float
from wganstudio.gui.widgets.plain_text import Label

HIGHLIGHT_WIDTH = 2
LARGEST_PLAIN = 1e15
"""Ticks from here on are written with an exponent."""


class SummaryLabel(Label):
    """Text below a plot. It wraps, can be selected and copied, and never widens its dock."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMinimumWidth(1)


class SummaryArea(QScrollArea):
    """A summary below a plot, which scrolls where it would leave the plot too little room."""

    def __init__(self, summary: SummaryLabel) -> None:
        super().__init__()
        self.summary = summary
        self.setWidget(summary)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._room = 0

    def fit(self, room: int) -> None:
        """Take the height of the text, but at most `room` pixels; none without a text."""
        self._room = room
        self.setVisible(bool(self.summary.text()))
        height = self.summary.heightForWidth(self.width())  # -1 without a text
        self.setFixedHeight(max(0, min(height, room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text in the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit(self._room)


def add_plot(canvas: pg.GraphicsLayoutWidget, **place: Any) -> pg.PlotItem:
    """Add a plot to a canvas; without its menu, which pyqtgraph would build from forty widgets."""
    return configure_plot(canvas.addPlot(enableMenu=False, **place))


def configure_plot(plot: pg.PlotItem) -> pg.PlotItem:
    """Remove the menu, buttons and SI prefixes of a pyqtgraph plot, and return it."""
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.disableAutoRange()
    for name in ("left", "bottom"):
        plot.getAxis(name).enableAutoSIPrefix(False)
    plot.showAxis("top")
    plot.showAxis("right")
    for name in ("top", "right"):
        plot.getAxis(name).setStyle(showValues=False, tickLength=0)
    return plot


def add_legend(plot: pg.PlotItem, offset: tuple[int, int], **style: Any) -> pg.LegendItem:
    """Add a legend in a corner of the plot."""
    return plot.addLegend(offset=offset, sampleType=LegendSample, **style)


def theme_legend(box: pg.LegendItem, palette: Palette) -> None:
    """Give the legend the colors of the theme."""
    box.setLabelTextColor(palette.foreground)
    for _, text in box.items:
        text.setText(text.text, color=palette.foreground)  # the line above affects new entries only
    box.setBrush(translucent(palette.background, 0.8))


class LegendSample(ItemSample):
    """A legend entry that ignores clicks, so that no curve can be hidden."""

    def mouseClickEvent(self, event: Any) -> None:
        event.ignore()


class LogAxis(pg.AxisItem):
    """An axis over log10 of a quantity, labeled at powers of ten, or at 1, 2, 5 over short ranges."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        """Return the labeled ticks, then the others."""
        low, high = sorted((low, high))
        decades = range(math.floor(low), math.ceil(high) + 1)
        stride = max(1, math.ceil(60 * (high - low) / max(size, 1)))
        labeled = (1, 2, 5) if high - low < max(0.005 * size, 1.5) else (1,)
        rest = range(2, 10) if high - low < 0.03 * size else ()
        major = [d + math.log10(n) for d in decades for n in labeled if n > 1 or d % stride == 0]
        minor = [d + math.log10(n) for d in decades for n in rest if n not in labeled]
        return [(1.0, [t for t in major if low <= t <= high]), (None, [t for t in minor if low <= t <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        """Return the numbers of the labeled ticks."""
        return [f"{10**value:.4g}" if spacing else "" for value in values]


class PlainAxis(pg.AxisItem):
    """An axis whose ticks keep the digits that tell them apart, such as those of time stamps."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers of the ticks."""
        if max(map(abs, values), default=0.0) >= LARGEST_PLAIN or spacing < 1e-6:
            return [str(text) for text in super().tickStrings(values, scale, spacing)]
        places = max(0, math.ceil(-math.log10(spacing * scale)))
        return [f"{value * scale:.{places}f}" for value in values]


def move_points(points: pg.ScatterPlotItem, x: Float, y: Float) -> bool:
    """Change the y coordinates of the points in position; return False if their x coordinates differ.

    This is all that changes between frames; setData would style each point again, which is slow.
    """
    data = points.data
    if len(data) != len(x) or not np.array_equal(data["x"], x.astype(data["x"].dtype)):
        return False
    data["y"] = y
    points.bounds = [None, None]
    points.prepareGeometryChange()
    points.update()
    return True


def is_drawn(item: pg.GraphicsObject | None) -> bool:
    """Return True if an item is in a scene; clearing a canvas deletes the items on it."""
    return item is not None and isValid(item) and item.scene() is not None


def set_axis_labels(plot: pg.PlotItem, x: str, y: str) -> None:
    """Set the axis labels that differ; setting a label costs a layout."""
    for name, text in (("bottom", x), ("left", y)):
        axis, escaped = plot.getAxis(name), escape(text)  # the axis reads HTML
        if axis.labelText != escaped:
            axis.setLabel(escaped)


def theme_axes(plot: pg.PlotItem, palette: Palette) -> None:
    """Give the axes the colors of the theme."""
    for name in ("left", "right", "top", "bottom"):
        axis = plot.getAxis(name)
        axis.setPen(pg.mkPen(palette.faint))
        axis.setTextPen(pg.mkPen(palette.foreground))


def point_brushes(complete: Iterable[object], color: str, palette: Palette) -> list[QBrush]:
    """Return the brush of each point: points of incomplete runs are open."""
    return [pg.mkBrush(color if is_full else palette.background) for is_full in complete]


def translucent(color: str, alpha: float) -> QColor:
    """Return the color with an opacity from 0 to 1."""
    result = QColor(color)
    result.setAlphaF(alpha)
    return result


def color_map_of(name: str) -> pg.ColorMap:
    """Return a color map by the name that figures give it."""
    if name in style.DIVERGING_COLORS:
        colors = [QColor(color) for color in style.DIVERGING_COLORS[name]]
        return pg.ColorMap(np.linspace(0, 1, len(colors)), colors)
    return pg.colormap.get(name)


def color_of(text: str) -> QColor:
    """Return the color of #rrggbb or #rrggbbaa, as matplotlib reads it (Qt reads #aarrggbb)."""
    return translucent(text[:7], int(text[7:] or "ff", 16) / 255)
