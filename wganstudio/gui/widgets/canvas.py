"""Canvas: a gray image over a box of the plane, painted with the mouse."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QImage,
    QImageReader,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QUndoStack,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from wganstudio.figures import style
from wganstudio.figures.grid import coordinate_text
from wganstudio.gui.commands.image import ImageCommand

Floats = NDArray[np.floating]

LONGEST = 128
"""Pixels along the longer side: as many as the cells of a formula."""
LARGEST = 1024
UNDO = 50


class Canvas(QWidget):
    """A speed-limit field as gray values, 0 (closed) to 1 (fastest), under samples of P and Q."""

    changed = Signal()
    """The image has changed."""
    hovered = Signal(str)
    """A description of the point under the mouse; empty when the mouse has left."""

    def __init__(self) -> None:
        super().__init__()
        self.low, self.high = np.zeros(2), np.ones(2)
        self.brush = 6
        """Diameter of the brush, in pixels."""
        self.level = 0.2
        self._samples: tuple[Floats, ...] = ()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO)
        self._before = QImage()
        """The image before the stroke."""
        self._last: QPointF | None = None
        self._mouse: QPointF | None = None
        self.image = QImage(LONGEST, LONGEST, QImage.Format.Format_Grayscale8)
        self.image.fill(255)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return a size that is comfortable to paint in."""
        return QSize(640, 480)

    def show_plane(self, low: Floats, high: Floats, *samples: Floats) -> None:
        """Start with a white image over the box [low, high] and samples [n, 2] of each distribution."""
        self.low, self.high, self._samples = np.asarray(low, float), np.asarray(high, float), samples
        size = self.high - self.low
        width, height = (max(8, round(LONGEST * float(part / size.max()))) for part in size)
        self.image = QImage(width, height, QImage.Format.Format_Grayscale8)
        self.image.fill(255)
        self.undo_stack.clear()
        self._notify()

    def load(self, path: str) -> str:
        """Replace the image by a file, scaled to its size; return the problem of the file, or ""."""
        reader = QImageReader(path)
        size = reader.size()
        if size.isValid() and max(size.width(), size.height()) > LARGEST:
            return f"{path} has {size.width()} x {size.height()} pixels; a side may have {LARGEST}."
        loaded = reader.read()
        if loaded.isNull():
            return f"{path} cannot be read as an image: {reader.errorString()}."
        fit = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        scaled = loaded.scaled(self.image.size(), *fit)
        self._push("load an image", self.image, scaled.convertToFormat(QImage.Format.Format_Grayscale8))
        return ""

    def fill(self) -> None:
        """Fill the image with the speed of the brush."""
        filled = self.image.copy()
        filled.fill(self._gray(self.level))
        self._push("fill all", self.image, filled)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start a stroke; the right button erases."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._before = self.image.copy()
            self._stroke(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue the stroke, and describe the point under the mouse."""
        self._mouse = event.position()
        if self._last is not None:
            self._stroke(event)
        self.hovered.emit(self._describe(event.position()))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if self._last is not None:
            self._last = None
            self._push("stroke", self._before, self.image)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the brush."""
        self._mouse = event.position()
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Hide the brush."""
        self._mouse = None
        self.hovered.emit("")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the image, the samples and the brush."""
        painter = QPainter(self)
        frame = self._frame()
        painter.drawImage(frame, self.image)
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.drawRect(frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame)
        for points, color in zip(self._samples, (style.DARK.p, style.DARK.q), strict=False):
            painter.setPen(QPen(QColor(0, 0, 0, 150), 0.8))
            painter.setBrush(QColor(color))
            for x, y in (points - self.low) / (self.high - self.low):
                place = QPointF(frame.left() + x * frame.width(), frame.bottom() - y * frame.height())
                painter.drawEllipse(place, 2.0, 2.0)
        if self._mouse is not None:
            radius = self.brush / 2 * frame.width() / self.image.width()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for color, width in (("#ffffff", 3.0), ("#000000", 1.2)):  # visible on any background
                painter.setPen(QPen(QColor(color), width))
                painter.drawEllipse(self._mouse, radius, radius)
        painter.end()

    def _stroke(self, event: QMouseEvent) -> None:
        here = self._on_image(event.position())
        erasing = bool(event.buttons() & Qt.MouseButton.RightButton)
        gray = self._gray(1.0 if erasing else self.level)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter = QPainter(self.image)
        painter.setPen(QPen(QColor(gray, gray, gray), self.brush, Qt.PenStyle.SolidLine, cap, join))
        if self._last is None:
            painter.drawPoint(here)
        else:
            painter.drawLine(self._last, here)
        painter.end()
        self._last = here
        self.update()

    def _push(self, text: str, before: QImage, after: QImage) -> None:
        self.undo_stack.push(ImageCommand(text, before, after, self._show))

    def _show(self, image: QImage) -> None:
        self.image = image.copy()
        self._notify()

    def _notify(self) -> None:
        self.update()
        self.changed.emit()

    def _describe(self, place: QPointF) -> str:
        frame = self._frame()
        if not frame.contains(place):
            return ""
        share = (place.x() - frame.left()) / frame.width(), (frame.bottom() - place.y()) / frame.height()
        x, y = self.low + np.array(share) * (self.high - self.low)
        pixel = self._on_image(place).toPoint()
        gray = self.image.pixelColor(
            min(pixel.x(), self.image.width() - 1), min(pixel.y(), self.image.height() - 1)
        )
        size = float((self.high - self.low).max())
        point = f"x = {coordinate_text(x, size)}, y = {coordinate_text(y, size)}"
        return f"{point}: {gray.lightnessF():.0%} of the fastest"

    def _on_image(self, place: QPointF) -> QPointF:
        frame = self._frame()
        scale = self.image.width() / frame.width()
        return (place - frame.topLeft()) * scale

    def _frame(self) -> QRectF:
        """Return where the image is drawn: as large as possible in its own proportions."""
        width, height = self.image.width(), self.image.height()
        scale = min((self.width() - 2) / width, (self.height() - 2) / height)
        size = width * scale, height * scale
        return QRectF((self.width() - size[0]) / 2, (self.height() - size[1]) / 2, *size)

    @staticmethod
    def _gray(level: float) -> int:
        return round(255 * level)
