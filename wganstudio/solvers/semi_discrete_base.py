"""Transport to points of P: what the solvers share whose critic is the smoothed transform of a dual there."""

from typing import Any

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.c_transform import CHUNK, BarycentricMap, RegularizedCTransform
from wganstudio.critics.features import Features, features_of
from wganstudio.experiment.regularized import RegularizedOTOptions
from wganstudio.experiment.semi_discrete import SemiDiscreteOptions
from wganstudio.ot.regularized import DualCertificate, RegularizedOT
from wganstudio.ot.regularizers import regularizer_of
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver

LEAST_CARRIED = 64
OWN_ACCURACY = 1e-5
"""Of the transport of a batch to itself, in units of the cost."""


class SemiDiscreteBase(Solver):
    """Follows sum_j p_j(x) grad_x c(x, y_j), where p are the weights of the critic's dual over points y of P.

    Nothing is differentiated through what found the dual (arXiv 1802.08249, Theorem 4.1; 2102.05542,
    Theorem 3).
    """

    options: SemiDiscreteOptions | RegularizedOTOptions
    critic: RegularizedCTransform
    features: Features | None

    def __init__(
        self, options: Any, critic: Critic, *, steps: int, batch: int, generator: torch.Generator
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self.features = features_of(options.ground, critic.dim)

    def lay(self, p: Sampler, q: Sampler, atoms: Tensor, weights: Tensor) -> None:
        """Fit the features that the ground names, and make the critic over atoms [n, D] of P."""
        if self.features is not None:
            self.features.to(atoms.device).begin(p, q)
        self.critic = RegularizedCTransform(atoms, weights, self.options.ground, features=self.features)
        self.scale = self.critic.scale
        self.carried = min(type(self).carried, max(LEAST_CARRIED, CHUNK // len(atoms)))

    @torch.no_grad()
    def cost_gradient(self, points: Tensor) -> Tensor:
        """The gradient [n, D] of the cost at points [n, D] of Q, times their number; debiased, less that of
        half the cost between the points and themselves."""
        found = self.toward(points)
        if not (self.options.debias and self.options.ground.epsilon > 0):
            return found
        return found - self.critic.pulled(self.own(points).weighed.shares.to(points), points, points)

    def toward(self, points: Tensor) -> Tensor:
        """sum_j p_j(x) grad_x c(x, y_j) [n, D]."""
        return -self.critic.gradient(points)[1]

    def to_p(self, points: Tensor) -> Tensor | None:
        """The mean of where the dual's weights take points [n, D] of Q, at the squared distance."""
        map = self.map_to_p()
        return None if map is None else map(points)

    def map_to_p(self) -> BarycentricMap | None:
        """That, by the dual as it is now."""
        return BarycentricMap(self.critic) if self.options.maps else None

    def own(self, points: Tensor) -> DualCertificate:
        """Transport of points [n, D] of equal weight to themselves."""
        return RegularizedOT(self.critic.costs(points, points), regularizer_of(self.options.ground)).own(
            OWN_ACCURACY
        )
