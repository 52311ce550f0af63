"""CriticDescentView: samples of P on their way down the critic, and the W1 left over after each step."""

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Self

import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from wganstudio.figures.critic_descent.figure import CriticDescent
from wganstudio.figures.style import PATH_ALPHA, UNIT_COLOR
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.descent_bar import DescentBar
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.left_over_plot import LeftOverPlot
from wganstudio.gui.views.plot_items import (
    SummaryLabel,
    configure_plot,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session import RunRecord

LEGEND_TOOLTIP = (
    "W₁ left over: by exact transport between moved samples and samples of Q, and from below by the gap of "
    "its potential on fresh samples, both with two standard errors; the gap of the critic over its mean "
    "slope; W₁ of P and Q with its bounds; and exact transport between two samples of Q."
)
PICK_RADIUS = 8
"""Distance in pixels within which the mouse picks a sample."""
MIN_ASPECT_RATIO = 1.15
"""Ratio of width to height above which the plots are side by side."""
LEGEND_LINES = 13
"""Height of the view, in lines of text, below which the legend leaves its place to the plots."""


@register_view
class CriticDescentView(FrameView):
    """The walk of the samples, with a slider over its steps, beside the curve of what is left over."""

    name: ClassVar[str] = "critic_descent"
    title: ClassVar[str] = "Critic descent"
    area: ClassVar[Area] = "main"
    position: ClassVar[int] = 115
    topics: ClassVar[frozenset[str]] = frozenset()
    step_topic: ClassVar[str] = "critic-descent"
    empty_text: ClassVar[str] = "Press Run to see samples of P walk down the critic to Q."
    hint: ClassVar[str] = "Point at a sample or at a step to read its numbers."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = DescentBar()
        self.bar.state_changed.connect(self._settings_changed)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.bar, 1)
        row.addWidget(self.step_note)
        self.column.insertLayout(0, row)
        self.legend = Label(wordWrap=True)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setMinimumWidth(1)
        self.legend.setToolTip(LEGEND_TOOLTIP)
        self.column.insertWidget(1, self.legend)
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        self.targets = pg.ScatterPlotItem(size=3.5, pen=None, pxMode=True)
        self.starts = pg.ScatterPlotItem(size=3, pen=None, pxMode=True)
        self.lines = pg.PlotCurveItem(connect="finite", antialias=True)
        self.moved = pg.ScatterPlotItem(size=5, pen=None, pxMode=True)
        self.highlight = pg.PlotCurveItem()
        for item in (self.targets, self.starts, self.lines, self.moved, self.highlight):
            self.plot.addItem(item, ignoreBounds=True)
        self.left = LeftOverPlot()
        self._placed: bool | None = None
        self.summary = SummaryLabel()
        self.pane.add_text(self.summary)
        self._connect_zoom(self.box)
        self._connect_zoom(self.left.box)
        self._place()
        self.set_dark(False)

    @property
    def boxes(self) -> Sequence[pg.ViewBox]:
        """The view boxes of the walk and of the curve."""
        return self.box, self.left.box

    @property
    def linked_boxes(self) -> Sequence[pg.ViewBox]:
        """The view box of the walk."""
        return (self.box,)

    def copy_settings(self, other: Self) -> None:
        """Take over the position on the walk, without drawing."""
        with QSignalBlocker(self.bar):
            self.bar.set_state(other.bar.state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the legend where there is room for it."""
        super().resizeEvent(event)
        self.legend.setVisible(self.height() >= LEGEND_LINES * self.fontMetrics().lineSpacing())

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing."""
        self.bar.stop()
        super().hideEvent(event)

    def _cache_key(self, record: RunRecord) -> Hashable:
        no_frame = record.snapshot("critic") is None
        truth = record.truths.get("w1")
        return self._drawn_snapshot(record), self.shown_step, no_frame, record.state, truth, self.bar.state

    def _build_figure(self, record: RunRecord) -> CriticDescent | None:
        return CriticDescent.from_record(record, self.step_of(record), state=self.bar.state)

    def _message(self) -> str:
        record = self.record
        if record is None or record.snapshot("critic") is None:
            return super()._message()
        if not record.over:
            return "Samples walk down the critic at step 1,000, 10,000, ... and at the end of the run."
        return (
            "No samples walked down this run's critic: it was recorded by an older version, or its option "
            "Descent steps is 0. Run it again to see them."
        )

    def _draw(self, figure: CriticDescent) -> None:
        self.bar.set_count(len(figure.states) - 1)
        self._place()
        self.box.setAspectLocked(figure.equal_aspect)
        self.plot.getAxis("left").setTicks([list(figure.rows)] if figure.rows else None)
        set_axis_labels(self.plot, *figure.labels)
        self.targets.setData(*figure.targets.T)
        self.starts.setData(*figure.states[0].T)
        self.lines.setData(*figure.paths.T)
        self.moved.setData(*figure.points.T)
        self.left.draw(figure.left, figure.state)
        self.summary.setText("\n".join(figure.summary_lines))

    def _fits_wide(self) -> bool:
        return self.pane.width() > MIN_ASPECT_RATIO * self.pane.height()

    def _place(self) -> None:
        """Put the curve beside the walk, or below it."""
        if self.wide == self._placed:
            return
        if self._placed is not None:
            self.canvas.removeItem(self.left.plot)
        self._placed = self.wide
        self.canvas.addItem(self.left.plot, *((0, 1) if self.wide else (1, 0)))
        layout = self.canvas.ci.layout
        for k in range(2):
            layout.setRowStretchFactor(k, int(k == 0 or not self.wide))
            layout.setRowPreferredHeight(k, 0 if self.wide and k else 100)
            layout.setColumnStretchFactor(k, int(k == 0 or self.wide))
            layout.setColumnPreferredWidth(k, 100 if self.wide or not k else 0)

    def _show_ranges(self, figure: CriticDescent) -> None:
        super()._show_ranges(figure)
        self.left.show_ranges(figure.left)

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        marks = (
            (palette.p, "\u25cf", "P, moved"),
            (palette.faint, "\u25cf", "start"),
            (palette.q, "\u25cf", "Q"),
            (palette.value, "\u2501", "between samples"),
            (palette.value, "\u2505", "from below"),
            (palette.gap, "\u2508", "critic's gap"),
            (palette.truth, "\u2501", "W₁"),
            (palette.foreground, "\u2508", "Q to Q"),
        )
        self.legend.setText(
            " &nbsp;".join(
                f'<span style="color:{color}">{mark}</span>&nbsp;{name}' for color, mark, name in marks
            )
        )
        self.targets.setBrush(translucent(palette.q, 0.6))
        self.starts.setBrush(translucent(palette.faint, 0.6))
        self.lines.setPen(pg.mkPen(translucent(palette.p, PATH_ALPHA), width=1))
        self.moved.setBrush(pg.mkBrush(palette.p))
        self.highlight.setPen(pg.mkPen(UNIT_COLOR, width=1))
        self.left.set_palette(palette)

    def _on_hover(self, position: Any) -> None:
        figure = self.drawn
        if not isinstance(figure, CriticDescent):
            return self._clear_hover()
        if self.left.box.sceneBoundingRect().contains(position):
            text = figure.left.readout(self.left.box.mapSceneToView(position).x())
            self.highlight.hide()
            self.readout.setText(text or self.hint)
            return None
        point, (x_unit, y_unit) = self.box.mapSceneToView(position), self.box.viewPixelSize()
        number = figure.pick(point.x(), point.y(), (PICK_RADIUS * x_unit, PICK_RADIUS * y_unit))
        if number is None or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        self.readout.setText(figure.describe(number))
        self.highlight.setData(*figure.states[:, number].T)
        self.highlight.show()
        return None

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.highlight.hide()
