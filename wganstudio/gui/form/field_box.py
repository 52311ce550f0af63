"""FieldBox: the editor of one field outside the form, such as in a dialog."""

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from wganstudio.experiment import BadExperiment, Options, checked
from wganstudio.gui.form.editors import Editor, make_editor
from wganstudio.gui.form.group import message_label


class FieldBox(QWidget):
    """An editor that takes what the form takes, and under it the sentence about a wrong value."""

    changed = Signal()

    def __init__(self, options: type[Options], field: str, value: Any = None) -> None:
        super().__init__()
        info = options.model_fields[field]
        self._options, self._field = options, field
        self._value: Any = None
        self.editor: Editor = make_editor(field, info)
        self.editor.setToolTip(info.description or "")
        self.editor.set_name(info.title or field)
        self.message = message_label()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.editor)
        column.addWidget(self.message)
        self.setFocusProxy(self.editor)
        self.set_value(value)
        self.editor.changed.connect(self._edited)

    def set_value(self, value: Any) -> None:
        """Show a value; None shows the default."""
        self.editor.set_value(value)
        self._check()

    def value(self) -> Any:
        """Return the value of the field; the last valid one while a wrong one is shown."""
        return self._value

    @property
    def valid(self) -> bool:
        """True if the value shown is accepted."""
        return not self.message.text()

    def _check(self) -> None:
        value = self.editor.value()
        given = {} if value is None else {self._field: value}
        problem = ""
        try:
            self._value = getattr(checked("", self._options, given), self._field)
        except BadExperiment as error:
            problem = error.problems[0].message
        self.message.setText(problem)
        self.message.setVisible(bool(problem))
        self.editor.set_state("wrong", bool(problem))

    @Slot()
    def _edited(self) -> None:
        self._check()
        self.changed.emit()
