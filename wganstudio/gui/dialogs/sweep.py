"""SweepDialog: asks for the values of lambda and the penalties of a sweep."""

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Experiment, override, read
from wganstudio.figures.sweep.figure import PENALTY_NAMES
from wganstudio.gui.widgets.plain_text import Label

PENALTIES = {
    **{f"{side} ({kind.upper()})": (kind,) for kind, side in PENALTY_NAMES.items()},
    "both, with the same seed": tuple(PENALTY_NAMES),
}


def sweep(experiment: Experiment, penalties: list[float], kinds: tuple[str, ...]) -> list[Experiment]:
    """Return the experiment with each lambda and each kind of penalty; the seed stays the same."""
    experiments = []
    for penalty in penalties:
        for kind in kinds:
            settings = experiment.settings()
            settings["solver"]["kind"] = kind
            name = f"\u03bb = {penalty:g}, {PENALTY_NAMES[kind]}"
            experiments.append(read(override(settings, [("solver.penalty", penalty), ("about.name", name)])))
    return experiments


def geometric_values(low: float, high: float, count: int) -> list[float]:
    """Return distinct values at equal ratios from low to high, rounded to three digits."""
    return list(dict.fromkeys(float(f"{value:.3g}") for value in np.geomspace(low, high, count)))


class SweepDialog(QDialog):
    """Range and number of the values of lambda, and the kind of penalty."""

    def __init__(self, parent: QWidget, penalty: float) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sweep lambda")
        self.low = self._number(max(penalty / 10, 1e-4))
        self.high = self._number(min(penalty * 10, 1e6))
        self.count = QSpinBox(minimum=1, maximum=50, value=5)
        self.penalties = QComboBox()
        self.penalties.addItems(list(PENALTIES))
        self.summary = Label(wordWrap=True)
        self.summary.setProperty("role", "dim")
        for signal in (self.low.valueChanged, self.high.valueChanged, self.count.valueChanged):
            signal.connect(self._update_summary)
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
        self.summary.setText(f"{runs} runs: \u03bb = {', '.join(f'{value:g}' for value in values)}")

    @staticmethod
    def _number(value: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox(decimals=4, minimum=1e-4, maximum=1e6, value=value)
        box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        return box
