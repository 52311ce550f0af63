"""DrawingCanvas: the plane on which two distributions are drawn, with the mouse or the keyboard."""

import math
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRadialGradient,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from wganstudio.figures import style
from wganstudio.figures.style import Palette
from wganstudio.gui.drawing.drawing import Drawing, DrawnPart, Side, stroke
from wganstudio.gui.theme import is_dark

Tool = Literal["point", "stroke", "blob", "eraser"]
LOW, HIGH = (-4.0, -3.0), (4.0, 3.0)
"""The corners of the plane."""
STEP, FINE_STEP = 0.25, 0.05
"""The way of the cursor at one press of an arrow key, and with Shift."""
MIN_BLOB = 0.05
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class DrawingCanvas(QWidget):
    """Shows a drawing and emits the changed one after each act; the owner decides what to do with it."""

    drawn = Signal(str, object)
    """The name of the act and the new drawing."""
    hovered = Signal(str)
    """The point under the mouse or the cursor, in words."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing = Drawing()
        self.side: Side = "p"
        self.tool: Tool = "stroke"
        self.width_ = 0.25
        """Standard deviation of a stroke and of a blob that is not dragged, radius of the eraser."""
        self.mass = 1.0
        self._path: list[tuple[float, float]] = []
        self._cursor: tuple[float, float] | None = None
        self._picture: tuple[object, QPixmap] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(360, 270)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Drawing of P and Q")
        self.setAccessibleDescription(
            "Move the cursor with the arrow keys, finely with Shift. Space draws at the cursor."
        )

    def sizeHint(self) -> QSize:
        """Return a size that is comfortable to draw in."""
        return QSize(640, 480)

    def show_drawing(self, drawing: Drawing) -> None:
        """Show another drawing."""
        self.drawing = drawing
        self.update()

    def place_of(self, x: float, y: float) -> QPointF:
        """Return where a point of the plane is drawn."""
        frame = self._frame()
        return QPointF(
            frame.left() + (x - LOW[0]) / (HIGH[0] - LOW[0]) * frame.width(),
            frame.bottom() - (y - LOW[1]) / (HIGH[1] - LOW[1]) * frame.height(),
        )

    # -- acts

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin an act."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._path = [self._point_at(event.position())]
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue the act, and tell the point under the mouse."""
        point = self._point_at(event.position())
        if self._path:
            self._path.append(point)
        self._set_cursor(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the act."""
        if event.button() == Qt.MouseButton.LeftButton and self._path:
            self._finish()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the cursor."""
        super().leaveEvent(event)
        self._cursor = None
        self.hovered.emit("")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor, or draw at it."""
        x, y = self._cursor or (0.0, 0.0)
        if (direction := ARROWS.get(Qt.Key(event.key()))) is not None:
            step = FINE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            self._set_cursor(_clamped(x + step * direction[0], y + step * direction[1]))
        elif event.key() == Qt.Key.Key_Space:
            self._path = [(x, y)]
            self._set_cursor((x, y))
            self._finish()
        else:
            super().keyPressEvent(event)

    def _finish(self) -> None:
        path, self._path = self._path, []
        if self.tool == "eraser":
            text, changed = "Erase", self.drawing.erased(self.side, path, self.width_)
        else:
            text, changed = f"Draw {self.tool}", self.drawing.added(self.side, self._parts(path))
        if changed != self.drawing:
            self.drawn.emit(f"{text} of {self.side.upper()}", changed)
        self.update()

    def _parts(self, path: list[tuple[float, float]]) -> list[DrawnPart]:
        """Return what the present tool draws along a path."""
        (x, y), (a, b) = path[0], path[-1]
        if self.tool == "point":
            return [DrawnPart(x, y, 0.0, self.mass)]
        if self.tool == "blob":
            dragged = math.hypot(a - x, b - y) / 2  # the circle of two deviations follows the mouse
            return [DrawnPart(x, y, dragged if dragged > MIN_BLOB else self.width_, self.mass)]
        return stroke(path, self.width_, self.mass)

    def _set_cursor(self, point: tuple[float, float]) -> None:
        self._cursor = point
        self.hovered.emit(f"x = {point[0]:.2f}, y = {point[1]:.2f}")
        self.update()

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the plane, both distributions, and the act under way."""
        palette = style.DARK if is_dark() else style.LIGHT
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._pixmap(palette))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._frame())
        color = QColor(palette.p if self.side == "p" else palette.q)
        if self._path and self.tool != "eraser":
            for part in self._parts(self._path):
                self._paint_part(painter, part, color)
        if self._cursor is not None and (self.underMouse() or self.hasFocus()):
            radius = self._pixels(0.06 if self.tool == "point" else 2 * self.width_)
            if self.tool == "eraser":
                radius, color = self._pixels(self.width_), QColor(palette.foreground)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1.4, Qt.PenStyle.DashLine))
            painter.drawEllipse(self.place_of(*self._cursor), radius, radius)
        painter.end()

    def _pixmap(self, palette: Palette) -> QPixmap:
        """Return plane and drawing, drawn again only if something has changed."""
        key = self.drawing, self.size(), palette, self.devicePixelRatioF()
        if self._picture is not None and self._picture[0] == key:
            return self._picture[1]
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_plane(painter, palette)
        painter.setClipRect(self._frame())
        for parts, color in ((self.drawing.p, palette.p), (self.drawing.q, palette.q)):
            for part in parts:
                self._paint_part(painter, part, QColor(color))
        painter.end()
        self._picture = key, pixmap
        return pixmap

    def _paint_plane(self, painter: QPainter, palette: Palette) -> None:
        frame = self._frame()
        painter.fillRect(frame, QColor(palette.background))
        grid = QColor(palette.faint)
        grid.setAlpha(60)
        for axis in (0, 1):
            for number in range(math.ceil(LOW[axis]), math.floor(HIGH[axis]) + 1):
                place = self.place_of(number, LOW[1]) if axis == 0 else self.place_of(LOW[0], number)
                painter.setPen(QPen(grid, 2 if number == 0 else 1))
                if axis == 0:
                    painter.drawLine(QPointF(place.x(), frame.top()), QPointF(place.x(), frame.bottom()))
                else:
                    painter.drawLine(QPointF(frame.left(), place.y()), QPointF(frame.right(), place.y()))
                if LOW[axis] < number < HIGH[axis]:
                    painter.setPen(QColor(palette.faint))
                    text = str(number).replace("-", "\u2212")
                    painter.drawText(place + (QPointF(3, -4) if axis == 0 else QPointF(4, -3)), text)
        painter.setPen(QPen(QColor(palette.faint), 1))
        painter.drawRect(frame)

    def _paint_part(self, painter: QPainter, part: DrawnPart, color: QColor) -> None:
        """Draw a point as a dot, and a Gaussian as a disc that fades at two deviations."""
        place = self.place_of(part.x, part.y)
        if part.width == 0:
            painter.setPen(QPen(QColor(0, 0, 0, 140), 0.8))
            painter.setBrush(color)
            painter.drawEllipse(place, 4.0, 4.0)
            return
        radius = max(1.5, self._pixels(2 * part.width))
        density = min(1.0, part.mass / part.width**2 / 4)
        gradient = QRadialGradient(place, radius)
        for at in (0.0, 0.3, 0.6, 1.0):
            shade = QColor(color)
            shade.setAlphaF((0.15 + 0.6 * density) * (math.exp(-2 * at * at) - math.exp(-2)) / 0.865)
            gradient.setColorAt(at, shade)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawEllipse(place, radius, radius)

    def _pixels(self, length: float) -> float:
        return length * self._frame().width() / (HIGH[0] - LOW[0])

    def _point_at(self, place: QPointF) -> tuple[float, float]:
        frame = self._frame()
        x = LOW[0] + (place.x() - frame.left()) / frame.width() * (HIGH[0] - LOW[0])
        y = LOW[1] + (frame.bottom() - place.y()) / frame.height() * (HIGH[1] - LOW[1])
        return _clamped(x, y)

    def _frame(self) -> QRectF:
        """Return where the plane is drawn: as large as possible in its own proportions."""
        width, height = HIGH[0] - LOW[0], HIGH[1] - LOW[1]
        scale = min((self.width() - 2) / width, (self.height() - 2) / height)
        size = width * scale, height * scale
        return QRectF((self.width() - size[0]) / 2, (self.height() - size[1]) / 2, *size)


def _clamped(x: float, y: float) -> tuple[float, float]:
    return min(max(x, LOW[0]), HIGH[0]), min(max(y, LOW[1]), HIGH[1])
