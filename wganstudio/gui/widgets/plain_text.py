"""Text from files shows as text: Qt takes a name with tags for HTML, and reads what its tags point to."""

from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


class Label(QLabel):
    """A QLabel that shows plain text."""

    def __init__(self, text: str = "", **properties: Any) -> None:
        super().__init__(**properties)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def tooltip(text: str) -> str:
    """Return a text as a tooltip that shows it literally, with its line breaks."""
    if not set(text) & set("<&"):
        return text
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'
