"""SweepView: the excess of the value over W1, by lambda, of the runs that differ only in lambda."""

from collections.abc import Hashable
from html import escape
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.figures.costs.figure import WIDTH
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL, PENALTY_NAMES, Sweep
from wganstudio.figures.types import Float
from wganstudio.gui.views.base import Area, SameObject
from wganstudio.gui.views.loglog_view import LogLogView
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    add_legend,
    point_brushes,
    theme_legend,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.session import RunRecord

SYMBOLS = ("o", "s", "d", "t")
LEGEND_MIN_HEIGHT = 220
"""Height in pixels above which the legend is shown."""


@register_view
class SweepView(LogLogView):
    """One point per run, the truth with its bounds, and the line of slope -1."""

    name: ClassVar[str] = "sweep"
    title: ClassVar[str] = "Sweep"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 70
    empty_text: ClassVar[str] = (
        "Choose Run > Sweep lambda… to train the experiment for several λ. This view shows value − W₁ over λ."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("λ", "value − W₁", parent)
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
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.box.sigResized.connect(self._place_legend)
        self.set_dark(False)

    def _version(self) -> int:
        return sum(record.version + 1 for record in self.session_records()) if self.record is not None else -1

    def _cache_key(self, record: RunRecord) -> Hashable:
        return tuple(
            (other.run, other.name, other.state, *map(SameObject, other.truths.values()))
            for other in self.session_records()
        )

    def _build_figure(self, record: RunRecord) -> Sweep | None:
        return Sweep.from_record(record, among=self.session_records())

    def _message(self) -> str:
        return self.empty_text

    def _draw(self, figure: Sweep) -> None:
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
                dots = pg.ScatterPlotItem(size=8, symbol=symbol, name=curve.label)
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
        self._restyle()
        self._place_legend()

    @Slot()
    def _place_legend(self, *_: object) -> None:
        """Show the legend if there is room; the summary has the same colors."""
        self.legend.setVisible(self.box.height() > LEGEND_MIN_HEIGHT)

    def _update_summary(self, figure: Sweep) -> None:
        colors = {curve.kind: self.palette_.penalty(curve.kind) for curve in figure.series}
        slopes = [
            f'<span style="color:{colors.get(kind, self.palette_.truth)}">■</span> '
            f"{escape(f'{PENALTY_NAMES.get(kind, kind)}: {fit.text}')}"
            for kind, fit in figure.fits
            if kind in colors or len(figure.truths.penalties) > 1
        ]
        dashed = ["dashed: slope -1"] if len(figure.slope_line[0]) else []
        self.summary.setText("; ".join([*slopes, *dashed, *map(escape, figure.notes)]))
        self.summary.setToolTip("\n".join(figure.summary_lines))

    def _restyle(self) -> None:
        super()._restyle()
        if isinstance(self.drawn, Sweep):
            self._update_summary(self.drawn)
        palette = self.palette_
        theme_legend(self.legend, palette)
        self.line.setPen(pg.mkPen(palette.faint, style=Qt.PenStyle.DashLine))
        self.truth.setPen(pg.mkPen(palette.truth, width=1))
        self.band.setBrush(translucent(palette.truth, 0.2))
        self.incomplete.setBrush(palette.background)
        self.incomplete.setPen(pg.mkPen(palette.faint, width=HIGHLIGHT_WIDTH))
        series = {curve.kind: curve for curve in self.drawn.series} if isinstance(self.drawn, Sweep) else {}
        for kind, (dots, bars) in self.points.items():
            color = palette.penalty(kind)
            dots.setBrush(color)
            dots.setPen(pg.mkPen(color, width=HIGHLIGHT_WIDTH))
            if kind in series:
                dots.setBrush(point_brushes(series[kind].complete, color, palette))
            bars.setOpts(pen=pg.mkPen(color, width=HIGHLIGHT_WIDTH))


def _log(values: Float, figure: Sweep) -> Float:
    """Return log10 of the values; values that are not positive lie far below the visible range."""
    return np.asarray(np.log10(np.maximum(values, figure.y_range[0] / 1e3)))
