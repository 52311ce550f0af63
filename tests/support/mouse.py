"""A mouse that drags: QTest moves it without a button held."""

import time
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

STEPS = 6


def drag(viewport: QWidget, start: QPoint, end: QPoint) -> None:
    """Press the left button at one place of a canvas, move to another one, and release it."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    send(viewport, QEvent.Type.MouseMove, start, none, none)
    send(viewport, QEvent.Type.MouseButtonPress, start, left, left)
    for number in range(1, STEPS + 1):
        place = start + (end - start) * (number / STEPS)
        send(viewport, QEvent.Type.MouseMove, place, none, left)
    send(viewport, QEvent.Type.MouseButtonRelease, end, left, none)


def send(viewport: QWidget, kind: QEvent.Type, place: QPoint, button: Any, buttons: Any) -> None:
    """Send one event of the mouse."""
    at = QPointF(place)
    event = QMouseEvent(
        kind,
        at,
        QPointF(viewport.mapToGlobal(place)),
        button,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    time.sleep(0.02)  # the scene ignores moves that follow each other too soon
    QApplication.sendEvent(viewport, event)
    QApplication.processEvents()
