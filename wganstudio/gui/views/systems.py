"""SystemsView: estimates of the solvers in the session on one pair, each beside its own truth."""

from collections.abc import Hashable
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem, QWidget

from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.systems.figure import X_LABEL, Systems
from wganstudio.gui.views.base import Area, SameObject, View
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    SummaryLabel,
    add_plot,
    point_brushes,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.session import RunRecord

BAND_HEIGHT = 0.8
"""Height of the band of a truth, relative to the distance between rows."""


@register_view
class SystemsView(View):
    """One row per estimate: a point with error bars over the band of its truth."""

    name: ClassVar[str] = "systems"
    title: ClassVar[str] = "Five solvers"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 140
    hint: ClassVar[str] = "Point at a row to read the estimate and its truth."
    """Text of the readout while the mouse is elsewhere."""
    empty_text: ClassVar[str] = (
        "Choose Run > Compare five solvers\u2026 to train WGAN-GP, a W\u2081 solver, and semi-discrete, "
        "regularized and convex transport on the current pair. This view compares their "
        "estimates."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = add_plot(self.canvas, row=0, col=0)
        self.box = self.plot.getViewBox()
        self.box.setMouseEnabled(y=False)
        set_axis_labels(self.plot, X_LABEL, "")
        self.bands: list[QGraphicsRectItem] = []
        self.bars = pg.ErrorBarItem(beam=0)
        self.points = pg.ScatterPlotItem(size=6, pxMode=True)
        for item in (self.bars, self.points):
            item.setZValue(5)
            self.plot.addItem(item, ignoreBounds=True)
        self.plot.getAxis("right").setStyle(showValues=True)
        self.readout = SummaryLabel()
        self.column.addWidget(self.readout)
        self._connect_zoom(self.box)
        self.set_dark(False)

    def _version(self) -> int:
        return sum(record.version + 1 for record in self.session_records()) if self.record is not None else -1

    def _cache_key(self, record: RunRecord) -> Hashable:
        return tuple(
            (
                *(other.run, other.name, other.state, other.last("gap"), other.last("value")),
                *map(SameObject, other.truths.values()),
            )
            for other in self.session_records()
        )

    def _message(self) -> str:
        return self.empty_text

    def _draw(self, figure: Systems) -> None:
        for band in self.bands:
            self.plot.removeItem(band)
        heights = figure.heights
        self.bands = []
        for row, height in zip(figure.rows, heights, strict=True):
            if row.truth:
                rect = QRectF(row.lower, height - BAND_HEIGHT / 2, row.upper - row.lower, BAND_HEIGHT)
                band = QGraphicsRectItem(rect)
                self.bands.append(band)
                self.plot.addItem(band, ignoreBounds=True)
        y, values = np.array(heights), np.array([row.value for row in figure.rows])
        errors = np.array([row.error for row in figure.rows])
        self.points.setData(values, y)
        self.bars.setData(x=values, y=y, left=WIDTH * errors, right=WIDTH * errors)
        for side, field in (("left", "label"), ("right", "difference")):
            ticks = [(height, getattr(row, field)) for row, height in zip(figure.rows, heights, strict=True)]
            self.plot.getAxis(side).setTicks([ticks])
        self._restyle()

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        for band in self.bands:
            band.setBrush(translucent(palette.truth, 0.3))
            pen = pg.mkPen(palette.truth, width=HIGHLIGHT_WIDTH)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            band.setPen(pen)
        complete = [not row.progress for row in self.drawn.rows] if isinstance(self.drawn, Systems) else []
        self.points.setBrush(point_brushes(complete, palette.value, palette))
        self.points.setPen([pg.mkPen(palette.background if full else palette.value) for full in complete])
        self.bars.setData(pen=pg.mkPen(palette.value, width=HIGHLIGHT_WIDTH))

    def _on_hover(self, position: Any) -> None:
        if not isinstance(self.drawn, Systems) or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        row = self.drawn.pick(self.box.mapSceneToView(position).y())
        self.readout.setText(self.hint if row is None else row.summary)
        return None

    def _clear_hover(self) -> None:
        remark = self.drawn.summary if isinstance(self.drawn, Systems) else ""
        self.readout.setText(f"{self.hint}  {remark}".strip())
