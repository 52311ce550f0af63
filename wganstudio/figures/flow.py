"""The true flow of a run, the region where mass flows, and the suboptimality of the critic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import Experiment
from wganstudio.figures.types import Float
from wganstudio.session import RunRecord
from wganstudio.training.declarations.truths import FlowAttributes
from wganstudio.truths.momentum import SIGMA_CUTOFF

FLOW_SHARE = 0.05
"""Share of the maximum of |w| above which mass is said to flow."""


@dataclass(frozen=True, eq=False)
class TrueFlow:
    """The flow w of optimal congested transport on the plane."""

    momentum: Float
    """w, [K, m, n], or [1, n] for D = 1."""
    sigma: Float
    potential: Float
    penalty: float
    congestion_cost: float

    @property
    def norm(self) -> Float:
        """|w| on the plane."""
        return np.asarray(np.linalg.norm(self.momentum, axis=0))

    @property
    def support(self) -> NDArray[np.bool_]:
        """True where |w| exceeds 5 % and sigma 1 % of their maxima; shaped like sigma."""
        norm = self.norm
        return np.asarray((norm > FLOW_SHARE * norm.max()) & (self.sigma > SIGMA_CUTOFF * self.sigma.max()))


@dataclass(frozen=True)
class Suboptimality:
    """The true congested cost minus the value, in [lower, upper] by the bounds of the cost alone."""

    value: float
    lower: float
    upper: float
    error: float
    """Standard error of the value."""
    law: str
    """The distributions that the congested cost is for."""

    @property
    def maximum(self) -> float:
        """Upper bound at two standard errors."""
        return self.upper + 2 * self.error


def may_have_flow(experiment: Experiment) -> bool:
    """Return False if no true flow is shown for any run of an experiment."""
    pair, penalty = experiment.pair, experiment.solver.gradient_penalty
    size = pair.size()
    in_sight = size is None or size.dim <= 2
    return bool(penalty) and in_sight and not (experiment.generator.moves or pair.has_point_masses)


def true_flow(record: RunRecord) -> TrueFlow | None:
    """Return the true flow of a run; None while it is not known."""
    flow = record.snapshot("flow")
    if flow is None:
        return None
    attributes = flow.attributes_as(FlowAttributes)
    momentum, sigma, potential = (flow.arrays[name] for name in ("momentum", "sigma", "potential"))
    return TrueFlow(momentum, sigma, potential, attributes.penalty, attributes.congestion_cost)


def suboptimality(record: RunRecord, step: int | None = None) -> Suboptimality | None:
    """Return the suboptimality at the newest point of the curve up to a step (default: the end).

    None while the congested cost or the value is unknown.
    """
    cost, estimate = record.truths.get("congested"), _value(record, step)
    if cost is None or estimate is None:
        return None
    value, error = estimate
    return Suboptimality(cost.value - value, cost.lower - value, cost.upper - value, error, cost.law)


def missing_flow_text(record: RunRecord) -> str:
    """Return one sentence on why a run with frames has no figure of the flow."""
    if record.flow_missing or record.truth_missing:
        return record.flow_missing or record.truth_missing
    if record.snapshot("flow") is not None:
        return "This run was recorded without gradient directions. Train it again to see them."
    if record.over:
        return (
            "The true flow is not available: it is still being computed, or the run was recorded without it."
        )
    return "The true flow is being computed…"


def _value(record: RunRecord, step: int | None) -> tuple[float, float] | None:
    ended = record.ended
    if ended is not None and "value" in ended.estimates and (step is None or step >= ended.step):
        return ended.estimates["value"], ended.estimates["value_se"]
    (steps, values), (_, errors) = record.curve("value"), record.curve("value_se")
    last = len(steps) if step is None else int(np.searchsorted(steps, step, "right"))
    if not last or len(errors) != len(values):
        return None
    return float(values[last - 1]), float(errors[last - 1])
