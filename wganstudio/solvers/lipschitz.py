"""Solvers that keep the critic close to 1-Lipschitz by a gradient penalty or by clipping."""

import torch
from torch import Tensor

from wganstudio.experiment import solvers
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver
from wganstudio.solvers.base import SolverContext


class OneSidedPenalty(AdamSolver):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)_+^2.

    The supremum over all u is the congested transport cost.

    References
    ----------
    Petzka et al., arXiv 1709.08894. Milne & Nachman, arXiv 2109.00528, Theorem 1.
    """

    options: solvers.PenaltySolverOptions

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """Return (|grad u| - 1)_+^2 from |grad u|."""
        return (lengths - 1).clamp(min=0).square()

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the gap minus lambda times the mean penalty at points of sigma."""
        points, weights = self.sigma.points(x, y, self.rng)
        _, gradients = self.critic.gradient(points)
        penalties = self.penalty_of(torch.linalg.vector_norm(gradients, dim=1))
        penalties = penalties if weights is None else penalties * weights
        return self.gap(x, y) - self.options.penalty * penalties.mean()


class TwoSidedPenalty(OneSidedPenalty):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)^2.

    References
    ----------
    Gulrajani et al., arXiv 1704.00028.
    """

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """Return (|grad u| - 1)^2 from |grad u|."""
        return (lengths - 1).square()


class PlainGap(AdamSolver):
    """max E_P u - E_Q u over a critic whose architecture bounds |grad u| by 1."""

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the gap."""
        return self.gap(x, y)


class WeightClipping(PlainGap):
    """max E_P u - E_Q u with every weight, not bias, clipped to [-clip, clip].

    Weights are clipped at the start and after each step, so that the critic always satisfies the constraint.

    References
    ----------
    Arjovsky, Chintala & Bottou, arXiv 1701.07875.
    """

    options: solvers.WeightClippingOptions

    def __init__(self, options: solvers.WeightClippingOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        self._clip()

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one Adam step, then clip; return the objective before the step."""
        objective = super().step(p, q)
        self._clip()
        return objective

    @torch.no_grad()
    def _clip(self) -> None:
        for weight in self.critic.parameters():
            if weight.ndim > 1:
                weight.clamp_(-self.options.clip, self.options.clip)
