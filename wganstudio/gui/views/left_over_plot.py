"""LeftOverPlot: the W1 left over after each step of a descent, with truth and noise level."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from wganstudio.figures.critic_descent.left_over import WIDTH, X_LABEL, Y_LABEL, LeftOver
from wganstudio.figures.style import Palette
from wganstudio.gui.views.plot_items import configure_plot, set_axis_labels, theme_axes, translucent

BEAM = 0.08
"""Width of the ends of error bars, in steps."""


class LeftOverPlot:
    """Bounds with error bars, the critic's gap, the band of the truth and the reference level."""

    def __init__(self) -> None:
        self.plot = configure_plot(pg.PlotItem())
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, X_LABEL, Y_LABEL)
        self.truth_band = pg.LinearRegionItem(orientation="horizontal", movable=False)
        self.truth = pg.InfiniteLine(angle=0)
        self.reference = pg.InfiniteLine(angle=0)
        self.mark = pg.InfiniteLine(angle=90)
        self.edges = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        self.band = pg.FillBetweenItem(*self.edges)
        self.errors = {name: pg.ErrorBarItem(beam=BEAM) for name in ("upper", "lower")}
        for item in (self.truth_band, self.truth, self.reference, self.mark, *self.edges, self.band):
            self.plot.addItem(item, ignoreBounds=True)
        for bars in self.errors.values():
            self.plot.addItem(bars, ignoreBounds=True)
        symbols = {"upper": "o", "lower": "t", "gap": "x"}
        self.curves = {
            name: self.plot.plot(antialias=True, symbol=symbol, symbolSize=6)
            for name, symbol in symbols.items()
        }
        self.plot.getAxis("bottom").setTickSpacing(levels=[(1, 0)])

    def draw(self, left: LeftOver, state: float) -> None:
        """Draw all curves, and the position on the walk."""
        self.mark.setValue(state)
        self.reference.setValue(left.reference)
        for item in (self.truth, self.truth_band):
            item.setVisible(left.truth is not None)
        if left.truth is not None:
            self.truth.setValue(sum(left.truth) / 2)
            self.truth_band.setRegion(left.truth)
        for edge, values in zip(self.edges, (left.lower, left.upper), strict=True):
            edge.setData(left.steps, values)
        for name, values in (("upper", left.upper), ("lower", left.lower), ("gap", left.gaps)):
            self.curves[name].setData(left.steps, values)
        for name, values, errors in (
            ("upper", left.upper, left.upper_se),
            ("lower", left.lower, left.lower_se),
        ):
            self.errors[name].setData(x=left.steps, y=values, height=2 * WIDTH * errors)

    def show_ranges(self, left: LeftOver) -> None:
        """Show all that is drawn."""
        self.box.setRange(xRange=left.x_range, yRange=left.y_range, padding=0)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        dash, dot = Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
        theme_axes(self.plot, palette)
        pens = {
            "upper": pg.mkPen(palette.value, width=1),
            "lower": pg.mkPen(palette.value, width=1, style=dash),
            "gap": pg.mkPen(palette.gap, width=1, style=dot),
            "truth": pg.mkPen(palette.truth, width=1),
            "reference": pg.mkPen(palette.foreground, width=1, style=dot),
        }
        for name, curve in self.curves.items():
            curve.setPen(pens[name])
            color = palette.gap if name == "gap" else palette.value
            curve.setSymbolBrush(color)
            curve.setSymbolPen(color)
        for bars in self.errors.values():
            bars.setData(pen=pg.mkPen(palette.value, width=1))
        self.truth.setPen(pens["truth"])
        self.reference.setPen(pens["reference"])
        self.truth_band.setBrush(translucent(palette.truth, 0.25))
        for edge in self.truth_band.lines:
            edge.setPen(None)
        self.band.setBrush(translucent(palette.value, 0.15))
        self.mark.setPen(pg.mkPen(palette.faint, width=1, style=dash))
