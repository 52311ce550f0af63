"""Parts of a dialog with a canvas: undo and redo, the question before closing, and the layout."""

from PySide6.QtGui import QKeySequence, QShortcut, QUndoStack
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from wganstudio.gui.dialogs.questions import ask_to_discard

REDO_KEYS = "Ctrl+Shift+Z; Ctrl+Y"


def undo_buttons(dialog: QDialog, stack: QUndoStack) -> tuple[QPushButton, QPushButton]:
    """Return the buttons Undo and Redo of a stack, with their keys."""
    undo, redo = QPushButton("&Undo"), QPushButton("Re&do")
    for button, keys, slot in ((undo, "Ctrl+Z", stack.undo), (redo, REDO_KEYS, stack.redo)):
        button.setToolTip(keys.partition(";")[0])
        button.setEnabled(False)
        button.clicked.connect(slot)
        for key in QKeySequence.listFromString(keys):
            QShortcut(key, dialog, button.click)
    stack.canUndoChanged.connect(undo.setEnabled)
    stack.canRedoChanged.connect(redo.setEnabled)
    return undo, redo


def may_close(dialog: QDialog, stack: QUndoStack, question: str) -> bool:
    """Return True if nothing was done that can be undone, or if the user discards it."""
    return not stack.canUndo() or ask_to_discard(dialog, question)


def place(dialog: QDialog, canvas: QWidget, tools: QVBoxLayout, foot: tuple[QWidget, QWidget]) -> QWidget:
    """Put the canvas with its tools beside it over a readout and buttons; return the panel of the tools."""
    tools.setContentsMargins(0, 0, 0, 0)
    panel = QWidget()
    panel.setLayout(tools)
    upper = QHBoxLayout()
    upper.setSpacing(14)
    upper.addWidget(canvas, 1)
    upper.addWidget(panel)
    lower = QHBoxLayout()
    lower.addWidget(foot[0], 1)
    lower.addWidget(foot[1])
    column = QVBoxLayout(dialog)
    column.addLayout(upper, 1)
    column.addLayout(lower)
    return panel
