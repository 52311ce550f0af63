"""Building blocks of the views: a map of the plane, summary labels, themed axes."""

import math
from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.LegendItem import ItemSample
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QResizeEvent
from PySide6.QtWidgets import QScrollArea

from wganstudio.figures import style
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float
from wganstudio.gui.views.plot_canvas import small_type
from wganstudio.gui.widgets.plain_text import Label

HIGHLIGHT_WIDTH = 2
LARGEST_PLAIN = 1e15
"""Ticks from here on are written with an exponent."""


class PlaneMap:
    """A field on the plane: an image with curves over it, and its color bar on the right or below."""

    def __init__(
        self,
        canvas: pg.GraphicsLayoutWidget,
        row: int,
        column: int,
        color_map: str,
        *,
        locked: bool = True,
        bar_below: bool = False,
        named_below: bool = True,
    ) -> None:
        self._named_below = named_below
        self.plot = add_plot(canvas, row=row, col=column)
        self.plot.setAspectLocked(locked)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.plot.addItem(self.image)
        self.bar = pg.ColorBarItem(
            width=12,
            interactive=False,
            colorMap=color_map_of(color_map),
            colorMapMenu=False,
            orientation="horizontal" if bar_below else "vertical",
        )
        self.bar.setImageItem(self.image, insert_in=self.plot)
        if bar_below:
            self.bar.axis.setTickFont(small_type(QFont()))
        else:
            self.bar.axis.setWidth(54)
        self.bar.axis.enableAutoSIPrefix(False)
        angle = 90 if bar_below else 0
        self.mark = pg.InfiniteLine(angle=angle, pen=pg.mkPen(style.UNIT_COLOR, width=HIGHLIGHT_WIDTH))
        self.mark.hide()
        self.bar.addItem(self.mark)

    def add_curve(self, color: str) -> pg.PlotCurveItem:
        """Add a curve over the image; rows of NaN in its data separate lines."""
        curve = pg.PlotCurveItem(pen=pg.mkPen(color_of(color), width=1), connect="finite", antialias=True)
        self.plot.addItem(curve)
        return curve

    def show(self, grid: PlaneGrid, field: Float, scale: ColorScale) -> None:
        """Draw a field."""
        self.image.setImage(field, autoLevels=False, levels=(scale.low, scale.high))
        left, right, bottom, top = grid.extent
        self.image.setRect(QRectF(left, bottom, right - left, top - bottom))
        if self.bar.values != (scale.low, scale.high):
            self.bar.setLevels((scale.low, scale.high))
        if self.bar.axis.labelText != escape(scale.label):
            self.bar.axis.setLabel(escape(scale.label))
        self.mark.setVisible(scale.marked is not None and scale.low <= scale.marked <= scale.high)
        if scale.marked is not None:
            self.mark.setValue(256 * (scale.marked - scale.low) / (scale.high - scale.low))
        set_axis_labels(self.plot, grid.labels[0] if self._named_below else "", grid.labels[1])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        theme_axes(self.bar, palette)


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
    if name == style.DIVERGING_MAP:
        colors = [QColor(color) for color in style.DIVERGING_COLORS]
        return pg.ColorMap(np.linspace(0, 1, len(colors)), colors)
    return pg.colormap.get(name)


def color_of(text: str) -> QColor:
    """Return the color of #rrggbb or #rrggbbaa, as matplotlib reads it (Qt reads #aarrggbb)."""
    return translucent(text[:7], int(text[7:] or "ff", 16) / 255)
