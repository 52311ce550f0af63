"""AxisBox: chooses one field of a sweep and the values that it takes."""

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment, Options, option
from wganstudio.experiment.sweep import SweepField, geometric_values, linear_values, listed_values
from wganstudio.gui.form.editors import as_text, typed_value
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.form.group import message_label
from wganstudio.gui.widgets.plain_text import Label

LIST, LINEAR, GEOMETRIC = "List", "Linear range", "Geometric range"
MAX_ROWS = 6
"""Rows of a list of choices that are seen at once."""


class SweepOptions(Options):
    """A range of values of a sweep."""

    count: int = option(5, "Number of values", "The values between both ends are spaced evenly.", ge=1, le=50)


class FieldChooser(QComboBox):
    """A list of fields by title; typing a part of a title finds it."""

    chosen = Signal()

    def __init__(self, fields: Sequence[SweepField], path: str) -> None:
        super().__init__()
        self._fields = list(fields)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(28)
        self.addItems([field.title for field in self._fields])
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setToolTip("Choose a field of the form, or type a part of its title.")
        for row, field in enumerate(self._fields):
            help_text = field.options.model_fields[field.name].description or "The kind of the group."
            self.setItemData(row, f"{help_text} ({field.path})", Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(next((k for k, one in enumerate(self._fields) if one.path == path), 0))
        self.currentIndexChanged.connect(self._index_changed)
        self.line = QLineEdit()
        self.setLineEdit(self.line)
        self.line.setText(self.field.title)
        self.setCompleter(completer)
        self.line.editingFinished.connect(self._complete)

    @property
    def field(self) -> SweepField:
        """The chosen field."""
        return self._fields[max(self.currentIndex(), 0)]

    def choose(self, path: str) -> None:
        """Choose the field of a path."""
        self.setCurrentIndex([field.path for field in self._fields].index(path))

    @Slot()
    def _complete(self) -> None:
        """Take the first field that has the typed text in its title; without one, show the chosen field."""
        text = self.line.text().strip().lower()
        titles = [field.title.lower() for field in self._fields]
        found = next((row for row, title in enumerate(titles) if text and text in title), None)
        if self.field.title.lower() != text and found is not None:
            self.setCurrentIndex(found)
        self.line.setText(self.field.title)

    @Slot(int)
    def _index_changed(self, _: int) -> None:
        self.chosen.emit()


class AxisBox(QWidget):
    """A field, and its values: as a list, as a range, or ticked."""

    changed = Signal()

    def __init__(self, fields: Sequence[SweepField], path: str) -> None:
        super().__init__()
        self.chooser = FieldChooser(fields, path)
        self.chooser.setAccessibleName("Field of the sweep")
        self.spacing = QComboBox()
        self.spacing.setAccessibleName("Values as a list or a range")
        self.spacing.addItems([LIST, LINEAR, GEOMETRIC])
        self.list = QLineEdit()
        self.list.setAccessibleName("Values")
        self.list.setPlaceholderText("such as 1, 2, 5")
        self.count = FieldBox(SweepOptions, "count", 5)
        self.ticks = QListWidget()
        self.ticks.setAccessibleName("Values")
        self.message = message_label()
        self._ends = QHBoxLayout()
        self._ends.setContentsMargins(0, 0, 0, 0)
        self._range = QWidget()
        self._range.setLayout(self._ends)
        self.count.setParent(self._range)
        self.low: FieldBox | None = None
        self.high: FieldBox | None = None
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("Field", self.chooser)
        values = QVBoxLayout()
        values.setSpacing(4)
        for widget in (self.spacing, self.list, self._range, self.ticks, self.message):
            values.addWidget(widget)
        form.addRow("Values", values)
        self.chooser.chosen.connect(self._field_chosen)
        self.spacing.currentIndexChanged.connect(self._update)
        self.list.textChanged.connect(self._update)
        self.count.changed.connect(self._update)
        self.ticks.itemChanged.connect(self._update)
        self._show_field()

    @property
    def field(self) -> SweepField:
        """The chosen field."""
        return self.chooser.field

    def values(self) -> list[Any]:
        """Return the values; BadExperiment or ValueError with a sentence if they are not valid."""
        field = self.field
        if field.choices:
            rows = (self.ticks.item(row) for row in range(self.ticks.count()))
            chosen = [one for one in rows if one.checkState() == Qt.CheckState.Checked]
            values = [one.data(Qt.ItemDataRole.UserRole) for one in chosen]
        elif self.spacing.currentText() == LIST:
            info = field.options.model_fields[field.name]
            separator = ";" if ";" in self.list.text() else r"[,\s]"
            texts = filter(None, map(str.strip, re.split(separator, self.list.text())))
            values = [typed_value(info, text) for text in texts]
        else:
            values = self._spaced()
        if not values:
            raise ValueError("Tick a value." if field.choices else "Give a value.")
        return listed_values(field, values)

    def _spaced(self) -> list[float]:
        assert self.low is not None and self.high is not None
        low, high = self.low.value(), self.high.value()
        if not (self.low.valid and self.high.valid and self.count.valid) or None in (low, high):
            raise ValueError("Give both ends and the number of values.")
        space = linear_values if self.spacing.currentText() == LINEAR else geometric_values
        return space(low, high, self.count.value(), self.field.is_whole)

    def _show_field(self) -> None:
        """Offer values around the present one."""
        field = self.field
        while (place := self._ends.takeAt(0)) is not None:
            if (widget := place.widget()) is not None and widget is not self.count:
                widget.hide()
                widget.deleteLater()
        self.low = self.high = None
        with QSignalBlocker(self.ticks), QSignalBlocker(self.list), QSignalBlocker(self.spacing):
            self.ticks.clear()
            if field.choices:
                self._offer_choices(field)
            else:
                self._offer_numbers(field)
        self._update()

    def _offer_choices(self, field: SweepField) -> None:
        for value in field.choices:
            item = QListWidgetItem(field.text(value))
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            is_present = value == field.value or len(field.choices) == 2
            item.setCheckState(Qt.CheckState.Checked if is_present else Qt.CheckState.Unchecked)
            self.ticks.addItem(item)
        rows = min(self.ticks.count(), MAX_ROWS)
        self.ticks.setFixedHeight(rows * self.ticks.sizeHintForRow(0) + 2 * self.ticks.frameWidth())

    def _offer_numbers(self, field: SweepField) -> None:
        present = field.value
        geometric = isinstance(present, float) and present > 0
        low, high = _ends_around(field)
        self.low, self.high = (FieldBox(field.options, field.name, end) for end in (low, high))
        for text, box in (("from", self.low), ("to", self.high), ("count", self.count)):
            box.editor.inner.setAccessibleName(f"{text} (range)")
            self._ends.addWidget(Label(text), 0, Qt.AlignmentFlag.AlignTop)
            self._ends.addWidget(box, 1)
        for box in (self.low, self.high):
            box.changed.connect(self._update)
        listed = (
            [0, 1, 2]
            if field.name == "seed"
            else dict.fromkeys(v for v in (low, present, high) if v is not None)
        )
        self.list.setText(", ".join(map(as_text, listed)))
        self.spacing.setCurrentText(GEOMETRIC if geometric else LIST)

    @Slot()
    def _field_chosen(self) -> None:
        self._show_field()

    @Slot()
    def _update(self, *_: object) -> None:
        """Show the editors of the field, and the problem of its values."""
        choices, spacing = bool(self.field.choices), self.spacing.currentText()
        self.ticks.setVisible(choices)
        self.spacing.setVisible(not choices)
        self.list.setVisible(not choices and spacing == LIST)
        self._range.setVisible(not choices and spacing != LIST)
        self.message.setText(self.problem())
        self.message.setVisible(bool(self.message.text()))
        self.changed.emit()

    def problem(self) -> str:
        """Return a sentence on the values; empty if they are valid."""
        try:
            self.values()
        except BadExperiment as error:
            return error.problems[0].message
        except ValueError as error:
            return str(error)
        return ""


def _ends_around(field: SweepField) -> tuple[Any, Any]:
    """Return a smaller and a larger value that the field accepts, or its present value."""
    present = field.value
    if not isinstance(present, int | float):
        return None, None
    ends = []
    for factor in (0.1, 10.0) if isinstance(present, float) else (0.5, 2.0):
        end = round(present * factor) if field.is_whole else float(f"{present * factor:.4g}")
        try:
            ends.append(field.validated(end))
        except BadExperiment:
            ends.append(present)
    return ends[0], ends[1]
