"""Banner: a message across the top of the window that stays until it is dismissed, with buttons to react."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
)

from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label

Offer = tuple[str, Callable[[], object]]
"""A button's text, and the bound method that it calls."""


class Banner(QFrame):
    """Hidden while there is no message."""

    def __init__(self) -> None:
        super().__init__()
        self.label = Label()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setFixedHeight(self.fontMetrics().lineSpacing() * 9)
        self.details_button = QPushButton("Details")
        self.details_button.clicked.connect(self._toggle_details)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Dismiss this message")
        self.close_button.clicked.connect(self.dismiss)
        set_icon(self.close_button, "close")
        self.offer_buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(self.details_button)
        self._row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.addLayout(self._row)
        column.addWidget(self.details)
        self.hide()

    def show_message(
        self, message: str, detail: str = "", *, error: bool = False, offers: Iterable[Offer] = ()
    ) -> None:
        """Show a sentence; `error` colors it, `offers` become buttons."""
        self._clear()
        self.label.setText(message)
        self.details.setPlainText(detail)
        self.details.hide()
        self.details_button.setVisible(bool(detail))
        for text, callback in offers:
            button = QPushButton(text)
            button.clicked.connect(self.dismiss)
            button.clicked.connect(callback)
            self._row.insertWidget(self._row.count() - 2, button)
            self.offer_buttons.append(button)
        self.setProperty("role", "error" if error else "note")
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def withdraw(self, message: str) -> None:
        """Hide the banner if it shows this sentence."""
        if self.label.text() == message:
            self.dismiss()

    @Slot()
    def dismiss(self) -> None:
        """Hide the banner."""
        self.hide()

    @Slot()
    def _toggle_details(self) -> None:
        self.details.setVisible(self.details.isHidden())

    def _clear(self) -> None:
        for button in self.offer_buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.offer_buttons = []
