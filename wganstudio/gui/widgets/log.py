"""LogPanel: one line for each message of the window and its libraries; details unfold on a click."""

import logging
import time
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QSize, QUrl, Slot
from PySide6.QtWidgets import QTextBrowser

from wganstudio.figures.tokens import DARK, LIGHT, Colors
from wganstudio.gui.theme import is_dark

MAX_ENTRIES = 500
MAX_DETAIL = 20_000
"""Characters of the details that are shown of one entry."""


@dataclass
class LogEntry:
    """One line of the log."""

    clock: str
    level: int
    """A level of Python's logging."""
    message: str
    detail: str
    unfolded: bool = False


class LogPanel(QTextBrowser):
    """The log as text that can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Log")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.anchorClicked.connect(self._toggle)
        self.entries: list[LogEntry] = []

    def sizeHint(self) -> QSize:
        """Return the size of about five lines."""
        return QSize(400, self.fontMetrics().lineSpacing() * 6)

    def minimumSizeHint(self) -> QSize:
        """Return the size of two lines."""
        return QSize(120, self.fontMetrics().lineSpacing() * 2)

    @Slot(str, str, int)
    def add(self, message: str, detail: str = "", level: int = logging.INFO) -> None:
        """Add a line; `detail` is folded away under it."""
        entry = LogEntry(time.strftime("%H:%M:%S"), level, message, detail.strip()[-MAX_DETAIL:])
        self.entries.append(entry)
        if len(self.entries) > MAX_ENTRIES:
            del self.entries[: MAX_ENTRIES // 5]
            self.redraw()
        else:
            self.append(self._html(len(self.entries) - 1))
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def redraw(self) -> None:
        """Draw all lines again, after a change of the theme or of the folded lines."""
        position = self.verticalScrollBar().value()
        self.setHtml("".join(f"<p style='margin:0'>{self._html(n)}</p>" for n in range(len(self.entries))))
        self.verticalScrollBar().setValue(position)

    @Slot(QUrl)
    def _toggle(self, url: QUrl) -> None:
        entry = self.entries[int(url.path())]
        entry.unfolded = not entry.unfolded
        self.redraw()

    def _html(self, number: int) -> str:
        entry = self.entries[number]
        colors = DARK if is_dark() else LIGHT
        text = f"<span style='color:{colors.dim}'>{entry.clock}</span>&nbsp;&nbsp;"
        text += f"<span style='color:{_color(entry.level, colors)}'>{_prefix(entry.level)}"
        text += f"{escape(entry.message)}</span>"
        if entry.detail:
            word = "hide details" if entry.unfolded else "details"
            text += f"&nbsp; <a href='entry:{number}' style='color:{colors.accent}'>{word}</a>"
        if entry.unfolded:
            text += f"<pre style='color:{colors.dim}'>{escape(entry.detail)}</pre>"
        return text


def _color(level: int, colors: Colors) -> str:
    if level >= logging.ERROR:
        return colors.error
    return colors.text if level >= logging.INFO else colors.dim


def _prefix(level: int) -> str:
    if level >= logging.ERROR:
        return "Error: "
    return "Warning: " if level >= logging.WARNING else ""
