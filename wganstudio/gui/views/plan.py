"""PlanView: to which data points the mass of some points of Q goes."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from wganstudio.export import Plan, style
from wganstudio.export.lines import STRENGTHS, Lines
from wganstudio.export.strips import Strips
from wganstudio.gui.views.framed import FramedView
from wganstudio.gui.views.parts import (
    THICK,
    Remarks,
    label,
    legend,
    quiet,
    theme_axes,
    theme_legend,
    translucent,
)
from wganstudio.session import RunRecord

REACH = 9
"""Pixels within which the mouse finds a point."""


class PlanView(FramedView):
    """Lines from points of Q to atoms of P, or images beside those that take their mass."""

    name: ClassVar[str] = "plan"
    title: ClassVar[str] = "Plan"
    beside: ClassVar[str] = "landscape"
    invitation: ClassVar[str] = (
        "Press Run: where the mass of Q goes appears here, for transport to data points."
    )
    hint: ClassVar[str] = "Point at a point of Q or an image to read where its mass goes."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.frames)
        self.plot = quiet(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        self.legend = legend(self.plot, (-6, 6), verSpacing=-6)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.of_p = pg.ScatterPlotItem(size=3.5, pen=None, pxMode=True, name="P")
        self.lines = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in STRENGTHS]
        self.chosen = pg.PlotCurveItem(connect="finite", antialias=True)
        self.of_q = pg.ScatterPlotItem(size=7, pxMode=True, name="Q")
        for item in (self.image, self.of_p, *self.lines, self.chosen, self.of_q):
            self.plot.addItem(item, ignoreBounds=True)
        self.remarks = Remarks()
        self.remarks.setProperty("role", "dim")
        self.column.insertWidget(2, self.remarks)
        self._watch_zoom(self.box)
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> Plan | None:
        return Plan.of(record, self.frames.step)

    def _message(self) -> str:
        record = self.record
        if record is None or record.frame is None:
            return super()._message()
        return "This solver has no plan to data points; semi-discrete and regularised transport have."

    def _draw(self, figure: Plan) -> None:
        picture = figure.picture
        images = isinstance(picture, Strips)
        self.image.setVisible(images)
        for item in (self.of_p, self.of_q, *self.lines):
            item.setVisible(not images)
        self.legend.setVisible(not images)
        self.box.setAspectLocked(figure.locked)
        self.plot.getAxis("left").setTicks([list(picture.rows)] if picture.rows or images else None)
        self.plot.getAxis("bottom").setTicks([[]] if images else None)
        label(self.plot, *figure.labels)
        if isinstance(picture, Strips):
            height, width = picture.pixels.shape[:2]
            self.image.setImage(picture.pixels, autoLevels=False, levels=(0, 255))
            self.image.setRect(QRectF(0, 0, width, height))
        else:
            self.of_p.setData(*picture.samples_p.T)
            self.of_q.setData(*picture.sources.T)
            for item, (lines, _) in zip(self.lines, picture.strengths, strict=True):
                item.setData(*lines.T)
        self.remarks.setText(figure.remark)
        self._leave()

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        theme_legend(self.legend, palette)
        self.of_p.setBrush(translucent(palette.p, 0.6))
        self.of_q.setBrush(pg.mkBrush(palette.q))
        self.of_q.setPen(pg.mkPen(palette.background))
        for item, (_, alpha) in zip(self.lines, reversed(STRENGTHS), strict=True):
            item.setPen(pg.mkPen(translucent(palette.q, alpha), width=1))
        self.chosen.setPen(pg.mkPen(style.UNIT_COLOUR, width=THICK))

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, Plan) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        at, picture = self.box.mapSceneToView(place), self._drawn.picture
        if isinstance(picture, Strips):
            image = picture.at(at.x(), at.y())
            self.readout.setText(self.hint if image is None else picture.told(image))
            return None
        wide, high = self.box.viewPixelSize()
        number = picture.at(at.x(), at.y(), (REACH * wide, REACH * high))
        if number is None:
            return self._leave()
        self.readout.setText(picture.told(number))
        self._choose(picture, number)
        return None

    def _choose(self, lines: Lines, number: int) -> None:
        self.chosen.setData(*lines.joined(STRENGTHS[-1][0], number=number).T)
        self.chosen.show()

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.chosen.hide()
