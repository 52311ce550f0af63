"""Typing as a user does, for tests of the window."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit


def retype(qtbot: Any, line: QLineEdit, text: str) -> None:
    """Replace the text of a line."""
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    if text.isascii():
        qtbot.keyClicks(line, text)
    else:
        line.insert(text)  # keyClicks aborts at other characters
