"""Panels of the sweep view: the excess over W1 by lambda, and any result over any field."""

from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from wganstudio.figures.costs.figure import WIDTH
from wganstudio.figures.field_sweep.figure import FieldSweep
from wganstudio.figures.style import Palette
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL, Sweep
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    LogAxis,
    add_legend,
    add_plot,
    point_brushes,
    set_axis_labels,
    theme_axes,
    theme_legend,
    translucent,
)

SYMBOLS = ("o", "s", "d", "t")
LEGEND_MIN_HEIGHT = 220
"""Height in pixels above which the legend is shown."""


class LambdaPanel:
    """One point per run, the truth with its bounds, and the line of slope -1."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget) -> None:
        axes = {"bottom": LogAxis("bottom"), "left": LogAxis("left")}
        self.plot = add_plot(canvas, row=0, col=0, axisItems=axes)
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, "λ", "value − W₁")
        self.legend = add_legend(self.plot, (8, -8), verSpacing=-4)
        self.line = self.plot.plot(name="slope -1")
        self.bounds = [pg.PlotDataItem(), pg.PlotDataItem()]
        self.band = pg.FillBetweenItem(*self.bounds)
        for item in (*self.bounds, self.band):
            self.plot.addItem(item, ignoreBounds=True)
        self.truth = self.plot.plot(name="truth: C - W₁")
        self.points: dict[str, tuple[pg.ScatterPlotItem, pg.ErrorBarItem]] = {}
        self.incomplete = pg.ScatterPlotItem(size=8)
        """The symbol of incomplete runs in the legend."""
        self._figure: Sweep | None = None

    def draw(self, figure: Sweep) -> None:
        """Draw a sweep of lambda."""
        self._figure = figure
        self.line.setData(*map(np.log10, figure.slope_line))
        truths = figure.truths
        x = np.log10(truths.penalties)
        self.truth.setData(x, _log(truths.excess, figure))
        for item, values in zip(self.bounds, (truths.lower, truths.upper), strict=True):
            item.setData(x, _log(values, figure))
        for kind in set(self.points) - {curve.kind for curve in figure.series}:
            for item in self.points.pop(kind):
                self.plot.removeItem(item)
        self.legend.removeItem(self.incomplete)
        for curve, symbol in zip(figure.series, SYMBOLS, strict=False):
            if curve.kind not in self.points:
                dots = pg.ScatterPlotItem(size=8, symbol=symbol, name=escape(curve.label))
                bars = pg.ErrorBarItem(beam=0.02)
                for item in (bars, dots):
                    self.plot.addItem(item, ignoreBounds=True)
                self.points[curve.kind] = dots, bars
            dots, bars = self.points[curve.kind]
            x, height = np.log10(curve.penalties), _log(curve.excess, figure)
            dots.setData(x, height)
            bars.setData(
                x=x,
                y=height,
                top=_log(curve.excess + WIDTH * curve.errors, figure) - height,
                bottom=height - _log(curve.excess - WIDTH * curve.errors, figure),
            )
        if figure.has_incomplete:
            self.legend.addItem(self.incomplete, INCOMPLETE_LABEL)
        self.place_legend()

    def place_legend(self) -> None:
        """Show the legend if there is room; the summary has the same colors."""
        self.legend.setVisible(self.box.height() > LEGEND_MIN_HEIGHT)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        theme_legend(self.legend, palette)
        self.line.setPen(pg.mkPen(palette.faint, style=Qt.PenStyle.DashLine))
        self.truth.setPen(pg.mkPen(palette.truth, width=1))
        self.band.setBrush(translucent(palette.truth, 0.2))
        self.incomplete.setBrush(palette.background)
        self.incomplete.setPen(pg.mkPen(palette.faint, width=HIGHLIGHT_WIDTH))
        series = {} if self._figure is None else {curve.kind: curve for curve in self._figure.series}
        for kind, (dots, bars) in self.points.items():
            color = palette.penalty(kind)
            dots.setBrush(color)
            dots.setPen(pg.mkPen(color, width=HIGHLIGHT_WIDTH))
            if kind in series:
                dots.setBrush(point_brushes(series[kind].complete, color, palette))
            bars.setOpts(pen=pg.mkPen(color, width=HIGHLIGHT_WIDTH))


class FieldPanel:
    """The results of runs over a field with errors, their means over seeds, and the truths."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, logarithmic: tuple[bool, bool]) -> None:
        self.logarithmic = logarithmic
        names = ("bottom", "left")
        axes = {name: LogAxis(name) for name, log in zip(names, logarithmic, strict=True) if log}
        self.plot = add_plot(canvas, row=0, col=0, axisItems=axes)
        self.box = self.plot.getViewBox()
        self.legend = add_legend(self.plot, (8, -8), verSpacing=-4)
        self.points: list[pg.ScatterPlotItem] = []
        self._items: list[tuple[object, str, int]] = []
        """The items of the figure, what each shows, and the number of its series."""
        self._figure: FieldSweep | None = None

    def draw(self, figure: FieldSweep) -> None:
        """Draw the results of runs."""
        self._figure = figure
        for item, _, _ in self._items:
            self.plot.removeItem(item)
        self.legend.clear()
        self._items, self.points = [], []
        set_axis_labels(self.plot, figure.x_label, figure.result.title)
        self.plot.getAxis("bottom").setTicks([figure.ticks] if figure.ticks else None)
        for number, truth in enumerate(figure.truths):
            ends = [self._curve(truth.x, edge, "edge", number) for edge in (truth.lower, truth.upper)]
            self._add(pg.FillBetweenItem(*ends), "band", number)
            self._curve(truth.x, truth.value, "truth", number, escape(truth.label))
        for number, series in enumerate(figure.series):
            x, means, _ = series.means
            self._curve(x, means, "mean", number)
            self._add(self._bars(series.x, series.y, series.errors), "bars", number)
            dots = pg.ScatterPlotItem(
                size=8,
                symbol=SYMBOLS[number % len(SYMBOLS)],
                name=escape(series.label or figure.result.title),
            )
            dots.setData(self._x(series.x), self._y(series.y))
            self.points.append(dots)
            self._add(dots, "dots", number)
        self.place_legend()

    def place_legend(self) -> None:
        """Show the legend if there is room and more than one thing to tell apart."""
        entries = 0 if self._figure is None else len(self._figure.series) + len(self._figure.truths)
        self.legend.setVisible(entries > 1 and self.box.height() > LEGEND_MIN_HEIGHT)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        theme_legend(self.legend, palette)
        for item, role, number in self._items:
            color = palette.runs[number % len(palette.runs)]
            match role:
                case "edge":
                    item.setPen(None)  # type: ignore[attr-defined]
                case "band":
                    item.setBrush(translucent(palette.truth, 0.2))  # type: ignore[attr-defined]
                case "truth":
                    styles = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
                    pen = pg.mkPen(palette.truth, width=1, style=styles[number % len(styles)])
                    item.setPen(pen)  # type: ignore[attr-defined]
                case "mean":
                    item.setPen(pg.mkPen(color, width=1))  # type: ignore[attr-defined]
                case "bars":
                    item.setOpts(pen=pg.mkPen(color, width=HIGHLIGHT_WIDTH))  # type: ignore[attr-defined]
                case "dots":
                    assert self._figure is not None
                    complete = self._figure.series[number].complete
                    item.setPen(pg.mkPen(color, width=HIGHLIGHT_WIDTH))  # type: ignore[attr-defined]
                    item.setBrush(point_brushes(complete, color, palette))  # type: ignore[attr-defined]

    def _x(self, values: Float) -> Float:
        return np.asarray(np.log10(values) if self.logarithmic[0] else values)

    def _y(self, values: Float) -> Float:
        """Return heights on the axis; on a logarithmic one, what is not positive lies far below the range."""
        if not self.logarithmic[1]:
            return values
        assert self._figure is not None
        return np.asarray(np.log10(np.maximum(values, self._figure.y_range[0] / 1e3)))

    def _bars(self, x: Float, y: Float, errors: Float) -> pg.ErrorBarItem:
        width, height = WIDTH * np.nan_to_num(errors), self._y(y)
        top, bottom = self._y(y + width) - height, height - self._y(y - width)
        return pg.ErrorBarItem(beam=0.02, x=self._x(x), y=height, top=top, bottom=bottom)

    def _curve(self, x: Float, y: Float, role: str, number: int, name: str | None = None) -> pg.PlotDataItem:
        curve = pg.PlotDataItem(self._x(x), self._y(y), name=name)
        self._add(curve, role, number)
        return curve

    def _add(self, item: object, role: str, number: int) -> None:
        self.plot.addItem(item, ignoreBounds=True)
        self._items.append((item, role, number))


def shown_range(limits: Range, logarithmic: bool) -> Range:
    """Return the ends of a range on an axis, log10 of them on a logarithmic one."""
    return (float(np.log10(limits[0])), float(np.log10(limits[1]))) if logarithmic else limits


def _log(values: Float, figure: Sweep) -> Float:
    """Return log10 of the values; values that are not positive lie far below the visible range."""
    return np.asarray(np.log10(np.maximum(values, figure.y_range[0] / 1e3)))
