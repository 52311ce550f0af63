"""LabelsDialog: asks for the tags and the note of the selected runs."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.runs.texts import split_tags
from wganstudio.session.record import RunRecord


class LabelsDialog(QDialog):
    """Tags and note of one run; of several runs the tags that all of them get or lose."""

    def __init__(self, parent: QWidget, records: Sequence[RunRecord]) -> None:
        super().__init__(parent)
        self._records = records
        several = len(records) > 1
        self.setWindowTitle("Edit labels")
        self._common = tuple(
            tag for tag in records[0].labels.tags if all(tag in one.labels.tags for one in records)
        )
        self.tags = QLineEdit(", ".join(self._common))
        self.tags.setAccessibleName("Tags")
        self.tags.setPlaceholderText("paper, first try")
        self.note = QPlainTextEdit(records[0].labels.note)
        self.note.setAccessibleName("Note")
        self.note.setTabChangesFocus(True)
        self.buttons = button_box(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        text = f"Tags that all {len(records):,} selected runs have" if several else records[0].name
        intro = Label(text, wordWrap=True)
        set_role(intro, "title")
        form = QFormLayout()
        form.addRow("Tags, separated by commas", self.tags)
        if not several:
            form.addRow("Note", self.note)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(intro)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.resize(440, self.sizeHint().height())

    def changes(self) -> dict[int, dict[str, Any]]:
        """Return the changed labels of each run."""
        typed = split_tags(self.tags.text())
        changes: dict[int, dict[str, Any]] = {}
        for record in self._records:
            own = [tag for tag in record.labels.tags if tag not in self._common]
            new: dict[str, Any] = {"tags": tuple(dict.fromkeys((*typed, *own)))}
            if len(self._records) == 1:
                new["note"] = self.note.toPlainText().strip()
            if any(getattr(record.labels, name) != value for name, value in new.items()):
                changes[record.run] = new
        return changes
