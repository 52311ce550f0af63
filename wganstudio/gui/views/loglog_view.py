"""LogLogView: a view with one plot whose axes are logarithmic."""

from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from wganstudio.figures.types import Range
from wganstudio.gui.views.base import View
from wganstudio.gui.views.plot_items import LogAxis, SummaryLabel, add_plot, set_axis_labels, theme_axes


class LogLogView(View):
    """A plot over log10 of both quantities, and a summary below it."""

    def __init__(self, x: str, y: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        axes = {"bottom": LogAxis("bottom"), "left": LogAxis("left")}
        self.plot = add_plot(self.canvas, row=0, col=0, axisItems=axes)
        self.box = self.plot.getViewBox()
        set_axis_labels(self.plot, x, y)
        self.summary = SummaryLabel()
        self.column.addWidget(self.summary)
        self._connect_zoom(self.box)

    def _show_ranges(self, figure: Any) -> None:
        x, y = (tuple(np.log10(shown)) for shown in (figure.x_range, figure.y_range))
        self.box.setRange(xRange=x, yRange=y, padding=0)

    def _ranges(self) -> dict[str, Range]:
        x, y = ((float(10.0**low), float(10.0**high)) for low, high in self.box.viewRange())
        return {"x": x, "y": y}

    def _restyle(self) -> None:
        theme_axes(self.plot, self.palette_)
