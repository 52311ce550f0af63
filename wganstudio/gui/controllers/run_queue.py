"""Sweeping: several experiments run one after the other: for several lambdas, or the five systems."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment, Experiment, override, read
from wganstudio.figures.sweep.figure import PENALTY_NAMES
from wganstudio.suites import SuiteError
from wganstudio.suites.five_systems import systems

if TYPE_CHECKING:
    from wganstudio.gui.window import MainWindow

PENALTIES = {
    **{f"{side} ({kind.upper()})": (kind,) for kind, side in PENALTY_NAMES.items()},
    "both, on the same seed": tuple(PENALTY_NAMES),
}


def sweep(experiment: Experiment, penalties: list[float], kinds: tuple[str, ...]) -> list[Experiment]:
    """The experiment with each lambda and each kind of penalty; else alike, and from the same seed."""
    made = []
    for penalty in penalties:
        for kind in kinds:
            settings = experiment.settings()
            settings["solver"]["kind"] = kind
            name = f"\u03bb = {penalty:g}, {PENALTY_NAMES[kind]}"
            made.append(read(override(settings, [("solver.penalty", penalty), ("about.name", name)])))
    return made


def spread(low: float, high: float, count: int) -> list[float]:
    """Lambdas at equal ratios, to three digits."""
    return [float(f"{value:.3g}") for value in np.geomspace(low, high, count)]


class SweepDialog(QDialog):
    """Asks for the lambdas and the penalties."""

    def __init__(self, parent: QWidget, penalty: float) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sweep lambda")
        self.low = self._number(max(penalty / 10, 1e-4))
        self.high = self._number(min(penalty * 10, 1e6))
        self.count = QSpinBox(minimum=1, maximum=50, value=5)
        self.penalties = QComboBox()
        self.penalties.addItems(list(PENALTIES))
        self.told = QLabel()
        self.told.setProperty("role", "dim")
        for signal in (self.low.valueChanged, self.high.valueChanged, self.count.valueChanged):
            signal.connect(self._tell)
        self.penalties.currentIndexChanged.connect(self._tell)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.run = self.buttons.addButton("Run", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        for title, editor in (
            ("Smallest \u03bb", self.low),
            ("Largest \u03bb", self.high),
            ("Values", self.count),
            ("Penalty", self.penalties),
        ):
            form.addRow(title, editor)
        intro = QLabel("Trains the form's experiment once for each \u03bb, one run after the other.")
        intro.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(intro)
        column.addLayout(form)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        self._tell()

    def experiments(self, experiment: Experiment) -> list[Experiment]:
        """What was asked for, of this experiment."""
        return sweep(experiment, self._values(), PENALTIES[self.penalties.currentText()])

    def _values(self) -> list[float]:
        return list(dict.fromkeys(spread(self.low.value(), self.high.value(), self.count.value())))

    @Slot()
    def _tell(self) -> None:
        values = self._values()
        runs = len(values) * len(PENALTIES[self.penalties.currentText()])
        self.told.setText(f"{runs} runs: \u03bb = {', '.join(f'{value:g}' for value in values)}")
        self.told.setWordWrap(True)

    @staticmethod
    def _number(value: float) -> QDoubleSpinBox:
        box = QDoubleSpinBox(decimals=4, minimum=1e-4, maximum=1e6, value=value)
        box.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        return box


class RunQueue(QObject):
    """Works on the window: asks what to run, and has one run begin when the one before is over."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._waiting: list[Experiment] = []

    @property
    def waiting(self) -> int:
        """How many runs wait for their turn."""
        return len(self._waiting)

    @Slot()
    def ask(self) -> None:
        """Ask for the lambdas, and train the form's experiment with each."""
        window = self._window
        experiment = window.experiment_of_form()
        if experiment is None or window.control.busy or window.desk.following:
            return
        penalty = getattr(experiment.solver, "penalty", None)
        if penalty is None:
            window.fault("This solver has no lambda to sweep; choose LP or GP.")
            return
        dialog = SweepDialog(window, penalty)
        accepted = dialog.exec() == SweepDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            self._begin("sweep", dialog.experiments(experiment))

    @Slot()
    def compare(self) -> None:
        """Train the five systems on the form's pair."""
        window = self._window
        experiment = window.experiment_of_form()
        if experiment is None or window.control.busy or window.desk.following:
            return
        try:
            self._begin("systems", systems(experiment))
        except (BadExperiment, SuiteError) as error:
            window.fault(f"The five systems cannot be run here: {error}.")

    def _begin(self, view: str, experiments: list[Experiment]) -> None:
        dock = self._window.area.docks[view]
        dock.show()
        dock.raise_()
        self._waiting = experiments
        self.advance()

    @Slot()
    def advance(self) -> None:
        """It is the next one's turn, if there is one."""
        if self._waiting and not self._window.control.busy:
            self._window.begin(self._waiting.pop(0))

    def give_up(self) -> None:
        """Forget the runs that wait."""
        if self._waiting:
            self._window.note(f"{self.waiting} runs that waited for their turn were given up.")
            self._waiting = []
