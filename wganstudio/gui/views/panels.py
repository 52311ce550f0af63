"""Panels shared by several views: a field on the plane or over a line, with a cursor."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from wganstudio.figures import style
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float
from wganstudio.gui.views.maps.plane_map import PlaneMap
from wganstudio.gui.views.plot_items import add_plot, set_axis_labels, theme_axes

AXIS_WIDTH = 50
"""Width in pixels of the left axes, equal so that the plots are aligned."""


class MapPanel:
    """A field on the plane, curves of the given colors over it, and a cursor."""

    def __init__(
        self,
        canvas: pg.GraphicsLayoutWidget,
        row: int,
        column: int,
        color_map: str,
        *colors: str,
        **options: bool,
    ) -> None:
        # Two linked plots with locked aspect ratios work against each other: only the first is locked.
        options = {"locked": row == column == 0, "bar_below": True, **options}
        self.map = PlaneMap(canvas, row, column, color_map, **options)
        self.plot = self.map.plot
        self.box = self.plot.getViewBox()
        self.lines = [self.map.add_curve(color) for color in colors]
        self.plot.getAxis("left").setWidth(AXIS_WIDTH)
        pen = pg.mkPen("#ffffff", width=1, style=Qt.PenStyle.DashLine)
        self.cursor = [pg.InfiniteLine(angle=angle, pen=pen) for angle in (90, 0)]
        for line in self.cursor:
            line.hide()
            self.plot.addItem(line, ignoreBounds=True)

    def draw(self, grid: PlaneGrid, field: Float, scale: ColorScale, *lines: Float) -> None:
        """Draw a field and the lines over it, [k, 2] each."""
        self.map.show(grid, field, scale)
        for curve, points in zip(self.lines, lines, strict=True):
            curve.setData(points[:, 0], points[:, 1])

    def set_cursor(self, *position: float) -> None:
        """Show the cursor at a position of the plane; without arguments, hide it."""
        for line, value in zip(self.cursor, position or (0, 0), strict=True):
            line.setValue(value)
            line.setVisible(bool(position))

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self.map.set_palette(palette)


class LinePanel:
    """A field over a line, for D = 1."""

    def __init__(
        self, canvas: pg.GraphicsLayoutWidget, row: int, column: int, _: str, *colors: str, **options: bool
    ) -> None:
        self.plot = add_plot(canvas, row=row, col=column)
        self.box = self.plot.getViewBox()
        self.curve = self.plot.plot(antialias=True)
        self.unit_line = pg.InfiniteLine(1, angle=0, pen=pg.mkPen(style.UNIT_COLOR, width=1))
        self.plot.addItem(self.unit_line, ignoreBounds=True)
        self.lines = []
        for color in colors:
            self.lines.append(pg.PlotCurveItem(pen=pg.mkPen(color, width=4), connect="finite"))
            self.plot.addItem(self.lines[-1], ignoreBounds=True)
        self.plot.getAxis("left").setWidth(AXIS_WIDTH)
        self.cursor = pg.InfiniteLine(angle=90)
        self.cursor.hide()
        self.plot.addItem(self.cursor, ignoreBounds=True)

    def draw(self, grid: PlaneGrid, field: Float, scale: ColorScale, *lines: Float) -> None:
        """Draw a field and the lines over it, [k, 2] each."""
        self.curve.setData(grid.x, field)
        for curve, points in zip(self.lines, lines, strict=True):
            curve.setData(points[:, 0], points[:, 1])
        self.unit_line.setVisible(scale.marked is not None)
        set_axis_labels(self.plot, grid.labels[0], scale.label)

    def set_cursor(self, *position: float) -> None:
        """Show the cursor at a position of the line; without arguments, hide it."""
        self.cursor.setVisible(bool(position))
        if position:
            self.cursor.setValue(position[0])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        self.curve.setPen(pg.mkPen(palette.foreground, width=1))
        self.cursor.setPen(pg.mkPen(palette.faint, width=1, style=Qt.PenStyle.DashLine))
