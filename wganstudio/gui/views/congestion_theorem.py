"""LawView: the law of congestion, |grad u| = 1 + |w| / (2 lambda sigma), tried point by point."""

from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures.congestion_theorem.figure import X_LABEL, Y_LABEL, CongestionTheorem
from wganstudio.figures.flow import missing_flow_text
from wganstudio.figures.style import SCATTER_MAP
from wganstudio.figures.types import Float
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    THICK,
    Remarks,
    configure_plot,
    move_points,
    set_axis_labels,
    theme_axes,
)
from wganstudio.session import RunRecord

SHADES = 64
REACH = 14
"""Pixels within which the mouse finds a point."""


class CongestionTheoremView(FrameView):
    """One dot a point of the plane, the diagonal, and in words how near the dots are to it."""

    name: ClassVar[str] = "law"
    title: ClassVar[str] = "Law of congestion"
    beside: ClassVar[str] = "gradient"
    invitation: ClassVar[str] = (
        "Press Run: |∇u| appears here over what the theorem gives it, 1 + |w| / (2 λ σ)."
    )
    hint: ClassVar[str] = "Point at a dot to read where it lies, σ, and both numbers."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.frames)
        self._read_out_lines(3)
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, X_LABEL, Y_LABEL)
        self.points = pg.ScatterPlotItem(size=4, pen=None, pxMode=True)
        self.diagonal = pg.PlotCurveItem(antialias=True)
        self.here = pg.ScatterPlotItem(size=12, symbol="o", brush=None)
        for item in (self.points, self.diagonal, self.here):
            self.plot.addItem(item, ignoreBounds=True)
        colors = pg.colormap.get(SCATTER_MAP)
        self.bar = pg.ColorBarItem(width=12, interactive=False, colorMap=colors, colorMapMenu=False)
        self.bar.axis.setWidth(54)
        self.canvas.addItem(self.bar, row=0, col=1)
        self._brushes = [pg.mkBrush(color) for color in colors.getLookupTable(nPts=SHADES)]
        self._shaded: Float | None = None
        self.remarks = Remarks()
        self.column.insertWidget(2, self.remarks)
        self._watch_zoom(self.box)
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> CongestionTheorem | None:
        return CongestionTheorem.from_record(record, self.frames.step)

    def _message(self) -> str:
        record = self.record
        return super()._message() if record is None or record.frame is None else missing_flow_text(record)

    def _draw(self, figure: CongestionTheorem) -> None:
        same = self._shaded is not None and np.array_equal(self._shaded, figure.log_sigma)
        if not (same and move_points(self.points, figure.predicted_norm, figure.slope)):
            share = (figure.log_sigma - figure.scale.low) / (figure.scale.high - figure.scale.low)
            brushes = [self._brushes[int(one)] for one in share * (SHADES - 1)]
            self.points.setData(figure.predicted_norm, figure.slope, brush=brushes)
            self._shaded = figure.log_sigma
            self.bar.setLevels((figure.scale.low, figure.scale.high))
            self.bar.axis.setLabel(figure.scale.label)
        self.diagonal.setData(*figure.diagonal)
        self.remarks.setText("\n".join(figure.summary_lines))
        self._leave()

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        theme_axes(self.bar, palette)
        self.diagonal.setPen(pg.mkPen(palette.foreground, width=1, style=Qt.PenStyle.DashLine))
        self.here.setPen(pg.mkPen(palette.foreground, width=THICK))

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, CongestionTheorem) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        at, (x_unit, y_unit) = self.box.mapSceneToView(place), self.box.viewPixelSize()
        index, away = self._drawn.nearest(at.x(), at.y(), x_unit, y_unit)
        if away > REACH:
            return self._leave()
        self.readout.setText(self._drawn.readout(index))
        self.here.setData([self._drawn.predicted_norm[index]], [self._drawn.slope[index]])

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.here.setData([], [])
