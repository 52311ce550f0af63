"""PromisesView: what the theory of regularized transport says beside what is found, one panel at a time."""

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from wganstudio.figures import style
from wganstudio.figures.theory_checks.figure import LOGARITHMIC, PANELS, Panel, PanelLine, TheoryChecks
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.base import View
from wganstudio.gui.views.plot_items import (
    DecadeAxis,
    Remarks,
    configure_plot,
    legend,
    set_axis_labels,
    theme_axes,
    theme_legend,
    translucent,
)
from wganstudio.session import RunRecord


class TheoryChecksView(View):
    """Gradient error, regularization path or size of batches."""

    name: ClassVar[str] = "promises"
    title: ClassVar[str] = "Promises"
    beside: ClassVar[str] = "costs"
    invitation: ClassVar[str] = "Press Run: what the theory of regularized transport promises appears here."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = QComboBox()
        self.chosen.setAccessibleName("What is shown")
        for name, (title, *_) in PANELS.items():
            self.chosen.addItem(title, name)
        self.chosen.currentIndexChanged.connect(self._switched)
        self.column.insertWidget(0, self.chosen, 0, Qt.AlignmentFlag.AlignLeft)
        self.remarks = Remarks()
        self.column.addWidget(self.remarks)
        self.plot: pg.PlotItem = None
        self.curves: dict[str, LineItems] = {}
        self._lay_out()
        self.set_dark(False)

    @property
    def panel(self) -> str:
        """Which of the three is shown."""
        return str(self.chosen.currentData())

    def _lay_out(self) -> None:
        """A new plot: the axes of an old one could not change their scales."""
        self.canvas.clear()
        across, upwards = LOGARITHMIC[self.panel]
        axes = {side: DecadeAxis(side) for side, log in (("bottom", across), ("left", upwards)) if log}
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0, axisItems=axes))
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, *PANELS[self.panel][1:])
        self.legend = legend(self.plot, (8, 8), verSpacing=-4)
        self.mark = pg.InfiniteLine(pen=pg.mkPen(style.UNIT_COLOR, width=1))
        self.plot.addItem(self.mark, ignoreBounds=True)
        self.curves = {}
        self._watch_zoom(self.box)

    @Slot()
    def _switched(self) -> None:
        self.following = True
        self._lay_out()
        self._redraw()
        self._restyle()

    def _state(self, record: RunRecord) -> Hashable:
        return tuple(record.promises), record.state

    def _derive(self, record: RunRecord) -> TheoryChecks | None:
        return TheoryChecks.from_record(record)

    def _message(self) -> str:
        if self.record is None or self.record.frame is None:
            return super()._message()
        return "This solver smooths no transport, or between few points; regularized and semi-discrete do."

    def _draw(self, figure: TheoryChecks) -> None:
        panel = figure.panel(self.panel)
        self.plot.setVisible(panel is not None)
        if panel is None:
            self.remarks.setText("Between features the bias of batches is not looked at.")
            return
        fresh = {line.name for line in panel.lines} != self.curves.keys()
        if fresh:
            for items in self.curves.values():
                items.remove(self.plot)
            self.curves = {line.name: LineItems(self.plot, line.name) for line in panel.lines}
        for line in panel.lines:
            self.curves[line.name].draw(line, *self._scaled(line))
        self.mark.setVisible(panel.mark is not None)
        if panel.mark is not None:
            self.mark.setValue(np.log10(panel.mark))
        self.remarks.setText(panel.summary)
        if fresh:
            self._restyle()

    def _scaled(self, line: PanelLine) -> tuple[Float, Float, Float | None]:
        across, upwards = LOGARITHMIC[self.panel]
        y = line.y, line.upper
        if upwards:
            y = np.log10(line.y), None if line.upper is None else np.log10(line.upper)
        return (np.log10(line.x) if across else line.x), *y

    def _show_ranges(self, figure: TheoryChecks) -> None:
        panel = figure.panel(self.panel)
        if panel is not None:
            self.box.setRange(
                xRange=self._drawn_range(panel, 0), yRange=self._drawn_range(panel, 1), padding=0
            )

    def _drawn_range(self, panel: Panel, axis: int) -> Range:
        low, high = (panel.x_range, panel.y_range)[axis]
        if LOGARITHMIC[panel.name][axis]:
            return float(np.log10(low)), float(np.log10(high))
        return low, high

    def figure(self) -> TheoryChecks | None:
        """All that is known, in full ranges: zooming in one panel changes no other."""
        return self._derive(self.record) if self.record is not None else None

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        theme_legend(self.legend, palette)
        for items in self.curves.values():
            items.set_color(palette.theory_line(items.kind))


class LineItems:
    """A line, and the band where it has one."""

    def __init__(self, plot: pg.PlotItem, name: str) -> None:
        self.kind = "found"
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
        """Take the items off the plot."""
        for item in self.items:
            plot.removeItem(item)
