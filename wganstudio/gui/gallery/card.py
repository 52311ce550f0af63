"""PresetCard: one preset as a button with its picture, what it shows, and how long it takes."""

import logging
import zipfile
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from wganstudio.experiment.presets import Preset, duration_text
from wganstudio.figures import style
from wganstudio.figures.preset_picture import PresetPicture
from wganstudio.figures.tokens import DARK, LIGHT
from wganstudio.gui.gallery.picture import paint_picture
from wganstudio.gui.theme import is_dark
from wganstudio.gui.widgets.plain_text import tooltip

PICTURE = QSize(150, 118)
FRAME_MS = 350
MARGIN = 8
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""The direction of each arrow key, to the right and down."""
LINES = {"name": 1, "summary": 3, "expected": 3, "facts": 2}
"""The lines of text on a card; longer texts end in an ellipsis, and their whole is the tooltip."""


class PresetCard(QAbstractButton):
    """A preset of the gallery. The picture moves while the mouse or the focus is on it."""

    run_wanted = Signal(str)
    """The name of a preset that the user wants to start at once."""

    def __init__(self, preset: Preset, parent: QWidget) -> None:
        super().__init__(parent)
        self.preset = preset
        self.picture: PresetPicture | None = None
        self._loaded = False
        self._frame = -1
        about = preset.about
        facts = [f"{duration_text(preset.seconds)} on two cores"] if preset.seconds is not None else []
        self.texts = {
            "name": about.name,
            "summary": about.summary,
            "expected": f"Expected: {about.expected}",
            "facts": " \u00b7 ".join([*facts, *about.tags]),
        }
        self.setObjectName(f"preset-{preset.name}")
        self.setAccessibleName(about.name)
        self.setAccessibleDescription(" ".join(list(self.texts.values())[1:]))
        self.setToolTip(tooltip(f"{about.summary}\n\n{self.texts['expected']}\n\n{self.texts['facts']}"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._next_frame)

    def matches(self, words: str) -> bool:
        """Return True if name, summary, expected result, tags or question hold every word."""
        about = self.preset.about
        text = " ".join((self.preset.name, *self.texts.values(), about.question)).lower()
        return all(word in text for word in words.lower().split())

    def sizeHint(self) -> QSize:
        """Return the height of all lines, and the width of a readable text beside the picture."""
        lines = sum(LINES.values()) * self.fontMetrics().lineSpacing() + 2 * MARGIN + 10
        width = PICTURE.width() + 3 * MARGIN + 44 * self.fontMetrics().averageCharWidth()
        return QSize(width, max(lines, PICTURE.height() + 2 * MARGIN))

    @property
    def frame(self) -> int:
        """The frame that is shown: the last one, unless the picture moves."""
        return self._frame

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by Enter as by Space; start at once by Ctrl+Enter. Leave the arrow keys to the parent."""
        if event.key() in ARROWS:
            event.ignore()  # a button would pass the focus on to the next one
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.run_wanted.emit(self.preset.name)
            else:
                self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Let the picture move."""
        super().enterEvent(event)
        self._timer.start()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the last frame."""
        super().leaveEvent(event)
        self._rest()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let the picture move."""
        super().focusInEvent(event)
        self._timer.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the last frame."""
        super().focusOutEvent(event)
        self._rest()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the picture."""
        super().hideEvent(event)
        self._rest()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, picture and texts in the colors of the theme."""
        colors, palette = (DARK, style.DARK) if is_dark() else (LIGHT, style.LIGHT)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.hasFocus() or self.underMouse()
        painter.setBrush(QColor(colors.base))
        painter.setPen(QPen(QColor(colors.accent if active else colors.line), 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 5, 5)
        place = QRect(MARGIN, MARGIN, PICTURE.width(), self.height() - 2 * MARGIN)
        if (picture := self._load()) is not None:
            paint_picture(painter, place, picture, self._frame % picture.frames, palette)
        left = place.right() + MARGIN + 2
        width, top = self.width() - left - MARGIN, float(MARGIN)
        for name, color in (
            ("name", colors.text),
            ("summary", colors.text),
            ("expected", colors.dim),
            ("facts", colors.accent),
        ):
            font = QFont(self.font())
            font.setBold(name == "name")
            painter.setPen(QColor(color))
            painter.setFont(font)
            for line in wrapped(self.texts[name], font, width, LINES[name]):
                painter.drawText(QPointF(left, top + painter.fontMetrics().ascent()), line)
                top += painter.fontMetrics().lineSpacing()
            top += 3
        painter.end()

    def _load(self) -> PresetPicture | None:
        """Return the picture, which is read once it is to be seen."""
        if not self._loaded:
            self._loaded = True
            try:
                self.picture = PresetPicture.load(self.preset.picture)
            except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
                logging.getLogger(__name__).warning("No picture of %s: %s", self.preset.name, error)
        return self.picture

    @Slot()
    def _next_frame(self) -> None:
        self._frame = (self._frame + 1) % (1 if self.picture is None else self.picture.frames)
        self.update()

    def _rest(self) -> None:
        if not (self.hasFocus() or self.underMouse()) or not self.isVisible():
            self._timer.stop()
            self._frame = -1
        self.update()


def wrapped(text: str, font: QFont, width: float, lines: int) -> Iterator[str]:
    """Yield a text in lines of a width, the last of them with an ellipsis if there are more."""
    layout = QTextLayout(text, font)
    layout.setTextOption(QTextOption())
    layout.beginLayout()
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        if number == lines - 1:
            rest = text[line.textStart() :]
            yield QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, int(width))
        else:
            yield text[line.textStart() : line.textStart() + line.textLength()]
    layout.endLayout()
