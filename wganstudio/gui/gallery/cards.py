"""CardArea: the cards of the presets, grouped by question, in as many columns as fit."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from wganstudio.experiment.presets import presets_by_question
from wganstudio.gui.gallery.card import ARROWS, PresetCard
from wganstudio.gui.text_roles import Heading, set_role
from wganstudio.gui.widgets.plain_text import Label

GAP = 10


class CardArea(QScrollArea):
    """Scrolls over the cards; the arrow keys move between them."""

    chosen = Signal(str)
    """The name of a preset."""
    run_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QWidget()
        self.setWidget(self._body)
        self.groups: dict[str, tuple[Label, list[PresetCard]]] = {}
        for question, presets in presets_by_question().items():
            heading = Heading(question, parent=self._body)
            cards = [PresetCard(preset, self._body) for preset in presets]
            for card in cards:
                card.clicked.connect(self._clicked)
                card.run_wanted.connect(self.run_wanted)
            self.groups[question] = heading, cards
        self.nothing = Label("No preset matches. Search for other words.", parent=self._body)
        set_role(self.nothing, "dim")
        self.search("")

    @property
    def cards(self) -> list[PresetCard]:
        """The cards that the search has left, in their order."""
        return [card for _, cards in self.groups.values() for card in cards if not card.isHidden()]

    @Slot(str)
    def search(self, words: str) -> None:
        """Show the cards that hold every word."""
        for heading, cards in self.groups.values():
            for card in cards:
                card.setVisible(card.matches(words))
            heading.setVisible(any(not card.isHidden() for card in cards))
        self.nothing.setVisible(not self.cards)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards in the new width."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the focus to the nearest card in the direction of an arrow key."""
        direction, now = ARROWS.get(Qt.Key(event.key())), self.focusWidget()
        if direction is None or not isinstance(now, PresetCard):
            super().keyPressEvent(event)
            return
        start = now.geometry().center()
        options = []
        for card in self.cards:
            offset = card.geometry().center() - start
            along = offset.x() * direction[0] + offset.y() * direction[1]
            across = abs(offset.x() * direction[1]) + abs(offset.y() * direction[0])
            if along > 0 and (direction[0] == 0 or across == 0):
                options.append((along + 4 * across, card))
        if options:
            self.focus(min(options, key=lambda option: option[0])[1])

    def focus(self, card: PresetCard) -> None:
        """Give a card the focus and scroll to it."""
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(card, 0, 3 * GAP)

    def _arrange(self) -> None:
        """Place headings and cards; cards of one row share its width."""
        width = self.viewport().width() - 2 * GAP
        least = self._hint()
        columns = max(1, (width + GAP) // (least.width() + GAP))
        size = QSize((width - (columns - 1) * GAP) // columns, least.height())
        top = GAP
        for heading, cards in self.groups.values():
            if heading.isHidden():
                continue
            heading.setGeometry(GAP, top, width, heading.sizeHint().height())
            top = heading.geometry().bottom() + GAP // 2
            visible = [card for card in cards if not card.isHidden()]
            for number, card in enumerate(visible):
                row, column = divmod(number, columns)
                place = GAP + column * (size.width() + GAP), top + row * (size.height() + GAP)
                card.setGeometry(*place, size.width(), size.height())
            top = visible[-1].geometry().bottom() + 2 * GAP
        self.nothing.setGeometry(GAP, GAP, width, self.nothing.sizeHint().height())
        self._body.setMinimumHeight(top)

    def _hint(self) -> QSize:
        _, cards = next(iter(self.groups.values()))
        return cards[0].sizeHint()

    @Slot()
    def _clicked(self) -> None:
        card = self.sender()
        assert isinstance(card, PresetCard)
        self.chosen.emit(card.preset.name)
