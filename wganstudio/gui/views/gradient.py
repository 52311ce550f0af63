"""GradientView: the gradient norm |grad u| beside the sampling density sigma, and a scatter plot of both."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.figures import style
from wganstudio.figures.flow import FLOW_SHARE
from wganstudio.figures.gradient.figure import SCATTER_LABEL, GradientDensity
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import Area, clip_range
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.maps.scale_bar import ScaleBar
from wganstudio.gui.views.panels import AXIS_WIDTH, LinePanel, MapPanel
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    LogAxis,
    add_plot,
    move_points,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.widgets.plain_text import Label

LEGEND_TEXT = (
    f'<span style="color:{style.UNIT_COLOR}">\u2501</span> |∇u| = 1 &nbsp;&nbsp; '
    f'<span style="color:{style.FLOW_COLOR}">\u2501</span> mass flows: '
    f"|w| above {100 * FLOW_SHARE:g} % of its maximum"
)


MIN_WIDTH = 300
"""Width in pixels above which the maps are side by side, as they are where the pane is wider than high."""
SCATTER_MIN_HEIGHT = 230
"""Height in pixels of one of several panes above which the scatter plot is shown."""
FLAT_RATIO = 1.5
"""Ratio of width to height above which the scatter plot stands beside the maps."""


@register_view
class GradientView(FrameView):
    """Two maps with a common cursor, and the scatter plot of |grad u| over sigma below."""

    name: ClassVar[str] = "gradient"
    title: ClassVar[str] = "Gradient"
    area: ClassVar[Area] = "right"
    position: ClassVar[int] = 20
    empty_text: ClassVar[str] = (
        "Press Run to compare the critic's gradient norm with the density of the penalty samples."
    )
    hint: ClassVar[str] = "Point at a map to read the values of all three plots."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.step_note)
        self.panels: tuple[MapPanel, MapPanel] | tuple[LinePanel, LinePanel] | None = None
        self._built: tuple[type, bool, bool] | None = None
        self.scatter = GradientScatter()
        self.legend_label = Label(wordWrap=True)
        self.legend_label.setTextFormat(Qt.TextFormat.RichText)
        self.legend_label.setText(LEGEND_TEXT)
        self.legend_label.setMinimumWidth(1)
        self.pane.add_text(self.legend_label)
        self.set_dark(False)

    @property
    def boxes(self) -> Sequence[pg.ViewBox]:
        """The view boxes of the two maps, once they are drawn."""
        return [panel.box for panel in self.panels or ()]

    @property
    def linked_boxes(self) -> Sequence[pg.ViewBox]:
        """The view boxes of the maps and of the scatter plot."""
        return [*self.boxes, self.scatter.box] if self.panels else []

    @property
    def scale_bars(self) -> Sequence[ScaleBar]:
        """The color bars of the two maps; none over a line."""
        return [panel.map.bar for panel in self.panels or () if isinstance(panel, MapPanel)]

    def _draw(self, figure: GradientDensity) -> None:
        kind = LinePanel if figure.grid.is_line else MapPanel
        if (kind, self.wide, self._fits_flat()) != self._built:
            self._build(kind)
        assert self.panels is not None
        self._share_room()
        slope, sigma = self.panels
        slope.draw(figure.slope_grid, figure.slope, figure.slope_scale, figure.flow, figure.unit)
        sigma_curves = () if figure.grid.is_line else (figure.flow,)
        sigma.draw(figure.grid, figure.sigma, figure.sigma_scale, *sigma_curves)
        self.legend_label.setVisible(len(figure.flow) > 0)
        self.scatter.draw(figure)

    def _fits_wide(self) -> bool:
        return self.pane.width() >= min(MIN_WIDTH, 0.8 * self.pane.height())

    @property
    def _has_scatter(self) -> bool:
        """True if there is room for the scatter plot."""
        return not self.comparison.several or self.pane.height() >= SCATTER_MIN_HEIGHT

    @Slot()
    def _pane_resized(self) -> None:
        """Arrange the plots, and show the scatter plot if there is room."""
        super()._pane_resized()
        if self._built is not None and self._built[2] != self._fits_flat() and self.drawn is not None:
            self._show(self.drawn)
        if self.panels is not None:
            self._share_room()

    def _share_room(self) -> None:
        """Give the rows their heights; without room, the scatter plot has none."""
        assert self._built is not None
        scatter = int(self._has_scatter)
        self.scatter.plot.setVisible(bool(scatter))
        layout = self.canvas.ci.layout
        rows = (5, 4 * scatter, 0) if self.wide else (1, 1, scatter)
        for row, share in enumerate((1, 0, 0) if self._built[2] else rows):
            layout.setRowStretchFactor(row, share)
            layout.setRowPreferredHeight(row, 100 if share else 0)
            layout.setRowMaximumHeight(row, 100_000 if share else 0)

    def _fits_flat(self) -> bool:
        """Return True if all three plots fit side by side, and have too little height otherwise."""
        return self.wide and self.pane.width() > FLAT_RATIO * self.pane.height()

    def _build(self, kind: Any) -> None:
        self.canvas.clear()
        wide, flat = self.wide, self._fits_flat()
        self._built = kind, wide, flat
        sigma_colors = (style.FLOW_COLOR,) if kind is MapPanel else ()
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
            kind(self.canvas, *((0, 1) if wide else (1, 0)), style.SIGMA_MAP, *sigma_colors, bar_below=wide),
        )
        slope, sigma = self.panels
        sigma.plot.setXLink(slope.plot)
        if isinstance(slope, MapPanel):
            sigma.plot.setYLink(slope.plot)
        place = (0, 2, 1) if flat else (1, 0, 2) if wide else (2, 0, 1)
        self.scatter.add_to(self.canvas, *place)
        layout = self.canvas.ci.layout
        self._share_room()
        for column, share in enumerate((1, int(wide), int(flat))):
            layout.setColumnStretchFactor(column, share)
            layout.setColumnPreferredWidth(column, 100 * share)
        for plot in (slope.plot, sigma.plot, self.scatter.plot):
            self._connect_zoom(plot.getViewBox())
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
        if self.panels is None or not isinstance(self.drawn, GradientDensity):
            return {}
        grid = self.drawn.grid
        x, y = (tuple(shown) for shown in self.panels[0].box.viewRange())
        sigma, slope = (tuple(shown) for shown in self.scatter.box.viewRange())
        return {
            "x": clip_range(x, grid.extent[:2]),
            "y": y if grid.is_line else clip_range(y, grid.extent[2:]),
            "sigma": (10.0 ** sigma[0], 10.0 ** sigma[1]),
            "slope": slope,
        }

    def _restyle(self) -> None:
        for panel in (*(self.panels or ()), self.scatter):
            panel.set_palette(self.palette_)

    def _on_hover(self, position: Any) -> None:
        if self.panels is None or not isinstance(self.drawn, GradientDensity):
            return
        for panel in self.panels:
            if panel.box.sceneBoundingRect().contains(position):
                point = panel.box.mapSceneToView(position)
                readout = self.drawn.readout(point.x(), point.y())
                if readout is not None:
                    self.readout.setText(readout.text)
                    self.scatter.set_cursor(readout.sigma, readout.slope)
                    for other in self.panels:
                        other.set_cursor(*readout.x)
                    return
        self._clear_hover()

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.scatter.set_cursor(0.0, 0.0)
        for panel in self.panels or ():
            panel.set_cursor()


class GradientScatter:
    """Scatter plot of |grad u| over log10 sigma."""

    def add_to(self, canvas: pg.GraphicsLayoutWidget, row: int, column: int, columns: int) -> None:
        """Create the plot across a row of the canvas."""
        axis = {"bottom": LogAxis("bottom")}
        self.plot = add_plot(canvas, row=row, col=column, colspan=columns, axisItems=axis)
        self.box = self.plot.getViewBox()
        self.plot.getAxis("left").setWidth(AXIS_WIDTH)
        self.points = pg.ScatterPlotItem(size=3, pen=None, pxMode=True)
        self.unit_line = pg.InfiniteLine(1, angle=0, pen=pg.mkPen(style.UNIT_COLOR, width=1))
        self.highlight = pg.ScatterPlotItem(size=11, symbol="o", brush=None)
        for item in (self.points, self.unit_line, self.highlight):
            self.plot.addItem(item, ignoreBounds=True)

    def draw(self, figure: GradientDensity) -> None:
        """Draw the points."""
        x, y = np.log10(figure.scatter_sigma), figure.scatter_slope
        if not move_points(self.points, x, y):
            self.points.setData(x, y)
        set_axis_labels(self.plot, figure.sigma_label, SCATTER_LABEL)

    def set_cursor(self, sigma: float, slope: float) -> None:
        """Highlight a point; sigma = 0 removes the highlight."""
        if hasattr(self, "highlight"):
            visible = sigma > 0 and np.isfinite(slope)
            self.highlight.setData([np.log10(sigma)] if visible else [], [slope] if visible else [])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        if hasattr(self, "plot"):
            theme_axes(self.plot, palette)
            self.points.setBrush(translucent(palette.q, 0.6))
            self.highlight.setPen(pg.mkPen(palette.foreground, width=HIGHLIGHT_WIDTH))
