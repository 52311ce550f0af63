"""SystemsView: what the solvers of the session compute on one pair, each estimate beside its own truth."""

from collections.abc import Hashable
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem, QWidget

from wganstudio.figures.costs.figure import WIDTH
from wganstudio.figures.systems.figure import X_LABEL, Systems
from wganstudio.gui.views.base import View
from wganstudio.gui.views.plot_items import (
    THICK,
    Remarks,
    configure_plot,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.session import RunRecord

BAND = 0.8
"""Height of a truth's band, of the distance between two rows."""
HINT = "Point at a row to read the estimate and its truth."


class SystemsView(View):
    """A row an estimate: its point with error bars over the band of its truth."""

    name: ClassVar[str] = "systems"
    title: ClassVar[str] = "Systems"
    beside: ClassVar[str] = "costs"
    invitation: ClassVar[str] = (
        "Run > Five systems trains WGAN-GP, a W\u2081 solver, semi-discrete, regularized and convex "
        "transport on the form's pair; what each of them computes appears here."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0))
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
        self.readout = Remarks()
        self.column.addWidget(self.readout)
        self._watch_zoom(self.box)
        self.set_dark(False)

    def _now(self) -> int:
        return sum(record.version + 1 for record in self.session()) if self.record is not None else -1

    def _state(self, record: RunRecord) -> Hashable:
        return tuple(
            (other.run, other.state, other.last("gap"), other.last("value"), *map(id, other.truths.values()))
            for other in self.session()
        )

    def _derive(self, record: RunRecord) -> Systems | None:
        return Systems.from_record(record, among=self.session())

    def _message(self) -> str:
        return self.invitation

    def _draw(self, figure: Systems) -> None:
        for band in self.bands:
            self.plot.removeItem(band)
        heights = figure.heights
        self.bands = []
        for row, height in zip(figure.rows, heights, strict=True):
            if row.truth:
                rect = QRectF(row.lower, height - BAND / 2, row.upper - row.lower, BAND)
                band = QGraphicsRectItem(rect)
                self.bands.append(band)
                self.plot.addItem(band, ignoreBounds=True)
        at, values = np.array(heights), np.array([row.value for row in figure.rows])
        errors = np.array([row.error for row in figure.rows])
        self.points.setData(values, at)
        self.bars.setData(x=values, y=at, left=WIDTH * errors, right=WIDTH * errors)
        for side, words in (("left", "label"), ("right", "difference")):
            ticks = [(height, getattr(row, words)) for row, height in zip(figure.rows, heights, strict=True)]
            self.plot.getAxis(side).setTicks([ticks])
        self._restyle()
        self._leave()

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        for band in self.bands:
            band.setBrush(translucent(palette.truth, 0.3))
            pen = pg.mkPen(palette.truth, width=THICK)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            band.setPen(pen)
        self.points.setBrush(palette.value)
        self.points.setPen(pg.mkPen(palette.background))
        self.bars.setData(pen=pg.mkPen(palette.value, width=THICK))

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, Systems) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        row = self._drawn.pick(self.box.mapSceneToView(place).y())
        self.readout.setText(HINT if row is None else row.summary)
        return None

    def _leave(self) -> None:
        remark = self._drawn.summary if isinstance(self._drawn, Systems) else ""
        self.readout.setText(f"{HINT}  {remark}".strip())
