"""GradientView: |grad u| beside the sampling density sigma, and the one over the other."""

from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QLabel, QWidget

from wganstudio.figures import style
from wganstudio.figures.flow import FLOW_SHARE
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import clipped
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.panels import LEFT, LinePanel, MapPanel
from wganstudio.gui.views.plot_items import (
    THICK,
    DecadeAxis,
    configure_plot,
    move_points,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.session import RunRecord

KEY = (
    f'<span style="color:{style.UNIT_COLOR}">\u2501</span> |∇u| = 1 &nbsp;&nbsp; '
    f'<span style="color:{style.FLOW_COLOR}">\u2501</span> mass flows: '
    f"|w| above {100 * FLOW_SHARE:g} % of its maximum"
)


WIDE = 300
"""Pixels from which on the maps have room for their names beside each other."""


class GradientView(FrameView):
    """Two maps with one cursor, and the scatter of |grad u| over sigma below."""

    name: ClassVar[str] = "gradient"
    title: ClassVar[str] = "Gradient norm and density"
    invitation: ClassVar[str] = "Press Run: the critic's gradient appears here, beside where it is penalized."
    hint: ClassVar[str] = "Point at a map to read all three at once."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.frames)
        self.panels: tuple[MapPanel, MapPanel] | tuple[LinePanel, LinePanel] | None = None
        self._built: tuple[type, bool] | None = None
        self.scatter = Scatter()
        self.key = QLabel(KEY, wordWrap=True)
        self.key.setMinimumWidth(1)
        self.column.insertWidget(2, self.key)
        self._read_out_lines(2)
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> GradientDensity | None:
        return GradientDensity.from_record(record, self.frames.step)

    def _draw(self, figure: GradientDensity) -> None:
        kind = LinePanel if figure.grid.is_line else MapPanel
        if (kind, self.wide) != self._built:
            self._build(kind)
        assert self.panels is not None
        slope, sigma = self.panels
        slope.draw(figure.grid, figure.slope, figure.slope_scale, figure.flow, figure.unit)
        of_sigma = () if figure.grid.is_line else (figure.flow,)
        sigma.draw(figure.grid, figure.sigma, figure.sigma_scale, *of_sigma)
        self.key.setVisible(len(figure.flow) > 0)
        self.scatter.draw(figure)

    def _has_room(self) -> bool:
        return self.width() >= WIDE

    def _build(self, kind: Any) -> None:
        self.canvas.clear()
        self._built, wide = (kind, self.wide), self.wide
        of_sigma = (style.FLOW_COLOR,) if kind is MapPanel else ()
        self.panels = (
            kind(
                self.canvas,
                0,
                0,
                style.SLOPE_MAP,
                style.FLOW_COLOR,
                style.UNIT_COLOR,
                bar_below=wide,
                named_below=wide,
            ),
            kind(self.canvas, *((0, 1) if wide else (1, 0)), style.SIGMA_MAP, *of_sigma, bar_below=wide),
        )
        slope, sigma = self.panels
        sigma.plot.setXLink(slope.plot)
        if isinstance(slope, MapPanel):
            sigma.plot.setYLink(slope.plot)
        self.scatter.place(self.canvas, row=1 if wide else 2, columns=2 if wide else 1)
        layout = self.canvas.ci.layout
        for row, share in enumerate((5, 4, 0) if wide else (1, 1, 1)):
            layout.setRowStretchFactor(row, share)
            layout.setRowPreferredHeight(row, 100 if share else 0)
        for column, share in enumerate((1, int(wide))):
            layout.setColumnStretchFactor(column, share)
            layout.setColumnPreferredWidth(column, 100 * share)
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


class Scatter:
    """|grad u| over sigma, on a logarithmic axis: the plot itself is over log10 sigma."""

    def place(self, canvas: pg.GraphicsLayoutWidget, row: int, columns: int) -> None:
        """Build the plot across a row."""
        axis = {"bottom": DecadeAxis("bottom")}
        self.plot = configure_plot(canvas.addPlot(row=row, col=0, colspan=columns, axisItems=axis))
        self.box = self.plot.getViewBox()
        self.plot.getAxis("left").setWidth(LEFT)
        self.points = pg.ScatterPlotItem(size=3, pen=None, pxMode=True)
        self.one = pg.InfiniteLine(1, angle=0, pen=pg.mkPen(style.UNIT_COLOR, width=1))
        self.here = pg.ScatterPlotItem(size=11, symbol="o", brush=None)
        for item in (self.points, self.one, self.here):
            self.plot.addItem(item, ignoreBounds=True)

    def draw(self, figure: GradientDensity) -> None:
        """Draw the points."""
        x, y = np.log10(figure.scatter_sigma), figure.scatter_slope
        if not move_points(self.points, x, y):
            self.points.setData(x, y)
        set_axis_labels(self.plot, figure.sigma_label, "|∇u|")

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
