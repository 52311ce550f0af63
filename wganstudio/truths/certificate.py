"""Truth: a reference cost that always carries its certificate."""

from typing import Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, model_validator

Quantity = Literal["w1", "congested", "gap-limit", "transport"]
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
NAMES: dict[Quantity, str] = {
    "w1": "W\u2081",
    "congested": "Congested cost",
    "gap-limit": "Gap limit",
    "transport": "Transport cost",
}
"""Titles of the quantities."""
DISTRIBUTIONS = "the distributions themselves"
"""The `law` of a truth for the distributions of the pair as they are."""


class Bounds(NamedTuple):
    """lower <= cost <= upper."""

    lower: float
    upper: float


class Truth(BaseModel):
    """One reference cost: a value within [lower, upper], its method, its distributions, and its time.

    `w1` is the Wasserstein-1 distance, `congested` the cost C_lambda that the penalized value tends to
    (Milne & Nachman, arXiv 2109.00528, Theorem 1), `gap-limit` what the gap tends to,
    C - lambda dC / dlambda, `transport` the cost at another ground cost or a regularized one.
    `law` names the distributions that the value is for.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False, extra="forbid")

    quantity: Quantity
    value: float
    lower: float
    upper: float
    method: str
    law: str
    seconds: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.lower <= self.value <= self.upper:
            raise ValueError(f"the value {self.value} lies outside its bounds [{self.lower}, {self.upper}]")
        return self
