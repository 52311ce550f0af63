"""Solvers that hold the critic near 1-Lipschitz functions by a penalty or by clipping."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import solvers
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver


class OneSided(AdamSolver):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)_+^2, whose supremum is the congested transport cost
    (Petzka et al., arXiv 1709.08894; Milne & Nachman, arXiv 2109.00528, Theorem 1)."""

    options: solvers.PenaltySolverOptions

    @property
    def penalty(self) -> float:  # type: ignore[override]
        """lambda, as WGAN-GP code counts it."""
        return self.options.penalty

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """(|grad u| - 1)_+^2 from |grad u|."""
        return (lengths - 1).clamp(min=0).square()

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The gap minus lambda times the mean penalty at points of sigma."""
        points, weights = self.sigma.points(x, y, self.generator)
        _, gradients = self.critic.gradient(points)
        penalties = self.penalty_of(torch.linalg.vector_norm(gradients, dim=1))
        penalties = penalties if weights is None else penalties * weights
        return self.gap(x, y) - self.penalty * penalties.mean()


class TwoSided(OneSided):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)^2 (Gulrajani et al., arXiv 1704.00028)."""

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """(|grad u| - 1)^2 from |grad u|."""
        return (lengths - 1).square()


class Plain(AdamSolver):
    """max E_P u - E_Q u over a critic whose architecture bounds |grad u| by 1."""

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The gap."""
        return self.gap(x, y)


class WeightClipping(Plain):
    """max E_P u - E_Q u with every weight, not bias, clipped to [-clip, clip] (arXiv 1701.07875).

    It is clipped from the start and after each step, so that a critic that is looked at is a clipped one.
    """

    options: solvers.WeightClippingOptions

    def __init__(
        self,
        options: solvers.WeightClippingOptions,
        critic: Critic,
        *,
        steps: int,
        batch: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self._clip()

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """One Adam step, then clipping."""
        objective = super().step(p, q)
        self._clip()
        return objective

    @torch.no_grad()
    def _clip(self) -> None:
        for weight in self.critic.parameters():
            if weight.ndim > 1:
                weight.clamp_(-self.options.clip, self.options.clip)
