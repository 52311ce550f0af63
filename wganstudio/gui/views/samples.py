"""SamplesView: generated images and their nearest neighbors, or points and their trajectories."""

from typing import Any, ClassVar, Self

import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from wganstudio.figures import style
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import Trajectories
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.plot_items import translucent
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.sample_view import SampleView

PICK_RADIUS = 8
"""Distance in pixels within which the mouse picks a point."""


@register_view
class SamplesView(SampleView):
    """A grid of images, or points of the plane with their trajectories."""

    name: ClassVar[str] = "samples"
    title: ClassVar[str] = "Samples"
    legend_names: ClassVar[tuple[str, str]] = ("P", "generated")
    area: ClassVar[Area] = "main"
    position: ClassVar[int] = 80
    empty_text: ClassVar[str] = "Press Run to see generated samples."
    hint: ClassVar[str] = "Point at an image or a point to read its details."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_paths = QCheckBox("Trajectories")
        self.show_paths.setToolTip("Show the positions of each particle or latent point in earlier frames.")
        self.show_paths.setChecked(True)
        self.show_paths.toggled.connect(self._settings_changed)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.show_paths)
        bar.addStretch(1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.lines = pg.PlotCurveItem(connect="finite", antialias=True)
        self.generated = pg.ScatterPlotItem(size=4, pen=None, pxMode=True)
        self.highlight = pg.PlotCurveItem()
        self._add(self.lines, self.generated, point=True)
        self._add(self.highlight)
        self.set_dark(False)

    def copy_settings(self, other: Self) -> None:
        """Take over what is shown, without drawing."""
        with QSignalBlocker(self.show_paths):
            self.show_paths.setChecked(other.show_paths.isChecked())

    def options(self) -> dict[str, Any]:
        """Return whether the paths are shown."""
        return {"show_paths": self.show_paths.isChecked()}

    def _message(self) -> str:
        record = self.record
        if record is None or record.snapshot("critic") is None:
            return super()._message()
        return "This run trains only a critic. Choose a generator in the form to see its samples."

    def _draw(self, figure: Samples) -> None:
        picture = figure.picture
        self.show_paths.setVisible(not isinstance(picture, Gallery))
        self.legend.setVisible(not picture.rows)
        self._draw_images(figure, picture.pixels if isinstance(picture, Gallery) else None)
        if not isinstance(picture, Gallery):
            self.samples_p.setData(*picture.samples_p.T)
            self.generated.setData(*picture.points.T)
            self.lines.setVisible(figure.show_paths)
            if figure.show_paths:
                self.lines.setData(*picture.paths.T)

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette_
        self.generated.setBrush(pg.mkBrush(palette.q))
        self.lines.setPen(pg.mkPen(translucent(palette.q, style.PATH_ALPHA), width=1))
        self.highlight.setPen(pg.mkPen(style.UNIT_COLOR, width=1))

    def _on_hover(self, position: Any) -> None:
        if not isinstance(self.drawn, Samples) or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        picture = self.drawn.picture
        number = self._pick(picture, position)
        if number is None:
            return self._clear_hover()
        self.readout.setText(picture.describe(number))
        self.highlight.setData(
            *(_outline(picture, number) if isinstance(picture, Gallery) else picture.tracks[number].T)
        )
        self.highlight.show()

    def _pick(self, picture: Gallery | Trajectories, position: Any) -> int | None:
        if isinstance(picture, Gallery):
            point = self.box.mapSceneToView(position)
            return picture.pick(point.x(), point.y())
        return self._pick_nearest(picture, position, PICK_RADIUS)

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.highlight.hide()


def _outline(gallery: Gallery, number: int) -> tuple[list[float], list[float]]:
    """Return the outline of an image and its neighbor as x [5] and y [5]."""
    left, bottom = gallery.corners[number]
    right, top = gallery.corners[number] + gallery.size
    return [left, right, right, left, left], [bottom, bottom, top, top, bottom]
