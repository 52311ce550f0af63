"""GradientView: |grad u| beside the sampling density sigma, and the one over the other."""

from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.export import GradientDensity, style
from wganstudio.export.plane import ColourScale, Float, Grid, Range
from wganstudio.export.style import Palette
from wganstudio.gui.views.base import clipped
from wganstudio.gui.views.framed import FramedView
from wganstudio.gui.views.parts import (
    THICK,
    DecadeAxis,
    PlaneMap,
    label,
    quiet,
    theme_axes,
    translucent,
)
from wganstudio.session import RunRecord

LEFT = 50
"""Pixels of the axes on the left: alike, so that the plots stand in line."""


class GradientView(FramedView):
    """Two maps with one cursor, and the scatter of |grad u| over sigma below."""

    name: ClassVar[str] = "gradient"
    title: ClassVar[str] = "Gradient norm and density"
    invitation: ClassVar[str] = "Press Run: the critic's gradient appears here, beside where it is penalised."
    hint: ClassVar[str] = "Point at a map to read all three at once."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.frames)
        self.panels: tuple[MapPanel, MapPanel] | tuple[LinePanel, LinePanel] | None = None
        self.scatter = Scatter()
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> GradientDensity | None:
        return GradientDensity.of(record, self.frames.step)

    def _draw(self, figure: GradientDensity) -> None:
        kind = LinePanel if figure.grid.is_line else MapPanel
        if self.panels is None or not isinstance(self.panels[0], kind):
            self._build(kind)
        assert self.panels is not None
        slope, sigma = self.panels
        slope.draw(figure.grid, figure.slope, figure.slope_scale, figure.unit)
        sigma.draw(figure.grid, figure.sigma, figure.sigma_scale, None)
        self.scatter.draw(figure)

    def _build(self, kind: Any) -> None:
        self.canvas.clear()
        self.panels = kind(self.canvas, 0, style.SLOPE_MAP), kind(self.canvas, 1, style.SIGMA_MAP)
        slope, sigma = self.panels
        sigma.plot.setXLink(slope.plot)
        if isinstance(slope, MapPanel):
            sigma.plot.setYLink(slope.plot)
        self.scatter.place(self.canvas)
        layout = self.canvas.ci.layout
        layout.setRowStretchFactor(0, 5)
        layout.setRowStretchFactor(1, 4)
        for column in (0, 1):
            layout.setColumnStretchFactor(column, 1)
            layout.setColumnPreferredWidth(column, 100)
        for plot in (slope.plot, sigma.plot, self.scatter.plot):
            self._watch_zoom(plot.getViewBox())
        self._restyle()

    def _show_ranges(self, figure: GradientDensity) -> None:
        if self.panels is None:
            return
        slope, sigma = self.panels
        slope.box.setRange(xRange=figure.x_range, yRange=figure.y_range, padding=0)
        if figure.grid.is_line:
            sigma.box.setRange(yRange=(0, 1.05 * figure.sigma_scale.high), padding=0)
        self.scatter.box.setRange(
            xRange=tuple(np.log10(figure.sigma_range)), yRange=figure.slope_range, padding=0
        )

    def _ranges(self) -> dict[str, Range]:
        if self.panels is None or not isinstance(self._drawn, GradientDensity):
            return {}
        grid = self._drawn.grid
        x, y = (tuple(shown) for shown in self.panels[0].box.viewRange())
        sigma, slope = (tuple(shown) for shown in self.scatter.box.viewRange())
        return {
            "x": clipped(x, grid.extent[:2]),
            "y": y if grid.is_line else clipped(y, grid.extent[2:]),
            "sigma": (10.0 ** sigma[0], 10.0 ** sigma[1]),
            "slope": slope,
        }

    def _restyle(self) -> None:
        for panel in (*(self.panels or ()), self.scatter):
            panel.set_palette(self.palette_)

    def _hover(self, place: Any) -> None:
        if self.panels is None or not isinstance(self._drawn, GradientDensity):
            return
        for panel in self.panels:
            if panel.box.sceneBoundingRect().contains(place):
                at = panel.box.mapSceneToView(place)
                readout = self._drawn.readout(at.x(), at.y())
                if readout is not None:
                    self.readout.setText(readout.text)
                    self.scatter.point_at(readout.sigma, readout.slope)
                    for other in self.panels:
                        other.point_at(*readout.x)
                    return
        self._leave()

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.scatter.point_at(0.0, 0.0)
        for panel in self.panels or ():
            panel.point_at()


class MapPanel:
    """One of the two maps."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, column: int, colour_map: str) -> None:
        # Locking both of two linked plots makes them push each other; the first leads.
        self.map = PlaneMap(canvas, 0, column, colour_map, locked=column == 0, bar_below=True)
        self.plot = self.map.plot
        self.box = self.plot.getViewBox()
        self.unit = self.map.lines(style.UNIT_COLOUR)
        self.plot.getAxis("left").setWidth(LEFT)
        pen = pg.mkPen("#ffffff", width=1, style=Qt.PenStyle.DashLine)
        self.cursor = [pg.InfiniteLine(angle=angle, pen=pen) for angle in (90, 0)]
        for line in self.cursor:
            line.hide()
            self.plot.addItem(line, ignoreBounds=True)

    def draw(self, grid: Grid, field: Float, scale: ColourScale, unit: Float | None) -> None:
        """Draw a field, and the line where it is 1."""
        self.map.show(grid, field, scale)
        if unit is not None:
            self.unit.setData(unit[:, 0], unit[:, 1])

    def point_at(self, *place: float) -> None:
        """Show the cursor at a place of the plane, or nowhere."""
        for line, value in zip(self.cursor, place or (0, 0), strict=True):
            line.setValue(value)
            line.setVisible(bool(place))

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self.map.set_palette(palette)


class LinePanel:
    """A field over a line, for D = 1."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, column: int, colour_map: str) -> None:
        self.plot = quiet(canvas.addPlot(row=0, col=column))
        self.box = self.plot.getViewBox()
        self.curve = self.plot.plot(antialias=True)
        self.one = pg.InfiniteLine(1, angle=0, pen=pg.mkPen(style.UNIT_COLOUR, width=1))
        self.plot.addItem(self.one, ignoreBounds=True)
        self.plot.getAxis("left").setWidth(LEFT)
        self.cursor = pg.InfiniteLine(angle=90)
        self.cursor.hide()
        self.plot.addItem(self.cursor, ignoreBounds=True)

    def draw(self, grid: Grid, field: Float, scale: ColourScale, unit: Float | None) -> None:
        """Draw a field."""
        self.curve.setData(grid.x, field)
        self.one.setVisible(scale.marked is not None)
        label(self.plot, grid.labels[0], scale.label)

    def point_at(self, *place: float) -> None:
        """Show the cursor at a place of the line, or nowhere."""
        self.cursor.setVisible(bool(place))
        if place:
            self.cursor.setValue(place[0])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        theme_axes(self.plot, palette)
        self.curve.setPen(pg.mkPen(palette.foreground, width=1))
        self.cursor.setPen(pg.mkPen(palette.faint, width=1, style=Qt.PenStyle.DashLine))


class Scatter:
    """|grad u| over sigma, on a logarithmic axis: the plot itself is over log10 sigma."""

    def place(self, canvas: pg.GraphicsLayoutWidget) -> None:
        """Build the plot across the second row."""
        self.plot = quiet(canvas.addPlot(row=1, col=0, colspan=2, axisItems={"bottom": DecadeAxis("bottom")}))
        self.box = self.plot.getViewBox()
        self.plot.getAxis("left").setWidth(LEFT)
        self.points = pg.ScatterPlotItem(size=3, pen=None, pxMode=True)
        self.one = pg.InfiniteLine(1, angle=0, pen=pg.mkPen(style.UNIT_COLOUR, width=1))
        self.here = pg.ScatterPlotItem(size=11, symbol="o", brush=None)
        for item in (self.points, self.one, self.here):
            self.plot.addItem(item, ignoreBounds=True)

    def draw(self, figure: GradientDensity) -> None:
        """Draw the points."""
        x, y = np.log10(figure.scatter_sigma), figure.scatter_slope
        data = self.points.data
        if len(data) == len(x) and np.array_equal(data["x"], x.astype(data["x"].dtype)):
            # From frame to frame points only move up or down; setData would style each anew, slowly.
            data["y"] = y
            self.points.bounds = [None, None]
            self.points.prepareGeometryChange()
            self.points.update()
        else:
            self.points.setData(x, y)
        label(self.plot, figure.sigma_label, "|∇u|")

    def point_at(self, sigma: float, slope: float) -> None:
        """Mark a point, or none where sigma is 0."""
        if hasattr(self, "here"):
            self.here.setData([np.log10(sigma)] if sigma > 0 else [], [slope] if sigma > 0 else [])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        if hasattr(self, "plot"):
            theme_axes(self.plot, palette)
            self.points.setBrush(translucent(palette.q, 0.6))
            self.here.setPen(pg.mkPen(palette.foreground, width=THICK))
