"""MomentumView: the critic's momentum, the true momentum, and their difference."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.figures import style
from wganstudio.figures.flow import missing_flow_text
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Range
from wganstudio.gui.views.arrow_key import ArrowKey
from wganstudio.gui.views.base import Area, clip_range
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.folding import MIN_PLOT
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.legend import CurveLegend, LegendEntry, place_legend
from wganstudio.gui.views.maps.scale_bar import ScaleBar
from wganstudio.gui.views.panels import AXIS_WIDTH, MapPanel
from wganstudio.gui.views.plot_items import (
    SummaryLabel,
    add_plot,
    set_axis_labels,
    theme_axes,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.session import RunRecord

MAPS = style.FIELD_MAP, style.FIELD_MAP, style.SIGMA_MAP
MIN_ASPECT_RATIO = 1.2
"""Ratio of width to height above which the maps are side by side."""
MIN_STACKED = 440
"""Height in pixels that the texts leave to three maps above one another."""
ROW_SPACING = 2
"""Pixels between maps one below the other, which need all the height on a small screen."""


@register_view
class MomentumView(FrameView):
    """Three maps with arrows and a common cursor; over a line, two curves and their difference."""

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    area: ClassVar[Area] = "right"
    position: ClassVar[int] = 50
    empty_text: ClassVar[str] = "Press Run to compare the critic's momentum with that of the true flow."
    hint: ClassVar[str] = "Point at a map to read both momenta."
    readout_lines: ClassVar[int] = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.step_note)
        self.panel: PlaneMomentum | LineMomentum | None = None
        self.key = ArrowKey()
        self.pane.add_text(self.key)
        self.summary = SummaryLabel()
        self.pane.add_text(self.summary)
        self.set_dark(False)

    @property
    def boxes(self) -> Sequence[pg.ViewBox]:
        """The view boxes of the maps or curves, once they are drawn."""
        return () if self.panel is None else self.panel.boxes

    @property
    def scale_bars(self) -> Sequence[ScaleBar]:
        """The color bars of the three maps; none over a line."""
        return [panel.map.bar for panel in self.panel.panels] if isinstance(self.panel, PlaneMomentum) else ()

    def _cache_key(self, record: RunRecord) -> Any:
        bounds = record.truths.get("congested"), record.last("value"), record.ended is not None
        return super()._cache_key(record), *bounds

    def _message(self) -> str:
        record = self.record
        return (
            super()._message()
            if record is None or record.snapshot("critic") is None
            else missing_flow_text(record)
        )

    def _draw(self, figure: Momentum) -> None:
        kind = LineMomentum if figure.grid.is_line else PlaneMomentum
        if not isinstance(self.panel, kind) or self.panel.wide != self.wide:
            self.canvas.clear()
            self.panel = kind(self.canvas, self.wide)
            for box in self.panel.boxes:
                self._connect_zoom(box)
            self._restyle()
        stacked = kind is PlaneMomentum and not self.wide
        self.folding.leave(MIN_STACKED if stacked else MIN_PLOT)
        self.panel.draw(figure)
        self.key.show_for(None if figure.grid.is_line else self.panel.boxes[0], figure.arrow_unit)
        self.summary.setText("\n".join(figure.summary_lines))

    def _fits_wide(self) -> bool:
        return self.pane.width() > MIN_ASPECT_RATIO * self.pane.height()

    def _show_ranges(self, figure: Momentum) -> None:
        if self.panel is not None:
            self.panel.boxes[0].setRange(xRange=figure.x_range, yRange=figure.y_range, padding=0)

    def _ranges(self) -> dict[str, Range]:
        if self.panel is None or not isinstance(self.drawn, Momentum):
            return {}
        grid = self.drawn.grid
        x, y = (tuple(shown) for shown in self.panel.boxes[0].viewRange())
        return {
            "x": clip_range(x, grid.extent[:2]),
            "y": y if grid.is_line else clip_range(y, grid.extent[2:]),
        }

    def _restyle(self) -> None:
        if self.panel is not None:
            self.panel.set_palette(self.palette_)

    def _on_hover(self, position: Any) -> None:
        if self.panel is None or not isinstance(self.drawn, Momentum):
            return
        for box in self.panel.boxes:
            if box.sceneBoundingRect().contains(position):
                point = box.mapSceneToView(position)
                text = self.drawn.readout(point.x(), point.y())
                if text is not None:
                    self.readout.setText(text)
                    self.panel.set_cursor(point.x(), point.y())
                    return
        self._clear_hover()

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        if self.panel is not None:
            self.panel.set_cursor()


class PlaneMomentum:
    """Maps of critic, truth and difference, in a row or one below the other."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        self.wide = wide
        positions = [(0, k) if wide else (k, 0) for k in range(3)]
        self.panels = [
            MapPanel(
                canvas,
                *position,
                colors,
                style.ARROW_COLOR,
                bar_below=wide,
                named_below=wide or position == positions[-1],
            )
            for position, colors in zip(positions, MAPS, strict=True)
        ]
        first = self.panels[0].plot
        for panel in self.panels[1:]:
            panel.plot.setXLink(first)
            panel.plot.setYLink(first)
        self.boxes = [panel.box for panel in self.panels]
        layout = canvas.ci.layout
        layout.setVerticalSpacing(ROW_SPACING)
        for k in range(3):
            layout.setRowStretchFactor(k, int(k == 0 or not wide))
            layout.setRowPreferredHeight(k, 0 if wide and k else 100)
            layout.setColumnStretchFactor(k, int(k == 0 or wide))
            layout.setColumnPreferredWidth(k, 100 if wide or not k else 0)

    def draw(self, figure: Momentum) -> None:
        """Draw three maps."""
        for panel, field, scale, arrows in zip(
            self.panels, figure.magnitudes, figure.scales, figure.arrows, strict=True
        ):
            panel.draw(figure.grid, field, scale, arrows)

    def set_cursor(self, *position: float) -> None:
        """Show the cursor at a position of the plane; without arguments, hide it."""
        for panel in self.panels:
            panel.set_cursor(*position)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        for panel in self.panels:
            panel.set_palette(palette)


class LineMomentum(QObject):
    """Both momenta as curves, and their difference below."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        super().__init__()
        self.wide = wide
        self.plots = [add_plot(canvas, row=row, col=0, axisItems=axis_items()) for row in (0, 1)]
        above, below = self.plots
        below.setXLink(above)
        for row, share in enumerate((3, 2, 0)):
            canvas.ci.layout.setRowStretchFactor(row, share)
        self.boxes = [plot.getViewBox() for plot in self.plots]
        self.legend = CurveLegend(above)
        self.critic_curve = above.plot(antialias=True)
        self.true_curve = above.plot(antialias=True)
        self.error_curve = below.plot(antialias=True)
        self.zero = pg.InfiniteLine(0, angle=0)
        below.addItem(self.zero, ignoreBounds=True)
        self.cursor = [pg.InfiniteLine(angle=90) for _ in self.plots]
        for plot, line in zip(self.plots, self.cursor, strict=True):
            plot.getAxis("left").setWidth(AXIS_WIDTH + 8)
            plot.addItem(line, ignoreBounds=True)
            line.hide()
        self.boxes[0].sigRangeChanged.connect(self.place_legend)
        self.boxes[0].sigResized.connect(self.place_legend)

    def draw(self, figure: Momentum) -> None:
        """Draw three curves."""
        above, below = self.plots
        set_axis_labels(above, "", "momentum")
        set_axis_labels(below, figure.grid.labels[0], "w_u - w")
        for curve, values in (
            (self.critic_curve, figure.critic[0]),
            (self.true_curve, figure.truth[0]),
            (self.error_curve, figure.difference),
        ):
            curve.setData(figure.grid.x, values)
        low, high = figure.difference_range
        self.boxes[1].setYRange(low, high, padding=0)
        self.place_legend()

    @Slot()
    def place_legend(self, *_: object) -> None:
        """Put the legend where it covers no curve."""
        lines = [curve.getData() for curve in (self.critic_curve, self.true_curve)]
        place_legend(self.legend, self.boxes[0], lines)

    def set_cursor(self, *position: float) -> None:
        """Show the cursor at a position of the line; without arguments, hide it."""
        for line in self.cursor:
            line.setVisible(bool(position))
            if position:
                line.setValue(position[0])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        for plot in self.plots:
            theme_axes(plot, palette)
        self.legend.set_palette(palette)
        self.legend.set_entries(
            [
                LegendEntry("critic", "w_u (critic)", palette.value),
                LegendEntry("truth", "w (truth)", palette.truth, style=Qt.PenStyle.DashLine),
            ]
        )
        self.critic_curve.setPen(pg.mkPen(palette.value, width=1))
        self.true_curve.setPen(pg.mkPen(palette.truth, width=1, style=Qt.PenStyle.DashLine))
        self.error_curve.setPen(pg.mkPen(palette.foreground, width=1))
        self.zero.setPen(pg.mkPen(palette.faint, width=1))
        for line in self.cursor:
            line.setPen(pg.mkPen(palette.faint, width=1, style=Qt.PenStyle.DashLine))
