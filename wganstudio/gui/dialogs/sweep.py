"""SweepDialog: asks for one or two fields of the form, their values, and the seeds of a sweep."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.experiment.sweep import SEED, Axis, SweepField, listed_values, sweep, sweep_fields
from wganstudio.gui.dialogs.sweep_axis import AxisBox
from wganstudio.gui.form.editors import typed_value
from wganstudio.gui.form.group import message_label
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label

MAX_VALUES = 8
"""Values of a field that the summary writes out."""
FIRST = "solver.penalty"
"""The field that is offered first, where the solver has it."""
SECOND = "solver.kind"


class SweepDialog(QDialog):
    """The fields and values of a sweep over the form's experiment."""

    def __init__(
        self,
        parent: QWidget | None,
        experiment: Experiment,
        estimate: Callable[[Experiment], float | None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sweep")
        self._experiment = experiment
        self._estimate = estimate
        self._experiments: list[Experiment] = []
        fields = sweep_fields(experiment)
        self._seed = next(field for field in fields if field.path == SEED)
        self.first = AxisBox(fields, FIRST if FIRST in [one.path for one in fields] else SEED)
        self.use_second = QCheckBox("Second field, in every combination with the first")
        self.second = AxisBox(fields, SECOND)
        self.second.hide()
        self.seeds = QLineEdit()
        self.seeds.setAccessibleName("Seeds")
        self.seeds.setPlaceholderText(f"{experiment.training.seed}, that of the form")
        self.seeds.setToolTip("Every combination is trained with each seed, such as 0, 1, 2.")
        self.message = message_label()
        self.summary = Label(wordWrap=True)
        set_role(self.summary, "dim")
        self.buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.run = self.buttons.addButton("Run", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        intro = Label("Trains the form's experiment with each value; all other settings stay the same.")
        intro.setWordWrap(True)
        seeds = QFormLayout()
        seeds.addRow("Seeds", self.seeds)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(10)
        inner.addWidget(intro)
        inner.addWidget(self.first)
        inner.addWidget(self.use_second)
        inner.addWidget(self.second)
        inner.addLayout(seeds)
        inner.addWidget(self.message)
        inner.addWidget(self.summary)
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(body)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(area, 1)
        column.addWidget(self.buttons)
        self.resize(520, 480)
        self.first.changed.connect(self._update)
        self.second.changed.connect(self._update)
        self.use_second.toggled.connect(self._second_toggled)
        self.seeds.textChanged.connect(self._update)
        self._update()

    def experiments(self) -> list[Experiment]:
        """Return the experiments of the sweep, named by what differs."""
        return self._experiments

    def _axes(self) -> list[Axis]:
        boxes = [self.first, *([self.second] if self.use_second.isChecked() else [])]
        return [(box.field, box.values()) for box in boxes]

    def _seeds(self) -> list[int]:
        info = self._seed.options.model_fields[self._seed.name]
        texts = self.seeds.text().replace(",", " ").split()
        return listed_values(self._seed, (typed_value(info, text) for text in texts))

    @Slot(bool)
    def _second_toggled(self, on: bool) -> None:
        self.second.setVisible(on)
        self._update()

    @Slot()
    def _update(self) -> None:
        """Build the experiments, and say what they are or why there are none."""
        self._experiments, text, problem = [], "", ""
        if not (self.first.problem() or (self.use_second.isChecked() and self.second.problem())):
            try:
                text = self._build()
            except BadExperiment as error:
                problem = str(error.problems[0])
        self.message.setText(problem)
        self.message.setVisible(bool(problem))
        self.summary.setText(text)
        self.run.setEnabled(bool(self._experiments))

    def _build(self) -> str:
        axes, seeds = self._axes(), self._seeds()
        paths = [field.path for field, _ in axes]
        if len(set(paths)) < len(paths):
            return "Choose two different fields."
        seeds = [] if SEED in paths else seeds
        self._experiments = sweep(self._experiment, axes, seeds)
        parts = [_values_text(field, values) for field, values in axes]
        if seeds:
            parts.append(_values_text(self._seed, seeds))
        count = len(self._experiments)
        runs = "1 run" if count == 1 else f"{count:,} runs"
        return f"{runs}: {'; '.join(parts)}{self._time_text()}"

    def _time_text(self) -> str:
        """Return the estimated time of all runs; empty where it is not known of every one."""
        if self._estimate is None:
            return ""
        seconds = [self._estimate(experiment) for experiment in self._experiments]
        known = [one for one in seconds if one is not None]
        return f". About {_duration(sum(known))} in all." if len(known) == len(seconds) else ""


def _values_text(field: SweepField, values: Sequence[Any]) -> str:
    texts = [field.text(value) for value in values]
    if len(texts) > MAX_VALUES:
        texts = [*texts[: MAX_VALUES - 2], "\u2026", texts[-1]]
    return f"{field.label} = {', '.join(texts)}"


def _duration(seconds: float) -> str:
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{max(seconds, 1):.0f} s"
