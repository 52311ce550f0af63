"""ArrowKey: an arrow of a round value, as long as such an arrow on the map is."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from wganstudio.figures import style
from wganstudio.figures.arrows import HEAD_SHARE, SLOPE
from wganstudio.figures.momentum.figure import ScaleArrow
from wganstudio.gui.views.plot_items import color_of

LENGTH = 26.0
"""Pixels that the arrow takes about."""
MARGIN = 6
HEAD = 8.0
"""Pixels that the head of the arrow takes at most."""


class ArrowKey(QWidget):
    """A row below the maps, which follows their zoom."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.arrow: ScaleArrow | None = None
        self._unit = 0.0
        self._box: pg.ViewBox | None = None
        self.hide()

    @property
    def text(self) -> str:
        """The value of the arrow."""
        return "" if self.arrow is None else self.arrow.text

    @property
    def pixels(self) -> float:
        """The length of the arrow in pixels."""
        return 0.0 if self.arrow is None else self.arrow.length / self._pixel()

    def show_for(self, box: pg.ViewBox | None, unit: float) -> None:
        """Show the length of arrows on a map, on which |w| = 1 is `unit` long; without a map, nothing."""
        if self._box is not box:
            self._box = box
            if box is not None:
                box.sigRangeChanged.connect(self._follow)
                box.sigResized.connect(self._follow)
        self._unit = unit
        self._follow()

    @Slot()
    def _follow(self, *_: object) -> None:
        pixel = self._pixel()
        has_arrow = self._box is not None and self._unit > 0 and pixel > 0
        self.arrow = ScaleArrow.about(LENGTH * pixel, self._unit) if has_arrow else None
        self.setVisible(has_arrow)
        self.setAccessibleName(f"Length of the arrows: {self.text}")
        self.update()

    def _pixel(self) -> float:
        """Return the length of a pixel on the axes of the map."""
        box = self._box
        if box is None or box.width() < 1:
            return 0.0
        left, right = box.viewRange()[0]
        return float((right - left) / box.width())

    def sizeHint(self) -> QSize:
        """Return the height of one line."""
        return QSize(100, self.fontMetrics().lineSpacing() + 4)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the arrow in the color that it has on the map, and its value."""
        if self.arrow is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        length, middle = self.pixels, self.height() / 2
        ground = QRectF(0, 1, length + 2 * MARGIN, self.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.LEGEND_GROUND))
        painter.drawRoundedRect(ground, 3, 3)
        painter.setPen(QPen(color_of(style.ARROW_COLOR), 1))
        tip = QPointF(MARGIN + length, middle)
        painter.drawLine(QPointF(MARGIN, middle), tip)
        head = min(HEAD, HEAD_SHARE * length)
        for side in (-1, 1):
            painter.drawLine(tip, tip + QPointF(-head, side * SLOPE * head))
        painter.setPen(self.palette().color(self.foregroundRole()))
        left = round(ground.right()) + MARGIN
        painter.drawText(
            left, 0, self.width() - left, self.height(), Qt.AlignmentFlag.AlignVCenter, self.text
        )
