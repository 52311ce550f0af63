"""SectionBox: one section of the inspector; it folds, filters its entries, and changes only what differs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from wganstudio.export.run_content import InspectorEntry, InspectorSection
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.gui.widgets.themed_frame import ThemedFrame

LABEL_CHARACTERS = 16
"""Width of the labels of every section, so that the values stand in one column."""
SPACING = 8


class EntryRow(QWidget):
    """One entry: label and value, and the notes below the value."""

    def __init__(self) -> None:
        super().__init__()
        self.entry: InspectorEntry | None = None
        self.label, self.value, self.notes = _wrapped(), _wrapped(), _wrapped()
        width = self.fontMetrics().averageCharWidth() * LABEL_CHARACTERS
        set_role(self.label, "dim")
        self.label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.label.setFixedWidth(width)
        self.value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        set_role(self.notes, "dim")
        self.notes.setContentsMargins(width + SPACING, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(SPACING)
        row.addWidget(self.label)
        row.addWidget(self.value, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(row)
        column.addWidget(self.notes)

    def show_entry(self, entry: InspectorEntry) -> None:
        """Show an entry; a row that shows it already is left alone."""
        if entry == self.entry:
            return
        self.entry = entry
        set_role(self.value, "changed-value" if entry.kind == "changed" else entry.kind)
        for widget, text in (
            (self.label, entry.label),
            (self.value, entry.value),
            (self.notes, "\n".join(entry.notes)),
        ):
            widget.setText(text)
            widget.setVisible(bool(text))
        for widget in (self.label, self.value):
            widget.setToolTip(tooltip(entry.tip))
        self.value.setAccessibleName(", ".join(filter(None, (entry.label, entry.value, *entry.notes))))


class SectionBox(QWidget):
    """A title that folds the section, and its entries."""

    fold_changed = Signal(str, bool)
    """The user has folded or unfolded the section of this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.rows: list[EntryRow] = []
        self.head = QToolButton()
        self.head.setAutoRaise(True)
        set_role(self.head, "title")
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setToolTip("Fold or unfold this section")
        self.head.clicked.connect(self._toggle)
        self.body = QWidget()
        self._entries = QVBoxLayout(self.body)
        self._entries.setContentsMargins(6, 0, 6, 6)
        self._entries.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for widget in (ThemedFrame("rule"), self.head, self.body):
            column.addWidget(widget)

    def show_section(
        self, section: InspectorSection, entries: Sequence[InspectorEntry], *, folded: bool
    ) -> None:
        """Show some entries of a section."""
        self.head.setText(section.title)
        while len(self.rows) < len(entries):
            self.rows.append(EntryRow())
            self._entries.addWidget(self.rows[-1])
        for row in self.rows[len(entries) :]:
            row.hide()
        for row, entry in zip(self.rows, entries, strict=False):
            row.show_entry(entry)
            row.show()
        self.set_folded(folded)

    @property
    def folded(self) -> bool:
        """True if only the title is shown."""
        return self.body.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Fold or unfold the section."""
        if folded == self.folded and not self.head.icon().isNull():
            return
        self.body.setVisible(not folded)
        set_icon(self.head, "folded" if folded else "unfolded")

    @Slot()
    def _toggle(self) -> None:
        self.set_folded(not self.folded)
        self.fold_changed.emit(self.name, self.folded)


def _wrapped() -> Label:
    """Return a label that breaks its lines at any width."""
    label = Label()
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.hide()
    return label
