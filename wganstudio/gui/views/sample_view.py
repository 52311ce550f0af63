"""SampleView: a view of points of the plane, or of images arranged in rows."""

from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.samples.figure import Samples
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    SummaryLabel,
    add_plot,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.widgets.plain_text import Label


class SampleView(FrameView):
    """One plot with either `image`, or `samples_p` and the items that the subclass adds."""

    legend_names: ClassVar[tuple[str, str]]
    """Names of the samples of P and of the other points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = add_plot(self.canvas, row=0, col=0)
        self.box = self.plot.getViewBox()
        self.legend = Label()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.pane.add_text(self.legend)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.samples_p = pg.ScatterPlotItem(size=3.5, pen=None, pxMode=True)
        self._point_items: list[Any] = []
        self._add(self.image)
        self._add(self.samples_p, point=True)
        self.summary = SummaryLabel()
        set_role(self.summary, "dim")
        self.pane.add_text(self.summary)
        self._connect_zoom(self.box)

    @property
    def plane_grid(self) -> PlaneGrid | None:
        """The plane; None where images or rows are shown."""
        picture: Any = getattr(self.drawn, "picture", None)
        has_grid = hasattr(picture, "grid") and not picture.rows
        return picture.grid if has_grid else None

    def _add(self, *items: Any, point: bool = False) -> None:
        """Add items to the plot; items of points are hidden while images are shown."""
        self._point_items += items if point else ()
        for item in items:
            self.plot.addItem(item, ignoreBounds=True)

    def _draw_images(self, figure: Plan | Samples, pixels: Any) -> None:
        """Update axes, summary and image; pixels [m, n, 3] of the image, or None for points."""
        rows = figure.picture.rows
        self.image.setVisible(pixels is not None)
        for item in self._point_items:
            item.setVisible(pixels is None)
        self.box.setAspectLocked(figure.equal_aspect)
        self.plot.getAxis("left").setTicks([list(rows)] if rows or pixels is not None else None)
        self.plot.getAxis("bottom").setTicks(None if pixels is None else [[]])
        set_axis_labels(self.plot, *figure.labels)
        if pixels is not None:
            height, width = np.shape(pixels)[:2]
            self.image.setImage(pixels, autoLevels=False, levels=(0, 255))
            self.image.setRect(QRectF(0, 0, width, height))
        self.summary.setText(figure.summary)

    def _restyle(self) -> None:
        theme_axes(self.plot, self.palette_)
        colors = self.palette_.p, self.palette_.q
        marks = [
            f'<span style="color:{color}">\u25cf</span> {name}'
            for name, color in zip(self.legend_names, colors, strict=True)
        ]
        self.legend.setText(" &nbsp;".join(marks))
        self.samples_p.setBrush(translucent(self.palette_.p, 0.6))

    def _pick_nearest(self, picture: Any, position: Any, pixels: float) -> int | None:
        """Return the index of the point nearest to a position of the scene, within a distance in pixels."""
        point, (x_unit, y_unit) = self.box.mapSceneToView(position), self.box.viewPixelSize()
        index: int | None = picture.pick(point.x(), point.y(), (pixels * x_unit, pixels * y_unit))
        return index
