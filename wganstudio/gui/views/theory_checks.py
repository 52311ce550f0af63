"""TheoryChecksView: predictions of the theory of regularized transport and measurements, in three panels."""

from collections.abc import Hashable
from typing import Any, ClassVar, Self

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from wganstudio.figures import Figure, style
from wganstudio.figures.curves import ReadPoint
from wganstudio.figures.plot_choices import PlotChoices
from wganstudio.figures.theory_checks.figure import PANELS, Panel, PanelLine, TheoryChecks
from wganstudio.gui.views.band import Band
from wganstudio.gui.views.base import Area
from wganstudio.gui.views.chosen_axes import ChosenAxes
from wganstudio.gui.views.crosshair import Crosshair
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.legend import CurveLegend, LegendEntry, place_legend
from wganstudio.gui.views.plot_items import (
    SummaryLabel,
    add_plot,
    set_axis_labels,
    theme_axes,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.scales import Scales
from wganstudio.gui.views.step_view import StepView
from wganstudio.session import RunRecord

DASHES = {
    "measured": Qt.PenStyle.SolidLine,
    "exact": Qt.PenStyle.SolidLine,
    "theory": Qt.PenStyle.DashLine,
}


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
        self.axes = ChosenAxes(self)
        self.axes.changed.connect(self._axes_chosen)
        self._log: dict[str, tuple[bool, bool]] = {}
        """The axes of panels that the user has chosen."""
        bar = QHBoxLayout()
        bar.addWidget(self.panel_choice)
        bar.addWidget(self.axes.bar)
        bar.addStretch(1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.summary = SummaryLabel()
        self.column.addWidget(self.summary)
        self.plot = add_plot(self.canvas, row=0, col=0, axisItems=axis_items())
        self.box = self.plot.getViewBox()
        self.scales = Scales()
        self.legend = CurveLegend(self.plot)
        self.legend.clicked.connect(self.axes.bar.toggle)
        self.crosshair = Crosshair(self.plot, self._point_color)
        self.mark = pg.InfiniteLine(pen=pg.mkPen(style.UNIT_COLOR, width=1))
        self.plot.addItem(self.mark, ignoreBounds=True)
        self.curves: dict[str, LineItems] = {}
        self.box.sigRangeChanged.connect(self._place_legend)
        self.box.sigResized.connect(self._place_legend)
        self._connect_zoom(self.box)
        self.set_dark(False)

    @property
    def panel(self) -> str:
        """Name of the panel that is shown."""
        return str(self.panel_choice.currentData())

    def options(self) -> dict[str, Any]:
        """Return the axes that the user has chosen, and what is hidden."""
        return {"axes": dict(self._log) or None, "hidden": tuple(sorted(self.axes.choices.hidden))}

    def copy_settings(self, other: Self) -> None:
        """Take over the panel, the axes and what is hidden."""
        self._log, self.axes.choices = dict(other._log), other.axes.choices
        with QSignalBlocker(self.panel_choice):
            self.panel_choice.setCurrentIndex(other.panel_choice.currentIndex())

    @Slot()
    def _panel_changed(self) -> None:
        self.auto_range = True
        self._redraw()

    @Slot()
    def _axes_chosen(self) -> None:
        panel = self.drawn.panel(self.panel) if isinstance(self.drawn, TheoryChecks) else None
        if panel is not None:
            self._log[self.panel] = self.axes.choices.logarithmic(panel.logarithmic)
        self.axes.choices = PlotChoices(hidden=self.axes.choices.hidden)
        self.auto_range = True
        self._settings_changed()

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
        self.axes.show(panel.logarithmic, panel.entries)
        self.scales = Scales(*panel.logarithmic)
        for side, is_log in zip(("bottom", "left"), panel.logarithmic, strict=True):
            self.plot.getAxis(side).set_logarithmic(is_log)
        set_axis_labels(self.plot, *PANELS[panel.name][1:])
        names = {line.name for line in panel.shown_lines}
        for name in set(self.curves) - names:
            self.curves.pop(name).remove(self.plot)
        for line in panel.shown_lines:
            if line.name not in self.curves:
                self.curves[line.name] = LineItems(self.plot)
            self.curves[line.name].draw(line, self.scales)
            self.curves[line.name].set_color(self.palette_.theory_line(line.kind))
        mark = self.scales.x(np.array([np.nan if panel.mark is None else panel.mark]))[0]
        self.mark.setVisible(bool(np.isfinite(mark)))
        if np.isfinite(mark):
            self.mark.setValue(float(mark))
        self.summary.setText(panel.summary)
        self._name_lines(panel)
        self._place_legend()

    def _name_lines(self, panel: Panel) -> None:
        shown = {line.name for line in panel.shown_lines}
        self.legend.set_entries(
            [
                LegendEntry(
                    line.name,
                    line.name,
                    self.palette_.theory_line(line.kind),
                    style=DASHES[line.kind],
                    shown=line.name in shown,
                )
                for line in panel.lines
            ]
        )

    def _show_ranges(self, figure: TheoryChecks) -> None:
        panel = figure.panel(self.panel)
        if panel is not None:
            x, y = Scales(*panel.logarithmic).positions(panel.x_range, panel.y_range)
            self.box.setRange(xRange=x, yRange=y, padding=0)

    @Slot()
    def _place_legend(self, *_: object) -> None:
        """Put the legend where it covers no line."""
        place_legend(self.legend, self.box, [items.line.getData() for items in self.curves.values()])

    def figure(self) -> Figure | None:
        """Return all panels in full ranges; zooming applies to the screen only."""
        return self._build_figure(self.record) if self.record is not None else None

    def _on_hover(self, position: Any) -> None:
        panel = self.drawn.panel(self.panel) if isinstance(self.drawn, TheoryChecks) else None
        if panel is None or not self.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        reading = panel.read(self.scales.x_at(self.box.mapSceneToView(position).x()))
        if reading is None:
            return self._clear_hover()
        return self.crosshair.show(reading, self.scales, QPointF(position))

    def _clear_hover(self) -> None:
        self.crosshair.clear()

    def _point_color(self, point: ReadPoint) -> str:
        return self.palette_.theory_line(self.curves[point.name].kind)

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        self.legend.set_palette(palette)
        self.crosshair.set_palette(palette)
        for items in self.curves.values():
            items.set_color(palette.theory_line(items.kind))
        panel = self.drawn.panel(self.panel) if isinstance(self.drawn, TheoryChecks) else None
        if panel is not None:
            self._name_lines(panel)


class LineItems:
    """A line and its optional band."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.kind = "measured"
        self.band = Band(plot, 2)
        self.line = pg.PlotCurveItem(connect="finite", antialias=True)
        plot.addItem(self.line, ignoreBounds=True)
        self.line.setZValue(3)

    def draw(self, line: PanelLine, scales: Scales) -> None:
        """Draw a line in the units of the axes."""
        self.kind = line.kind
        x = scales.x(line.x)
        self.band.setVisible(line.upper is not None)
        if line.upper is not None:
            self.band.set_data(x, scales.y(line.y), scales.y(line.upper))
        self.line.setData(x, scales.y(line.middle))

    def set_color(self, color: str) -> None:
        """Change the theme."""
        self.line.setPen(pg.mkPen(color, width=1, style=DASHES[self.kind]))
        self.band.set_color(color, 0.3)

    def remove(self, plot: pg.PlotItem) -> None:
        """Remove the items from the plot."""
        plot.removeItem(self.band)
        plot.removeItem(self.line)
