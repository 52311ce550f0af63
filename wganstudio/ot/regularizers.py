"""Convex regularizers of a transport plan: its entropy, or the square of its density."""

import math
from typing import NamedTuple, Self

from wganstudio.experiment import GroundCost
from wganstudio.ot.backend import Array, array_namespace, clip, detach, maximum_in_place

_MAX_NEWTON_STEPS = 100
_MAX_EXPONENT = 30.0


class CTransform(NamedTuple):
    """The regularized c-transform of a dual potential psi [m] at n points."""

    value: Array
    """psi^{c,lambda} [n] = sup over phi of phi - E_y conjugate(phi + psi - c); its mean enters the dual."""
    phi: Array
    """The maximizer phi [n]; for the entropy it equals the value."""
    shares: Array
    """The plan's conditional distribution [n, m]: row i divides the mass at point i among the atoms."""


class DualHessian(NamedTuple):
    """The second derivative of sum_i a_i value_i in psi: -(diag(a M) - M^T diag(a / M 1) M) / scale."""

    weights: Array
    """M [n, m]."""
    scale: float


class Regularizer:
    """A convex function of the density r of a plan to P x Q, times `strength` lambda.

    References
    ----------
    Seguy et al., Large-scale optimal transport and mapping estimation, arXiv 1711.02283.
    Sanjabi et al., On the convergence and robustness of training GANs with regularized optimal transport,
    arXiv 1802.08249.
    """

    def __init__(self, strength: float) -> None:
        self.strength = strength

    def with_strength(self, strength: float) -> Self:
        """Return the same regularizer of another strength."""
        return type(self)(strength)

    def c_transform(self, scores: Array, weights: Array) -> CTransform:
        """Return the regularized c-transform.

        Parameters
        ----------
        scores : array
            psi_j - c(x_i, y_j) [n, m]. Overwritten.
        weights : array
            Weights [m] of the atoms, above 0.
        """
        raise NotImplementedError

    def cost_per_mass(self, density: Array) -> Array:
        """Return the charge per unit of mass at a density r >= 0: a plan pays sum pi (c + this)."""
        raise NotImplementedError

    def conjugate(self, excess: Array) -> Array:
        """Return the convex conjugate at phi + psi - c; the dual subtracts its mean over P x Q."""
        raise NotImplementedError

    def hessian(self, shares: Array, weights: Array) -> DualHessian:
        """Return the factors of the dual's Hessian where the c-transform has these shares."""
        raise NotImplementedError


class EntropyRegularizer(Regularizer):
    r"""The entropy :math:`\lambda KL(\pi | P \times Q) = \lambda E[r \log r]`.

    The dual subtracts lambda E r - lambda, with r = exp((phi + psi - c) / lambda).
    """

    def c_transform(self, scores: Array, weights: Array) -> CTransform:
        """Return phi = -lambda log sum_j b_j exp((psi_j - c) / lambda), as a stable log-sum-exp."""
        xp = array_namespace(scores, weights)
        scores /= self.strength
        scores += xp.log(weights)
        top = xp.max(scores, axis=1, keepdims=True)
        scores -= top
        shares = xp.exp(scores, out=scores)
        sums = xp.sum(shares, axis=1, keepdims=True)
        phi = (xp.log(sums) + top)[:, 0]
        phi *= -self.strength
        shares /= sums
        return CTransform(phi, phi, shares)

    def cost_per_mass(self, density: Array) -> Array:
        """Return lambda log r, and 0 where r is 0."""
        xp = array_namespace(density)
        return self.strength * xp.log(xp.where(density > 0, density, 1.0))

    def conjugate(self, excess: Array) -> Array:
        """Return lambda (exp(excess / lambda) - 1), continued along its tangent from exp(30) on."""
        xp = array_namespace(excess)
        exponent = clip(excess / self.strength, high=_MAX_EXPONENT)
        density = xp.exp(exponent)
        beyond = excess - self.strength * exponent
        return self.strength * (density - 1) + detach(density) * beyond

    def hessian(self, shares: Array, weights: Array) -> DualHessian:
        """Return M = the shares."""
        return DualHessian(shares, self.strength)


class QuadraticRegularizer(Regularizer):
    r"""The squared density :math:`\lambda E[r^2]`.

    The dual subtracts lambda E r^2 too, with r = (phi + psi - c)_+ / (2 lambda).
    """

    def c_transform(self, scores: Array, weights: Array) -> CTransform:
        """Return the c-transform whose phi solves sum_j b_j (phi + psi_j - c)_+ = 2 lambda.

        Newton's method on this piecewise linear function decreases to phi, and has arrived once the set of
        atoms above 0 stays the same.
        """
        xp = array_namespace(scores, weights)
        total = 2 * self.strength
        top = xp.max(scores, axis=1)
        scores -= top[:, None]
        phi = xp.full_like(top, total)  # not above the solution
        for k in range(_MAX_NEWTON_STEPS):
            active = xp.astype(scores > -phi[:, None], scores.dtype)
            active *= weights
            step = (total - xp.einsum("ij,ij->i", active, scores)) / xp.sum(active, axis=1)
            if k > 0 and not xp.any(step < phi):
                break
            phi = step
        scores += phi[:, None]
        shares = maximum_in_place(scores, 0)
        shares *= weights
        shares /= xp.sum(shares, axis=1, keepdims=True)
        phi -= top
        value = phi - self.strength * xp.sum(xp.square(shares) / weights, axis=1)
        return CTransform(value, phi, shares)

    def cost_per_mass(self, density: Array) -> Array:
        """Return lambda r."""
        return self.strength * density

    def conjugate(self, excess: Array) -> Array:
        """Return (excess)_+^2 / (4 lambda)."""
        xp = array_namespace(excess)
        return xp.square(clip(excess, low=0)) / (4 * self.strength)

    def hessian(self, shares: Array, weights: Array) -> DualHessian:
        """Return M = b where the density is above 0."""
        xp = array_namespace(shares, weights)
        return DualHessian(xp.astype(shares > 0, shares.dtype) * weights, 2 * self.strength)


def regularizer_of(ground: GroundCost) -> Regularizer:
    """Return the regularizer of a ground cost.

    Raises
    ------
    ValueError
        The strength is 0 or infinite: there is no regularization.
    """
    if not 0 < ground.epsilon < math.inf:
        raise ValueError(f"a regularization strength must be positive and finite, not {ground.epsilon:g}")
    if ground.regularizer == "entropy":
        return EntropyRegularizer(ground.epsilon)
    return QuadraticRegularizer(ground.epsilon)
