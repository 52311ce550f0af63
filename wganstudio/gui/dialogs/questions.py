"""Questions that are asked before a run or a session would be lost."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QPushButton, QWidget

from wganstudio.gui.dialogs.inputs import ask_number
from wganstudio.plain_text import one_line

Answer = Literal["keep", "discard", "cancel"]
FileAnswer = Literal["rename", "replace", "cancel"]


def ask_about_runs(parent: QWidget, names: Sequence[str], waiting: int) -> Answer:
    """Ask about runs that train: stop and keep them, discard them, or cancel; others wait in the queue."""
    if len(names) == 1:
        text = f"The run \u201c{names[0]}\u201d is still training."
        question = "Stop it and keep its results so far, or discard it?"
    else:
        text = f"{len(names)} runs are still training."
        question = "Stop them and keep their results so far, or discard them?"
    if waiting:
        runs = "1 more run waits" if waiting == 1 else f"{waiting} more runs wait"
        question += f" {runs} in the queue and will be kept there."
    return _ask(parent, text, question, "Stop and keep", "Discard")


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
    return ask_number(parent, "WGAN Studio", text, max(2 * done, 1), done + 1, 100_000_000)


def ask_about_changed_file(parent: QWidget, name: str) -> FileAnswer:
    """Ask about a file that another program has changed: save under another name, replace it, or cancel."""
    box = _box(
        parent,
        f"{one_line(name)} was changed by another program since it was opened.",
        "Saving replaces those changes.",
    )
    box.setIcon(QMessageBox.Icon.Warning)
    rename = box.addButton("Save under another name\u2026", QMessageBox.ButtonRole.AcceptRole)
    replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
    clicked = _clicked(box, rename)
    if clicked is rename:
        return "rename"
    return "replace" if clicked is replace else "cancel"


def ask_to_replace(parent: QWidget, name: str) -> bool:
    """Ask whether a file that exists is to be replaced."""
    box = _box(parent, f"{one_line(name)} exists already.", "Replace it?")
    replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
    return _clicked(box, None) is replace


def ask_to_delete(parent: QWidget, runs: str, size: str) -> bool:
    """Ask whether runs are to be deleted for good."""
    box = _box(parent, f"Delete {runs} for good?", f"This frees {size} and cannot be undone.")
    box.setIcon(QMessageBox.Icon.Warning)
    delete = box.addButton("Delete for good", QMessageBox.ButtonRole.DestructiveRole)
    return _clicked(box, None) is delete


def ask_to_run_code(parent: QWidget, name: str, files: Sequence[str]) -> bool:
    """Ask whether code of the user's, in these files, may run."""
    listed = "\n".join(map(one_line, files))
    box = _box(
        parent,
        f"The network of this run is code: {one_line(name)}",
        f"Its code can do all that you can do on this computer. Run it only if you trust who wrote it.\n\n"
        f"{listed}\n\nThe answer is remembered until the code changes.",
    )
    box.setIcon(QMessageBox.Icon.Warning)
    allow = box.addButton("Run this code", QMessageBox.ButtonRole.DestructiveRole)
    return _clicked(box, None) is allow


def ask_to_discard(parent: QWidget, text: str) -> bool:
    """Ask whether something that is not saved is to be discarded."""
    box = _box(parent, text, "")
    discard = box.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
    return _clicked(box, None) is discard


def _ask(parent: QWidget, text: str, question: str, keep: str, discard: str) -> Answer:
    box = _box(parent, text, question)
    keep_button = box.addButton(keep, QMessageBox.ButtonRole.AcceptRole)
    discard_button = box.addButton(discard, QMessageBox.ButtonRole.DestructiveRole)
    clicked = _clicked(box, keep_button)
    if clicked is keep_button:
        return "keep"
    return "discard" if clicked is discard_button else "cancel"


def _box(parent: QWidget, text: str, question: str) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Question, "WGAN Studio", text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(question)
    return box


def _clicked(box: QMessageBox, default: QPushButton | None) -> QAbstractButton:
    """Add Cancel, wait for an answer, and return its button; without a default, Enter cancels."""
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    cancel.setIcon(QIcon())
    box.setDefaultButton(default or cancel)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return clicked
