"""Panels of the sweep view: the excess over W1 by lambda, and any result over any field."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt

from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.curves import ReadPoint
from wganstudio.figures.field_sweep.figure import FieldSweep, SweepSeries, SweepTruth
from wganstudio.figures.style import LIGHT, Palette
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL, SLOPE, TRUTH, Sweep
from wganstudio.figures.types import Float
from wganstudio.gui.views.band import Band
from wganstudio.gui.views.crosshair import Crosshair
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.legend import CurveLegend, LegendEntry, make_headroom, place_legend
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    add_plot,
    point_brushes,
    set_axis_labels,
    theme_axes,
)
from wganstudio.gui.views.scales import Scales

SYMBOLS = ("o", "s", "d", "t")
TRUTH_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
INCOMPLETE = "incomplete"
"""The entry of the legend that stands for the open points."""


class SweepPanel:
    """A plot of series of points with error bars, and of truths with their bounds.

    A subclass defines `_build`, which returns the items of a figure, and `_labels`.
    """

    def __init__(self, canvas: pg.GraphicsLayoutWidget) -> None:
        self.plot = add_plot(canvas, row=0, col=0, axisItems=axis_items())
        self.box = self.plot.getViewBox()
        self.scales = Scales()
        self.legend = CurveLegend(self.plot)
        self.crosshair = Crosshair(self.plot, self._point_color)
        self.items: dict[str, TruthItems | SeriesItems] = {}
        """The items of the plot, by name."""
        self._figure: Any = None
        self._palette = LIGHT

    def draw(self, figure: Any) -> None:
        """Draw a figure."""
        self._figure = figure
        self.scales = Scales(*figure.logarithmic)
        for side, is_log in zip(("bottom", "left"), figure.logarithmic, strict=True):
            self.plot.getAxis(side).set_logarithmic(is_log)
        set_axis_labels(self.plot, *self._labels(figure))
        for items in self.items.values():
            items.remove(self.plot)
        self.items = {
            name: items for name, items in self._build(figure).items() if figure.choices.shows(name)
        }
        for items in self.items.values():
            items.add(self.plot)
        self.set_palette(self._palette)
        self.place_legend()

    def place_legend(self) -> None:
        """Put the legend, if there is more than one thing to tell apart, where it covers nothing."""
        if len(self.legend.entries) < 2:
            self.legend.hide()
            return
        items = list(self.items.values())
        _place_legend(self.legend, self.box, items)

    def point_at(self, position: QPointF) -> None:
        """Read the figure at a position of the scene."""
        x = self.scales.x_at(self.box.mapSceneToView(position).x())
        reading = None if self._figure is None else self._figure.read(x)
        if reading is None or not self.box.sceneBoundingRect().contains(position):
            self.crosshair.clear()
        else:
            self.crosshair.show(reading, self.scales, position)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self._palette = palette
        theme_axes(self.plot, palette)
        self.legend.set_palette(palette)
        self.crosshair.set_palette(palette)
        for name, items in self.items.items():
            items.set_color(self._color(name), palette)
        if self._figure is not None:
            self.legend.set_entries(self._legend_entries(self._figure))

    def _legend_entries(self, figure: Any) -> list[LegendEntry]:
        entries = [
            LegendEntry(
                name, label, self._color(name), style=self._style(name), shown=figure.choices.shows(name)
            )
            for name, label in figure.entries
        ]
        if figure.has_incomplete:
            entries.append(LegendEntry(INCOMPLETE, INCOMPLETE_LABEL, self._palette.faint))
        return entries

    def _point_color(self, point: ReadPoint) -> str:
        return self._color(point.name)

    # Subclasses define the methods below.

    def _labels(self, figure: Any) -> tuple[str, str]:
        raise NotImplementedError

    def _build(self, figure: Any) -> "dict[str, TruthItems | SeriesItems]":
        raise NotImplementedError

    def _color(self, name: str) -> str:
        raise NotImplementedError

    def _style(self, name: str) -> Qt.PenStyle:
        return Qt.PenStyle.SolidLine


class LambdaPanel(SweepPanel):
    """One point per run, the truth with its bounds, and the line of slope -1."""

    def _labels(self, figure: Sweep) -> tuple[str, str]:
        return "λ", "value − W₁"

    def _build(self, figure: Sweep) -> "dict[str, TruthItems | SeriesItems]":
        least, truths = _least(figure), figure.truths
        items: dict[str, TruthItems | SeriesItems] = {
            TRUTH: TruthItems(
                self.scales,
                least,
                truths.penalties,
                truths.excess,
                (truths.lower, truths.upper),
            ),
            SLOPE: TruthItems(self.scales, least, *figure.shown_slope, style=Qt.PenStyle.DashLine),
        }
        for number, one in enumerate(figure.series):
            points = SweepSeries(
                one.label, one.penalties, one.excess, one.errors, np.zeros(0, int), one.complete, one.steps
            )
            items[one.kind] = SeriesItems(points, self.scales, least, number, has_line=False)
        return items

    def _color(self, name: str) -> str:
        lines = {TRUTH: self._palette.truth, SLOPE: self._palette.faint, INCOMPLETE: self._palette.faint}
        return lines.get(name) or self._palette.penalty(name)

    def _style(self, name: str) -> Qt.PenStyle:
        return Qt.PenStyle.DashLine if name == SLOPE else Qt.PenStyle.SolidLine


class FieldPanel(SweepPanel):
    """The results of runs over a field with errors, their means over seeds, and the truths."""

    def _labels(self, figure: FieldSweep) -> tuple[str, str]:
        return figure.x_label, figure.result.title

    def draw(self, figure: Any) -> None:
        """Draw the results of runs."""
        super().draw(figure)
        self.plot.getAxis("bottom").setTicks([figure.ticks] if figure.ticks else None)

    def _build(self, figure: FieldSweep) -> "dict[str, TruthItems | SeriesItems]":
        least, items = _least(figure), dict[str, TruthItems | SeriesItems]()
        for truth in figure.truths:
            items[truth.label] = _truth_items(truth, self.scales, least, self._style(truth.label))
        for number, series in enumerate(figure.series):
            items[figure.label_of(series)] = SeriesItems(series, self.scales, least, number)
        return items

    def _color(self, name: str) -> str:
        figure: FieldSweep = self._figure
        labels = [figure.label_of(series) for series in figure.series]
        runs = self._palette.runs
        return runs[labels.index(name) % len(runs)] if name in labels else self._palette.truth

    def _style(self, name: str) -> Qt.PenStyle:
        figure: FieldSweep = self._figure
        truths = [truth.label for truth in figure.truths]
        return TRUTH_STYLES[truths.index(name) % len(TRUTH_STYLES)] if name in truths else TRUTH_STYLES[0]


class TruthItems:
    """A line, with the area between its bounds where it has any."""

    def __init__(
        self,
        scales: Scales,
        least: float,
        x: Float,
        y: Float,
        bounds: tuple[Float, Float] | None = None,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:
        self._style = style
        self._x, self._edges = scales.x(x), [scales.y_above(edge, least) for edge in bounds or ()]
        self.line = pg.PlotCurveItem(self._x, scales.y_above(y, least), connect="finite", antialias=True)
        self.line.setZValue(3)
        self.band: Band | None = None
        self.ends: tuple[Float, Float, Float] | None = None

    def add(self, plot: pg.PlotItem) -> None:
        """Add the items to a plot."""
        plot.addItem(self.line, ignoreBounds=True)
        if self._edges:
            self.band = Band(plot, 2)
            self.band.set_data(self._x, *self._edges)

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        plot.removeItem(self.line)
        if self.band is not None:
            plot.removeItem(self.band)

    def set_color(self, color: str, palette: Palette) -> None:
        """Change the theme."""
        self.line.setPen(pg.mkPen(color, width=1, style=self._style))
        if self.band is not None:
            self.band.set_color(color, 0.2)


class SeriesItems:
    """The results of one series with their errors, and the line of their means."""

    def __init__(
        self, series: SweepSeries, scales: Scales, least: float, number: int, *, has_line: bool = True
    ) -> None:
        means_x, means, _ = series.means if has_line else (np.empty(0), np.empty(0), None)
        self.line = pg.PlotCurveItem(scales.x(means_x), scales.y(means), connect="finite", antialias=True)
        places = scales.x(series.x)
        drawn = np.isfinite(places)
        y, width = series.y[drawn], WIDTH * np.nan_to_num(series.errors[drawn])
        x, self._complete = places[drawn], series.complete[drawn]
        low, height, high = (scales.y_above(one, least) for one in (y - width, y, y + width))
        self.bars = pg.ErrorBarItem(beam=0.02, x=x, y=height, top=high - height, bottom=height - low)
        self.dots = pg.ScatterPlotItem(size=8, symbol=SYMBOLS[number % len(SYMBOLS)])
        self.dots.setData(x, height)
        self.ends: tuple[Float, Float, Float] | None = (x, low, high)
        for item, layer in ((self.line, 3), (self.bars, 4), (self.dots, 5)):
            item.setZValue(layer)

    def add(self, plot: pg.PlotItem) -> None:
        """Add the items to a plot."""
        for item in (self.line, self.bars, self.dots):
            plot.addItem(item, ignoreBounds=True)

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        for item in (self.line, self.bars, self.dots):
            plot.removeItem(item)

    def set_color(self, color: str, palette: Palette) -> None:
        """Change the theme."""
        self.line.setPen(pg.mkPen(color, width=1))
        self.bars.setOpts(pen=pg.mkPen(color, width=HIGHLIGHT_WIDTH))
        self.dots.setPen(pg.mkPen(color, width=HIGHLIGHT_WIDTH))
        self.dots.setBrush(point_brushes(self._complete, color, palette))


def _truth_items(truth: SweepTruth, scales: Scales, least: float, style: Qt.PenStyle) -> TruthItems:
    return TruthItems(scales, least, truth.x, truth.value, (truth.lower, truth.upper), style)


def _least(figure: Sweep | FieldSweep) -> float:
    """Return the height, far below a logarithmic axis, of what is not positive."""
    return figure.y_range[0] / 1e3


def _place_legend(legend: CurveLegend, box: pg.ViewBox, items: Sequence[TruthItems | SeriesItems]) -> None:
    """Put a legend where it covers neither lines nor bars, and make room above them where there is none."""
    points = [one.line.getData() for one in items]
    ends = [one.ends for one in items if one.ends is not None]
    if not place_legend(legend, box, points, ends):
        make_headroom(legend, box)
        place_legend(legend, box, points, ends)
