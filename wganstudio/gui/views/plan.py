"""PlanView: to which data points the mass of some points of Q goes."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from wganstudio.figures import style
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.plan.image_rows import ImageRows
from wganstudio.figures.plan.segments import OPACITIES, PlanSegments
from wganstudio.gui.views.plot_items import THICK, translucent
from wganstudio.gui.views.sample_view import SampleView
from wganstudio.session import RunRecord

REACH = 9
"""Pixels within which the mouse finds a point."""


class PlanView(SampleView):
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
        self.lines = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in OPACITIES]
        self.chosen = pg.PlotCurveItem(connect="finite", antialias=True)
        self.of_q = pg.ScatterPlotItem(size=7, pxMode=True, name="Q")
        self._add(*self.lines, point=True)
        self._add(self.chosen)
        self._add(self.of_q, point=True)
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> Plan | None:
        return Plan.from_record(record, self.frames.step)

    def _message(self) -> str:
        record = self.record
        if record is None or record.frame is None:
            return super()._message()
        return "This solver has no plan to data points; semi-discrete and regularized transport have."

    def _draw(self, figure: Plan) -> None:
        picture = figure.picture
        self.legend.setVisible(not isinstance(picture, ImageRows))
        self._frame(figure, picture.pixels if isinstance(picture, ImageRows) else None)
        if not isinstance(picture, ImageRows):
            self.of_p.setData(*picture.samples_p.T)
            self.of_q.setData(*picture.sources.T)
            for item, (lines, _) in zip(self.lines, picture.by_opacity, strict=True):
                item.setData(*lines.T)
        self._leave()

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette_
        self.of_q.setBrush(pg.mkBrush(palette.q))
        self.of_q.setPen(pg.mkPen(palette.background))
        for item, (_, alpha) in zip(self.lines, reversed(OPACITIES), strict=True):
            item.setPen(pg.mkPen(translucent(palette.q, alpha), width=1))
        self.chosen.setPen(pg.mkPen(style.UNIT_COLOR, width=THICK))

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, Plan) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        picture = self._drawn.picture
        if isinstance(picture, ImageRows):
            at = self.box.mapSceneToView(place)
            image = picture.pick(at.x(), at.y())
            self.readout.setText(self.hint if image is None else picture.describe(image))
            return None
        number = self._in_reach(picture, place, REACH)
        if number is None:
            return self._leave()
        self.readout.setText(picture.describe(number))
        self._choose(picture, number)
        return None

    def _choose(self, lines: PlanSegments, number: int) -> None:
        self.chosen.setData(*lines.polyline(OPACITIES[-1][0], number=number).T)
        self.chosen.show()

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.chosen.hide()
