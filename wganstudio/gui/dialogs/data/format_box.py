"""FormatBox: what was guessed of the format of a text table, each guess with a way to change it."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from wganstudio.experiment import AUTO, group_options
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.pairs.data.text_format import TextFormat

FIELDS = ("encoding", "delimiter", "decimal", "thousands", "skip_rows", "header", "units_row", "comment")
_ANSWERS = {True: "yes", False: "no", "": "none"}


class FormatBox(QWidget):
    """One row for each part of the format; `changed` is emitted when the user changes one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        options = group_options("pair", "data")
        self.boxes = {name: FieldBox(options, name) for name in FIELDS}
        self.notes = {name: _note_label() for name in FIELDS}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        for name, box in self.boxes.items():
            row = QVBoxLayout()
            row.setSpacing(2)
            row.addWidget(box)
            row.addWidget(self.notes[name])
            label = Label(options.model_fields[name].title or name)
            label.setBuddy(box.editor.inner)
            form.addRow(label, row)
            box.changed.connect(self.changed)

    @property
    def valid(self) -> bool:
        """True if all values are accepted."""
        return all(box.valid for box in self.boxes.values())

    def choices(self) -> dict[str, Any]:
        """Return the settings of the pair that the user chose; None for what is guessed."""
        return {name: box.value() for name, box in self.boxes.items()}

    def set_choices(self, settings: dict[str, Any]) -> None:
        """Show settings of the pair; what they do not contain is guessed."""
        for name, box in self.boxes.items():
            box.set_value(settings.get(name))

    def show_format(self, text_format: TextFormat | None) -> None:
        """Show what was guessed, and mark the guesses that could be wrong."""
        for name, box in self.boxes.items():
            guess = None if text_format is None else getattr(text_format, name)
            text = _ANSWERS.get(guess, str(guess)) if isinstance(guess, bool | str) else str(guess)
            box.editor.set_auto_text(AUTO if guess is None else f"guessed: {text}")
            doubt = "" if text_format is None or box.value() is not None else _doubt(text_format, name)
            self.notes[name].setText(doubt)
            self.notes[name].setVisible(bool(doubt))
            box.editor.set_state("doubtful", bool(doubt))


def _doubt(text_format: TextFormat, field: str) -> str:
    """Return why a guess could be wrong: the first reason, and how many others there are."""
    reasons = [entry.message for entry in text_format.ambiguities if entry.field == field]
    others = len(reasons) - 1
    more = f" {others} other column{'s are' if others > 1 else ' is'} ambiguous too." if others > 0 else ""
    return reasons[0] + more if reasons else ""


def _note_label() -> Label:
    label = Label()
    label.setWordWrap(True)
    set_role(label, "warning")
    label.hide()
    return label
