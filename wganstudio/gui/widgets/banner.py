"""Banner: a message across the top of the window that stays until it is dismissed, with buttons to react."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from wganstudio.gui.widgets.buttons import icon_button
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.themed_frame import ThemedFrame

Offer = tuple[str, Callable[[], object]]
"""A button's text, and what it calls once the message is dismissed."""


ERROR_SIGN, NOTE_SIGN = "\u26a0", "\u24d8"
MAX_KEPT = 5
"""Messages that wait beneath the shown one."""


@dataclass(frozen=True)
class Message:
    """A sentence for the banner."""

    text: str
    detail: str = ""
    error: bool = False
    offers: tuple[Offer, ...] = ()
    cause: str = ""
    """The cause of the message, which goes once it is resolved."""


class Banner(ThemedFrame):
    """Shows the newest message; hidden while there is none.

    An error replaces an error. Another message that waits for an answer returns once the newer one is gone.
    """

    def __init__(self) -> None:
        super().__init__("note")
        self.setObjectName("banner")
        self.symbol = Label()
        self.label = Label()
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setAccessibleName("Details of the message")
        self.details.setFixedHeight(self.fontMetrics().lineSpacing() * 9)
        self.details_button = QPushButton("Details")
        self.details_button.clicked.connect(self._toggle_details)
        self.close_button = icon_button("close", "Dismiss this message", self.dismiss)
        self.offer_buttons: list[QPushButton] = []
        self._shown: Message | None = None
        self._kept: list[Message] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.symbol)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(self.details_button)
        self._row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 6)
        column.addLayout(self._row)
        column.addWidget(self.details)
        self.hide()

    def show_message(
        self,
        message: str,
        detail: str = "",
        *,
        error: bool = False,
        offers: Iterable[Offer] = (),
        cause: str = "",
    ) -> None:
        """Show a sentence; `error` colors it, `offers` become buttons, `resolve` of its cause removes it."""
        new, shown = Message(message, detail, error, tuple(offers), cause), self._shown
        self._kept = [kept for kept in self._kept if kept.text != message]
        if shown is not None and shown.text != message and not (shown.error and error):
            self._kept = [*self._kept, shown][-MAX_KEPT:]
        self._show(new)

    def withdraw(self, message: str) -> None:
        """Take a sentence back, shown or covered."""
        self._kept = [kept for kept in self._kept if kept.text != message]
        if self._shown is not None and self._shown.text == message:
            self.dismiss()

    def resolve(self, cause: str) -> None:
        """Remove the messages of a cause, shown or covered."""
        self._kept = [kept for kept in self._kept if kept.cause != cause]
        if self._shown is not None and self._shown.cause == cause:
            self.dismiss()

    @Slot()
    def dismiss(self) -> None:
        """Hide the message, and show the one that it has covered, if any."""
        self._shown = None
        if self._kept:
            self._show(self._kept.pop())
        else:
            self.hide()

    def _show(self, message: Message) -> None:
        self._shown = message
        self._clear()
        self.symbol.setText(ERROR_SIGN if message.error else NOTE_SIGN)
        self.label.setText(message.text)
        self.details.setPlainText(message.detail)
        self.details.hide()
        self.details_button.setVisible(bool(message.detail))
        for text, _ in message.offers:
            button = QPushButton(text)
            button.clicked.connect(self._on_pressed)
            self._row.insertWidget(self._row.count() - 2, button)
            self.offer_buttons.append(button)
        self.set_look("error" if message.error else "note")
        self.show()

    @Slot()
    def _on_pressed(self) -> None:
        """Dismiss the message whose button was pressed, and do what it offered."""
        assert self._shown is not None
        index = self.offer_buttons.index(self.sender())  # type: ignore[arg-type]
        _, callback = self._shown.offers[index]
        self.dismiss()
        callback()

    @Slot()
    def _toggle_details(self) -> None:
        self.details.setVisible(self.details.isHidden())

    def _clear(self) -> None:
        for button in self.offer_buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.offer_buttons = []
