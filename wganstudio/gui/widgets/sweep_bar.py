"""SweepBar: one slider for each field in which runs of the session differ from the shown one."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from wganstudio.figures.families import FieldFamily
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.session.record import RunRecord

MAX_FIELDS = 3
"""Fields that have a slider at the same time."""


class SweepBar(QWidget):
    """Selects the run with another value of a field, in all views; hidden for a run of no sweep."""

    run_wanted = Signal(int)
    """The number of the run that the user wants to see."""
    lock_toggled = Signal(bool)
    """The user locks the color scales of all views, or lets them follow the data."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[SweptFieldRow] = []
        self.lock = QToolButton()
        self.lock.setText("Lock scales")
        self.lock.setToolTip("Keep the color scales of all views while you slide from run to run.")
        self.lock.setCheckable(True)
        self.lock.setAutoRaise(True)
        self.lock.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.lock.toggled.connect(self._lock_toggled)
        set_icon(self.lock, "unlock")
        self._fields = QVBoxLayout()
        self._fields.setSpacing(2)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(10)
        row.addLayout(self._fields, 1)
        row.addWidget(self.lock)
        self.hide()

    def show_families(self, record: RunRecord | None, families: Sequence[FieldFamily]) -> None:
        """Show the sliders of a run."""
        families = families[:MAX_FIELDS]
        while len(self.rows) > len(families):
            row = self.rows.pop()
            self._fields.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(families):
            row = SweptFieldRow()
            row.run_wanted.connect(self.run_wanted)
            self._fields.addWidget(row)
            self.rows.append(row)
        for row, family in zip(self.rows, families, strict=True):
            assert record is not None
            row.show_family(family, family.index(record))
        self.setVisible(bool(families) or self.lock.isChecked())

    @Slot(bool)
    def _lock_toggled(self, on: bool) -> None:
        set_icon(self.lock, "lock" if on else "unlock")
        self.lock_toggled.emit(on)


class SweptFieldRow(QWidget):
    """The name of a field, its smallest and largest value with a slider between, and the value shown."""

    run_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._family: FieldFamily | None = None
        self.title, self.low, self.high, self.value = (Label() for _ in range(4))
        set_role(self.value, "title")
        for label in (self.low, self.high):
            set_role(label, "dim")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.setMinimumWidth(60)
        self.slider.valueChanged.connect(self._index_chosen)
        self.choice = QComboBox()
        self.choice.currentIndexChanged.connect(self._index_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.title)
        row.addWidget(self.low)
        row.addWidget(self.slider, 1)
        row.addWidget(self.high)
        row.addWidget(self.choice)
        row.addWidget(self.value)
        row.addStretch(0)

    def show_family(self, family: FieldFamily, index: int) -> None:
        """Show the values of a field, and that of the shown run."""
        self._family = family
        texts = [family.text(place) for place in range(len(family.values))]
        unit = f" {family.unit}" if family.unit else ""
        self.title.setText(f"{family.title}:")
        self.low.setText(texts[0])
        self.high.setText(texts[-1])
        self.value.setText(f"{texts[index]}{unit} ({index + 1} of {len(texts)})")
        tip = tooltip(f"{family.title}: {', '.join(texts)}\nSelects the run with this value in all views.")
        for control in (self.slider, self.choice):
            control.setAccessibleName(f"{family.title} of the shown run")
            control.setToolTip(tip)
        with QSignalBlocker(self.slider), QSignalBlocker(self.choice):
            self.slider.setRange(0, len(texts) - 1)
            self.slider.setValue(index)
            if texts != [self.choice.itemText(place) for place in range(self.choice.count())]:
                self.choice.clear()
                self.choice.addItems(texts)
            self.choice.setCurrentIndex(index)
        for widget in (self.slider, self.low, self.high):
            widget.setVisible(family.is_numeric)
        self.choice.setVisible(not family.is_numeric)

    @Slot(int)
    def _index_chosen(self, index: int) -> None:
        if self._family is not None and 0 <= index < len(self._family.records):
            self.run_wanted.emit(self._family.records[index].run)
