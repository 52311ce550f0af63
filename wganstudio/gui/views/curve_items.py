"""CurveItems: a curve of the main run in a plot, with its band, as it was measured and smoothed."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from wganstudio.figures.costs.curves import CostBounds, CostCurve
from wganstudio.figures.curves import RunCurve
from wganstudio.figures.style import RAW_ALPHA
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.band import Band
from wganstudio.gui.views.plot_items import translucent
from wganstudio.gui.views.scales import Scales
from wganstudio.gui.views.thinning import extreme_points, extreme_points_over_decades, steps_within


class CurveItems:
    """Draws the visible part of a curve, of many points those that can be seen."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.band = Band(plot, 2)
        self.line, self.smooth = pg.PlotCurveItem(antialias=True), pg.PlotCurveItem(antialias=True)
        self._curve: RunCurve | None = None
        self._scales, self._floor = Scales(), 0.0
        self._style: tuple[QPen, bool] | None = None
        self._part: slice | None = None
        """The part of the curve that is drawn."""
        self.items = (self.band, self.line, self.smooth)
        for item in (self.line, self.smooth):
            plot.addItem(item, ignoreBounds=True)
        self.line.setZValue(3)
        self.smooth.setZValue(3.2)

    def draw(self, curve: RunCurve, scales: Scales, shown: Range, floor: float) -> None:
        """Draw the part of a curve in a range of the axis.

        `floor` is the height to which a logarithmic axis lowers the edges of bands that are not positive.
        """
        self._curve, self._scales, self._floor, self._part = curve, scales, floor, None
        self.show_part(shown)

    def show_part(self, shown: Range) -> None:
        """Draw the same curve in another range."""
        curve = self._curve
        if curve is None or (part := steps_within(curve.x, shown)) == self._part:
            return
        self._part = part
        edges = (curve.lower, curve.upper) if isinstance(curve, CostCurve | CostBounds) else ()
        arrays = [array[part] for array in (curve.values, *edges)]
        kept = (extreme_points_over_decades if self._scales.log_x else extreme_points)(*arrays)
        x = self._scales.x(curve.x[part][kept])
        _set_line(self.line, x, self._scales.y(arrays[0][kept]))
        if edges:
            lower, upper = (self._scales.y_above(array[kept], self._floor) for array in arrays[1:])
            self.band.set_data(x, lower, upper)
        self.smooth.setVisible(curve.smooth is not None)
        if curve.smooth is not None:
            _set_line(self.smooth, x, self._scales.y(curve.smooth[part][kept]))

    @property
    def points(self) -> tuple[Float, Float]:
        """The drawn points."""
        item = self.line if self._curve is None or self._curve.smooth is None else self.smooth
        x, y = item.getData()
        return (np.empty(0), np.empty(0)) if x is None else (x, y)

    def set_pen(self, pen: QPen) -> None:
        """Change color, width and style; where the curve is smoothed, the measured one is faint."""
        is_smoothed = self._curve is not None and self._curve.smooth is not None
        if self._style == (style := (pen, is_smoothed)):
            return
        self._style = style
        raw = QPen(pen)
        if is_smoothed:
            raw.setColor(translucent(pen.color().name(), RAW_ALPHA))
            raw.setStyle(Qt.PenStyle.SolidLine)
        self.line.setPen(raw)
        self.smooth.setPen(pen)
        self.band.set_color(pen.color().name(), 0.12 if is_smoothed else 0.25)

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        for item in self.items:
            plot.removeItem(item)


def _set_line(item: pg.PlotCurveItem, x: Float, y: Float) -> None:
    has_gaps = not (np.isfinite(x).all() and np.isfinite(y).all())
    item.setData(x, y, connect="finite" if has_gaps else "all")
