"""AccuracyView: the accuracy of the solver on its own problem, over a run."""

from collections.abc import Hashable
from html import escape
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures.accuracy.figure import LOG_LOG, RATE, Accuracy, metric_label
from wganstudio.figures.curve_settings import CurveSettings
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.curve_view import CurveView
from wganstudio.gui.views.plot_items import SummaryLabel
from wganstudio.gui.views.registry import register_view
from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metrics


@register_view
class AccuracyView(CurveView):
    """One curve per metric, and the theoretical decay of the generator's gradient."""

    name: ClassVar[str] = "accuracy"
    title: ClassVar[str] = "Accuracy"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 120
    empty_text: ClassVar[str] = "Press Run to see the accuracy of the solver, if the solver measures it."
    data_name: ClassVar[str] = "estimate"
    missing_text: ClassVar[str] = "This run ended before its accuracy was measured."
    default_settings: ClassVar[CurveSettings] = LOG_LOG

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rate = pg.PlotCurveItem(antialias=True)
        self.plot.addItem(self.rate, ignoreBounds=True)
        self.summary = SummaryLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.column.addWidget(self.summary)
        self._finish()

    def _cache_key(self, record: RunRecord) -> Hashable:
        return tuple(record.last(name) for name in metrics("accuracy")), record.state, self.overlay_key

    def _message(self) -> str:
        if self.record is None or self.record.last("gap") is None:
            return super()._message()
        return "Available only for semi-discrete, regularized and convex transport."

    def _draw_more(self, figure: Accuracy) -> None:
        """Draw the line of the theoretical decay."""
        rate = figure.rate if figure.shows("grad2") else None
        self.rate.setVisible(rate is not None)
        if rate is not None:
            self.rate.setData(self.scales.x(np.asarray(rate[0])), self.scales.y(np.asarray(rate[1])))

    def _update_summary(self, figure: Accuracy) -> None:
        """Show the name and newest value of each curve, with its color."""
        lines = [
            f'<span style="color:{self._color(curve.name)}">\u25a0</span> {escape(line)}'
            for curve, line in zip(figure.curves, figure.summary_lines, strict=True)
        ]
        if figure.rate is not None:
            lines[-1] += f"; dotted: {RATE}"
        lines = self.overlay.summary_lines() + list(map(escape, figure.notes)) + lines
        self.summary.setText("<br>".join(lines))

    def _restyle(self) -> None:
        super()._restyle()
        self.rate.setPen(pg.mkPen(self.palette_.faint, style=Qt.PenStyle.DotLine))

    def _y_label(self, figure: Accuracy) -> str:
        return figure.y_label

    def _color(self, name: str) -> str:
        return self.overlay.main_color(self.palette_.accuracy(name))

    def _quantity_title(self, name: str) -> str:
        return metric_label(name)
