"""Panels of the sweep view: the excess over W1 by lambda, and any result over any field."""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.field_sweep.figure import FieldSweep, SweepSeries, SweepTruth
from wganstudio.figures.style import Palette
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL, Sweep
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.legend import CurveLegend, make_headroom, place_legend
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    add_plot,
    point_brushes,
    set_axis_labels,
    theme_axes,
    translucent,
)

SYMBOLS = ("o", "s", "d", "t")
TRUTH_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
Scale = Callable[[Float, Float], tuple[Float, Float]]
"""Returns the places of points on the axes."""


class LambdaPanel:
    """One point per run, the truth with its bounds, and the line of slope -1."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget) -> None:
        axes = axis_items(log_x=True, log_y=True)
        self.plot = add_plot(canvas, row=0, col=0, axisItems=axes)
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, "λ", "value − W₁")
        self.legend = CurveLegend(self.plot)
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
        """Put the legend where it covers nothing, and make room above the data where there is none."""
        if self._figure is not None:
            bars = [bars for _, bars in self.points.values()]
            _place_legend(self.legend, self.box, [self.truth, self.line], bars)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        self.legend.set_palette(palette)
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
        log_x, log_y = logarithmic
        axes = axis_items(log_x=log_x, log_y=log_y)
        self.plot = add_plot(canvas, row=0, col=0, axisItems=axes)
        self.box = self.plot.getViewBox()
        self.legend = CurveLegend(self.plot)
        self.truths: list[SweepTruthItems] = []
        self.series: list[SweepSeriesItems] = []

    def draw(self, figure: FieldSweep) -> None:
        """Draw the results of runs."""
        for items in self._items():
            for item in items.items:
                self.plot.removeItem(item)
        self.legend.clear()
        set_axis_labels(self.plot, figure.x_label, figure.result.title)
        self.plot.getAxis("bottom").setTicks([figure.ticks] if figure.ticks else None)
        scale = partial(_scaled, logarithmic=self.logarithmic, least=figure.y_range[0] / 1e3)
        self.truths = [SweepTruthItems(truth, scale, number) for number, truth in enumerate(figure.truths)]
        self.series = [
            SweepSeriesItems(series, scale, number, series.label or figure.result.title)
            for number, series in enumerate(figure.series)
        ]
        for items in self._items():
            for item in items.items:
                self.plot.addItem(item, ignoreBounds=True)
        self.place_legend()

    def _items(self) -> "Sequence[SweepTruthItems | SweepSeriesItems]":
        return *self.truths, *self.series

    def place_legend(self) -> None:
        """Put the legend, if there is more than one thing to tell apart, where it covers nothing."""
        if len(self.truths) + len(self.series) < 2:
            self.legend.hide()
            return
        lines = [items.line for items in self._items()]
        _place_legend(self.legend, self.box, lines, [items.bars for items in self.series])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        self.legend.set_palette(palette)
        for items in self._items():
            items.set_palette(palette)


class SweepTruthItems:
    """A truth over the field, with its bounds."""

    def __init__(self, truth: SweepTruth, scale: Scale, number: int) -> None:
        self._style = TRUTH_STYLES[number % len(TRUTH_STYLES)]
        edges = [pg.PlotDataItem(*scale(truth.x, edge), pen=None) for edge in (truth.lower, truth.upper)]
        self.band = pg.FillBetweenItem(*edges)
        self.line = pg.PlotDataItem(*scale(truth.x, truth.value), name=escape(truth.label))
        self.items = (*edges, self.band, self.line)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self.band.setBrush(translucent(palette.truth, 0.2))
        self.line.setPen(pg.mkPen(palette.truth, width=1, style=self._style))


class SweepSeriesItems:
    """The results of one series with their errors, and the line of their means."""

    def __init__(self, series: SweepSeries, scale: Scale, number: int, label: str) -> None:
        self._number, self._complete = number, series.complete
        means_x, means, _ = series.means
        self.line = pg.PlotDataItem(*scale(means_x, means))
        (x, y), width = scale(series.x, series.y), WIDTH * np.nan_to_num(series.errors)
        top, bottom = (scale(series.x, series.y + sign * width)[1] for sign in (1, -1))
        self.bars = pg.ErrorBarItem(beam=0.02, x=x, y=y, top=top - y, bottom=y - bottom)
        self.dots = pg.ScatterPlotItem(size=8, symbol=SYMBOLS[number % len(SYMBOLS)], name=escape(label))
        self.dots.setData(x, y)
        self.items = (self.line, self.bars, self.dots)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        color = palette.runs[self._number % len(palette.runs)]
        self.line.setPen(pg.mkPen(color, width=1))
        self.bars.setOpts(pen=pg.mkPen(color, width=HIGHLIGHT_WIDTH))
        self.dots.setPen(pg.mkPen(color, width=HIGHLIGHT_WIDTH))
        self.dots.setBrush(point_brushes(self._complete, color, palette))


def _scaled(x: Float, y: Float, logarithmic: tuple[bool, bool], least: float) -> tuple[Float, Float]:
    """Return places on the axes; on a logarithmic one, what is not positive is at the least height."""
    heights = np.log10(np.maximum(y, least)) if logarithmic[1] else y
    return np.asarray(np.log10(x) if logarithmic[0] else x), np.asarray(heights)


def shown_range(limits: Range, logarithmic: bool) -> Range:
    """Return the ends of a range on an axis, log10 of them on a logarithmic one."""
    return (float(np.log10(limits[0])), float(np.log10(limits[1]))) if logarithmic else limits


def _log(values: Float, figure: Sweep) -> Float:
    """Return log10 of the values; values that are not positive lie far below the visible range."""
    return np.asarray(np.log10(np.maximum(values, figure.y_range[0] / 1e3)))


def _place_legend(
    legend: CurveLegend, box: pg.ViewBox, lines: Sequence[pg.PlotDataItem], bars: Sequence[pg.ErrorBarItem]
) -> None:
    """Put a legend where it covers neither lines nor bars, and make room above them where there is none."""
    points = [line.getData() for line in lines]
    ends = [_ends(item) for item in bars]
    if not place_legend(legend, box, points, ends):
        make_headroom(legend, box)
        place_legend(legend, box, points, ends)


def _ends(bars: pg.ErrorBarItem) -> tuple[Float, Float, Float]:
    """Return the positions and the ends of error bars."""
    x, y = np.asarray(bars.opts["x"], float), np.asarray(bars.opts["y"], float)
    return x, y - np.nan_to_num(bars.opts["bottom"]), y + np.nan_to_num(bars.opts["top"])
