"""SlopeView: how |grad u| is spread over P, Q and sigma, and what bounds the Lipschitz constant."""

from collections.abc import Hashable
from html import escape
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from wganstudio.figures import GradientNorms, style
from wganstudio.figures.gradient_norms.figure import LAWS, X_LABEL, Y_LABEL
from wganstudio.figures.plane import Float, Range
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    DecadeAxis,
    Pictures,
    Remarks,
    configure_plot,
    legend,
    set_axis_labels,
    theme_axes,
    theme_legend,
    translucent,
)
from wganstudio.session import RunRecord

DASHES = {
    "empirical": Qt.PenStyle.DashLine,
    "largest_slope": Qt.PenStyle.SolidLine,
    "certified": Qt.PenStyle.SolidLine,
}
GLYPHS = {"empirical": "\u2505", "largest_slope": "\u2501", "certified": "\u2501"}
REACH = 5
"""Pixels within which the mouse finds a bound."""


class GradientNormsView(FrameView):
    """A step curve a law, a red line at 1, a line a bound, and in words what they say."""

    name: ClassVar[str] = "slope"
    title: ClassVar[str] = "Slope"
    beside: ClassVar[str] = "costs"
    draws: ClassVar[frozenset[str]] = frozenset({"gradient-norms"})
    invitation: ClassVar[str] = "Press Run: how steep the critic is at samples of P, Q and σ appears here."
    hint: ClassVar[str] = "Point at the picture to read the share of each law's samples."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.logarithmic = QCheckBox("Logarithmic")
        self.logarithmic.setToolTip("Show few samples beside many: the density on a logarithmic axis.")
        self.logarithmic.toggled.connect(self._change_axis)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.logarithmic)
        bar.addWidget(self.frames, 1)
        self.column.insertLayout(0, bar)
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, X_LABEL, Y_LABEL)
        self.legend = legend(self.plot, (-8, 4), colCount=len(LAWS), verSpacing=-4)
        self.one = self._line()
        self.curves = {law: self._curve(name) for law, name in LAWS.items()}
        self.bounds = {name: self._line() for name in DASHES}
        self.here = pg.LinearRegionItem(movable=False)
        self.here.hide()
        self.plot.addItem(self.here, ignoreBounds=True)
        self.remarks = Remarks()
        self.remarks.setTextFormat(Qt.TextFormat.RichText)
        self.column.insertWidget(2, self.remarks)
        self._watch_zoom(self.box)
        self.set_dark(False)

    def _pictures(self, record: RunRecord) -> Pictures:
        return Pictures(record.slopes, record.kept_slopes)

    def _state(self, record: RunRecord) -> Hashable:
        self._follow(record)
        return id(record.slopes), record.frame is None, self.frames.step, record.state

    def _derive(self, record: RunRecord) -> GradientNorms | None:
        return GradientNorms.of(record, self.frames.step, logarithmic=self.logarithmic.isChecked())

    def _message(self) -> str:
        record = self.record
        if record is None or record.frame is None or record.slopes is not None:
            return super()._message()
        return "This run is of before slopes were measured; run it again to see them."

    def _draw(self, figure: GradientNorms) -> None:
        for one in figure.spreads:
            self.curves[one.law].setData(figure.steps, _height(np.maximum(one.density, figure.floor), figure))
        values = {mark.name: mark.value for mark in figure.marks}
        for name, line in self.bounds.items():
            line.setVisible(name in values)
            line.setValue(values.get(name, 0.0))
        self._tell(figure)
        self._leave()

    def _tell(self, figure: GradientNorms) -> None:
        key = (
            f'<span style="color:{self.palette_.bound(mark.name)}">{GLYPHS[mark.name]}</span>'
            + escape(f" {mark.text}").replace(" ", "&nbsp;")
            for mark in figure.marks
        )
        bounds, above = figure.remarks
        self.remarks.setText(f"Lip {' &nbsp;'.join(key)}<br>{escape(above)}")
        self.remarks.setToolTip(bounds)

    def _show_ranges(self, figure: GradientNorms) -> None:
        y = tuple(_height(np.array(figure.y_range), figure))
        self.box.setRange(xRange=figure.x_range, yRange=y, padding=0)

    def _ranges(self) -> dict[str, Range]:
        x, (low, high) = self.box.viewRange()
        logarithmic = self.logarithmic.isChecked()
        return {"x": tuple(x), "y": (10.0**low, 10.0**high) if logarithmic else (low, high)}

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        theme_legend(self.legend, palette)
        self.one.setPen(pg.mkPen(style.UNIT_COLOR, width=1))
        for law, curve in self.curves.items():
            curve.setPen(pg.mkPen(palette.law(law), width=1))
        for name, line in self.bounds.items():
            line.setPen(pg.mkPen(palette.bound(name), width=1, style=DASHES[name]))
        self.here.setBrush(translucent(palette.faint, 0.35))
        for edge in self.here.lines:
            edge.setPen(pg.mkPen(None))
        if isinstance(self._drawn, GradientNorms):
            self._tell(self._drawn)

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, GradientNorms) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        at = self.box.mapSceneToView(place).x()
        told = self._drawn.readout(at, REACH * self.box.viewPixelSize()[0])
        if told is None:
            return self._leave()
        self.readout.setText(told)
        self.here.setRegion(self._drawn.bin(at))
        self.here.show()

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.here.hide()

    @Slot(bool)
    def _change_axis(self, logarithmic: bool) -> None:
        self.plot.setAxisItems({"left": (DecadeAxis if logarithmic else pg.AxisItem)("left")})
        self.plot.getAxis("left").enableAutoSIPrefix(False)
        set_axis_labels(self.plot, X_LABEL, Y_LABEL)
        theme_axes(self.plot, self.palette_)
        self.following = True
        self._chosen()

    def _line(self) -> pg.InfiniteLine:
        line = pg.InfiniteLine(1, angle=90)
        self.plot.addItem(line, ignoreBounds=True)
        return line

    def _curve(self, name: str) -> pg.PlotDataItem:
        return self.plot.plot(name=name, stepMode="center", antialias=True)


def _height(density: Float, figure: GradientNorms) -> Float:
    """Where a density stands on the plot's axis."""
    return np.asarray(np.log10(density) if figure.logarithmic else density)
