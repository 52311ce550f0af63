"""CostsView: gap and value over a run, with the reference costs."""

from collections.abc import Hashable
from html import escape
from typing import ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.costs.texts import accuracy_text, certificate_text
from wganstudio.figures.placement import LabelPlace, Occupancy, PixelBox, place_labels
from wganstudio.gui.views.base import Area, SameObject
from wganstudio.gui.views.curve_view import CurveView
from wganstudio.gui.views.legend import pixels
from wganstudio.gui.views.plot_items import SummaryArea, SummaryLabel
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.truth_items import BandItems, FinalItems, band_names
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.session import RunRecord
from wganstudio.truths.certificate import NAMES

SUMMARY_SHARE = 0.45
"""Share of the height of the view that the summary may take; it scrolls beyond."""
LABEL_SHARE = 0.5
"""Share of the height of the plot that the labels of the truths of several runs may take."""
FINAL_SIZE = 12.0
"""Pixels around a final estimate that no label may cover."""


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
        self.bands: dict[str, BandItems] = {}
        self.finals: dict[str, FinalItems] = {}
        self.summary = SummaryLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary_area = SummaryArea(self.summary)
        self.column.addWidget(self.summary_area)
        self._finish()

    def _cache_key(self, record: RunRecord) -> Hashable:
        truths = tuple(map(SameObject, record.truths.values()))
        numbers = record.last("gap"), record.last("value"), truths, record.truth_missing, record.state
        return numbers, self.overlay_key

    def _draw_more(self, figure: Costs) -> None:
        """Draw the truths and the final estimates."""
        bands, floor = figure.shown_bands, figure.y_range[0] / 10
        for items, names in (
            (self.bands, set(band_names(bands))),
            (self.finals, {final.name for final in figure.shown_finals}),
        ):
            for name in set(items) - names:
                items.pop(name).remove(self.plot)
        for name, band in zip(band_names(bands), bands, strict=True):
            if name not in self.bands:
                self.bands[name] = BandItems(self.plot)
            text = figure.band_text(figure.bands.index(band))
            self.bands[name].draw(band, text, self.scales, floor)
        for final in figure.shown_finals:
            if final.name not in self.finals:
                self.finals[final.name] = FinalItems(self.plot)
            self.finals[final.name].draw(final, self.scales, floor)

    def _set_pens(self, figure: Costs) -> None:
        super()._set_pens(figure)
        palette, several = self.palette_, not self.overlay.is_empty
        for items in self.bands.values():
            color = palette.foreground if several else palette.curve(items.truth.quantity)
            items.set_color(color, palette.background)
        for name, final in self.finals.items():
            final.set_color(self._color(name), palette.background)

    def _offered(self, figure: Costs) -> list[tuple[str, str]]:
        quantities = dict.fromkeys(band.quantity for band in figure.bands)
        return [*super()._offered(figure), *((name, NAMES[name]) for name in quantities)]

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
        lines = self.overlay.summary_lines() + warnings + list(map(escape, figure.notes)) + curves
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

    def _y_label(self, figure: Costs) -> str:
        return "cost"

    def _color(self, name: str) -> str:
        return self.overlay.main_color(self.palette_.curve(name))

    def _occupancy(self) -> Occupancy:
        plot = super()._occupancy()
        for final in self.finals.values():
            x, y = pixels(self.box, *map(np.array, final.position))
            if np.isfinite(x) and np.isfinite(y):
                half = FINAL_SIZE / 2
                plot.add_box(PixelBox(float(x) - half, float(y) - half, FINAL_SIZE, FINAL_SIZE))
        return plot

    def _place_labels(self, plot: Occupancy) -> None:
        """Label the truths where the labels cover neither curves nor one another."""
        items = list(self.bands.values())
        sizes = [(one.text.boundingRect().width(), one.text.boundingRect().height()) for one in items]
        edges = [tuple(pixels(self.box, np.zeros(2), np.array(one.edges))[1]) for one in items]
        is_crowded = sum(height for _, height in sizes) > LABEL_SHARE * self.box.height()
        places: list[LabelPlace | None] = [None] * len(items)
        if self.overlay.is_empty or not is_crowded:
            places = place_labels(plot, edges, sizes)
        for one, place in zip(items, places, strict=True):
            one.text.setVisible(place is not None)
            one.leader.setVisible(place is not None and place.needs_leader)
            if place is None:
                continue
            one.text.setPos(*self._positions(place.box.left, place.box.bottom))
            if place.needs_leader:
                end = place.box.bottom if place.box.bottom > place.anchor else place.box.top
                ends = [self._positions(place.box.left + 2, height) for height in (end, place.anchor)]
                one.leader.setData(*np.array(ends).T)
