"""SamplesView: what a generator makes: images beside their nearest neighbours, or points and their paths."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from wganstudio.export import Samples, style
from wganstudio.export.cloud import Cloud
from wganstudio.export.gallery import Gallery
from wganstudio.gui.views.framed import FramedView
from wganstudio.gui.views.parts import label, legend, quiet, theme_axes, theme_legend, translucent
from wganstudio.session import RunRecord

REACH = 8
"""Pixels within which the mouse finds a point."""


class SamplesView(FramedView):
    """A grid of images, or points of the plane with thin paths."""

    name: ClassVar[str] = "samples"
    title: ClassVar[str] = "Samples"
    beside: ClassVar[str] = "landscape"
    invitation: ClassVar[str] = "Press Run: what the generator makes appears here."
    hint: ClassVar[str] = "Point at an image or a point to read how near it is, or how far it came."

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
        self.plot = quiet(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        self.legend = legend(self.plot, (-6, 6), verSpacing=-6)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.of_p = pg.ScatterPlotItem(size=3.5, pen=None, pxMode=True, name="P")
        self.lines = pg.PlotCurveItem(connect="finite", antialias=True)
        self.made = pg.ScatterPlotItem(size=4, pen=None, pxMode=True, name="made")
        self.here = pg.PlotCurveItem()
        for item in (self.image, self.of_p, self.lines, self.made, self.here):
            self.plot.addItem(item, ignoreBounds=True)
        self.remark = QLabel(wordWrap=True)
        self.remark.setMinimumWidth(1)
        self.remark.setProperty("role", "dim")
        self.column.insertWidget(2, self.remark)
        self._watch_zoom(self.box)
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> Samples | None:
        return Samples.of(record, self.frames.step, show_paths=self.paths.isChecked())

    def _message(self) -> str:
        record = self.record
        if record is None or record.frame is None:
            return super()._message()
        return "This run trains the critic alone; choose a generator in the form to see what it makes."

    def _draw(self, figure: Samples) -> None:
        picture = figure.picture
        images = isinstance(picture, Gallery)
        self.paths.setVisible(not images)
        self.image.setVisible(images)
        self.legend.setVisible(not picture.rows)
        for item in (self.of_p, self.made, self.lines):
            item.setVisible(not images)
        self.box.setAspectLocked(figure.locked)
        self.plot.getAxis("left").setTicks([list(picture.rows)] if picture.rows else None)
        self.plot.getAxis("bottom").setTicks([[]] if images else None)
        label(self.plot, *figure.labels)
        if isinstance(picture, Gallery):
            height, width = picture.pixels.shape[:2]
            self.image.setImage(picture.pixels, autoLevels=False, levels=(0, 255))
            self.image.setRect(QRectF(0, 0, width, height))
        else:
            self.of_p.setData(*picture.samples_p.T)
            self.made.setData(*picture.points.T)
            self.lines.setVisible(figure.show_paths)
            if figure.show_paths:
                self.lines.setData(*picture.paths.T)
        self.remark.setText(figure.remark)
        self._leave()

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        theme_legend(self.legend, palette)
        self.of_p.setBrush(translucent(palette.p, 0.6))
        self.made.setBrush(pg.mkBrush(palette.q))
        self.lines.setPen(pg.mkPen(translucent(palette.q, style.PATH_ALPHA), width=1))
        self.here.setPen(pg.mkPen(style.UNIT_COLOUR, width=1))

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, Samples) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        at, picture = self.box.mapSceneToView(place), self._drawn.picture
        number = self._at(picture, at.x(), at.y())
        if number is None:
            return self._leave()
        self.readout.setText(picture.told(number))
        self.here.setData(
            *(_frame(picture, number) if isinstance(picture, Gallery) else picture.tracks[number].T)
        )
        self.here.show()

    def _at(self, picture: Gallery | Cloud, x: float, y: float) -> int | None:
        if isinstance(picture, Gallery):
            return picture.at(x, y)
        wide, high = self.box.viewPixelSize()
        return picture.at(x, y, (REACH * wide, REACH * high))

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.here.hide()


def _frame(gallery: Gallery, number: int) -> tuple[list[float], list[float]]:
    """The corners of an image and its neighbour, all around."""
    left, bottom = gallery.corners[number]
    right, top = gallery.corners[number] + gallery.size
    return [left, right, right, left, left], [bottom, bottom, top, top, bottom]
