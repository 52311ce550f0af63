"""KeyGuard: keeps keys without Ctrl or Alt for the widget that has the focus, where it uses them itself."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QTabBar,
    QWidget,
)

MOVES = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End})
MOVING = (
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QTabBar,
)
"""Widgets in which these keys move something."""
SPACE_USERS = (*MOVING, QAbstractButton)


class KeyGuard(QObject):
    """Keeps the shortcuts of a window from taking keys that the focused widget uses."""

    def __init__(self, window: QWidget, freed: QWidget) -> None:
        """`freed`: the shortcuts get the arrow keys of the widgets in it as well."""
        super().__init__(window)
        self._freed = freed
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept a key that would otherwise be a shortcut."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if plain and self._uses(QApplication.focusWidget(), Qt.Key(event.key())):
            event.accept()
            return True
        return False

    def _uses(self, widget: QWidget | None, key: Qt.Key) -> bool:
        if widget is None or isinstance(widget, QGraphicsView):
            return False
        if key == Qt.Key.Key_Space:
            return isinstance(widget, SPACE_USERS)
        inside = self._freed.isAncestorOf(widget) and not isinstance(widget, QComboBox)
        return key in MOVES and not inside and isinstance(widget, MOVING)
