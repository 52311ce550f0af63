"""The ground cost of optimal transport and its regularization."""

from dataclasses import dataclass, replace
from typing import Literal

Cost = Literal["squared", "distance", "p-norm", "cosine"]
RegularizerName = Literal["entropy", "l2"]
Space = Literal["none", "pca", "convolutions", "encoder", "learned"]


@dataclass(frozen=True)
class GroundCost:
    """The cost c(x, y) of moving a unit of mass from x to y, and the regularization of the plan.

    c is |x - y|^2, |x - y|, the `p`-norm of x - y or 1 - cos(x, y), between the points or between their
    `features` (`feature_dim` of them). If `normalized`, c is divided by its mean over the data y for x = 0
    (arXiv 2102.05542, Section 5). A plan with density r with respect to P x Q costs in addition `epsilon` KL
    (`entropy`) or `epsilon` E r^2 (`l2`, arXiv 1802.08249). epsilon is in units of c; 0 means
    exact transport.
    """

    cost: Cost = "squared"
    epsilon: float = 0.0
    normalized: bool = False
    regularizer: RegularizerName = "entropy"
    p: float = 2.0
    features: Space = "none"
    feature_dim: int | None = None

    @property
    def exact(self) -> "GroundCost":
        """The same ground cost without regularization."""
        return replace(self, epsilon=0.0)

    @property
    def is_plain(self) -> bool:
        """True for the distance or squared distance of points, exact or with entropy."""
        return (
            self.features == "none"
            and self.cost in ("squared", "distance")
            and (self.regularizer == "entropy" or self.epsilon == 0)
        )

    @property
    def has_map(self) -> bool:
        """True for the squared distance of points: its optimal plan from a density is a map."""
        return self.features == "none" and self.cost == "squared"

    @property
    def description(self) -> str:
        """Human-readable description, e.g. "entropic transport (ε = 0.1) at the squared distance"."""
        cost = {
            "squared": "squared distance",
            "distance": "distance",
            "p-norm": f"{self.p:g}-norm",
            "cosine": "cosine distance",
        }[self.cost]
        if self.features != "none":
            names = {"pca": "principal components", "convolutions": "random features", "encoder": "a code"}
            cost += f" of {names.get(self.features, 'learned features')}"
        cost += " over its mean over the data" if self.normalized else ""
        if not self.epsilon:
            return f"exact transport at the {cost}"
        kind = {
            "entropy": "entropic transport (\u03b5",
            "l2": "transport with a squared density (\u03bb",
        }[self.regularizer]
        return f"{kind} = {self.epsilon:g}) at the {cost}"
