"""Solvers that keep the critic close to 1-Lipschitz by a gradient penalty or by clipping."""

import torch
from torch import Tensor

from wganstudio.experiment import solvers
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import SolverContext
from wganstudio.solvers.value_objective import ValueObjective


class OneSidedPenalty(ValueObjective):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)_+^2.

    The supremum over all u is the congested transport cost.

    References
    ----------
    Petzka et al., arXiv 1709.08894. Milne & Nachman, arXiv 2109.00528, Theorem 1.
    """

    options: solvers.PenaltySolverOptions

    def excess(self, lengths: Tensor) -> Tensor:
        """Return (|grad u| - 1)_+ from |grad u|, half the derivative of its square."""
        return (lengths - 1).clamp(min=0)

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """Return the square of the excess."""
        return self.excess(lengths).square()

    def penalty_derivative(self, lengths: Tensor) -> Tensor:
        """Return twice the excess."""
        return 2 * self.excess(lengths)


class TwoSidedPenalty(OneSidedPenalty):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)^2.

    References
    ----------
    Gulrajani et al., arXiv 1704.00028.
    """

    def excess(self, lengths: Tensor) -> Tensor:
        """Return |grad u| - 1, half the derivative of its square."""
        return lengths - 1


class PlainGap(ValueObjective):
    """max E_P u - E_Q u over a critic whose architecture bounds |grad u| by 1."""


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
