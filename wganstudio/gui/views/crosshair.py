"""Crosshair: a line at the pointed step of a plot of curves, with the values of all curves beside it."""

from collections.abc import Callable
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt

from wganstudio.figures.curves import CurveReading, ReadPoint
from wganstudio.figures.style import LIGHT, Palette
from wganstudio.gui.views.plot_items import translucent
from wganstudio.gui.views.scales import Scales

MAX_LINES = 14
"""Curves whose values are listed."""
DISTANCE = 12
"""Pixels between the line and the text."""


class Crosshair:
    """The items of the crosshair; `color_of` returns the color of a read curve."""

    def __init__(self, plot: pg.PlotItem, color_of: Callable[[ReadPoint], str]) -> None:
        self._box, self._color_of, self._palette = plot.getViewBox(), color_of, LIGHT
        self.reading: CurveReading | None = None
        self.line = pg.InfiniteLine(angle=90)
        self.points = pg.ScatterPlotItem(size=7, pxMode=True)
        self.box = pg.TextItem(anchor=(0, 0))
        self.box.textItem.document().setDocumentMargin(4)
        for item, height in ((self.line, 7), (self.points, 8), (self.box, 20)):
            item.setZValue(height)
            plot.addItem(item, ignoreBounds=True)
        self.clear()

    @property
    def text(self) -> str:
        """The text beside the line; empty while nothing is pointed at."""
        return "" if self.reading is None else "\n".join(self._lines(self.reading))

    def show(self, reading: CurveReading, scales: Scales, pointer: QPointF) -> None:
        """Show a reading, its text near the pointer (a position of the scene)."""
        self.reading = reading
        x = float(scales.x(np.array([reading.x]))[0])
        if not np.isfinite(x):
            return self.clear()
        heights = scales.y(np.array([point.y for point in reading.points], float))
        seen = np.isfinite(heights)
        brushes = [pg.mkBrush(self._color_of(p)) for p, ok in zip(reading.points, seen, strict=True) if ok]
        self.points.setData(np.full(int(seen.sum()), x), heights[seen], brush=brushes)
        self.line.setValue(x)
        title, *rest = self._lines(reading)
        colors = [self._color_of(point) for point in reading.points]
        rows = [f"<b>{escape(title)}</b>"] + [
            f'<span style="color:{color}">■</span>&nbsp;{escape(row).replace(" ", "&nbsp;")}'
            for color, row in zip([*colors, self._palette.faint], rest, strict=False)
        ]
        self.box.setHtml(f'<span style="color:{self._palette.foreground}">{"<br>".join(rows)}</span>')
        self._place(x, pointer)
        for item in (self.line, self.points, self.box):
            item.show()

    def clear(self) -> None:
        """Remove the crosshair."""
        self.reading = None
        for item in (self.line, self.points, self.box):
            item.hide()

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self._palette = palette
        self.line.setPen(pg.mkPen(palette.faint, width=1, style=Qt.PenStyle.DashDotLine))
        self.points.setPen(pg.mkPen(palette.background))
        self.box.fill = pg.mkBrush(translucent(palette.background, 0.92))
        self.box.border = pg.mkPen(palette.faint)

    def _lines(self, reading: CurveReading) -> list[str]:
        rows = [point.text for point in reading.points]
        more = len(rows) - MAX_LINES
        return [reading.title, *rows[:MAX_LINES], *([f"and {more:,} more"] if more > 0 else [])]

    def _place(self, x: float, pointer: QPointF) -> None:
        """Put the text beside the line, on the side with more room, within the plot."""
        frame = self._box.sceneBoundingRect()
        size = self.box.boundingRect()
        line = self._box.mapViewToScene(QPointF(x, 0.0)).x()
        is_right = line + DISTANCE + size.width() <= frame.right() or line < frame.center().x()
        left = line + DISTANCE if is_right else line - DISTANCE - size.width()
        left = max(frame.left(), min(left, frame.right() - size.width()))
        top = max(frame.top() + 2, min(pointer.y() - size.height() / 2, frame.bottom() - size.height() - 2))
        self.box.setPos(self._box.mapSceneToView(QPointF(left, top)))
