"""Balloon and Highlight: the text of a tour step, and the frame around what it points to."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wganstudio.gui.text_roles import Heading, set_role
from wganstudio.gui.theme import shown_colors
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.themed_frame import ThemedFrame

WIDTH = 46
"""Width of the text in characters."""
GAP = 12
RIM = 4


class Highlight(QWidget):
    """A frame around a part of the window; the mouse reaches what is under it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, place: QRect) -> None:
        """Show the frame around a rectangle of the window."""
        outer = place.adjusted(-RIM, -RIM, RIM, RIM)
        self.setGeometry(outer)
        whole = self.rect()
        # only the frame is drawn, so that the live plots inside are not drawn twice
        self.setMask(QRegion(whole).subtracted(QRegion(whole.adjusted(RIM, RIM, -RIM, -RIM))))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(shown_colors().accent), 2 * RIM - 1))
        painter.drawRect(self.rect())
        painter.end()


class Balloon(ThemedFrame):
    """Title, text and the buttons Back, Next and Skip. Escape skips."""

    back, forward, skipped = Signal(), Signal(), Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__("balloon", window)
        self.setObjectName("tour-balloon")
        self.title, self.text, self.count = Heading(), Label(), Label()
        self.text.setWordWrap(True)
        self.text.setFixedWidth(WIDTH * self.fontMetrics().averageCharWidth())
        set_role(self.count, "dim")
        self.skip_button = QPushButton("Skip tour")
        self.back_button = QPushButton("Back")
        self.next_button = QPushButton("Next")
        row = QHBoxLayout()
        row.addWidget(self.count, 1)
        for button, signal in (
            (self.skip_button, self.skipped),
            (self.back_button, self.back),
            (self.next_button, self.forward),
        ):
            button.clicked.connect(signal)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(row)
        self.hide()

    def tell(self, title: str, text: str, number: int, total: int) -> None:
        """Show the texts of a step."""
        self.title.setText(title)
        self.text.setText(text)
        self.count.setText(f"{number} of {total}")
        self.setAccessibleName(f"Tour, step {number} of {total}: {title}")
        self.setAccessibleDescription(text)
        self.back_button.setEnabled(number > 1)
        self.next_button.setText("Finish" if number == total else "Next")
        self.skip_button.setVisible(number < total)
        self.text.setFixedHeight(self.text.heightForWidth(self.text.minimumWidth()))
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Skip by Escape, go on and back by the arrow keys."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.skipped.emit()
        elif key == Qt.Key.Key_Right:
            self.forward.emit()
        elif key == Qt.Key.Key_Left and self.back_button.isEnabled():
            self.back.emit()
        else:
            super().keyPressEvent(event)

    def place_beside(self, place: QRect | None, whole: QRect) -> None:
        """Move to the side of a rectangle that has most room, within the window; else to its middle."""
        size = self.size()
        if place is None:
            at = whole.center() - QPoint(size.width() // 2, size.height() // 2)
        else:
            at = _beside(place, size, whole)
        inner = whole.adjusted(GAP, GAP, -GAP, -GAP)
        at.setX(max(inner.left(), min(at.x(), inner.right() - size.width())))
        at.setY(max(inner.top(), min(at.y(), inner.bottom() - size.height())))
        self.move(at)
        self.show()
        self.raise_()


def _beside(place: QRect, size: QSize, whole: QRect) -> QPoint:
    """Return the corner of a balloon on the first side with room: below, right, left, above, else inside."""
    room = GAP + 2 * RIM
    if whole.bottom() - place.bottom() > size.height() + room:
        return QPoint(place.left(), place.bottom() + room)
    if whole.right() - place.right() > size.width() + room:
        return QPoint(place.right() + room, place.top())
    if place.left() - whole.left() > size.width() + room:
        return QPoint(place.left() - room - size.width(), place.top())
    if place.top() - whole.top() > size.height() + room:
        return QPoint(place.left(), place.top() - room - size.height())
    return QPoint(place.right() - size.width() - room, place.bottom() - size.height() - room)
