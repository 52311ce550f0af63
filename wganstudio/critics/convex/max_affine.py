"""The largest of affine functions, its kinks rounded, beside |x|^2."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Sampler
from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.experiment.critics import MaxAffineOptions as Options


class MaxAffine(ConvexPotential):
    """f(x) = alpha |x|^2 / 2 + tau log sum_k exp((<a_k, x> + b_k) / tau).

    For tau to 0 that is the largest of the pieces (arXiv 1902.07197, section 4); tau > 0 makes grad f
    continuous, so that the residual of its conjugate says how good it is.
    """

    options: Options

    def __init__(self, options: Options, dim: int) -> None:
        super().__init__()
        self.options, self.dim, self.alpha = options, dim, options.alpha
        self._tau = options.smoothing
        self.slopes = nn.Parameter(torch.randn(options.pieces, dim))
        self.heights = nn.Parameter(torch.zeros(options.pieces))
        self._settle(self.slopes.detach().clone())

    def begin(self, p: Sampler, q: Sampler) -> None:
        """Set the pieces down so that grad f maps every point nearly to the nearest of K samples of Q."""
        self._settle(q(self.options.pieces))

    @torch.no_grad()
    def _settle(self, points: Tensor) -> None:
        """f = alpha |x|^2 / 2 + (1 - alpha) max_k (<y_k, x> - |y_k|^2 / 2) for points y [K, D]."""
        self.slopes.copy_((1 - self.alpha) * points)
        self.heights.copy_((self.alpha - 1) / 2 * points.square().sum(1))

    def potential(self, points: Tensor) -> Tensor:
        """f [n] at points [n, D]."""
        return self.mapped(points)[0]

    def mapped(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """f [n] and grad f [n, D] at points [n, D]."""
        pieces = torch.addmm(self.heights, points, self.slopes.T) / self._tau
        values = self.alpha / 2 * points.square().sum(1) + self._tau * pieces.logsumexp(1)
        return values, torch.addmm(self.alpha * points, pieces.softmax(1), self.slopes)
