"""Goal: whether a run may end before its last step, because its estimate stands still or is at the truth."""

from wganstudio.experiment import BadExperiment, Experiment, Problem
from wganstudio.training.events import TruthFound
from wganstudio.training.truths import find_truths
from wganstudio.truths import Quantity, Truth

POINTS = 10
"""Points of the curve in a mean: one alone is too noisy to judge by."""
TENDS: tuple[tuple[str, Quantity], ...] = (("value", "congested"), ("gap", "w1"))
"""What is judged, the first that there is, and the truth that it should reach."""


class StoppingCriterion:
    """Listens to the curves. It depends on the experiment alone, so that a run that it ends repeats.

    BadExperiment where a run is to end at the truth and that is not known as closely as asked.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.rule = experiment.training.stopping
        self._share = experiment.training.tolerance / 100
        self._heard: list[float] = []
        self._truth = _truth(experiment, self._share) if self.rule == "truth" else 0.0

    def reached(self, values: dict[str, float]) -> bool:
        """Take in one point of the curves; whether the run may end."""
        name = next((name for name, _ in TENDS if name in values), None)
        if self.rule == "steps" or name is None:
            return False
        self._heard.append(values[name])
        newest = _mean(self._heard[-POINTS:])
        if self.rule == "truth":
            near = abs(newest - self._truth) <= self._share * abs(self._truth)
            return len(self._heard) >= POINTS and near
        before = _mean(self._heard[-2 * POINTS : -POINTS])
        return len(self._heard) >= 2 * POINTS and abs(newest - before) <= self._share * abs(newest)


def _mean(values: list[float]) -> float:
    return sum(values) / max(len(values), 1)


def _truth(experiment: Experiment, share: float) -> float:
    wanted = TENDS[0 if experiment.solver.gradient_penalty is not None else 1][1]
    found: Truth | None = None
    for event in find_truths(experiment):
        if isinstance(event, TruthFound) and event.truth.quantity == wanted:
            found = event.truth  # a later one is tighter
    if found is None or found.upper - found.lower > 2 * share * abs(found.value):
        known = (
            "is not known"
            if found is None
            else f"is only known to be in [{found.lower:.4g}, {found.upper:.4g}]"
        )
        raise BadExperiment(
            Problem(
                "training.stopping",
                f"the cost to reach {known}; choose plateau or steps, or a wider `tolerance`",
            )
        )
    return found.value
