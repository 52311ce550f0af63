"""PicturedView: a view of points of the plane, or of images put together into one."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.samples.figure import Samples
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    Remarks,
    configure_plot,
    legend,
    set_axis_labels,
    theme_axes,
    theme_legend,
    translucent,
)


class SampleView(FrameView):
    """One plot: either `image`, or the samples `of_p` and what the subclass adds to them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        self.legend = legend(self.plot, (-6, 6), verSpacing=-6)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.of_p = pg.ScatterPlotItem(size=3.5, pen=None, pxMode=True, name="P")
        self._points: list[Any] = []
        self._add(self.image)
        self._add(self.of_p, point=True)
        self.remarks = Remarks()
        self.remarks.setProperty("role", "dim")
        self.column.insertWidget(1, self.remarks)
        self._watch_zoom(self.box)

    def _add(self, *items: Any, point: bool = False) -> None:
        """Put items into the plot; those of points give way where images are shown."""
        self._points += items if point else ()
        for item in items:
            self.plot.addItem(item, ignoreBounds=True)

    def _frame(self, figure: Plan | Samples, pixels: Any) -> None:
        """Show what stands around either kind of picture, and images as pixels [m, n, 3], or None."""
        rows = figure.picture.rows
        self.image.setVisible(pixels is not None)
        for item in self._points:
            item.setVisible(pixels is None)
        self.box.setAspectLocked(figure.equal_aspect)
        self.plot.getAxis("left").setTicks([list(rows)] if rows or pixels is not None else None)
        self.plot.getAxis("bottom").setTicks(None if pixels is None else [[]])
        set_axis_labels(self.plot, *figure.labels)
        if pixels is not None:
            height, width = np.shape(pixels)[:2]
            self.image.setImage(pixels, autoLevels=False, levels=(0, 255))
            self.image.setRect(QRectF(0, 0, width, height))
        self.remarks.setText(figure.summary)

    def _restyle(self) -> None:
        theme_axes(self.plot, self.palette_)
        theme_legend(self.legend, self.palette_)
        self.of_p.setBrush(translucent(self.palette_.p, 0.6))

    def _in_reach(self, picture: Any, place: Any, pixels: float) -> int | None:
        """Which of a picture's points lies nearest to a place of the scene, within so many pixels."""
        at, (wide, high) = self.box.mapSceneToView(place), self.box.viewPixelSize()
        found: int | None = picture.pick(at.x(), at.y(), (pixels * wide, pixels * high))
        return found
