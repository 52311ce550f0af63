"""MirroredCursor: a cross at the position that the mouse has in another plot."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt

from wganstudio.gui.views.plot_items import is_drawn

CURSOR_SIZE = 15
LINE_COLOR = "#888888"


class MirroredCursor:
    """A cross at the position that the mouse has in another plot; over a line, a vertical line."""

    def __init__(self) -> None:
        self._cross: pg.ScatterPlotItem | None = None
        self._line: pg.InfiniteLine | None = None
        self._box: pg.ViewBox | None = None

    def show(self, box: pg.ViewBox, place: QPointF, *, line: bool = False) -> None:
        """Draw the cross, or the line, in a plot."""
        if line:
            self._show_line(box, place.x())
            return
        if self._box is not box or self._cross is None or not is_drawn(self._cross):
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
        """Remove the cross and the line."""
        if self._cross is not None and is_drawn(self._cross):
            self._cross.setData([], [])
        if self._line is not None and is_drawn(self._line):
            self._line.hide()

    def _show_line(self, box: pg.ViewBox, x: float) -> None:
        if self._line is None or not is_drawn(self._line):
            self._line = pg.InfiniteLine(angle=90, pen=pg.mkPen(LINE_COLOR, style=Qt.PenStyle.DashLine))
            box.addItem(self._line, ignoreBounds=True)
        self._line.setValue(x)
        self._line.show()
