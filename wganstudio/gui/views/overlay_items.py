"""OverlayItems: the curves of further runs in a plot, with their bands, and the entries of all runs."""

from collections.abc import Callable, Sequence
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import Qt

from wganstudio.figures.curve_settings import DEFAULT_SETTINGS, CurveSettings
from wganstudio.figures.overlay import Dash, Overlay, OverlayCurve
from wganstudio.figures.style import LIGHT, RAW_ALPHA, Palette
from wganstudio.figures.types import Float
from wganstudio.gui.views.band import Band
from wganstudio.gui.views.legend import LegendEntry
from wganstudio.gui.views.plot_items import translucent
from wganstudio.gui.views.thinning import extreme_points

PENS: dict[Dash, Qt.PenStyle] = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "dotted": Qt.PenStyle.DotLine,
    "dashdot": Qt.PenStyle.DashDotLine,
}
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

    def __init__(self, plot: pg.PlotItem, points: Points = as_they_are) -> None:
        self._plot, self._points = plot, points
        self._overlay = Overlay()
        self._palette = LIGHT
        self._title: Callable[[str], str] = str
        self.curves: list[_CurveItems] = []
        """One item per curve of the overlay."""
        self._spare: list[_CurveItems] = []
        self._shown: Sequence[OverlayCurve] = ()

    @property
    def is_empty(self) -> bool:
        """True where a single run is drawn."""
        return self._overlay.main is None

    def draw(
        self,
        overlay: Overlay,
        title: Callable[[str], str] = str,
        shown: Sequence[OverlayCurve] | None = None,
    ) -> None:
        """Draw other curves, by default all of the overlay."""
        self._overlay, self._title = overlay, title
        self._shown = overlay.curves if shown is None else shown
        while len(self.curves) > len(self._shown):
            self._spare.append(self.curves.pop())
            self._spare[-1].hide()
        while len(self.curves) < len(self._shown):
            self.curves.append(self._spare.pop() if self._spare else _CurveItems(self._plot))
        for items, curve in zip(self.curves, self._shown, strict=True):
            items.draw(curve, self._points)
        self._restyle()

    def legend_entries(self, settings: CurveSettings = DEFAULT_SETTINGS) -> list[LegendEntry]:
        """Return one entry for each run, and for several quantities one for each line style."""
        overlay, palette = self._overlay, self._palette
        entries = [
            LegendEntry(
                key=mark.name,
                text=mark.label,
                color=palette.run(mark.color),
                width=MAIN_WIDTH if mark == overlay.main else 1,
                shown=settings.shows(mark.name),
            )
            for mark in overlay.marks
        ]
        if overlay.main is not None and len(overlay.quantities) > 1:
            entries += [
                LegendEntry(
                    key=name,
                    text=self._title(name),
                    color=palette.foreground,
                    style=PENS[overlay.dash(name)],
                    shown=settings.shows(name),
                )
                for name in overlay.quantities
            ]
        return entries

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

    def main_pen(self, color: str, quantity: str, dash: Dash = "solid") -> pg.QtGui.QPen:
        """Return the pen of a curve of the main run: in its own color and style, or in those of the run."""
        main = self._overlay.main
        if main is None:
            return pg.mkPen(color, width=1, style=PENS[dash])
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

    def _restyle(self) -> None:
        overlay, palette = self._overlay, self._palette
        for items, curve in zip(self.curves, self._shown, strict=True):
            items.set_pen(palette.run(curve.mark.color), PENS[overlay.dash(curve.quantity)])


class _CurveItems:
    """A thin line, and the band of a mean."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.band = Band(plot, 2)
        self.line = pg.PlotCurveItem(antialias=True)
        self.smooth = pg.PlotCurveItem(antialias=True)
        self.line.setZValue(2.5)
        self.smooth.setZValue(2.6)
        self._is_smoothed = False
        for item in (self.line, self.smooth):
            plot.addItem(item, ignoreBounds=True)

    def draw(self, curve: OverlayCurve, points: Points) -> None:
        if curve.has_band:
            x, lower = points(curve, curve.lower)
            self.band.set_data(x, lower, points(curve, curve.upper)[1])
        self.line.setData(*points(curve, curve.values), connect="finite")
        self._is_smoothed = curve.smooth is not None
        if curve.smooth is not None:
            self.smooth.setData(*points(curve, curve.smooth), connect="finite")
        self.band.setVisible(curve.has_band)
        self.line.show()
        self.smooth.setVisible(self._is_smoothed)

    def hide(self) -> None:
        for item in (self.band, self.line, self.smooth):
            item.hide()

    def set_pen(self, color: str, style: Qt.PenStyle) -> None:
        raw = translucent(color, RAW_ALPHA) if self._is_smoothed else color
        self.line.setPen(pg.mkPen(raw, width=1, style=Qt.PenStyle.SolidLine if self._is_smoothed else style))
        self.smooth.setPen(pg.mkPen(color, width=1, style=style))
        self.band.set_color(color, 0.25)
