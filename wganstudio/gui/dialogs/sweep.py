"""SweepDialog: asks for the values of lambda and the penalties of a sweep."""

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Experiment, Options, option, read
from wganstudio.figures.sweep.figure import PENALTY_NAMES
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.widgets.plain_text import Label

PENALTIES = {
    **{f"{side} ({kind.upper()})": (kind,) for kind, side in PENALTY_NAMES.items()},
    "both, with the same seed": tuple(PENALTY_NAMES),
}


def sweep(experiment: Experiment, penalties: list[float], kinds: tuple[str, ...]) -> list[Experiment]:
    """Return the experiment with each lambda and each kind of penalty; the seed stays the same."""
    settings = experiment.settings()
    return [
        read(settings | {"solver": settings["solver"] | {"kind": kind, "penalty": penalty}})
        for penalty in penalties
        for kind in kinds
    ]


def geometric_values(low: float, high: float, count: int) -> list[float]:
    """Return distinct values at equal ratios from low to high, rounded to three digits."""
    return list(dict.fromkeys(float(f"{value:.3g}") for value in np.geomspace(low, high, count)))


class SweepOptions(Options):
    """The values of lambda of a sweep."""

    low: float = option(1.0, "Smallest \u03bb", "First value of the penalty coefficient.", gt=0, le=1e6)
    high: float = option(100.0, "Largest \u03bb", "Last value of the penalty coefficient.", gt=0, le=1e6)
    count: int = option(5, "Number of values", "The values between them stand at equal ratios.", ge=1, le=50)


class SweepDialog(QDialog):
    """Range and number of the values of lambda, and the kind of penalty."""

    def __init__(self, parent: QWidget, penalty: float) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sweep lambda")
        self.low = FieldBox(SweepOptions, "low", _rounded(penalty / 10))
        self.high = FieldBox(SweepOptions, "high", _rounded(min(penalty * 10, 1e6)))
        self.count = FieldBox(SweepOptions, "count", 5)
        self.penalties = QComboBox()
        self.penalties.addItems(list(PENALTIES))
        self.summary = Label(wordWrap=True)
        self.summary.setProperty("role", "dim")
        for box in (self.low, self.high, self.count):
            box.changed.connect(self._update_summary)
        self.penalties.currentIndexChanged.connect(self._update_summary)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.run = self.buttons.addButton("Run", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        editors: tuple[tuple[str, QWidget], ...] = (
            ("Smallest \u03bb", self.low),
            ("Largest \u03bb", self.high),
            ("Number of values", self.count),
            ("Penalty", self.penalties),
        )
        for title, editor in editors:
            form.addRow(title, editor)
        intro = Label("Trains the form's experiment once for each \u03bb, one run after the other.")
        intro.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(intro)
        column.addLayout(form)
        column.addWidget(self.summary)
        column.addWidget(self.buttons)
        self._update_summary()

    def experiments(self, experiment: Experiment) -> list[Experiment]:
        """Return the experiments of the sweep."""
        return sweep(experiment, self._values(), PENALTIES[self.penalties.currentText()])

    def _values(self) -> list[float]:
        return geometric_values(self.low.value(), self.high.value(), self.count.value())

    @Slot()
    def _update_summary(self) -> None:
        values = self._values()
        runs = len(values) * len(PENALTIES[self.penalties.currentText()])
        valid = all(box.valid for box in (self.low, self.high, self.count))
        self.run.setEnabled(valid)
        text = f"{runs} runs: \u03bb = {', '.join(f'{value:g}' for value in values)}"
        self.summary.setText(text if valid else "")


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
