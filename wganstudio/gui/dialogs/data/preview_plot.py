"""PreviewPlot: a scatter plot of two columns of a table."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSignalBlocker, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from wganstudio.figures import style
from wganstudio.gui.theme import is_dark
from wganstudio.gui.views.plot_items import configure_plot, set_axis_labels, theme_axes, translucent

SHOWN_POINTS = 2000
"""Points that are drawn, at most."""
ROW = "row number"


class PreviewPlot(QWidget):
    """Two choosers of columns above a plot of the rows that were read."""

    def __init__(self) -> None:
        super().__init__()
        self.x_column, self.y_column = QComboBox(), QComboBox()
        for axis, box in (("horizontal", self.x_column), ("vertical", self.y_column)):
            box.setToolTip(f"Column on the {axis} axis")
            box.setAccessibleName(box.toolTip())
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.activated.connect(self._draw)
        self.canvas = pg.PlotWidget()
        self.canvas.setMinimumHeight(120)
        self.canvas.setAccessibleName("Scatter plot of two columns")
        self.plot = configure_plot(self.canvas.getPlotItem())
        self.plot.setMouseEnabled(False, False)
        self.points = pg.ScatterPlotItem(size=4, pen=None, pxMode=True)
        self.plot.addItem(self.points)
        self._names: list[str] = []
        self._values: NDArray[np.float64] = np.empty((0, 0))
        choosers = QHBoxLayout()
        for label, box in (("Plot", self.x_column), ("against", self.y_column)):
            choosers.addWidget(QLabel(label))
            choosers.addWidget(box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(choosers)
        column.addWidget(self.canvas, 1)
        self._apply_theme()

    def show_points(self, names: list[str], values: NDArray[np.float64]) -> None:
        """Show rows [n, D] with the names of their columns; a chosen column that is still there stays."""
        kept = self.x_column.currentText(), self.y_column.currentText()
        self._names, self._values = names, values[:SHOWN_POINTS]
        choices = [*names, ROW]
        for box, text, default in ((self.x_column, kept[0], 0), (self.y_column, kept[1], 1)):
            with QSignalBlocker(box):
                box.clear()
                box.addItems(choices)
                box.setCurrentIndex(choices.index(text) if text in names else default)
        if self.x_column.currentIndex() == self.y_column.currentIndex():
            self.y_column.setCurrentIndex(1 - min(self.x_column.currentIndex(), 1))
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._apply_theme()

    @Slot()
    def _draw(self) -> None:
        x, y = self._column(self.x_column.currentIndex()), self._column(self.y_column.currentIndex())
        self.points.setData(x, y)
        set_axis_labels(self.plot, self.x_column.currentText(), self.y_column.currentText())
        if len(x):
            self.plot.setRange(xRange=_span(x), yRange=_span(y), padding=0.05)

    def _column(self, place: int) -> NDArray[np.float64]:
        if place < len(self._names):
            return self._values[:, place]
        return np.arange(1.0, len(self._values) + 1)

    def _apply_theme(self) -> None:
        palette = style.DARK if is_dark() else style.LIGHT
        self.canvas.setBackground(palette.background)
        theme_axes(self.plot, palette)
        self.points.setBrush(pg.mkBrush(translucent(palette.p, 0.6)))


def _span(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the range of values; one around them if all are equal."""
    low, high = float(values.min()), float(values.max())
    margin = 0.0 if low < high else max(abs(low), 1.0) / 2
    return low - margin, high + margin
