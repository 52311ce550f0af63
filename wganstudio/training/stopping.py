"""Early stopping: ends a run before its last step, at a plateau of its estimate or near the truth."""

from wganstudio.critics.training_state import Stateful
from wganstudio.experiment import BadExperiment, Experiment, Problem
from wganstudio.training.events import TruthFound
from wganstudio.training.truths import find_truths
from wganstudio.truths import Quantity, Truth

POINTS = 10
"""Points of the curve in a mean: single points are too noisy."""
TARGETS: tuple[tuple[str, Quantity], ...] = (("value", "congested"), ("gap", "w1"))
"""Estimates and the truths that they approach; the first estimate that a run has is used."""


class StoppingCriterion(Stateful):
    """Early stopping from the recorded curves; deterministic for a given experiment.

    BadExperiment if a run is to end at the truth but the bounds of the truth are wider than the tolerance.
    """

    state_names = ("_estimates",)

    def __init__(self, experiment: Experiment) -> None:
        self.rule = experiment.training.stopping
        self._tolerance = experiment.training.tolerance / 100
        self._estimates: list[float] = []
        self._truth = _truth(experiment, self._tolerance) if self.rule == "truth" else 0.0

    def reached(self, values: dict[str, float]) -> bool:
        """Add one point of the curves; return True if the run may end."""
        name = next((name for name, _ in TARGETS if name in values), None)
        if self.rule == "steps" or name is None:
            return False
        self._estimates = [*self._estimates[1 - 2 * POINTS :], values[name]]
        newest = _mean(self._estimates[-POINTS:])
        if self.rule == "truth":
            near = abs(newest - self._truth) <= self._tolerance * abs(self._truth)
            return len(self._estimates) >= POINTS and near
        before = _mean(self._estimates[-2 * POINTS : -POINTS])
        flat = abs(newest - before) <= self._tolerance * abs(newest)
        return len(self._estimates) >= 2 * POINTS and flat


def _mean(values: list[float]) -> float:
    return sum(values) / max(len(values), 1)


def _truth(experiment: Experiment, tolerance: float) -> float:
    quantity = TARGETS[0 if experiment.solver.gradient_penalty is not None else 1][1]
    truth: Truth | None = None
    for event in find_truths(experiment):
        if isinstance(event, TruthFound) and event.truth.quantity == quantity:
            truth = event.truth  # a later one is tighter
    if truth is None or truth.upper - truth.lower > 2 * tolerance * abs(truth.value):
        problem = (
            "is not known"
            if truth is None
            else f"is only known to be in [{truth.lower:.4g}, {truth.upper:.4g}]"
        )
        raise BadExperiment(
            Problem(
                "training.stopping",
                f"the cost to reach {problem}; choose plateau or steps, or a wider `tolerance`",
            )
        )
    return truth.value
