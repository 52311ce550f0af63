"""The smoothed maximum of affine functions, plus a quadratic."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Sampler
from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.experiment.critics import MaxAffineOptions


class MaxAffine(ConvexPotential):
    """f(x) = alpha |x|^2 / 2 + tau log sum_k exp((<a_k, x> + b_k) / tau).

    As tau tends to 0, f tends to the maximum of the pieces. With tau > 0 grad f is continuous, so that the
    residual of the conjugate measures its accuracy.

    References
    ----------
    Taghvaei & Jalali, arXiv 1902.07197, section 4.
    """

    options: MaxAffineOptions

    def __init__(self, options: MaxAffineOptions, dim: int) -> None:
        super().__init__()
        self.options, self.dim, self.alpha = options, dim, options.alpha
        self._tau = options.smoothing
        self.slopes = nn.Parameter(torch.randn(options.pieces, dim))
        self.heights = nn.Parameter(torch.zeros(options.pieces))
        self._set_pieces(self.slopes.detach().clone())

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize the pieces so that grad f maps every point close to one of K samples of Q."""
        self._set_pieces(q(self.options.pieces))

    @torch.no_grad()
    def _set_pieces(self, points: Tensor) -> None:
        """Set f = alpha |x|^2 / 2 + (1 - alpha) max_k (<y_k, x> - |y_k|^2 / 2) for points y [K, D]."""
        self.slopes.copy_((1 - self.alpha) * points)
        self.heights.copy_((self.alpha - 1) / 2 * points.square().sum(1))

    def potential(self, points: Tensor) -> Tensor:
        """Return f [n] at points [n, D]."""
        return self.value_and_gradient(points)[0]

    def value_and_gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return f [n] and grad f [n, D] at points [n, D]."""
        pieces = torch.addmm(self.heights, points, self.slopes.T) / self._tau
        values = self.alpha / 2 * points.square().sum(1) + self._tau * pieces.logsumexp(1)
        return values, torch.addmm(self.alpha * points, pieces.softmax(1), self.slopes)
