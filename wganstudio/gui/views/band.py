"""Band: the filled area between two curves over the same places."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QGraphicsPathItem

from wganstudio.figures.types import Float
from wganstudio.gui.views.plot_items import translucent


class Band(QGraphicsPathItem):
    """One polygon, which is built several times faster than by pyqtgraph's FillBetweenItem."""

    def __init__(self, plot: pg.PlotItem, height: float) -> None:
        super().__init__()
        self.places: Float = np.empty(0)
        self.lower: Float = np.empty(0)
        self.upper: Float = np.empty(0)
        self._color: tuple[str, float] = ("", 0.0)
        self.setPen(pg.mkPen(None))
        self.setZValue(height)
        plot.addItem(self, ignoreBounds=True)

    def set_data(self, x: Float, lower: Float, upper: Float) -> None:
        """Fill the area between two curves; points that are not finite are left out."""
        finite = np.isfinite(x) & np.isfinite(lower) & np.isfinite(upper)
        self.places, self.lower, self.upper = x[finite], lower[finite], upper[finite]
        if not len(self.places):
            self.setPath(QPainterPath())
            return
        x = np.concatenate((self.places, self.places[::-1]))
        y = np.concatenate((self.lower, self.upper[::-1]))
        self.setPath(pg.arrayToQPath(x, y, connect="all"))

    def set_color(self, color: str, opacity: float) -> None:
        """Change the color."""
        if self._color != (color, opacity):
            self._color = color, opacity
            self.setBrush(QColor(translucent(color, opacity)))
