"""GalleryPage: the presets as cards, with a search, in place of the views."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.gallery.cards import CardArea
from wganstudio.gui.text_roles import PageTitle, set_role
from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label


class GalleryPage(QWidget):
    """The gallery. Escape clears the search, then closes the page."""

    chosen = Signal(str)
    """The name of the preset that the user chose."""
    run_wanted = Signal(str)
    """The name of the preset that the user starts at once."""
    close_wanted = Signal()
    draw_wanted = Signal()
    data_wanted = Signal()
    shown_at_start = Signal(bool)
    """The user wants the gallery at every start, or does not."""

    def __init__(self, at_start: bool) -> None:
        super().__init__()
        self.setObjectName("gallery")
        title = PageTitle("Choose an experiment")
        hint = Label("Click a card to load it. Ctrl+Enter runs it at once.")
        set_role(hint, "dim")
        self.search = QLineEdit()
        self.search.setObjectName("gallery-search")
        self.search.setPlaceholderText("Search names, results and tags")
        self.search.setAccessibleName("Search presets")
        self.search.setClearButtonEnabled(True)
        self.draw = QPushButton("&Draw distributions\u2026")
        self.data = QPushButton("&Load data\u2026")
        self.at_start = QCheckBox("Show at start")
        self.at_start.setChecked(at_start)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Close the gallery (Esc)")
        self.close_button.setAccessibleName("Close the gallery")
        set_icon(self.close_button, "close")
        self.cards = CardArea()
        head = QHBoxLayout()
        head.setContentsMargins(10, 8, 8, 0)
        head.setSpacing(10)
        head.addWidget(title)
        head.addWidget(hint, 1)
        head.addWidget(self.at_start)
        head.addWidget(self.close_button)
        tools = QHBoxLayout()
        tools.setContentsMargins(10, 0, 10, 0)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.draw)
        tools.addWidget(self.data)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addLayout(tools)
        column.addWidget(self.cards, 1)
        self.search.textChanged.connect(self.cards.search)
        self.search.returnPressed.connect(self._choose_first)
        self.cards.chosen.connect(self.chosen)
        self.cards.run_wanted.connect(self.run_wanted)
        self.close_button.clicked.connect(self.close_wanted)
        self.draw.clicked.connect(self.draw_wanted)
        self.data.clicked.connect(self.data_wanted)
        self.at_start.toggled.connect(self.shown_at_start)

    def showEvent(self, event: QShowEvent) -> None:
        """Let the user type a search at once."""
        super().showEvent(event)
        self.search.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the search, or close; go from the search to the cards."""
        if event.key() == Qt.Key.Key_Escape:
            if self.search.text():
                self.search.clear()
            else:
                self.close_wanted.emit()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus() and self.cards.cards:
            self.cards.focus(self.cards.cards[0])
        else:
            super().keyPressEvent(event)

    @Slot()
    def _choose_first(self) -> None:
        """Choose the first card that the search has left."""
        if self.search.text() and self.cards.cards:
            self.chosen.emit(self.cards.cards[0].preset.name)
