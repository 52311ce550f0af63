"""Topic and metrics of `training.critic_descent`: samples of P that descend the critic by W1."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from wganstudio.training.metric_registry import Metric, register_metric
from wganstudio.training.topics import Arrays, ArraySpec, Dims, Topic, register_topic

BOUNDS = ("lower", "lower_se", "upper", "upper_se")
"""Arrays of the bounds of the W1 left over, with their standard errors."""


class DescentAttributes(BaseModel):
    """The numbers of a descent that belong to no single step of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    samples: int
    """Samples of either distribution in one transport problem."""
    draws: int
    """Independent draws of them."""
    reference: float
    """Mean W1 between two samples of Q."""
    reference_se: float
    first_length: str
    """Origin of the length of the first step, in words."""


def _check(arrays: Arrays, dims: Dims, attributes: Any) -> str:
    steps = dims["steps"][0]
    return "" if steps > 0 and dims["states"][0] == steps + 1 else "the states do not match the steps"


def _estimates(arrays: Arrays) -> dict[str, float]:
    """Return the W1 left over after one step."""
    upper, error, lower = (float(arrays[name][1]) for name in ("upper", "upper_se", "lower"))
    return {"w1_left": upper, "w1_left_se": error, "w1_left_lower": lower}


CRITIC_DESCENT = register_topic(
    Topic(
        "critic-descent",
        {"points": ArraySpec(("states", "k", "K")), "targets": ArraySpec(("t", "K"))}
        | {name: ArraySpec(("states",)) for name in (*BOUNDS, "gaps", "mean_norms")}
        | {"lengths": ArraySpec(("steps",))},
        attributes=DescentAttributes,
        check=_check,
        estimates=_estimates,
        producer="wganstudio.training.critic_descent:CriticDescentProducer",
    )
)
"""Samples of P that walk down the critic by W1, and the W1 left over (arXiv 2211.00820, Algorithm 1).

`points` [m + 1, k, K]: samples on the plane before the first of m steps and after each; `targets` [t, K]:
samples of Q on the plane; `upper` [m + 1], `upper_se`: mean cost of exact transport between samples, an upper
bound of the W1 left over; `lower` [m + 1], `lower_se`: mean gap of its potential on fresh samples, a lower
bound; `gaps` [m + 1]: the critic's gap between moved samples and Q; `mean_norms` [m + 1]: E|grad u| at them;
`lengths` [m]: mean displacement of each step.
"""
W1_LEFT = register_metric(
    Metric(
        name="w1_left",
        title="W\u2081 left over by one descent step",
        unit="",
        description="W1 to Q that is left over when samples of P descend the critic by W1, between samples",
        ideal=0.0,
        higher_is_better=False,
        source="estimates.w1_left",
        scale=None,
        color_range=(0.0, None),
        axis="W\u2081 left over",
    )
)
