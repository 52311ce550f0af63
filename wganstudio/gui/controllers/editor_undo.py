"""EditorUndo: which Ctrl+Z wins where text is edited, that of the editor or that of the window."""

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from wganstudio.gui.controllers.undo import Undo

TextWidget = QLineEdit | QPlainTextEdit | QTextEdit
KEYS = {
    "undo": (QKeySequence("Ctrl+Z"),),
    "redo": (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")),
}


class EditorUndo(QObject):
    """Watches the editor that has the focus.

    An editor undoes and redoes what was typed into it since it got the focus. If there is no such typing, the
    keys are those of the Edit menu. A line of the form forgets its typing where the window's command about it
    ends: when another widget gets the focus, or with the next command.
    """

    def __init__(self, undo: Undo, form: QWidget, window: QMainWindow) -> None:
        super().__init__(window)
        self._undo = undo
        self._form = form
        self._window = window
        self._editor: TextWidget | None = None
        undo.typing_ended.connect(self._forget_typing)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the keys of undo and redo to the editor, or leave them to the menu."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        assert isinstance(event, QKeyEvent)
        action = _action(event)
        if not action or not isinstance(watched, TextWidget):
            return False
        event.setAccepted(_is_available(watched, action))
        if event.isAccepted() and event.type() == QEvent.Type.KeyPress:
            watched.undo() if action == "undo" else watched.redo()
        return True

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _: QWidget | None, new: QWidget | None) -> None:
        if new is None or new is self._editor:  # another window is active
            return
        if self._editor is not None and isValid(self._editor):
            self._editor.removeEventFilter(self)
            if self._is_in_form():
                self._undo.end_typing()
        self._editor = new if isinstance(new, TextWidget) and self._belongs_to_window(new) else None
        if self._editor is not None:
            self._editor.installEventFilter(self)

    @Slot()
    def _forget_typing(self) -> None:
        editor = self._editor
        if isinstance(editor, QLineEdit) and self._is_in_form():
            position = editor.cursorPosition()
            editor.setText(editor.text())
            editor.setCursorPosition(position)

    def _is_in_form(self) -> bool:
        return self._editor is not None and isValid(self._editor) and self._form.isAncestorOf(self._editor)

    def _belongs_to_window(self, editor: TextWidget) -> bool:
        """Return False for editors of dialogs and of cells, which stay as long as they are edited."""
        widget: QWidget | None = editor
        while widget is not None and widget is not self._window:
            if isinstance(widget, QDialog | QAbstractItemView):
                return False
            widget = widget.parentWidget()
        return widget is not None


def _action(event: QKeyEvent) -> str:
    """Return "undo", "redo" or nothing."""
    keys = QKeySequence(event.keyCombination())
    return next((action for action, sequences in KEYS.items() if keys in sequences), "")


def _is_available(editor: TextWidget, action: str) -> bool:
    if editor.isReadOnly():
        return False
    source = editor if isinstance(editor, QLineEdit) else editor.document()
    return source.isUndoAvailable() if action == "undo" else source.isRedoAvailable()
