"""CostsView: gap and value over the steps, with the reference costs."""

from collections.abc import Hashable, Sequence
from html import escape
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from wganstudio.figures.costs.figure import (
    WIDTH,
    CostBounds,
    CostCurve,
    Costs,
    Estimate,
    accuracy_text,
    certificate_text,
)
from wganstudio.figures.costs.labels import label_places
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import Area, SameObject
from wganstudio.gui.views.curve_view import CurveView
from wganstudio.gui.views.overlay_items import OverlayItems
from wganstudio.gui.views.plot_items import (
    SummaryArea,
    SummaryLabel,
    add_legend,
    add_plot,
    set_axis_labels,
    theme_axes,
    theme_legend,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.thinning import extreme_points, steps_within
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.session import RunRecord
from wganstudio.truths import Truth

SUMMARY_SHARE = 0.45
"""Share of the height of the view that the summary may take; it scrolls beyond."""
LABEL_SHARE = 0.5
"""Share of the height of the plot that the labels of the truths of several runs may take."""
LEGEND_MIN_HEIGHT = 110
"""Height in pixels above which the legend is shown; the summary has the same colors."""


@register_view
class CostsView(CurveView):
    """The curves with their standard errors, the truths as bands, and a summary."""

    name: ClassVar[str] = "costs"
    title: ClassVar[str] = "Costs"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 30
    empty_text: ClassVar[str] = "Press Run to see gap and value beside the costs that they estimate."
    data_name: ClassVar[str] = "estimate"
    missing_text: ClassVar[str] = "This run ended before its first estimate of a cost."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = add_plot(self.canvas, row=0, col=0)
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, "steps", "cost")
        self.legend = add_legend(self.plot, (-8, -8), verSpacing=-4)
        self._legend_low = False
        self.curves: dict[str, CurveItems] = {}
        self.overlay = OverlayItems(self.plot, self.legend)
        self.bands: dict[str, BandItems] = {}
        self.finals: dict[str, FinalItems] = {}
        self.summary = SummaryLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary_area = SummaryArea(self.summary)
        self.column.addWidget(self.summary_area)
        self._add_cursor(self.plot)
        self._connect_zoom(self.box)
        self.box.sigRangeChanged.connect(self._place_labels)
        self.box.sigXRangeChanged.connect(self._show_parts)
        self.box.sigResized.connect(self._place_labels)
        self.set_dark(False)

    def _cache_key(self, record: RunRecord) -> Hashable:
        truths = tuple(map(SameObject, record.truths.values()))
        numbers = record.last("gap"), record.last("value"), truths, record.truth_missing, record.state
        return numbers, self.overlay_key

    def _draw(self, figure: Costs) -> None:
        for items, names in (
            (self.curves, {curve.name for curve in figure.curves}),
            (self.bands, set(_band_names(figure.bands))),
            (self.finals, {final.name for final in figure.finals}),
        ):
            for name in set(items) - names:
                items.pop(name).remove(self.plot)
        is_new = (figure.overlay.main is None) != (not self.overlay.entries)
        self.overlay.draw(figure.overlay)
        for index, (name, band) in enumerate(zip(_band_names(figure.bands), figure.bands, strict=True)):
            if name not in self.bands:
                self.bands[name], is_new = BandItems(self.plot), True
            self.bands[name].draw(band, figure.band_text(index))
        for curve in figure.curves:
            if curve.name not in self.curves:
                self.curves[curve.name], is_new = CurveItems(self.plot, self.legend), True
            self.curves[curve.name].draw(curve, self._shown_steps(figure))
        for final in figure.finals:
            if final.name not in self.finals:
                self.finals[final.name], is_new = FinalItems(self.plot), True
            self.finals[final.name].draw(final)
        self._name_curves(figure)
        if is_new or figure.overlay.main is not None:
            self._restyle()
        if figure.ends_low != self._legend_low:
            self._legend_low = figure.ends_low
            corner = (1, 0) if figure.ends_low else (1, 1)
            self.legend.anchor(corner, corner, offset=(-8, 8 if figure.ends_low else -8))
        self._update_summary(figure)
        self._place_labels()

    def _name_curves(self, figure: Costs) -> None:
        """Name the curves of a single run in the legend; of several runs the overlay names them."""
        for curve in figure.curves:
            self.curves[curve.name].set_label(curve.label if figure.overlay.main is None else "")

    def _shown_steps(self, figure: Costs) -> Range:
        """Return the steps that are shown, or will be once the ranges follow the figure."""
        return figure.x_range if self.auto_range else self._ranges()["x"]

    @Slot()
    def _show_parts(self, *_: object) -> None:
        """Draw the curves in the resolution of the steps that are shown now."""
        for items in self.curves.values():
            items.show_part(self._ranges()["x"])

    def _update_summary(self, figure: Costs) -> None:
        curves = [
            f'<span style="color:{self._color(line.split()[0])}">■</span> {escape(line)}'
            for line in figure.summary_lines
        ]
        label = "final" if figure.finals else "newest point"
        if curves:
            curves[0] += f' <span style="color:{self.palette_.faint}">({label}, ± 1 SE)</span>'
        warnings = [
            f'<span style="color:{self.palette_.warning}">{escape(warning)}</span>'
            for warning in figure.warnings
        ]
        lines = self.overlay.summary_lines() + warnings + curves
        if figure.gradient:
            lines.append(escape(accuracy_text(figure.gradient)))
        if figure.missing:
            lines.append(escape(figure.missing if figure.bands else f"No truths: {figure.missing}"))
        self.summary.setText("<br>".join(lines))
        self.summary.setToolTip(tooltip("\n".join(map(certificate_text, figure.bands))))
        self._fit_summary()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the plot most of the height."""
        super().resizeEvent(event)
        self._fit_summary()

    def _fit_summary(self) -> None:
        self.summary_area.fit(int(SUMMARY_SHARE * self.height()))

    def _show_ranges(self, figure: Costs) -> None:
        low, high = figure.x_range
        self.box.setRange(xRange=(low, high + 0.012 * (high - low)), yRange=figure.y_range, padding=0)

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        theme_legend(self.legend, palette)
        self.overlay.set_palette(palette)
        for name, curve in self.curves.items():
            curve.set_pen(self.overlay.main_pen(palette.curve(name), name))
        for items in self.bands.values():
            several = bool(self.overlay.entries)
            color = palette.foreground if several else palette.curve(items.truth.quantity)
            items.set_color(color, palette.background)
        for name, final in self.finals.items():
            final.set_color(self._color(name), palette.background)
        if isinstance(self.drawn, Costs):
            self._update_summary(self.drawn)

    def _color(self, name: str) -> str:
        """Return the color of a curve of the main run."""
        return self.overlay.main_color(self.palette_.curve(name))

    @Slot()
    def _place_labels(self, *_: object) -> None:
        (left, right), (bottom, top) = self.box.viewRange()
        pixel = (top - bottom) / max(self.box.height(), 1)
        truths = [items.truth for items in self.bands.values()]
        line_height = max((items.text.boundingRect().height() for items in self.bands.values()), default=0.0)
        places = label_places(truths, (bottom, top), line_height * pixel)
        if self.overlay.entries and len(truths) * line_height > LABEL_SHARE * self.box.height():
            places = [None] * len(truths)
        for items, place in zip(self.bands.values(), places, strict=True):
            items.text.setVisible(place is not None)
            if place is not None:
                items.text.setPos(left + 0.01 * (right - left), place)
        shown = [items.text for items in self.bands.values() if items.text.isVisible()]
        labels = max((text.boundingRect().width() for text in shown), default=0.0)
        room = self.box.width() - (labels if self.overlay.entries else 0.0), self.box.height()
        self.legend.setVisible(self.box.height() > LEGEND_MIN_HEIGHT and self.overlay.fits(*room))


class CurveItems:
    """A curve and the band of its standard errors."""

    def __init__(self, plot: pg.PlotItem, legend: pg.LegendItem) -> None:
        self._legend, self._label = legend, ""
        self.lower, self.upper = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        self.band = pg.FillBetweenItem(self.lower, self.upper)
        self.line = pg.PlotCurveItem(antialias=True)
        self._curve: CostCurve | CostBounds | None = None
        self._part: slice | None = None
        """The part of the curve that is drawn."""
        self.items = (self.lower, self.upper, self.band, self.line)
        for item in self.items:
            plot.addItem(item, ignoreBounds=True)
        self.band.setZValue(2)
        self.line.setZValue(3)

    def draw(self, curve: CostCurve | CostBounds, shown: Range) -> None:
        """Draw the part of a curve between two steps, of many points those that can be seen."""
        self._curve, self._part = curve, None
        self.show_part(shown)

    def show_part(self, shown: Range) -> None:
        """Draw the same curve between two other steps."""
        if self._curve is None or (part := steps_within(self._curve.steps, shown)) == self._part:
            return
        self._part = part
        steps, values, lower, upper = (
            array[part]
            for array in (self._curve.steps, self._curve.values, self._curve.lower, self._curve.upper)
        )
        kept = extreme_points(values, lower, upper)
        finite = kept[np.isfinite(lower[kept])]
        for item, edge in ((self.lower, lower), (self.upper, upper)):
            item.blockSignals(True)  # otherwise the band is built twice
            item.setData(steps[finite], edge[finite])
            item.blockSignals(False)
        self.band.updatePath()
        self.line.setData(steps[kept], values[kept])

    def set_label(self, label: str) -> None:
        """Name the curve in the legend; empty: do not."""
        if label != self._label:
            self._label = label
            self._legend.removeItem(self.line)
            if label:
                self._legend.addItem(self.line, label)

    def set_pen(self, pen: QPen) -> None:
        """Change the color and the style."""
        self.line.setPen(pen)
        self.band.setBrush(translucent(pen.color().name(), 0.25))

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        self.set_label("")
        for item in self.items:
            plot.removeItem(item)


class BandItems:
    """The band between the bounds of a truth, outlined so that a thin one is visible, and its label."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.truth: Truth
        self.region = pg.LinearRegionItem(orientation="horizontal", movable=False)
        self.text = pg.TextItem(anchor=(0, 1))
        self.text.textItem.document().setDocumentMargin(1)
        self.region.setZValue(1)
        self.text.setZValue(6)  # above the curves
        for item in (self.region, self.text):
            plot.addItem(item, ignoreBounds=True)

    def draw(self, truth: Truth, text: str) -> None:
        """Draw a truth with its label."""
        self.truth = truth
        self.region.setRegion((truth.lower, truth.upper))
        self.text.setText(text)
        for item in (self.region, *self.region.lines, self.text):
            item.setToolTip(tooltip(certificate_text(truth)))

    def set_color(self, color: str, ground: str) -> None:
        """Change the theme."""
        self.region.setBrush(translucent(color, 0.15))
        for line in self.region.lines:
            line.setPen(pg.mkPen(color, width=1))
        self.text.setColor(color)
        self.text.fill = pg.mkBrush(translucent(ground, 0.75))

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        plot.removeItem(self.region)
        plot.removeItem(self.text)


class FinalItems:
    """A final estimate: a point with its error bar."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.bar = pg.ErrorBarItem()
        self.point = pg.ScatterPlotItem(size=8)
        self.bar.setZValue(5)
        self.point.setZValue(6)
        for item in (self.bar, self.point):
            plot.addItem(item, ignoreBounds=True)

    def draw(self, final: Estimate) -> None:
        """Draw an estimate."""
        x, y = np.array([final.step], float), np.array([final.value])
        self.bar.setData(x=x, y=y, height=np.array([2 * WIDTH * np.nan_to_num(final.error)]), beam=0)
        self.point.setData(x, y)

    def set_color(self, color: str, ground: str) -> None:
        """Change the theme."""
        self.bar.setData(pen=pg.mkPen(color, width=2))
        self.point.setBrush(color)
        self.point.setPen(pg.mkPen(ground))

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        plot.removeItem(self.bar)
        plot.removeItem(self.point)


def _band_names(truths: Sequence[Truth]) -> list[str]:
    """Return a name for each truth; the second one of a quantity has a number."""
    quantities = [truth.quantity for truth in truths]
    counts = (quantities[:index].count(quantity) for index, quantity in enumerate(quantities))
    return [f"{name} {count + 1}" if count else name for name, count in zip(quantities, counts, strict=True)]
