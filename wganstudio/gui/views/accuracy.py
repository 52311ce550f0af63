"""AccuracyView: the accuracy of the solver on its own problem, over the steps."""

from collections.abc import Hashable
from html import escape
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures.accuracy.figure import RATE, Accuracy, metric_label
from wganstudio.figures.overlay import OverlayCurve
from wganstudio.figures.types import Float
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.curve_view import CurveView
from wganstudio.gui.views.loglog_view import LogLogView
from wganstudio.gui.views.overlay_items import OverlayItems
from wganstudio.gui.views.plot_items import add_legend, set_axis_labels, theme_legend
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.thinning import extreme_points_over_decades
from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metrics


@register_view
class AccuracyView(LogLogView, CurveView):
    """One curve per measure on logarithmic axes, and the theoretical decay of the generator's gradient."""

    name: ClassVar[str] = "accuracy"
    title: ClassVar[str] = "Accuracy"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 120
    empty_text: ClassVar[str] = "Press Run to see the accuracy of the solver, if the solver measures it."
    data_name: ClassVar[str] = "estimate"
    logarithmic_steps: ClassVar[bool] = True
    missing_text: ClassVar[str] = "This run ended before its accuracy was measured."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("steps", "", parent)
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.rate = pg.PlotCurveItem(antialias=True)
        self.plot.addItem(self.rate, ignoreBounds=True)
        self.curves: dict[str, pg.PlotCurveItem] = {}
        self._add_cursor(self.plot)
        self.legend = add_legend(self.plot, (-8, 8), verSpacing=-4)
        self.overlay = OverlayItems(self.plot, self.legend, _log_points)
        self.set_dark(False)

    def _cache_key(self, record: RunRecord) -> Hashable:
        return tuple(record.last(name) for name in metrics("accuracy")), record.state, self.overlay_key

    def _message(self) -> str:
        if self.record is None or self.record.last("gap") is None:
            return super()._message()
        return "Available only for semi-discrete, regularized and convex transport."

    def _draw(self, figure: Accuracy) -> None:
        set_axis_labels(self.plot, "steps", figure.y_label)
        names = [curve.name for curve in figure.curves]
        if list(self.curves) != names:
            for item in self.curves.values():
                self.plot.removeItem(item)
            self.curves = {}
            for curve in figure.curves:
                self.curves[curve.name] = self.plot.plot(antialias=True)
            self._restyle()
        self.overlay.draw(figure.overlay, metric_label)
        self._set_pens()
        for curve in figure.curves:
            kept = extreme_points_over_decades(curve.values)
            self.curves[curve.name].setData(np.log10(curve.steps[kept]), np.log10(curve.values[kept]))
        self.rate.setVisible(figure.rate is not None)
        if figure.rate is not None:
            self.rate.setData(*np.log10(figure.rate))
        self._update_summary(figure)

    def _update_summary(self, figure: Accuracy) -> None:
        """Show the name and newest value of each curve, with its color."""
        lines = [
            f'<span style="color:{self._color(curve.name)}">\u25a0</span> {escape(line)}'
            for curve, line in zip(figure.curves, figure.summary_lines, strict=True)
        ]
        if figure.rate is not None:
            lines[-1] += f"; dashed: {RATE}"
        lines = self.overlay.summary_lines() + lines
        self.legend.setVisible(self.overlay.fits(self.box.width(), self.box.height()))
        self.summary.setText("<br>".join(lines))

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette_
        self.rate.setPen(pg.mkPen(palette.faint, style=Qt.PenStyle.DashLine))
        self.overlay.set_palette(palette)
        theme_legend(self.legend, palette)
        self._set_pens()
        if isinstance(self.drawn, Accuracy):
            self._update_summary(self.drawn)

    def _color(self, name: str) -> str:
        return self.overlay.main_color(self.palette_.accuracy(name))

    def _set_pens(self) -> None:
        for name, item in self.curves.items():
            item.setPen(self.overlay.main_pen(self.palette_.accuracy(name), name))


def _log_points(curve: OverlayCurve, values: Float) -> tuple[Float, Float]:
    """Return log10 of steps and values, of many points those that can be seen."""
    kept = extreme_points_over_decades(curve.values)
    floor = curve.values[kept] * 1e-3
    return np.log10(curve.steps[kept]), np.log10(np.maximum(values[kept], floor))
