"""TextDialog: a plain text that the user reads, and may copy."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label


class TextDialog(QDialog):
    """A sentence, the text, and a button that copies it."""

    def __init__(self, parent: QWidget, title: str, sentence: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        label = Label(sentence)
        label.setWordWrap(True)
        self.text = QPlainTextEdit(text, readOnly=True)
        self.text.setAccessibleName(title)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self.copy_button = buttons.addButton("Copy to clipboard", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (label, self.text, buttons):
            column.addWidget(widget)
        self.resize(self.fontMetrics().averageCharWidth() * 130, self.fontMetrics().lineSpacing() * 32)
        self.setMaximumSize(self.screen().availableSize())

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText("Copied")
