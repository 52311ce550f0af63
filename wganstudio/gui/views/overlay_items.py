"""OverlayItems: the curves of further runs in a plot, with their bands, and the legend of all runs."""

from collections.abc import Callable, Iterable
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from wganstudio.figures.overlay import Dash, Overlay, OverlayCurve
from wganstudio.figures.style import LIGHT, Palette
from wganstudio.figures.types import Float
from wganstudio.gui.views.plot_items import theme_legend, translucent
from wganstudio.gui.views.thinning import extreme_points

PENS: dict[Dash, Qt.PenStyle] = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "dotted": Qt.PenStyle.DotLine,
    "dashdot": Qt.PenStyle.DashDotLine,
}
LEGEND_SHARE = 0.5
"""Share of the height of a plot that the legend may take."""
MAIN_WIDTH = 2
"""Width of the curves of the main run while others are drawn beside it."""
Points = Callable[[OverlayCurve, Float], tuple[Float, Float]]
"""Returns the points of a curve on the axes, of its values or of an edge of its band."""


def as_they_are(curve: OverlayCurve, values: Float) -> tuple[Float, Float]:
    """Return the steps and the values, of many those that can be seen."""
    kept = extreme_points(curve.values)
    return curve.steps[kept], values[kept]


class OverlayItems:
    """Draws an overlay in a plot, and reuses its items from one to the next."""

    def __init__(self, plot: pg.PlotItem, legend: pg.LegendItem, points: Points = as_they_are) -> None:
        self._plot, self._legend, self._points = plot, legend, points
        self._overlay = Overlay()
        self._palette = LIGHT
        self._title: Callable[[str], str] = str
        self.curves: list[_CurveItems] = []
        """One item per curve of the overlay."""
        self._spare: list[_CurveItems] = []
        self._entries: list[tuple[str, str, int, Dash]] = []
        """Text, color, width and style of each entry in the legend."""

    @property
    def entries(self) -> list[str]:
        """The texts in the legend that belong to the overlay."""
        return [text for text, *_ in self._entries]

    def draw(self, overlay: Overlay, title: Callable[[str], str] = str) -> None:
        """Draw other curves."""
        self._overlay, self._title = overlay, title
        while len(self.curves) > len(overlay.curves):
            self._spare.append(self.curves.pop())
            self._spare[-1].hide()
        while len(self.curves) < len(overlay.curves):
            self.curves.append(self._spare.pop() if self._spare else _CurveItems(self._plot))
        for items, curve in zip(self.curves, overlay.curves, strict=True):
            items.draw(curve, self._points)
        self._restyle()
        self._fill_legend()

    def fits(self, width: float, height: float) -> bool:
        """Return True if the legend is not wider than the room, and leaves half of its height free."""
        legend = self._legend.boundingRect()
        return legend.width() < width and legend.height() < LEGEND_SHARE * height

    def summary_lines(self) -> list[str]:
        """Return the runs with their colors, and sentences on what is drawn, as lines of HTML."""
        overlay = self._overlay
        if overlay.main is None:
            return []
        marks = [
            f'<span style="color:{self._palette.run(mark.color)}">■</span>&nbsp;'
            f"{escape(mark.label).replace(' ', '&nbsp;')}"
            for mark in overlay.marks
        ]
        if len(overlay.quantities) > 1:
            marks += [
                f"{overlay.dash(name)}:&nbsp;{escape(self._title(name))}" for name in overlay.quantities
            ]
        return [" &nbsp;".join(marks), *map(escape, overlay.notes), f"{escape(overlay.main.name)}:"]

    def main_pen(self, color: str, quantity: str) -> pg.QtGui.QPen:
        """Return the pen of a curve of the main run: in its own color, or in the color of the run."""
        main = self._overlay.main
        if main is None:
            return pg.mkPen(color, width=1)
        style = PENS[self._overlay.dash(quantity)]
        return pg.mkPen(self._palette.run(main.color), width=MAIN_WIDTH, style=style)

    def main_color(self, color: str) -> str:
        """Return the color of marks of the main run: their own, or that of the run."""
        main = self._overlay.main
        return color if main is None else self._palette.run(main.color)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self._palette = palette
        self._restyle()
        self._fill_legend()

    def _restyle(self) -> None:
        overlay, palette = self._overlay, self._palette
        for items, curve in zip(self.curves, overlay.curves, strict=True):
            items.set_pen(palette.run(curve.mark.color), PENS[overlay.dash(curve.quantity)])

    def _fill_legend(self) -> None:
        overlay, palette = self._overlay, self._palette
        entries: list[tuple[str, str, int, Dash]] = [
            (mark.label, palette.run(mark.color), MAIN_WIDTH if mark == overlay.main else 1, "solid")
            for mark in overlay.marks
        ]
        if overlay.main is not None and len(overlay.quantities) > 1:
            entries += [
                (self._title(name), palette.foreground, 1, overlay.dash(name)) for name in overlay.quantities
            ]
        if entries == self._entries:  # filling a legend takes longer than drawing the curves
            return
        for text, *_ in self._entries:
            self._legend.removeItem(escape(text))
        self._entries = entries
        for text, color, width, dash in entries:
            item = pg.PlotCurveItem(pen=pg.mkPen(color, width=width, style=PENS[dash]))
            self._legend.addItem(item, escape(text))
        if entries:
            theme_legend(self._legend, palette)


class _CurveItems:
    """A thin line, and the band of a mean."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.lower, self.upper = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        self.band = pg.FillBetweenItem(self.lower, self.upper)
        self.line = pg.PlotCurveItem(antialias=True)
        self.band.setZValue(2)
        self.line.setZValue(2.5)
        self._items: Iterable[pg.GraphicsObject] = (self.lower, self.upper, self.band, self.line)
        for item in self._items:
            plot.addItem(item, ignoreBounds=True)

    def draw(self, curve: OverlayCurve, points: Points) -> None:
        for item, edge in ((self.lower, curve.lower), (self.upper, curve.upper)):
            item.blockSignals(True)  # otherwise the band is built twice
            item.setData(*(points(curve, edge) if curve.has_band else (np.empty(0), np.empty(0))))
            item.blockSignals(False)
        self.band.updatePath()
        self.line.setData(*points(curve, curve.values))
        for item in self._items:
            item.setVisible(item is self.line or curve.has_band)

    def hide(self) -> None:
        for item in self._items:
            item.hide()

    def set_pen(self, color: str, style: Qt.PenStyle) -> None:
        self.line.setPen(pg.mkPen(color, width=1, style=style))
        self.band.setBrush(translucent(color, 0.25))
