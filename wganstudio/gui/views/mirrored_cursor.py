"""MirroredCursor: a cross at the position that the mouse has in the plot of another run."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF

CURSOR_SIZE = 15


class MirroredCursor:
    """A cross at the position that the mouse has in the plot of another run."""

    def __init__(self) -> None:
        self._cross: pg.ScatterPlotItem | None = None
        self._box: pg.ViewBox | None = None

    def show(self, box: pg.ViewBox, place: QPointF) -> None:
        """Draw the cross in a plot."""
        if self._box is not box or self._cross is None or self._cross.scene() is None:
            self.clear()
            pen = pg.mkPen("#ffffff", width=1)
            self._cross = pg.ScatterPlotItem(
                size=CURSOR_SIZE, symbol="+", pen=pen, brush="#000000", pxMode=True
            )
            self._cross.setZValue(1000)
            self._box = box
            box.addItem(self._cross, ignoreBounds=True)
        self._cross.setData([place.x()], [place.y()])

    def clear(self) -> None:
        """Remove the cross."""
        if self._cross is not None and self._cross.scene() is not None:
            self._cross.setData([], [])
