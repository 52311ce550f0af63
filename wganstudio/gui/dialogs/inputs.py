"""Small dialogs that ask for one value; None where the user cancels."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialogButtonBox, QInputDialog, QWidget

from wganstudio.gui.widgets.buttons import remove_icons


def ask_number(parent: QWidget, title: str, label: str, value: int, low: int, high: int) -> int | None:
    """Ask for a whole number from low to high."""
    dialog = _dialog(parent, title, label)
    dialog.setInputMode(QInputDialog.InputMode.IntInput)
    dialog.setIntRange(low, high)
    dialog.setIntValue(value)
    return dialog.intValue() if _accepted(dialog) else None


def ask_text(parent: QWidget, title: str, label: str) -> str | None:
    """Ask for a line of text."""
    dialog = _dialog(parent, title, label)
    return dialog.textValue() if _accepted(dialog) else None


def ask_item(parent: QWidget, title: str, label: str, items: Sequence[str]) -> str | None:
    """Ask for one of several items."""
    dialog = _dialog(parent, title, label)
    dialog.setComboBoxItems(list(items))
    return dialog.textValue() if _accepted(dialog) else None


def _dialog(parent: QWidget, title: str, label: str) -> QInputDialog:
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    return dialog


def _accepted(dialog: QInputDialog) -> bool:
    dialog.adjustSize()  # which makes the buttons
    for box in dialog.findChildren(QDialogButtonBox):
        remove_icons(box)
    accepted = bool(dialog.exec())
    dialog.deleteLater()
    return accepted
