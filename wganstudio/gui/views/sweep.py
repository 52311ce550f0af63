"""SweepView: the value's excess over W1, by lambda, of all the runs that differ in nothing else."""

from collections.abc import Hashable
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures.costs.figure import WIDTH
from wganstudio.figures.sweep.figure import Sweep
from wganstudio.figures.types import Float
from wganstudio.gui.views.loglog_view import LogLogView
from wganstudio.gui.views.plot_items import THICK, legend, theme_legend, translucent
from wganstudio.session import RunRecord

SYMBOLS = ("o", "s", "d", "t")


class SweepView(LogLogView):
    """One point a run, the truth with its bounds, and the line of slope -1."""

    name: ClassVar[str] = "sweep"
    title: ClassVar[str] = "Sweep"
    beside: ClassVar[str] = "costs"
    invitation: ClassVar[str] = (
        "Run > Sweep lambda trains the experiment for several lambdas; value - W₁ appears here, over lambda."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("λ", "value - W₁", parent)
        self.legend = legend(self.plot, (8, -8), verSpacing=-4)
        self.line = self.plot.plot(name="slope -1")
        self.bounds = [pg.PlotDataItem(), pg.PlotDataItem()]
        self.band = pg.FillBetweenItem(*self.bounds)
        for item in (*self.bounds, self.band):
            self.plot.addItem(item, ignoreBounds=True)
        self.truth = self.plot.plot(name="truth: C - W₁")
        self.points: dict[str, tuple[pg.PlotDataItem, pg.ErrorBarItem]] = {}
        self.set_dark(False)

    def _now(self) -> int:
        return sum(record.version + 1 for record in self.session()) if self.record is not None else -1

    def _state(self, record: RunRecord) -> Hashable:
        return tuple((other.run, other.state, *map(id, other.truths.values())) for other in self.session())

    def _derive(self, record: RunRecord) -> Sweep | None:
        return Sweep.from_record(record, among=self.session())

    def _message(self) -> str:
        return self.invitation

    def _draw(self, figure: Sweep) -> None:
        self.line.setData(*map(np.log10, figure.slope_line))
        truths = figure.truths
        x = np.log10(truths.penalties)
        self.truth.setData(x, _log(truths.excess, figure))
        for item, values in zip(self.bounds, (truths.lower, truths.upper), strict=True):
            item.setData(x, _log(values, figure))
        for kind in set(self.points) - {one.kind for one in figure.series}:
            for item in self.points.pop(kind):
                self.plot.removeItem(item)
        for one, symbol in zip(figure.series, SYMBOLS, strict=False):
            if one.kind not in self.points:
                dots = self.plot.plot(pen=None, symbol=symbol, symbolSize=8, name=one.label)
                bars = pg.ErrorBarItem(beam=0.02)
                self.plot.addItem(bars, ignoreBounds=True)
                self.points[one.kind] = dots, bars
            dots, bars = self.points[one.kind]
            at, height = np.log10(one.penalties), _log(one.excess, figure)
            dots.setData(at, height)
            bars.setData(
                x=at,
                y=height,
                top=_log(one.excess + WIDTH * one.errors, figure) - height,
                bottom=height - _log(one.excess - WIDTH * one.errors, figure),
            )
        self.remarks.setText("\n".join(figure.summary_lines))
        self._restyle()

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette_
        theme_legend(self.legend, palette)
        self.line.setPen(pg.mkPen(palette.faint, style=Qt.PenStyle.DashLine))
        self.truth.setPen(pg.mkPen(palette.truth, width=1))
        self.band.setBrush(translucent(palette.truth, 0.2))
        for kind, (dots, bars) in self.points.items():
            color: Any = palette.penalty(kind)
            dots.setSymbolBrush(color)
            dots.setSymbolPen(palette.background)
            bars.setOpts(pen=pg.mkPen(color, width=THICK))


def _log(values: Float, figure: Sweep) -> Float:
    """log10, with what is not positive put far below what is shown."""
    return np.asarray(np.log10(np.maximum(values, figure.y_range[0] / 1e3)))
