"""Ground: what a transport cost is a cost of, where it is not W1."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Ground:
    """The cost c of moving a unit of mass from x to y, and the entropy that smooths the plan.

    c is |x - y|^2 or |x - y|; where it is `normalised`, divided by its mean over the data y for x = 0
    (arXiv 2102.05542, Section 5). `epsilon` is in units of c.
    """

    cost: Literal["squared", "distance"] = "squared"
    epsilon: float = 0.0
    normalised: bool = False

    @property
    def words(self) -> str:
        """Which transport it is."""
        of = {"squared": "squared distance", "distance": "distance"}[self.cost]
        of += " over its mean over the data" if self.normalised else ""
        how = f"entropic transport (\u03b5 = {self.epsilon:g})" if self.epsilon else "exact transport"
        return f"{how} at the {of}"
