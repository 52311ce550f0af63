"""What smooths a plan: its entropy, or the square of its density."""

import math
from typing import NamedTuple, Self

import torch
from torch import Tensor

from wganstudio.experiment import GroundCost

_ROUNDS = 100


class CTransform(NamedTuple):
    """What n points are told of the dual's values psi [m] over weighted atoms."""

    value: Tensor
    """psi^{c,lambda} [n] = sup over phi of phi - E_y conjugate(phi + psi - c): what the dual is a mean of."""
    level: Tensor
    """The phi [n] that attains it; for the entropy the same."""
    shares: Tensor
    """[n, m], of sum 1 in each row: how the mass at the points is divided among the atoms."""


class DualHessian(NamedTuple):
    """The second derivative of sum_i a_i value_i in psi: -(diag(a M) - M^T diag(a / M 1) M) / scale."""

    weights: Tensor
    """M [n, m]."""
    scale: float


class Regularizer:
    """A convex charge of strength lambda on the density r of a plan to P x Q (arXiv 1802.08249)."""

    def __init__(self, strength: float) -> None:
        self.strength = strength

    def at(self, strength: float) -> Self:
        """The same charge of another strength."""
        return type(self)(strength)

    def weigh(self, heights: Tensor, weights: Tensor) -> CTransform:
        """From the heights psi_j - c(x_i, y_j) [n, m], which are used up, and the atoms' weights [m]."""
        raise NotImplementedError

    def rate(self, density: Tensor) -> Tensor:
        """The charge per unit of mass at a density r >= 0: a plan pays sum pi (c + rate(r))."""
        raise NotImplementedError

    def conjugate(self, excess: Tensor) -> Tensor:
        """What the dual pays for phi + psi - c, in the mean over P x Q."""
        raise NotImplementedError

    def curve(self, shares: Tensor, weights: Tensor) -> DualHessian:
        """How the dual bends where these are the shares."""
        raise NotImplementedError


class EntropyRegularizer(Regularizer):
    """lambda KL(pi | P x Q) = lambda E r log r; the dual pays lambda E r - lambda, with
    r = exp((phi + psi - c) / lambda)."""

    def weigh(self, heights: Tensor, weights: Tensor) -> CTransform:
        """phi = -lambda log sum_j b_j exp((psi_j - c) / lambda), by its largest term."""
        heights.div_(self.strength).add_(weights.log())
        top = heights.amax(1, keepdim=True)
        shares = heights.sub_(top).exp_()
        sums = shares.sum(1, keepdim=True)
        level = (sums.log() + top).squeeze(1).mul_(-self.strength)
        return CTransform(level, level, shares.div_(sums))

    def rate(self, density: Tensor) -> Tensor:
        """lambda log r, 0 where r is."""
        return self.strength * torch.where(density > 0, density, 1.0).log()

    def conjugate(self, excess: Tensor) -> Tensor:
        """lambda (exp(excess / lambda) - 1); beyond exp(30) on along its tangent, lest it overflow."""
        steep = (excess / self.strength).clamp(max=30.0)
        density = steep.exp()
        beyond = excess - self.strength * steep
        return self.strength * (density - 1) + density.detach() * beyond

    def curve(self, shares: Tensor, weights: Tensor) -> DualHessian:
        """M = p."""
        return DualHessian(shares, self.strength)


class QuadraticRegularizer(Regularizer):
    """lambda E r^2; the dual pays lambda E r^2 too, with r = (phi + psi - c)_+ / (2 lambda)."""

    def weigh(self, heights: Tensor, weights: Tensor) -> CTransform:
        """phi, where sum_j b_j (phi + psi_j - c)_+ = 2 lambda, by Newton's steps on that piecewise linear
        function: they come down to phi and are there once the atoms above 0 stay the same."""
        total = 2 * self.strength
        top = heights.amax(1)
        heights.sub_(top[:, None])
        level = torch.full_like(top, total)  # not above phi
        for k in range(_ROUNDS):
            active = (heights > -level[:, None]).to(heights).mul_(weights)
            found = (total - torch.einsum("ij,ij->i", active, heights)) / active.sum(1)
            if k > 0 and not (found < level).any():
                break
            level = found
        shares = heights.add_(level[:, None]).clamp_(min=0).mul_(weights)
        shares.div_(shares.sum(1, keepdim=True))
        level -= top
        value = level - self.strength * (shares.square() / weights).sum(1)
        return CTransform(value, level, shares)

    def rate(self, density: Tensor) -> Tensor:
        """lambda r."""
        return self.strength * density

    def conjugate(self, excess: Tensor) -> Tensor:
        """(excess)_+^2 / (4 lambda)."""
        return excess.clamp(min=0).square() / (4 * self.strength)

    def curve(self, shares: Tensor, weights: Tensor) -> DualHessian:
        """M = b where the density is above 0."""
        return DualHessian((shares > 0).to(shares) * weights, 2 * self.strength)


def regularizer_of(ground: GroundCost) -> Regularizer:
    """That of a ground; of none where its strength is 0, so it is above."""
    if not 0 < ground.epsilon < math.inf:
        raise ValueError(f"a strength of {ground.epsilon:g} smooths nothing")
    return (
        EntropyRegularizer(ground.epsilon)
        if ground.regularizer == "entropy"
        else QuadraticRegularizer(ground.epsilon)
    )
