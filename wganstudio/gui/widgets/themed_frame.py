"""ThemedFrame: a frame with ground and edge in the colors of the theme, and the mark of a field in doubt."""

from dataclasses import dataclass

from PySide6.QtCore import QMargins, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from wganstudio.gui.theme import shown_colors


@dataclass(frozen=True)
class FrameLook:
    """Colors by their names, and the widths of the edges; `round` is the radius of the corners."""

    ground: str = ""
    edge: str = "line"
    left: int = 0
    bottom: int = 0
    around: int = 0
    round: int = 0


LOOKS = {
    "rule": FrameLook(bottom=1),
    "head": FrameLook(bottom=1),
    "dock-title": FrameLook("raised", bottom=1),
    "active-dock-title": FrameLook("raised", "accent", bottom=2),
    "note": FrameLook("note_back", "accent", left=3),
    "error": FrameLook("error_back", "error", left=3),
    "balloon": FrameLook("raised", "accent", around=2, round=6),
}


class ThemedFrame(QFrame):
    """A frame that paints one of `LOOKS`. It needs no news of the theme: a new palette repaints it."""

    def __init__(self, look: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        edge = LOOKS[look]
        self.setContentsMargins(
            QMargins(edge.left, 0, 0, edge.bottom) + QMargins(*[edge.around] * 4)  # its content stays clear
        )
        if look == "rule":
            self.setFixedHeight(edge.bottom)

    def set_look(self, look: str) -> None:
        """Paint another look; the place of the content stays."""
        if look != self.look:
            self.look = look
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the edges."""
        look, colors, area = LOOKS[self.look], shown_colors(), self.rect()
        ground, edge = QColor(getattr(colors, look.ground or "window")), QColor(getattr(colors, look.edge))
        painter = QPainter(self)
        if look.around:
            _draw_outline(painter, area, QPen(edge, look.around), look.round, ground)
        else:
            if look.ground:
                painter.fillRect(area, ground)
            painter.fillRect(0, 0, look.left, area.height(), edge)
            painter.fillRect(0, area.height() - look.bottom, area.width(), look.bottom, edge)
        painter.end()


def paint_mark(field: QWidget) -> None:
    """Paint the outline of a field whose property `wrong` or `doubtful` is set, in the color that says so."""
    wrong = field.property("wrong")
    if wrong or field.property("doubtful"):
        colors = shown_colors()
        painter = QPainter(field)
        _draw_outline(painter, field.rect(), QPen(QColor(colors.error if wrong else colors.warning), 1.5), 3)
        painter.end()


def _draw_outline(
    painter: QPainter, area: QRect, pen: QPen, radius: float, ground: QColor | None = None
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else ground)
    inset = pen.widthF() / 2
    painter.drawRoundedRect(QRectF(area).adjusted(inset, inset, -inset, -inset), radius, radius)
