"""Buttons: an icon alone, one of several choices, and those at the foot of a dialog."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, SignalInstance
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QStyleOptionToolButton, QToolButton

from wganstudio.gui.text_roles import strong_font
from wganstudio.gui.theme import set_icon, shown_colors


def icon_button(
    icon: str, name: str, slot: Callable[..., object] | SignalInstance, tooltip: str = ""
) -> QToolButton:
    """Return a flat button with an icon; the tooltip is its name unless another one is given."""
    button = QToolButton()
    button.setAutoRaise(True)
    button.setAccessibleName(name)
    button.setToolTip(tooltip or name)
    button.clicked.connect(slot)
    set_icon(button, icon)
    return button


def button_box(buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Return the buttons at the foot of a dialog."""
    box = QDialogButtonBox(buttons)
    remove_icons(box)
    return box


def remove_icons(box: QDialogButtonBox) -> None:
    """Leave buttons their text alone, as all other buttons with a text have no icon."""
    for button in box.buttons():
        button.setIcon(QIcon())


class MenuButton(QToolButton):
    """A button that opens a menu, without the arrow, which would cover its text."""

    def __init__(self) -> None:
        super().__init__()
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Leave out the arrow."""
        super().initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu


class ChoiceButton(QPushButton):
    """A button of a group of which one is down; that one is filled, and its text is strong."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setCheckable(True)
        self.setAutoDefault(False)

    def sizeHint(self) -> QSize:
        """Return the room for the strong text."""
        metrics = QFontMetrics(strong_font().resolve(self.font()))
        text = metrics.size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(text.width() + 18, text.height() + 10)

    def minimumSizeHint(self) -> QSize:
        """Return the size that shows the whole text."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button; its edge says that the mouse or the keyboard is on it."""
        colors, down = shown_colors(), self.isChecked()
        active = down or self.hasFocus() or self.underMouse()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.accent if active else colors.line), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(colors.accent if down else colors.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)
        if down:
            painter.setFont(strong_font().resolve(self.font()))
        painter.setPen(QColor(colors.on_accent if down else colors.text))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(self.rect(), flags, self.text())
        painter.end()
