"""The McShane extension of a discrete dual potential to all of R^D."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.ot.distances import distances, unit_vectors

_CHUNK = 1 << 18  # entries of one table of distances: 2 MiB of float64


class LipschitzExtension(Critic):
    """A 1-Lipschitz function on R^D that equals f on the points x and -g on the points y.

    It is the mean of the greatest and the least such function, min_j (|z - y_j| - g_j) and
    max_i (f_i - |z - x_i|) (McShane and Whitney), of an optimal dual pair f(x) + g(y) <= |x - y|. It is high
    on x and low on y.

    Parameters
    ----------
    x, y : Tensor
        Points [n, D] and [m, D]; their dtype and device are used for all computations. float64 gives exact
        differences.
    f, g : Tensor
        Dual potentials [n] and [m].
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
        """Return u [n] at points [n, D], in the precision of the points."""
        return self.gradient(points)[0]

    @torch.no_grad()
    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] at points [n, D]: the mean of two unit vectors."""
        parts = points.to(self.x).split(max(1, _CHUNK // max(len(self.x), len(self.y))))
        values, gradients = zip(*map(self._gradient, parts), strict=True)
        return torch.cat(values).to(points), torch.cat(gradients).to(points)

    def _gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        upper = (distances(points, self.y) - self.g).argmin(1)
        lower = (distances(points, self.x) - self.f).argmin(1)
        from_y, from_x = points - self.y[upper], points - self.x[lower]
        greatest = torch.linalg.vector_norm(from_y, dim=1) - self.g[upper]
        least = self.f[lower] - torch.linalg.vector_norm(from_x, dim=1)
        return (greatest + least) / 2, (unit_vectors(from_y) - unit_vectors(from_x)) / 2

    def lipschitz(self) -> float:
        """Return 1: u is a mean of infima and suprema of 1-Lipschitz functions."""
        return 1.0
