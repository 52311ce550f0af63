"""Ground: what a transport cost is a cost of, where it is not W1."""

from dataclasses import dataclass, replace
from typing import Literal

Cost = Literal["squared", "distance", "p-norm", "cosine"]
RegularizerName = Literal["entropy", "l2"]
Space = Literal["none", "pca", "convolutions", "encoder", "learned"]


@dataclass(frozen=True)
class GroundCost:
    """The cost c of moving a unit of mass from x to y, and what smooths the plan.

    c is |x - y|^2, |x - y|, the `p`-norm of x - y or 1 - cos(x, y), taken between the points or between their
    `features`, `feature_dim` of them; where it is `normalized`, divided by its mean over the data y for x = 0
    (arXiv 2102.05542, Section 5). A plan of density r to P x Q pays besides `epsilon` KL for the `entropy`,
    `epsilon` E r^2 for `l2` (arXiv 1802.08249): epsilon is in units of c, and 0 stands for exact transport.
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
        """The same without smoothing."""
        return replace(self, epsilon=0.0)

    @property
    def plain(self) -> bool:
        """Whether it is between the points themselves, exact or entropic, by the distance or its square."""
        return (
            self.features == "none"
            and self.cost in ("squared", "distance")
            and (self.regularizer == "entropy" or self.epsilon == 0)
        )

    @property
    def maps(self) -> bool:
        """Whether it is by the squared distance of points, whose transport from densities is a map."""
        return self.features == "none" and self.cost == "squared"

    @property
    def words(self) -> str:
        """Which transport it is."""
        of = {
            "squared": "squared distance",
            "distance": "distance",
            "p-norm": f"{self.p:g}-norm",
            "cosine": "cosine distance",
        }[self.cost]
        if self.features != "none":
            named = {"pca": "principal components", "convolutions": "random features", "encoder": "a code"}
            of += f" of {named.get(self.features, 'learned features')}"
        of += " over its mean over the data" if self.normalized else ""
        how = {"entropy": "entropic transport (\u03b5", "l2": "transport with a squared density (\u03bb"}
        smooth = f"{how[self.regularizer]} = {self.epsilon:g})"
        return f"{smooth if self.epsilon else 'exact transport'} at the {of}"
