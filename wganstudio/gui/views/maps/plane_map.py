"""PlaneMap: a field on the plane as an image with its color bar."""

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float
from wganstudio.gui.views.maps.scale_bar import ScaleBar
from wganstudio.gui.views.plot_items import add_plot, color_of, set_axis_labels, theme_axes, translucent

OUTSIDE = 0.16
"""Opacity of the ground beyond the plane, which the range of a locked aspect ratio shows in a wide panel."""


class PlaneMap:
    """A field on the plane: an image with curves over it, and its color bar on the right or below."""

    def __init__(
        self,
        canvas: pg.GraphicsLayoutWidget,
        row: int,
        column: int,
        color_map: str,
        *,
        locked: bool = True,
        bar_below: bool = False,
        named_below: bool = True,
    ) -> None:
        self._named_below = named_below
        self._locks_aspect = locked
        self.plot = add_plot(canvas, row=row, col=column)
        self.plot.setAspectLocked(locked)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.plot.addItem(self.image)
        self.bar = ScaleBar(color_map, below=bar_below)
        self.bar.setImageItem(self.image, insert_in=self.plot)

    def add_curve(self, color: str) -> pg.PlotCurveItem:
        """Add a curve over the image; rows of NaN in its data separate lines."""
        curve = pg.PlotCurveItem(pen=pg.mkPen(color_of(color), width=1), connect="finite", antialias=True)
        self.plot.addItem(curve)
        return curve

    def show(self, grid: PlaneGrid, field: Float, scale: ColorScale) -> None:
        """Draw a field."""
        is_locked = self._locks_aspect and grid.equal_aspect
        if self.plot.getViewBox().state["aspectLocked"] != (1.0 if is_locked else False):
            self.plot.setAspectLocked(is_locked)
        self.bar.show_scale(scale)
        self.image.setImage(scale.on_axis(field), autoLevels=False, levels=scale.ends)
        left, right, bottom, top = grid.extent
        self.image.setRect(QRectF(left, bottom, right - left, top - bottom))
        set_axis_labels(self.plot, grid.labels[0] if self._named_below else "", grid.labels[1])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        self.plot.getViewBox().setBackgroundColor(translucent(palette.faint, OUTSIDE))
        theme_axes(self.bar, palette)
