"""TransportMapView: samples under the transport map of a solver, beside the target distribution."""

from collections.abc import Hashable, Sequence
from functools import cache
from html import escape
from typing import Any, ClassVar, Self

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QBrush, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from wganstudio.figures import Figure
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.map_diagnostics import DIRECTIONS
from wganstudio.figures.style import ERROR_ALPHA, SCATTER_MAP, UNIT_COLOR
from wganstudio.figures.transport_map.figure import TransportMap
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.maps.scale_bar import ScaleBar
from wganstudio.gui.views.plot_items import (
    HIGHLIGHT_WIDTH,
    SummaryLabel,
    add_plot,
    color_map_of,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session import RunRecord

SUMMARY_TOOLTIP = (
    "Median displacement of the samples, and median error where the true map is known, with its "
    "unexplained variance percentage (L2-UVP). Error in mean and covariance of the mapped samples; the "
    "sampling noise is in parentheses. Convexity: the minimum second difference of the potential along "
    "segments between samples of P, relative to the mean of their sizes."
)
NUM_COLORS = 64
PICK_RADIUS = 9
"""Distance in pixels within which the mouse picks a point."""


@register_view
class TransportMapView(FrameView):
    """Mapped samples and a mapped grid over samples of the target; for one dimension, a curve."""

    name: ClassVar[str] = "transport_map"
    title: ClassVar[str] = "Transport map"
    area: ClassVar[Area] = "main"
    position: ClassVar[int] = 110
    empty_text: ClassVar[str] = "Press Run with a solver of squared-Euclidean transport to see its map."
    hint: ClassVar[str] = "Point at a mapped sample to read its displacement."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.direction = QComboBox()
        for to, text in DIRECTIONS.items():
            self.direction.addItem(text, to)
        self.direction.setToolTip("Show the map from P to Q, or from Q to P.")
        self.direction.setAccessibleName("Direction of the map")
        self.direction.currentIndexChanged.connect(self._direction_changed)
        self.legend_label = Label()
        self.legend_label.setTextFormat(Qt.TextFormat.RichText)
        self.legend_label.setToolTip(
            "Samples of the target distribution, and true images of the samples where they are known."
        )
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.direction)
        bar.addWidget(self.legend_label)
        bar.addStretch(1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.plot = add_plot(self.canvas, row=0, col=0)
        self.box = self.plot.getViewBox()
        self.target = pg.ScatterPlotItem(size=3.5, pen=None, pxMode=True)
        self.grid = pg.PlotCurveItem(connect="finite", antialias=True)
        self.misses = pg.PlotCurveItem(connect="finite", antialias=True)
        self.true_targets = pg.ScatterPlotItem(size=7, brush=None, pxMode=True)
        self.mapped = pg.ScatterPlotItem(size=5, pen=None, pxMode=True)
        self.highlight = pg.PlotCurveItem(connect="finite", antialias=True)
        for item in (self.target, self.grid, self.misses, self.true_targets, self.mapped, self.highlight):
            self.plot.addItem(item, ignoreBounds=True)
        self.bar = ScaleBar(SCATTER_MAP)
        self.canvas.addItem(self.bar, row=0, col=1)
        self.summary = SummaryLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary.setToolTip(SUMMARY_TOOLTIP)
        self.pane.add_text(self.summary)
        self._connect_zoom(self.box)
        self.set_dark(False)

    @property
    def plane_grid(self) -> PlaneGrid | None:
        """The plane; None over a line, where the vertical axis is the image."""
        drawn = self.drawn
        return drawn.plane if isinstance(drawn, TransportMap) and not drawn.line else None

    @property
    def scale_bars(self) -> Sequence[ScaleBar]:
        """The color bar of the displacements."""
        return (self.bar,)

    @property
    def target_name(self) -> str:
        """Name of the distribution that the chosen map has as its target, "p" or "q"."""
        return str(self.direction.currentData())

    def copy_settings(self, other: Self) -> None:
        """Take over the direction, without drawing."""
        with QSignalBlocker(self.direction):
            self.direction.setCurrentIndex(other.direction.currentIndex())
        self._restyle()

    def _direction_changed(self, _: int) -> None:
        self.auto_range = True
        self._restyle()
        self._settings_changed()

    def _cache_key(self, record: RunRecord) -> Hashable:
        return super()._cache_key(record), record.last("mean_q"), record.last("gap")

    def options(self) -> dict[str, Any]:
        """Return the target of the map."""
        return {"to": self.target_name}

    def _build_figure(self, record: RunRecord) -> Figure | None:
        figure = super()._build_figure(record)
        if isinstance(figure, TransportMap) and figure.to != self.target_name:
            with QSignalBlocker(self.direction):
                self.direction.setCurrentIndex(self.direction.findData(figure.to))
            self._restyle()
        return figure

    def _message(self) -> str:
        record = self.record
        if record is None or record.snapshot("critic") is None:
            return super()._message()
        return (
            "This solver does not produce a transport map. "
            "Maps are available for solvers with squared-Euclidean cost."
        )

    def _draw(self, figure: TransportMap) -> None:
        self.box.setAspectLocked(not figure.line)
        set_axis_labels(self.plot, *figure.labels)
        self.target.setData(*figure.target.T)
        self.grid.setData(*figure.grid.T)
        self.misses.setData(*figure.error_lines.T)
        self.true_targets.setData(*figure.true.T)
        low, high = figure.scale.ends
        shares = np.clip((figure.scale.on_axis(figure.displacements) - low) / (high - low), 0, 1)
        brushes = brushes_of(figure.scale.name)
        self.mapped.setData(
            *figure.ends.T, brush=[brushes[int(share)] for share in shares * (NUM_COLORS - 1)]
        )
        for to in DIRECTIONS:
            self._enable_direction(to, enabled=to in figure.available)
        self.bar.show_scale(figure.scale)
        self._update_summary(figure)

    def _enable_direction(self, to: str, *, enabled: bool) -> None:
        """Enable a direction only if its map exists."""
        model = self.direction.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.direction.findData(to)).setEnabled(enabled)

    def _update_summary(self, figure: TransportMap) -> None:
        lines = [escape(line) for line in figure.summary_lines]
        color = self.palette_.warning
        lines[:0] = [f'<span style="color:{color}">{escape(line)}</span>' for line in figure.warnings]
        self.summary.setText("<br>".join(lines))
        marks = (
            [(self.palette_.distribution(figure.to), "\u25cf", figure.to.upper())]
            if len(figure.target)
            else []
        )
        marks += [(self.palette_.truth, "\u25cb", "true")] if len(figure.true) else []
        self.legend_label.setText(
            " ".join(f'<span style="color:{color}">{mark}</span> {name}' for color, mark, name in marks)
        )

    def _restyle(self) -> None:
        palette = self.palette_
        for plot in (self.plot, self.bar):
            theme_axes(plot, palette)
        self.target.setBrush(translucent(palette.distribution(self.target_name), 0.45))
        self.grid.setPen(pg.mkPen(palette.faint, width=1))
        self.misses.setPen(pg.mkPen(translucent(palette.truth, ERROR_ALPHA), width=1))
        self.true_targets.setPen(pg.mkPen(palette.truth, width=1))
        self.highlight.setPen(pg.mkPen(UNIT_COLOR, width=HIGHLIGHT_WIDTH))
        if isinstance(self.drawn, TransportMap):
            self._update_summary(self.drawn)

    def _on_hover(self, position: Any) -> None:
        if not isinstance(self.drawn, TransportMap) or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        point, (x_unit, y_unit) = self.box.mapSceneToView(position), self.box.viewPixelSize()
        number = self.drawn.pick(point.x(), point.y(), (PICK_RADIUS * x_unit, PICK_RADIUS * y_unit))
        if number is None:
            return self._clear_hover()
        self.readout.setText(self.drawn.describe(number))
        self.highlight.setData(*np.stack((self.drawn.starts[number], self.drawn.ends[number]), axis=1))
        self.highlight.show()
        return None

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.highlight.hide()


@cache
def brushes_of(color_map: str) -> list[QBrush]:
    """Return the brushes of points in the colors of a map, from its lower to its upper end."""
    return [pg.mkBrush(color) for color in color_map_of(color_map).getLookupTable(nPts=NUM_COLORS)]
