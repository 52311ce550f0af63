"""PlanView: the transport plan from points of Q to data points."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from wganstudio.figures import style
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.plan.image_rows import ImageRows
from wganstudio.figures.plan.segments import OPACITIES, PlanSegments
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.plot_items import HIGHLIGHT_WIDTH, translucent
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.sample_view import SampleView

PICK_RADIUS = 9
"""Distance in pixels within which the mouse picks a point."""


@register_view
class PlanView(SampleView):
    """Segments from points of Q to atoms of P, or images beside their partners."""

    name: ClassVar[str] = "plan"
    title: ClassVar[str] = "Plan"
    legend_names: ClassVar[tuple[str, str]] = ("P", "Q")
    area: ClassVar[Area] = "main"
    position: ClassVar[int] = 100
    empty_text: ClassVar[str] = "Press Run with a solver of transport to data points to see the plan."
    hint: ClassVar[str] = "Point at a point of Q or an image to read where its mass goes."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.step_note)
        self.lines = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in OPACITIES]
        self.highlight = pg.PlotCurveItem(connect="finite", antialias=True)
        self.samples_q = pg.ScatterPlotItem(size=7, pxMode=True)
        self._add(*self.lines, point=True)
        self._add(self.highlight)
        self._add(self.samples_q, point=True)
        self.set_dark(False)

    def _message(self) -> str:
        record = self.record
        if record is None or record.snapshot("critic") is None:
            return super()._message()
        return "This solver has no plan to data points. Semi-discrete and regularized transport have one."

    def _draw(self, figure: Plan) -> None:
        picture = figure.picture
        self.legend.setVisible(not isinstance(picture, ImageRows))
        self._draw_images(figure, picture.pixels if isinstance(picture, ImageRows) else None)
        if not isinstance(picture, ImageRows):
            self.samples_p.setData(*picture.samples_p.T)
            self.samples_q.setData(*picture.sources.T)
            for item, (lines, _) in zip(self.lines, picture.by_opacity, strict=True):
                item.setData(*lines.T)

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette_
        self.samples_q.setBrush(pg.mkBrush(palette.q))
        self.samples_q.setPen(pg.mkPen(palette.background))
        for item, (_, alpha) in zip(self.lines, reversed(OPACITIES), strict=True):
            item.setPen(pg.mkPen(translucent(palette.q, alpha), width=1))
        self.highlight.setPen(pg.mkPen(style.UNIT_COLOR, width=HIGHLIGHT_WIDTH))

    def _on_hover(self, position: Any) -> None:
        if not isinstance(self.drawn, Plan) or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        picture = self.drawn.picture
        if isinstance(picture, ImageRows):
            point = self.box.mapSceneToView(position)
            image = picture.pick(point.x(), point.y())
            self.highlight.hide()
            self.readout.setText(self.hint if image is None else picture.describe(image))
            return None
        number = self._pick_nearest(picture, position, PICK_RADIUS)
        if number is None:
            return self._clear_hover()
        self.readout.setText(picture.describe(number))
        self._highlight_rows(picture, number)
        return None

    def _highlight_rows(self, lines: PlanSegments, number: int) -> None:
        self.highlight.setData(*lines.polyline(OPACITIES[-1][0], number=number).T)
        self.highlight.show()

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.highlight.hide()
