"""Buttons that show an icon alone: a tooltip, and a name that screen readers speak."""

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QToolButton

from wganstudio.gui.theme import set_icon


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
