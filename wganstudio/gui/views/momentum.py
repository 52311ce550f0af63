"""MomentumView: what the critic says flows where, beside what truly flows, and how far the two are apart."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.figures import style
from wganstudio.figures.flow import missing_flow_text
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import clipped
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.panels import LEFT, MapPanel
from wganstudio.gui.views.plot_items import (
    Remarks,
    configure_plot,
    legend,
    set_axis_labels,
    theme_axes,
    theme_legend,
)
from wganstudio.session import RunRecord

MAPS = style.FIELD_MAP, style.FIELD_MAP, style.SIGMA_MAP
WIDE = 1.2
"""Width over height from which on the maps stand beside each other."""


class MomentumView(FrameView):
    """Three maps with arrows and one cursor; over a line, two curves and their difference."""

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    beside: ClassVar[str] = "gradient"
    invitation: ClassVar[str] = "Press Run: the critic's momentum appears here, beside that of the true flow."
    hint: ClassVar[str] = "Point at a map to read both momenta."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.frames)
        self._read_out_lines(3)
        self.picture: PlaneMomentum | LineMomentum | None = None
        self.remarks = Remarks()
        self.column.insertWidget(2, self.remarks)
        self.set_dark(False)

    def _state(self, record: RunRecord) -> Any:
        bounds = record.truths.get("congested"), record.last("value"), record.ended is not None
        return super()._state(record), *bounds

    def _derive(self, record: RunRecord) -> Momentum | None:
        return Momentum.from_record(record, self.frames.step)

    def _message(self) -> str:
        record = self.record
        return super()._message() if record is None or record.frame is None else missing_flow_text(record)

    def _draw(self, figure: Momentum) -> None:
        kind = LineMomentum if figure.grid.is_line else PlaneMomentum
        if not isinstance(self.picture, kind) or self.picture.wide != self.wide:
            self.canvas.clear()
            self.picture = kind(self.canvas, self.wide)
            for box in self.picture.boxes:
                self._watch_zoom(box)
            self._restyle()
        self.picture.draw(figure)
        self.remarks.setText("\n".join(figure.summary_lines))

    def _has_room(self) -> bool:
        return self.width() > WIDE * self.height()

    def _show_ranges(self, figure: Momentum) -> None:
        if self.picture is not None:
            self.picture.boxes[0].setRange(xRange=figure.x_range, yRange=figure.y_range, padding=0)

    def _ranges(self) -> dict[str, Range]:
        if self.picture is None or not isinstance(self._drawn, Momentum):
            return {}
        grid = self._drawn.grid
        x, y = (tuple(shown) for shown in self.picture.boxes[0].viewRange())
        return {
            "x": clipped(x, grid.extent[:2]),
            "y": y if grid.is_line else clipped(y, grid.extent[2:]),
        }

    def _restyle(self) -> None:
        if self.picture is not None:
            self.picture.set_palette(self.palette_)

    def _hover(self, place: Any) -> None:
        if self.picture is None or not isinstance(self._drawn, Momentum):
            return
        for box in self.picture.boxes:
            if box.sceneBoundingRect().contains(place):
                at = box.mapSceneToView(place)
                told = self._drawn.readout(at.x(), at.y())
                if told is not None:
                    self.readout.setText(told)
                    self.picture.point_at(at.x(), at.y())
                    return
        self._leave()

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        if self.picture is not None:
            self.picture.point_at()


class PlaneMomentum:
    """Critic, truth and their difference, in a row where it is wide, else one below the other."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        self.wide = wide
        places = [(0, k) if wide else (k, 0) for k in range(3)]
        self.panels = [
            MapPanel(
                canvas,
                *place,
                colors,
                style.ARROW_COLOR,
                bar_below=wide,
                named_below=wide or place == places[-1],
            )
            for place, colors in zip(places, MAPS, strict=True)
        ]
        first = self.panels[0].plot
        for panel in self.panels[1:]:
            panel.plot.setXLink(first)
            panel.plot.setYLink(first)
        self.boxes = [panel.box for panel in self.panels]
        layout = canvas.ci.layout
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

    def point_at(self, *place: float) -> None:
        """Show the cursor at a place of the plane, or nowhere."""
        for panel in self.panels:
            panel.point_at(*place)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        for panel in self.panels:
            panel.set_palette(palette)


class LineMomentum:
    """Both momenta as curves, below them their difference."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        self.wide = wide
        self.plots = [configure_plot(canvas.addPlot(row=row, col=0)) for row in (0, 1)]
        above, below = self.plots
        below.setXLink(above)
        for row, share in enumerate((3, 2, 0)):
            canvas.ci.layout.setRowStretchFactor(row, share)
        self.boxes = [plot.getViewBox() for plot in self.plots]
        self.legend = legend(above, (-6, 6))
        self.own = above.plot(name="w_u, the critic's", antialias=True)
        self.true = above.plot(name="w, the truth's", antialias=True)
        self.off = below.plot(antialias=True)
        self.zero = pg.InfiniteLine(0, angle=0)
        below.addItem(self.zero, ignoreBounds=True)
        self.cursor = [pg.InfiniteLine(angle=90) for _ in self.plots]
        for plot, line in zip(self.plots, self.cursor, strict=True):
            plot.getAxis("left").setWidth(LEFT + 8)
            plot.addItem(line, ignoreBounds=True)
            line.hide()

    def draw(self, figure: Momentum) -> None:
        """Draw three curves."""
        above, below = self.plots
        set_axis_labels(above, "", "momentum")
        set_axis_labels(below, figure.grid.labels[0], "w_u - w")
        for curve, values in (
            (self.own, figure.critic[0]),
            (self.true, figure.truth[0]),
            (self.off, figure.difference),
        ):
            curve.setData(figure.grid.x, values)
        low, high = figure.difference_range
        self.boxes[1].setYRange(low, high, padding=0)

    def point_at(self, *place: float) -> None:
        """Show the cursor at a place of the line, or nowhere."""
        for line in self.cursor:
            line.setVisible(bool(place))
            if place:
                line.setValue(place[0])

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        for plot in self.plots:
            theme_axes(plot, palette)
        theme_legend(self.legend, palette)
        self.own.setPen(pg.mkPen(palette.value, width=1))
        self.true.setPen(pg.mkPen(palette.truth, width=1, style=Qt.PenStyle.DashLine))
        self.off.setPen(pg.mkPen(palette.foreground, width=1))
        self.zero.setPen(pg.mkPen(palette.faint, width=1))
        for line in self.cursor:
            line.setPen(pg.mkPen(palette.faint, width=1, style=Qt.PenStyle.DashLine))
