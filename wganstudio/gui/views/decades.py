"""DecadesView: a view with one plot whose axes both are logarithmic."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from wganstudio.export.plane import Range
from wganstudio.gui.views.base import View
from wganstudio.gui.views.parts import DecadeAxis, Remarks, label, legend, quiet, theme_axes, theme_legend


class DecadesView(View):
    """The plot over log10 of both quantities, its legend, and what is said below it."""

    def __init__(
        self, x: str, y: str, corner: tuple[int, int] = (8, -8), parent: QWidget | None = None
    ) -> None:
        """`corner`: the legend's place, by pixels from the left or right and from above or below."""
        super().__init__(parent)
        axes = {"bottom": DecadeAxis("bottom"), "left": DecadeAxis("left")}
        self.plot = quiet(self.canvas.addPlot(row=0, col=0, axisItems=axes))
        self.box = self.plot.getViewBox()
        label(self.plot, x, y)
        self.legend: pg.LegendItem = legend(self.plot, corner, verSpacing=-4)
        self.remarks = Remarks()
        self.column.addWidget(self.remarks)
        self._watch_zoom(self.box)

    def _show_ranges(self, figure: Any) -> None:
        x, y = (tuple(np.log10(shown)) for shown in (figure.x_range, figure.y_range))
        self.box.setRange(xRange=x, yRange=y, padding=0)

    def _ranges(self) -> dict[str, Range]:
        x, y = ((float(10.0**low), float(10.0**high)) for low, high in self.box.viewRange())
        return {"x": x, "y": y}

    def _restyle(self) -> None:
        theme_axes(self.plot, self.palette_)
        theme_legend(self.legend, self.palette_)
