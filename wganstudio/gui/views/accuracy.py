"""AccuracyView: how exactly the solver solves its own problem, over the steps."""

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures import Accuracy
from wganstudio.figures.accuracy.figure import RATE, Y_LABEL
from wganstudio.gui.views.loglog_view import LogLogView
from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metrics


class AccuracyView(LogLogView):
    """One curve a measure on logarithmic axes, and how fast the generator's gradient falls in theory."""

    name: ClassVar[str] = "accuracy"
    title: ClassVar[str] = "Accuracy"
    beside: ClassVar[str] = "costs"
    invitation: ClassVar[str] = (
        "Press Run: how exactly the solver solves its own problem appears here, where it measures that."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("steps", Y_LABEL, parent)
        self.remarks.setTextFormat(Qt.TextFormat.RichText)
        self.rate = pg.PlotCurveItem(antialias=True)
        self.plot.addItem(self.rate, ignoreBounds=True)
        self.curves: dict[str, pg.PlotCurveItem] = {}
        self.set_dark(False)

    def _state(self, record: RunRecord) -> Hashable:
        return tuple(record.last(name) for name in metrics("accuracy")), record.state

    def _derive(self, record: RunRecord) -> Accuracy | None:
        return Accuracy.of(record)

    def _message(self) -> str:
        if self.record is None or self.record.last("gap") is None:
            return super()._message().replace("picture", "number")
        return "This solver measures no error of its own; semi-discrete, regularized and convex transport do."

    def _draw(self, figure: Accuracy) -> None:
        wanted = [one.name for one in figure.measures]
        if list(self.curves) != wanted:
            for item in self.curves.values():
                self.plot.removeItem(item)
            self.curves = {}
            for one in figure.measures:
                self.curves[one.name] = self.plot.plot(antialias=True)
            self._restyle()
        for one in figure.measures:
            self.curves[one.name].setData(np.log10(one.steps), np.log10(one.values))
        self.rate.setVisible(figure.rate is not None)
        if figure.rate is not None:
            self.rate.setData(*np.log10(figure.rate))
        self._tell(figure)

    def _tell(self, figure: Accuracy) -> None:
        """What each curve is, by its color, and where it has come to."""
        lines = [
            f'<span style="color:{self.palette_.measure(one.name)}">\u25a0</span> {remark}'
            for one, remark in zip(figure.measures, figure.remarks, strict=True)
        ]
        if figure.rate is not None:
            lines[-1] += f"; dashed: {RATE}"
        self.remarks.setText("<br>".join(lines))

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette_
        self.rate.setPen(pg.mkPen(palette.faint, style=Qt.PenStyle.DashLine))
        for name, item in self.curves.items():
            item.setPen(pg.mkPen(palette.measure(name), width=1))
        if isinstance(self._drawn, Accuracy):
            self._tell(self._drawn)
