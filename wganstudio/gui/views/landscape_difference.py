"""Panels of the landscape view that show the difference of two critics."""

import pyqtgraph as pg

from wganstudio.figures import style
from wganstudio.figures.contours import join_lines
from wganstudio.figures.landscape_difference.figure import LandscapeDifference
from wganstudio.figures.style import Palette
from wganstudio.gui.views.maps.plane_map import PlaneMap
from wganstudio.gui.views.plot_items import add_plot, set_axis_labels, theme_axes


class PlaneDifference:
    """The difference on a plane, in colors centered at 0, with the lines where both are equal."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        self.wide = wide
        self.map = PlaneMap(canvas, 0, 0, style.DIVERGING_MAP, bar_below=not wide)
        self.box = self.map.plot.getViewBox()
        self.zero = self.map.add_curve(style.CONTOUR_COLOR)

    def draw(self, figure: LandscapeDifference) -> None:
        """Draw a difference."""
        self.map.show(figure.grid, figure.difference, figure.scale)
        points = join_lines(figure.zero_lines)
        self.zero.setData(points[:, 0], points[:, 1])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self.map.set_palette(palette)


class LineDifference:
    """The difference over a line, with the line 0."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        self.wide = wide
        self.plot = add_plot(canvas, row=0, col=0)
        self.box = self.plot.getViewBox()
        self.zero = pg.InfiniteLine(0, angle=0)
        self.plot.addItem(self.zero, ignoreBounds=True)
        self.curve = self.plot.plot(antialias=True)
        self.plot.getAxis("left").setWidth(58)

    def draw(self, figure: LandscapeDifference) -> None:
        """Draw a difference."""
        set_axis_labels(self.plot, figure.grid.labels[0], figure.y_label)
        self.curve.setData(figure.grid.x, figure.difference)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        self.curve.setPen(pg.mkPen(palette.foreground, width=1))
        self.zero.setPen(pg.mkPen(palette.faint, width=1))
