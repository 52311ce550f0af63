"""ScaleBar: the color bar of a map. Its ends are dragged, a click opens the fields of its scale."""

from collections.abc import Callable
from html import escape
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont

from wganstudio.figures import style
from wganstudio.figures.color_scales import is_diverging
from wganstudio.figures.grid import ColorScale
from wganstudio.figures.types import Range
from wganstudio.gui.views.plot_canvas import bar_width, small_type
from wganstudio.gui.views.plot_items import HIGHLIGHT_WIDTH, LogAxis, color_map_of

LENGTH = 256
"""Length of the bar on its own axis."""
MIN_SPAN = 0.02
"""Share of its span that a scale keeps at least in one drag."""
TIP = "Drag an end to change its limit, or click to type the limits and to choose the colors."


class ScaleBar(pg.ColorBarItem):
    """A color bar with a linear or a logarithmic axis, for an image or for points."""

    def __init__(self, color_map: str, *, below: bool = False) -> None:
        super().__init__(
            width=12,
            interactive=False,
            colorMap=color_map_of(color_map),
            colorMapMenu=False,
            orientation="horizontal" if below else "vertical",
        )
        self.color_map = color_map
        self.below = below
        self.drawn_scale: ColorScale | None = None
        self.on_edit: Callable[[Range], object] = lambda limits: None
        """Called with the limits while an end is dragged."""
        self.on_click: Callable[[], object] = lambda: None
        self._use_axis(_ScaleAxis("bottom" if below else "right"))
        self.mark = pg.InfiniteLine(
            angle=90 if below else 0, pen=pg.mkPen(style.UNIT_COLOR, width=HIGHLIGHT_WIDTH)
        )
        self.mark.hide()
        self.addItem(self.mark)
        self.addItem(_Grip(self))

    def _use_axis(self, axis: "_ScaleAxis") -> None:
        self.setAxisItems({axis.orientation: axis})
        self.axis = axis
        axis.setZValue(0.5)
        axis.unlinkFromView()
        axis.enableAutoSIPrefix(False)
        if self.below:
            axis.setTickFont(small_type(QFont()))
        else:
            axis.setWidth(bar_width())

    def show_scale(self, scale: ColorScale) -> None:
        """Draw a scale; what has not changed is left as it is."""
        if scale == self.drawn_scale:
            return
        self.drawn_scale = scale
        if scale.name != self.color_map:
            self.color_map = scale.name
            self.setColorMap(color_map_of(scale.name))
        if self.axis.is_log != scale.is_log:
            self.axis.set_log(scale.is_log)
        if self.values != scale.ends:
            self.setLevels(scale.ends)
        if self.axis.labelText != escape(scale.label):
            self.axis.setLabel(escape(scale.label))
        self.mark.setVisible(scale.marked is not None and scale.low <= scale.marked <= scale.high)
        if scale.marked is not None:
            self.mark.setValue(LENGTH * scale.share(scale.marked))


class _ScaleAxis(LogAxis):
    """The axis of a color bar: over the numbers, or over their log10."""

    is_log = False

    def set_log(self, on: bool) -> None:
        self.is_log = on
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        if self.is_log:
            return super().tickValues(low, high, size)
        return list(pg.AxisItem.tickValues(self, low, high, size))

    def tickStrings(self, values: list[float], scale: float, spacing: float | None) -> list[str]:
        if self.is_log:
            return super().tickStrings(values, scale, spacing)
        return [str(text) for text in pg.AxisItem.tickStrings(self, values, scale, spacing)]


class _Grip(pg.GraphicsObject):
    """The area of the bar: a drag moves the end in whose half it begins."""

    def __init__(self, bar: ScaleBar) -> None:
        super().__init__()
        self._bar = bar
        self._start: ColorScale | None = None
        size = (LENGTH, 1) if bar.below else (1, LENGTH)
        self._area = QRectF(0, 0, *size)
        self.setZValue(10)
        self.setToolTip(TIP)

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, *_: object) -> None:
        """Draw nothing."""

    def hoverEvent(self, event: Any) -> None:
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
            event.acceptClicks(Qt.MouseButton.LeftButton)
            self.setCursor(Qt.CursorShape.SizeHorCursor if self._bar.below else Qt.CursorShape.SizeVerCursor)

    def mouseClickEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self._bar.on_click()

    def mouseDragEvent(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        if event.isStart():
            self._start = self._bar.drawn_scale
        if self._start is not None:
            self._bar.on_edit(
                dragged_limits(self._start, self._share(event.buttonDownPos()), self._share(event.pos()))
            )
        if event.isFinish():
            self._start = None

    def _share(self, position: Any) -> float:
        return float(position.x() if self._bar.below else position.y()) / LENGTH


def dragged_limits(scale: ColorScale, start: float, end: float) -> Range:
    """Return the limits after a drag from one place of the bar to another, as shares of its length.

    The end in whose half the drag begins moves with it. A diverging scale keeps 0 in its middle.
    """
    by = end - start
    if start >= 0.5:
        low, high = scale.low, scale.value(max(1 + by, MIN_SPAN))
    else:
        low, high = scale.value(min(by, 1 - MIN_SPAN)), scale.high
    if is_diverging(scale):
        half = high if start >= 0.5 else -low
        half = max(half, MIN_SPAN * scale.high)
        return -half, half
    return low, high
