"""CongestionTheoremView: |grad u| over the predicted 1 + |w| / (2 lambda sigma), point by point."""

from html import escape
from typing import Any, ClassVar, Self

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from wganstudio.figures.congestion_theorem.figure import X_LABEL, Y_LABEL, CongestionTheorem
from wganstudio.figures.flow import missing_flow_text
from wganstudio.figures.style import SCATTER_MAP
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.chosen_axes import ChosenAxes
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_canvas import bar_width
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    SummaryLabel,
    add_plot,
    move_points,
    set_axis_labels,
    theme_axes,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.scales import Scales

NUM_COLORS = 64
PICK_RADIUS = 14
"""Distance in pixels within which the mouse picks a point."""


@register_view
class CongestionTheoremView(FrameView):
    """One dot per point of the plane, the diagonal, and a summary of the deviation from it."""

    name: ClassVar[str] = "congestion_theorem"
    title: ClassVar[str] = "Congestion theorem"
    area: ClassVar[Area] = "right"
    position: ClassVar[int] = 40
    empty_text: ClassVar[str] = (
        "Press Run to compare |∇u| with the prediction of the theorem, 1 + |w| / (2 λ σ)."
    )
    hint: ClassVar[str] = "Point at a dot to read its position, σ, and both gradient norms."
    readout_lines: ClassVar[int] = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axes = ChosenAxes(self)
        self.axes.bar.curves.hide()
        self.axes.changed.connect(self._axes_chosen)
        bar = QHBoxLayout()
        bar.addWidget(self.axes.bar)
        bar.addStretch(1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.scales = Scales()
        self.plot = add_plot(self.canvas, row=0, col=0, axisItems=axis_items())
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, X_LABEL, Y_LABEL)
        self.points = pg.ScatterPlotItem(size=4, pen=None, pxMode=True)
        self.diagonal = pg.PlotCurveItem(antialias=True)
        self.highlight = pg.ScatterPlotItem(size=12, symbol="o", brush=None)
        for item in (self.points, self.diagonal, self.highlight):
            self.plot.addItem(item, ignoreBounds=True)
        colors = pg.colormap.get(SCATTER_MAP)
        self.bar = pg.ColorBarItem(width=12, interactive=False, colorMap=colors, colorMapMenu=False)
        self.bar.axis.setWidth(bar_width())
        self.canvas.addItem(self.bar, row=0, col=1)
        self._brushes = [pg.mkBrush(color) for color in colors.getLookupTable(nPts=NUM_COLORS)]
        self._drawn_shade: Float | None = None
        self.summary = SummaryLabel()
        self.pane.add_text(self.summary)
        self._connect_zoom(self.box)
        self.set_dark(False)

    def _message(self) -> str:
        record = self.record
        return (
            super()._message()
            if record is None or record.snapshot("critic") is None
            else missing_flow_text(record)
        )

    def options(self) -> dict[str, Any]:
        """Return which axes are logarithmic."""
        log_x, log_y = self.axes.choices.logarithmic((False, False))
        return {"log_x": log_x, "log_y": log_y}

    def copy_settings(self, other: Self) -> None:
        """Take over the axes, without drawing."""
        self.axes.choices = other.axes.choices

    @Slot()
    def _axes_chosen(self) -> None:
        self.auto_range = True
        for view in self.comparison.views:
            view.auto_range = True
        self._settings_changed()

    def _draw(self, figure: CongestionTheorem) -> None:
        self.axes.show(figure.logarithmic, ())
        self.scales = Scales(*figure.logarithmic)
        for side, is_log in zip(("bottom", "left"), figure.logarithmic, strict=True):
            self.plot.getAxis(side).set_logarithmic(is_log)
        predicted, slope = figure.places
        low, high = figure.scale.low, figure.scale.high
        shade = self._drawn_shade
        same = shade is not None and np.array_equal(shade, figure.log_sigma)
        same = same and self.bar.values == (low, high)
        if not (same and move_points(self.points, predicted, slope)):
            share = np.clip((figure.log_sigma - low) / (high - low), 0, 1)
            brushes = [self._brushes[int(value)] for value in share * (NUM_COLORS - 1)]
            self.points.setData(predicted, slope, brush=brushes)
            self._drawn_shade = figure.log_sigma
            self.bar.setLevels((low, high))
            self.bar.axis.setLabel(escape(figure.scale.label))
        across, up = figure.diagonal
        self.diagonal.setData(self.scales.x(across), self.scales.y(up))
        self.summary.setText("\n".join(figure.summary_lines))

    def _show_ranges(self, figure: CongestionTheorem) -> None:
        x, y = self.scales.positions(figure.x_range, figure.y_range)
        self.box.setRange(xRange=x, yRange=y, padding=0)

    def _ranges(self) -> dict[str, Range]:
        x, y = self.scales.ranges(*self.box.viewRange())
        return {"x": x, "y": y}

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        theme_axes(self.bar, palette)
        self.diagonal.setPen(pg.mkPen(palette.foreground, width=1, style=Qt.PenStyle.DashLine))
        self.highlight.setPen(pg.mkPen(palette.foreground, width=HIGHLIGHT_WIDTH))

    def _on_hover(self, position: Any) -> None:
        if not isinstance(self.drawn, CongestionTheorem) or not self.box.sceneBoundingRect().contains(
            position
        ):
            return self._clear_hover()
        point, (x_unit, y_unit) = self.box.mapSceneToView(position), self.box.viewPixelSize()
        index, distance = self.drawn.nearest(point.x(), point.y(), x_unit, y_unit)
        if distance > PICK_RADIUS:
            return self._clear_hover()
        self.readout.setText(self.drawn.readout(index))
        predicted, slope = self.drawn.places
        self.highlight.setData([predicted[index]], [slope[index]])

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.highlight.setData([], [])
