"""Topic of `training.truths`: the true flow on the plane."""

from pydantic import BaseModel, ConfigDict, Field

from wganstudio.training.topics import ArraySpec, Topic, register_topic


class FlowAttributes(BaseModel):
    """The problem that the flow solves, and its cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    penalty: float = Field(gt=0)
    """lambda."""
    congestion_cost: float = Field(ge=0)
    """INT |w|^2 / sigma over all of space."""


FLOW = register_topic(
    Topic(
        "flow",
        {name: ArraySpec(("*plane",)) for name in ("sigma", "potential", "potential_norm")}
        | {"momentum": ArraySpec(("K", "*plane"))},
        attributes=FlowAttributes,
    )
)
"""The true flow on the plane, for D <= 2: `momentum` [K, m, n] ([1, n] for D = 1), and shaped like the plane
the `sigma` of the problem, the `potential` up to a constant, and its gradient norm, `potential_norm`."""
