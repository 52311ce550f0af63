"""SamplesView: what a generator makes: images beside their nearest neighbors, or points and their paths."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from wganstudio.figures import style
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import Trajectories
from wganstudio.gui.views.plot_items import translucent
from wganstudio.gui.views.sample_view import SampleView
from wganstudio.session import RunRecord

REACH = 8
"""Pixels within which the mouse finds a point."""


class SamplesView(SampleView):
    """A grid of images, or points of the plane with thin paths."""

    name: ClassVar[str] = "samples"
    title: ClassVar[str] = "Samples"
    beside: ClassVar[str] = "landscape"
    invitation: ClassVar[str] = "Press Run: what the generator makes appears here."
    hint: ClassVar[str] = "Point at an image or a point to read about it."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths = QCheckBox("Paths")
        self.paths.setToolTip(
            "Where each particle, or the image of each latent point, was in earlier pictures."
        )
        self.paths.setChecked(True)
        self.paths.toggled.connect(self._chosen)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.paths)
        bar.addWidget(self.frames, 1)
        self.column.insertLayout(0, bar)
        self.lines = pg.PlotCurveItem(connect="finite", antialias=True)
        self.made = pg.ScatterPlotItem(size=4, pen=None, pxMode=True, name="made")
        self.here = pg.PlotCurveItem()
        self._add(self.lines, self.made, point=True)
        self._add(self.here)
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> Samples | None:
        return Samples.from_record(record, self.frames.step, show_paths=self.paths.isChecked())

    def _message(self) -> str:
        record = self.record
        if record is None or record.frame is None:
            return super()._message()
        return "This run trains the critic alone; choose a generator in the form to see what it makes."

    def _draw(self, figure: Samples) -> None:
        picture = figure.picture
        self.paths.setVisible(not isinstance(picture, Gallery))
        self.legend.setVisible(not picture.rows)
        self._frame(figure, picture.pixels if isinstance(picture, Gallery) else None)
        if not isinstance(picture, Gallery):
            self.of_p.setData(*picture.samples_p.T)
            self.made.setData(*picture.points.T)
            self.lines.setVisible(figure.show_paths)
            if figure.show_paths:
                self.lines.setData(*picture.paths.T)
        self._leave()

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette_
        self.made.setBrush(pg.mkBrush(palette.q))
        self.lines.setPen(pg.mkPen(translucent(palette.q, style.PATH_ALPHA), width=1))
        self.here.setPen(pg.mkPen(style.UNIT_COLOR, width=1))

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, Samples) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        picture = self._drawn.picture
        number = self._at(picture, place)
        if number is None:
            return self._leave()
        self.readout.setText(picture.describe(number))
        self.here.setData(
            *(_frame(picture, number) if isinstance(picture, Gallery) else picture.tracks[number].T)
        )
        self.here.show()

    def _at(self, picture: Gallery | Trajectories, place: Any) -> int | None:
        if isinstance(picture, Gallery):
            at = self.box.mapSceneToView(place)
            return picture.pick(at.x(), at.y())
        return self._in_reach(picture, place, REACH)

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.here.hide()


def _frame(gallery: Gallery, number: int) -> tuple[list[float], list[float]]:
    """The corners of an image and its neighbor, all around."""
    left, bottom = gallery.corners[number]
    right, top = gallery.corners[number] + gallery.size
    return [left, right, right, left, left], [bottom, bottom, top, top, bottom]
