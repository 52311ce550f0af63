"""PreviewPlot: a scatter plot of two columns of a table."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from wganstudio.figures import style
from wganstudio.gui.theme import is_dark
from wganstudio.gui.views.plot_items import (
    PlainAxis,
    configure_plot,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.gui.widgets.plain_text import Label

SHOWN_POINTS = 2000
"""Points that are drawn, at most."""
ROW = "row number"
NAME_LENGTH = 40
"""Characters of a name on an axis, at most."""


class PreviewPlot(QWidget):
    """Two choosers of columns above a plot of the rows that were read."""

    def __init__(self) -> None:
        super().__init__()
        self.x_column, self.y_column = QComboBox(), QComboBox()
        for axis, box in (("horizontal", self.x_column), ("vertical", self.y_column)):
            box.setToolTip(f"Column on the {axis} axis")
            box.setAccessibleName(box.toolTip())
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
            box.activated.connect(self._draw)
        self.canvas = pg.PlotWidget(axisItems={place: PlainAxis(place) for place in ("bottom", "left")})
        self.canvas.setMinimumHeight(120)
        self.canvas.setAccessibleName("Scatter plot of two columns")
        self.plot = configure_plot(self.canvas.getPlotItem())
        self.plot.setMouseEnabled(False, False)
        self.points = [pg.ScatterPlotItem(size=4, pen=None, pxMode=True) for _ in "PQ"]
        for points in self.points:
            self.plot.addItem(points)
        self.legend = Label()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self._names: list[str] = []
        self._parts: list[NDArray[np.float64]] = []
        choosers = QHBoxLayout()
        for label, box in (("x", self.x_column), ("y", self.y_column)):
            choosers.addWidget(Label(label))
            choosers.addWidget(box, 1)
        choosers.addWidget(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(choosers)
        column.addWidget(self.canvas, 1)
        self._apply_theme()

    def show_points(self, names: list[str], parts: Sequence[NDArray[np.float64]]) -> None:
        """Show the rows [n, D] of P and of Q, with the names of their columns.

        A chosen column that is still there stays chosen.
        """
        kept = self.x_column.currentText(), self.y_column.currentText()
        self._names, self._parts = names, [part[:SHOWN_POINTS] for part in parts]
        self.legend.setVisible(all(map(len, self._parts)))
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
        columns = [
            [self._column(part, box.currentIndex()) for part in self._parts]
            for box in (self.x_column, self.y_column)
        ]
        for points, x, y in zip(self.points, *columns, strict=True):
            points.setData(x, y)
        x, y = (np.concatenate(column) for column in columns)
        set_axis_labels(
            self.plot, *(box.currentText()[:NAME_LENGTH] for box in (self.x_column, self.y_column))
        )
        self.canvas.setAccessibleDescription(self._description())
        if len(x):
            self.plot.setRange(xRange=_span(x), yRange=_span(y), padding=0.05)

    def _description(self) -> str:
        """Return what the plot shows, in words."""
        counts = [f"{len(part):,} rows of {name}" for name, part in zip("PQ", self._parts, strict=False)]
        columns = f"{self.y_column.currentText()} over {self.x_column.currentText()}"
        return f"{columns}; {' and '.join(counts)}"

    def _column(self, rows: NDArray[np.float64], place: int) -> NDArray[np.float64]:
        return rows[:, place] if place < len(self._names) else np.arange(1.0, len(rows) + 1)

    def _apply_theme(self) -> None:
        palette = style.DARK if is_dark() else style.LIGHT
        self.canvas.setBackground(palette.background)
        theme_axes(self.plot, palette)
        for points, color in zip(self.points, (palette.p, palette.q), strict=True):
            points.setBrush(pg.mkBrush(translucent(color, 0.6)))
        entries = (("P", palette.p), ("Q", palette.q))
        self.legend.setText(
            " ".join(f'<span style="color: {color}">\u25cf {name}</span>' for name, color in entries)
        )


def _span(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the range of values; one around them if all are equal."""
    low, high = float(values.min()), float(values.max())
    margin = 0.0 if low < high else max(abs(low), 1.0) / 2
    return low - margin, high + margin
