"""CriticValuesView: histograms of the critic on P and on Q."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.views.base import Area
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.legend import CurveLegend, LegendEntry, place_legend
from wganstudio.gui.views.plot_items import SummaryLabel, add_plot, set_axis_labels, theme_axes
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.views.step_view import StepView
from wganstudio_example.figures.critic_values.figure import DISTRIBUTIONS, X_LABEL, Y_LABEL, CriticValues


@register_view
class CriticValuesView(StepView):
    """One step curve and one dashed line at the mean for each distribution, and a summary."""

    name: ClassVar[str] = CriticValues.name
    title: ClassVar[str] = "Critic values"
    help_link: ClassVar[str] = "heavy-tails#critic-values"
    area: ClassVar[Area] = "bottom"
    position: ClassVar[int] = 65
    topics: ClassVar[frozenset[str]] = frozenset({"critic-values"})
    step_topic: ClassVar[str] = "critic-values"
    empty_text: ClassVar[str] = "Press Run to see histograms of u at samples of P and Q."
    hint: ClassVar[str] = "Point at the plot to read the shares of one bin."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.insertWidget(0, self.step_note)
        self.plot = add_plot(self.canvas, row=0, col=0, axisItems=axis_items())
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, X_LABEL, Y_LABEL)
        self.legend = CurveLegend(self.plot)
        self.curves = {name: self.plot.plot(stepMode="center", antialias=True) for name in DISTRIBUTIONS}
        self.means = {name: pg.InfiniteLine(angle=90) for name in DISTRIBUTIONS}
        for line in self.means.values():
            self.plot.addItem(line, ignoreBounds=True)
        self.summary, self.readout = SummaryLabel(), SummaryLabel()
        self.column.addWidget(self.summary)
        self.column.addWidget(self.readout)
        self._connect_zoom(self.box)
        self.box.sigResized.connect(self._place_legend)
        self.box.sigRangeChanged.connect(self._place_legend)
        self.set_dark(False)
        self._clear_hover()

    def _draw(self, figure: CriticValues) -> None:
        for name in DISTRIBUTIONS:
            self.curves[name].setData(figure.edges, figure.density(name))
            self.means[name].setValue(figure.means[name])
        self.summary.setText(figure.summary)
        self._place_legend()

    @Slot()
    def _place_legend(self, *_: object) -> None:
        """Put the legend where it covers no histogram."""
        lines = [curve.curve.getData() for curve in self.curves.values()]
        place_legend(self.legend, self.box, lines)

    def _restyle(self) -> None:
        theme_axes(self.plot, self.palette_)
        self.legend.set_palette(self.palette_)
        colors = {name: self.palette_.distribution(name) for name in DISTRIBUTIONS}
        self.legend.set_entries(
            [LegendEntry(name, title, colors[name]) for name, title in DISTRIBUTIONS.items()]
        )
        for name, color in colors.items():
            self.curves[name].setPen(pg.mkPen(color, width=1))
            self.means[name].setPen(pg.mkPen(color, width=1, style=Qt.PenStyle.DashLine))

    def _on_hover(self, position: Any) -> None:
        text = None
        if isinstance(self.drawn, CriticValues) and self.box.sceneBoundingRect().contains(position):
            text = self.drawn.readout(self.box.mapSceneToView(position).x())
        self.readout.setText(text or self.hint)

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)
