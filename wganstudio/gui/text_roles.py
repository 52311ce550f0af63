"""Roles of text: color and weight of a label by what it says. The theme defines the colors and the sizes."""

from typing import Any, Literal

from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QWidget

from wganstudio.gui.widgets.plain_text import Label

TextRole = Literal["", "title", "dim", "changed", "changed-value", "warning", "problem"]

WARNING = QPalette.ColorRole.LinkVisited
PROBLEM = QPalette.ColorRole.BrightText
"""Roles of the palette that the style and views of text leave unused; the theme gives them these meanings."""
_COLORS = {
    "dim": QPalette.ColorRole.PlaceholderText,
    "changed": QPalette.ColorRole.Link,
    "changed-value": QPalette.ColorRole.Link,
    "warning": WARNING,
    "problem": PROBLEM,
}
_STRONG = frozenset({"title", "changed-value"})


def set_role(widget: QWidget, role: TextRole) -> None:
    """Give the text of a widget the color and the weight of a role; both follow the theme and its type."""
    color = _COLORS.get(role, QPalette.ColorRole.NoRole)
    shown = color if color != QPalette.ColorRole.NoRole else QPalette.ColorRole.WindowText
    if widget.foregroundRole() != shown:
        widget.setForegroundRole(color)
    widget.setFont(strong_font() if role in _STRONG else QFont())


def strong_font() -> QFont:
    """Return a font that fixes only its weight, so that a widget inherits its size."""
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold)
    return font


class Heading(Label):
    """The heading of a part of a page; the theme makes the type of this class larger."""

    def __init__(self, text: str = "", **properties: Any) -> None:
        super().__init__(text, **properties)
        set_role(self, "title")


class PageTitle(Label):
    """The title of a page; the theme makes the type of this class largest."""

    def __init__(self, text: str = "", **properties: Any) -> None:
        super().__init__(text, **properties)
        set_role(self, "title")
