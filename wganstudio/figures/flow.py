"""What the figures of the flow share: where mass flows, how suboptimal a critic is, what is missing."""

from dataclasses import dataclass

import numpy as np

from wganstudio.figures.plane import Float
from wganstudio.session import RunRecord
from wganstudio.training.events import Flow
from wganstudio.truths.momentum import SIGMA_CUTOFF

MOVING = 0.05
"""Share of the maximum of |w| from which on mass is said to flow."""


@dataclass(frozen=True)
class Suboptimality:
    """The truth of the congested cost minus the value: [lower, upper] by the truth's bounds alone."""

    value: float
    lower: float
    upper: float
    error: float
    """Standard error of the value."""
    law: str

    @property
    def most(self) -> float:
        """What it is at most, at two standard errors."""
        return self.upper + 2 * self.error


def suboptimality(record: RunRecord, step: int | None = None) -> Suboptimality | None:
    """At the newest point of the curve up to a step (default: the end); None while either is unknown."""
    cost, known = record.truths.get("congested"), _value(record, step)
    if cost is None or known is None:
        return None
    value, error = known
    return Suboptimality(cost.value - value, cost.lower - value, cost.upper - value, error, cost.law)


def size_of(flow: Flow) -> Float:
    """|w| on the plane."""
    return np.asarray(np.linalg.norm(flow.arrays["momentum"], axis=0))


def where_mass_flows(flow: Flow) -> np.ndarray:
    """Points of the plane with |w| above 5 % and sigma above 1 % of their maxima: shaped like sigma, bool."""
    size, sigma = size_of(flow), flow.arrays["sigma"]
    return np.asarray((size > MOVING * size.max()) & (sigma > SIGMA_CUTOFF * sigma.max()))


def why_none(record: RunRecord) -> str:
    """Why a run with a picture has no figure of the flow, in one sentence."""
    if record.flow_missing or record.truth_missing:
        return record.flow_missing or record.truth_missing
    if record.flow is not None:
        return "This run was recorded without the directions of its gradient; train it again to see them."
    if record.over:
        return "The true flow is not there: it is still being computed, or this run was recorded without it."
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
