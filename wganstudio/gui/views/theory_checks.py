"""TheoryChecksView: predictions of the theory of regularized transport and measurements, in three panels."""

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from wganstudio.figures import Figure, style
from wganstudio.figures.theory_checks.figure import LOGARITHMIC, PANELS, Panel, PanelLine, TheoryChecks
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.legend import CurveLegend, place_legend
from wganstudio.gui.views.plot_items import (
    SummaryLabel,
    add_plot,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.step_view import StepView
from wganstudio.session import RunRecord


@register_view
class TheoryChecksView(StepView):
    """The gradient error, the regularization path or the batch size."""

    name: ClassVar[str] = "theory_checks"
    title: ClassVar[str] = "Theory checks"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 130
    step_topic: ClassVar[str] = "theory-checks"
    empty_text: ClassVar[str] = (
        "Press Run to compare predictions of the theory of regularized transport with measurements."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel_choice = QComboBox()
        self.panel_choice.setAccessibleName("Panel")
        for name, (title, *_) in PANELS.items():
            self.panel_choice.addItem(title, name)
        self.panel_choice.currentIndexChanged.connect(self._panel_changed)
        bar = QHBoxLayout()
        bar.addWidget(self.panel_choice)
        bar.addStretch(1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.summary = SummaryLabel()
        self.column.addWidget(self.summary)
        self.plot: pg.PlotItem = None
        self.curves: dict[str, LineItems] = {}
        self._build_plot()
        self.set_dark(False)

    @property
    def panel(self) -> str:
        """Name of the panel that is shown."""
        return str(self.panel_choice.currentData())

    def _build_plot(self) -> None:
        """Create the plot of the panel; the scale of existing axes cannot be changed."""
        self.canvas.clear()
        log_x, log_y = LOGARITHMIC[self.panel]
        axes = axis_items(log_x=log_x, log_y=log_y)
        self.plot = add_plot(self.canvas, row=0, col=0, axisItems=axes)
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, *PANELS[self.panel][1:])
        self.legend = CurveLegend(self.plot)
        self.box.sigRangeChanged.connect(self._place_legend)
        self.box.sigResized.connect(self._place_legend)
        self.mark = pg.InfiniteLine(pen=pg.mkPen(style.UNIT_COLOR, width=1))
        self.plot.addItem(self.mark, ignoreBounds=True)
        self.curves = {}
        self._connect_zoom(self.box)

    @Slot()
    def _panel_changed(self) -> None:
        self.auto_range = True
        self._build_plot()
        self._redraw()
        self._restyle()

    def _cache_key(self, record: RunRecord) -> Hashable:
        return self._drawn_snapshot(record), self.shown_step, record.snapshot("critic") is None, record.state

    def _message(self) -> str:
        if self.record is None or self.record.snapshot("critic") is None:
            return super()._message()
        return "The checks need a regularized or semi-discrete solver and 8 distinct points of P and of Q."

    def _draw(self, figure: TheoryChecks) -> None:
        panel = figure.panel(self.panel)
        self.plot.setVisible(panel is not None)
        if panel is None:
            self.summary.setText("The bias of batches is not measured between features.")
            return
        is_new = {line.name for line in panel.lines} != self.curves.keys()
        if is_new:
            for items in self.curves.values():
                items.remove(self.plot)
            self.curves = {line.name: LineItems(self.plot, line.name) for line in panel.lines}
        for line in panel.lines:
            self.curves[line.name].draw(line, *self._scaled(line))
        self.mark.setVisible(panel.mark is not None)
        if panel.mark is not None:
            self.mark.setValue(np.log10(panel.mark))
        self.summary.setText(panel.summary)
        if is_new:
            self._restyle()
        self._place_legend()

    def _scaled(self, line: PanelLine) -> tuple[Float, Float, Float | None]:
        log_x, log_y = LOGARITHMIC[self.panel]
        y = line.y, line.upper
        if log_y:
            y = np.log10(line.y), None if line.upper is None else np.log10(line.upper)
        return (np.log10(line.x) if log_x else line.x), *y

    def _show_ranges(self, figure: TheoryChecks) -> None:
        panel = figure.panel(self.panel)
        if panel is not None:
            self.box.setRange(
                xRange=self._drawn_range(panel, 0), yRange=self._drawn_range(panel, 1), padding=0
            )

    @Slot()
    def _place_legend(self, *_: object) -> None:
        """Put the legend where it covers no line."""
        place_legend(self.legend, self.box, [items.line.getData() for items in self.curves.values()])

    def _drawn_range(self, panel: Panel, axis: int) -> Range:
        low, high = (panel.x_range, panel.y_range)[axis]
        if LOGARITHMIC[panel.name][axis]:
            return float(np.log10(low)), float(np.log10(high))
        return low, high

    def figure(self) -> Figure | None:
        """Return all panels in full ranges; zooming applies to the screen only."""
        return self._build_figure(self.record) if self.record is not None else None

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        self.legend.set_palette(palette)
        for items in self.curves.values():
            items.set_color(palette.theory_line(items.kind))


class LineItems:
    """A line and its optional band."""

    def __init__(self, plot: pg.PlotItem, name: str) -> None:
        self.kind = "measured"
        self.lower, self.upper = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        self.band = pg.FillBetweenItem(self.lower, self.upper)
        self.line = pg.PlotCurveItem(name=name, antialias=True)
        self.items = (self.lower, self.upper, self.band, self.line)
        for item in self.items:
            plot.addItem(item, ignoreBounds=True)

    def draw(self, line: PanelLine, x: Float, y: Float, upper: Float | None) -> None:
        """Draw a line in the units of the axes."""
        self.kind = line.kind
        self.band.setVisible(upper is not None)
        if upper is not None:
            self.lower.setData(x, y)
            self.upper.setData(x, upper)
        self.line.setData(x, y if upper is None else (y + upper) / 2)

    def set_color(self, color: str) -> None:
        """Change the theme."""
        dashed = Qt.PenStyle.DashLine if self.kind == "theory" else Qt.PenStyle.SolidLine
        self.line.setPen(pg.mkPen(color, width=1, style=dashed))
        self.band.setBrush(translucent(color, 0.3))

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        for item in self.items:
            plot.removeItem(item)
