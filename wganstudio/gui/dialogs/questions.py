"""Questions that are asked before a run or a session would be lost."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

Answer = Literal["keep", "discard", "cancel"]


def ask_about_run(parent: QWidget, name: str) -> Answer:
    """Ask about a run under way: stop and keep it, discard it, or cancel."""
    return _ask(
        parent,
        f"The run \u201c{name}\u201d is still training.",
        "Stop it and keep its results so far, or discard it?",
        "Stop and keep",
        "Discard",
    )


def ask_about_session(parent: QWidget, title: str) -> Answer:
    """Ask about unsaved runs: save them, discard them, or cancel."""
    return _ask(
        parent,
        f"\u201c{title}\u201d has runs that are not saved.",
        "Save them before you continue?",
        "Save",
        "Don't save",
    )


def ask_steps(parent: QWidget, name: str, done: int) -> int | None:
    """Ask to which step a finished run is to be extended; None where the user cancels."""
    text = f"\u201c{name}\u201d has taken {done:,} steps. Extend it to step:"
    steps, accepted = QInputDialog.getInt(
        parent, "WGAN Studio", text, max(2 * done, 1), done + 1, 100_000_000
    )
    return steps if accepted else None


def _ask(parent: QWidget, text: str, question: str, keep: str, discard: str) -> Answer:
    box = QMessageBox(QMessageBox.Icon.Question, "WGAN Studio", text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(question)
    keep_button = box.addButton(keep, QMessageBox.ButtonRole.AcceptRole)
    discard_button = box.addButton(discard, QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(keep_button)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is keep_button:
        return "keep"
    return "discard" if clicked is discard_button else "cancel"
