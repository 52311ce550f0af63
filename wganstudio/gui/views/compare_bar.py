"""CompareBar: which of several runs a view shows, and the lock of its color scales."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from wganstudio.gui.text_roles import set_role
from wganstudio.gui.theme import set_icon
from wganstudio.gui.views.pane import LETTERS
from wganstudio.gui.widgets.plain_text import Label


class CompareBar(QWidget):
    """Shown above the panes of several runs, and while the scales are locked."""

    changed = Signal()
    """The user wants to see other runs, or the runs in another way."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 1
        self.choice = QComboBox()
        self.choice.setAccessibleName("Runs to show")
        self.choice.setToolTip("Show the selected runs beside each other, or one of them.")
        self.choice.activated.connect(self._chosen)
        self.lock = QAction("Lock color scale", self, checkable=True)
        self.lock.setToolTip(
            "Keep the color scale while another run, step or newer data are shown; unlock to let it follow."
        )
        self.lock.toggled.connect(self._lock_toggled)
        set_icon(self.lock, "unlock")
        self.button = QToolButton()
        self.button.setDefaultAction(self.lock)
        self.button.setAutoRaise(True)
        self.note = Label()
        set_role(self.note, "dim")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.choice, self.button, self.note):
            row.addWidget(widget)
        row.addStretch(1)

    @property
    def text(self) -> str:
        """The chosen way to show the runs."""
        return self.choice.currentText() if self._count > 1 else ""

    def offer(self, count: int, note: str, further: Sequence[str]) -> None:
        """Offer the ways to show a number of runs; the choice stays if it can."""
        letters = LETTERS[:count]
        texts = [" | ".join(letters), *letters, *further] if count > 1 else []
        self._count = count
        if texts != [self.choice.itemText(index) for index in range(self.choice.count())]:
            self._set_texts(texts)
        self.note.setText(note)
        self._show()

    def _set_texts(self, texts: Sequence[str]) -> None:
        kept = self.choice.currentText()
        with QSignalBlocker(self.choice):
            self.choice.clear()
            self.choice.addItems(texts)
            self.choice.setCurrentIndex(max(0, self.choice.findText(kept)))

    def chosen(self, count: int) -> list[int]:
        """Return the indices of the runs that the user wants to see."""
        letter = LETTERS.find(self.text) if len(self.text) == 1 else -1
        if 0 <= letter < count:
            return [letter]
        return [0] if self.choice.currentIndex() > count else list(range(count))

    @Slot()
    def _chosen(self) -> None:
        self.changed.emit()

    def show_lock(self, on: bool) -> None:
        """Show if scales are locked, without locking any."""
        with QSignalBlocker(self.lock):
            self.lock.setChecked(on)
        self._lock_toggled(on)

    @Slot(bool)
    def _lock_toggled(self, on: bool) -> None:
        set_icon(self.lock, "lock" if on else "unlock")
        self._show()

    def _show(self) -> None:
        self.choice.setVisible(self._count > 1)
        self.setVisible(self._count > 1 or self.lock.isChecked())
