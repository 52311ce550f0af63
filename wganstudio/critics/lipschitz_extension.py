"""A discrete dual potential, extended to all of R^D."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.ot.distances import distances, unit

_CHUNK = 1 << 18  # distances held at once: 2 MiB of float64


class LipschitzExtension(Critic):
    """A 1-Lipschitz function on R^D that is f on the points x and -g on the points y.

    The mean of the least and the greatest such: min_j (|z - y_j| - g_j) and max_i (f_i - |z - x_i|), for an
    optimal dual pair f(x) + g(y) <= |x - y| of the discrete problem. High on x, low on y. It is computed in
    the precision of x [n, D], y [m, D], f [n], g [m], and where they are: float64 for exact differences.
    """

    x: Tensor
    y: Tensor
    f: Tensor
    g: Tensor

    def __init__(self, x: Tensor, y: Tensor, f: Tensor, g: Tensor) -> None:
        super().__init__()
        self.dim = x.shape[1]
        for name, tensor in (("x", x), ("y", y), ("f", f), ("g", g)):
            self.register_buffer(name, tensor)

    def forward(self, points: Tensor) -> Tensor:
        """u at points [n, D], as [n], in the precision of the points."""
        return self.gradient(points)[0]

    @torch.no_grad()
    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] and grad u [n, D] at points [n, D]: the mean of two unit vectors."""
        parts = points.to(self.x).split(max(1, _CHUNK // max(len(self.x), len(self.y))))
        values, gradients = zip(*map(self._gradient, parts), strict=True)
        return torch.cat(values).to(points), torch.cat(gradients).to(points)

    def _gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        above = (distances(points, self.y) - self.g).argmin(1)
        below = (distances(points, self.x) - self.f).argmin(1)
        from_y, from_x = points - self.y[above], points - self.x[below]
        greatest = torch.linalg.vector_norm(from_y, dim=1) - self.g[above]
        least = self.f[below] - torch.linalg.vector_norm(from_x, dim=1)
        return (greatest + least) / 2, (unit(from_y) - unit(from_x)) / 2

    def lipschitz(self) -> float:
        """1: a mean of infima and suprema of 1-Lipschitz functions."""
        return 1.0
