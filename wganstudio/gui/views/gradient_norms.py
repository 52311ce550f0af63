"""GradientNormsView: histograms of |grad u| over P, Q and sigma, with bounds of the Lipschitz constant."""

from collections.abc import Hashable
from html import escape
from typing import Any, ClassVar, Self

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from wganstudio.figures import Figure, style
from wganstudio.figures.curve_settings import CurveSettings
from wganstudio.figures.gradient_norms.figure import DISTRIBUTIONS, X_LABEL, Y_LABEL, GradientNorms
from wganstudio.figures.overlay import OverlayCurve
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.curve_menu import CurveMenu
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.legend import CurveLegend, LegendEntry, place_legend
from wganstudio.gui.views.overlay_items import OverlayItems
from wganstudio.gui.views.plot_items import (
    SummaryLabel,
    add_plot,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.session import RunRecord

DASHES = {
    "empirical": Qt.PenStyle.DashLine,
    "largest_slope": Qt.PenStyle.SolidLine,
    "certified": Qt.PenStyle.SolidLine,
}
GLYPHS = {"empirical": "\u2505", "largest_slope": "\u2501", "certified": "\u2501"}
PICK_RADIUS = 5
"""Distance in pixels within which the mouse picks a bound."""


@register_view
class GradientNormsView(FrameView):
    """One step curve per distribution, a red line at 1, one line per bound, and a summary."""

    name: ClassVar[str] = "gradient_norms"
    title: ClassVar[str] = "Gradient norms"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 60
    topics: ClassVar[frozenset[str]] = frozenset({"gradient-norms"})
    step_topic: ClassVar[str] = "gradient-norms"
    empty_text: ClassVar[str] = "Press Run to see histograms of |∇u| at samples of P, Q and σ."
    hint: ClassVar[str] = "Point at the plot to read the fractions of one bin."
    readout_lines: ClassVar[int] = 1
    side_by_side: ClassVar[bool] = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure: GradientNorms | None = None
        self.logarithmic = QCheckBox("Logarithmic")
        self.logarithmic.setToolTip(
            "Show the density on a logarithmic axis, which makes small shares visible."
        )
        self.logarithmic.toggled.connect(self._change_axis)
        self.menu = CurveMenu()
        self.menu.toggled_curve.connect(self._toggle)
        self.hidden: frozenset[str] = frozenset()
        """The distributions and the runs whose histograms are hidden."""
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.menu)
        bar.addWidget(self.logarithmic)
        bar.addStretch(1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.plot = add_plot(self.canvas, row=0, col=0, axisItems=axis_items())
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, X_LABEL, Y_LABEL)
        self.legend = CurveLegend(self.plot)
        self.legend.clicked.connect(self._toggle)
        self.unit_line = self._line()
        self.curves = {key: self._curve(label) for key, label in DISTRIBUTIONS.items()}
        self.overlay = OverlayItems(self.plot, self._steps_of)
        self.bounds = {name: self._line() for name in DASHES}
        self.highlight = pg.LinearRegionItem(movable=False)
        self.highlight.hide()
        self.plot.addItem(self.highlight, ignoreBounds=True)
        self.summary = SummaryLabel()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.pane.add_text(self.summary)
        self._connect_zoom(self.box)
        self.box.sigResized.connect(self._place_legend)
        self.box.sigRangeChanged.connect(self._place_legend)
        self.set_dark(False)

    def _cache_key(self, record: RunRecord) -> Hashable:
        no_frame = record.snapshot("critic") is None
        return self._drawn_snapshot(record), self.shown_step, no_frame, record.state, self.overlay_key

    def options(self) -> dict[str, Any]:
        """Return whether the axis of densities is logarithmic, and what is hidden."""
        return {"logarithmic": self.logarithmic.isChecked(), "hidden": tuple(sorted(self.hidden))}

    def copy_settings(self, other: Self) -> None:
        """Take over the axis and what is hidden."""
        self.hidden = other.hidden
        self.logarithmic.setChecked(other.logarithmic.isChecked())

    def _message(self) -> str:
        record = self.record
        if record is None or record.snapshot("critic") is None:
            return super()._message()
        if record.snapshot("gradient-norms") is not None:
            return super()._message()
        return "This run was recorded before gradient norms were measured. Run it again to see them."

    def _draw(self, figure: GradientNorms) -> None:
        self._figure = figure
        self.overlay.draw(figure.overlay, DISTRIBUTIONS.__getitem__, figure.shown_overlay)
        self._name_curves(figure)
        self._set_pens()
        shown = {histogram.distribution for histogram in figure.shown_histograms}
        for histogram in figure.histograms:
            self.curves[histogram.distribution].setVisible(histogram.distribution in shown)
            self.curves[histogram.distribution].setData(
                figure.finite_edges, _height(np.maximum(histogram.density, figure.floor), figure)
            )
        values = {mark.name: mark.value for mark in figure.bounds}
        for name, line in self.bounds.items():
            line.setVisible(name in values)
            line.setValue(values.get(name, 0.0))
        self._update_summary(figure)

    def _steps_of(self, curve: OverlayCurve, density: Float) -> tuple[Float, Float]:
        """Return a histogram as a line with two points for each bin."""
        assert self._figure is not None
        heights = _height(np.maximum(density, self._figure.floor), self._figure)
        return np.repeat(self._figure.finite_edges, 2)[1:-1], np.repeat(heights, 2)

    def _name_curves(self, figure: GradientNorms) -> None:
        """Name the histograms of a single run in the legend; of several runs the overlay names them."""
        colors = {key: self.palette_.distribution(key) for key in DISTRIBUTIONS}
        entries = [
            LegendEntry(key, title, colors[key], shown=key not in self.hidden)
            for key, title in DISTRIBUTIONS.items()
        ]
        if figure.overlay.main is not None:
            entries = self.overlay.legend_entries(CurveSettings(hidden=self.hidden))
        self.legend.set_entries(entries)
        self.menu.offer([(entry.key, entry.text) for entry in entries], self.hidden)

    @Slot(str)
    def _toggle(self, key: str) -> None:
        """Hide a histogram, or show it again."""
        self.hidden = self.hidden ^ {key}
        self.auto_range = True
        self._settings_changed()

    def _set_pens(self) -> None:
        for key, curve in self.curves.items():
            curve.setPen(self.overlay.main_pen(self.palette_.distribution(key), key))

    def _update_summary(self, figure: GradientNorms) -> None:
        entries = (
            f'<span style="color:{self.palette_.bound(mark.name)}">{GLYPHS[mark.name]}</span>'
            + escape(f" {mark.text}").replace(" ", "&nbsp;")
            for mark in figure.bounds
        )
        bounds, above = figure.summary_lines
        before = "".join(f"{line}<br>" for line in self.overlay.summary_lines())
        self.summary.setText(f"{before}Lipschitz constant {' &nbsp;'.join(entries)}<br>{escape(above)}")
        self.summary.setToolTip(tooltip(bounds))

    def _show(self, figure: Figure) -> None:
        super()._show(figure)
        self._place_legend()

    @Slot()
    def _place_legend(self, *_: object) -> None:
        """Put the legend where it covers no histogram."""
        lines = [curve.curve.getData() for curve in self.curves.values() if curve.isVisible()]
        lines += [items.line.getData() for items in self.overlay.curves]
        place_legend(self.legend, self.box, lines)

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
        self.legend.set_palette(palette)
        self.unit_line.setPen(pg.mkPen(style.UNIT_COLOR, width=1))
        self.overlay.set_palette(palette)
        self._set_pens()
        for name, line in self.bounds.items():
            line.setPen(pg.mkPen(palette.bound(name), width=1, style=DASHES[name]))
        self.highlight.setBrush(translucent(palette.faint, 0.35))
        for edge in self.highlight.lines:
            edge.setPen(pg.mkPen(None))
        if isinstance(self.drawn, GradientNorms):
            self._name_curves(self.drawn)
            self._update_summary(self.drawn)

    def _on_hover(self, position: Any) -> None:
        if not isinstance(self.drawn, GradientNorms) or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        x = self.box.mapSceneToView(position).x()
        text = self.drawn.readout(x, PICK_RADIUS * self.box.viewPixelSize()[0])
        if text is None:
            return self._clear_hover()
        self.readout.setText(text)
        self.highlight.setRegion(self.drawn.bin(x))
        self.highlight.show()

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
        self.highlight.hide()

    @Slot(bool)
    def _change_axis(self, logarithmic: bool) -> None:
        self.plot.getAxis("left").set_logarithmic(logarithmic)
        self.auto_range = True
        self._settings_changed()

    def _line(self) -> pg.InfiniteLine:
        line = pg.InfiniteLine(1, angle=90)
        self.plot.addItem(line, ignoreBounds=True)
        return line

    def _curve(self, name: str) -> pg.PlotDataItem:
        return self.plot.plot(name=name, stepMode="center", antialias=True)


def _height(density: Float, figure: GradientNorms) -> Float:
    """Return the position of a density on the axis."""
    return np.asarray(np.log10(density) if figure.logarithmic else density)
