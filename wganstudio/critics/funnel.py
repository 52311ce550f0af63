"""A critic that is the extremum of cones of slope 1."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic, Sampler
from wganstudio.experiment.critics import FunnelOptions
from wganstudio.ot.distances import distances, unit_vectors


class Funnel(Critic):
    """u(x) = max_n (-|x - a_n| - b_n) with peaks a_n in P, or min_n (|x - a_n| + b_n) with pits a_n in Q.

    |grad u| = 1 almost everywhere. With enough cones u approximates every 1-Lipschitz function, as the
    inf-convolution of its values at the centers with the norm.
    """

    options: FunnelOptions

    def __init__(self, options: FunnelOptions, dim: int) -> None:
        super().__init__()
        self.options = options
        self.dim = dim
        self.centers = nn.Parameter(torch.randn(options.cones, dim))
        self.biases = nn.Parameter(torch.zeros(options.cones))
        self._sign = -1.0 if options.tips == "p" else 1.0

    @torch.no_grad()
    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize the centers to samples of P (peaks) or Q (pits)."""
        self.centers.copy_((p if self.options.tips == "p" else q)(len(self.centers)))

    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        offset, bias = self._from_center(points)
        return self._sign * (torch.linalg.vector_norm(offset, dim=1) + bias)

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] at points [n, D]: unit vectors to or from the centers."""
        offset, bias = self._from_center(points)
        return self._sign * (torch.linalg.vector_norm(offset, dim=1) + bias), self._sign * unit_vectors(
            offset
        )

    def lipschitz(self) -> float:
        """Return 1: u is a maximum or minimum of 1-Lipschitz functions."""
        return 1.0

    def _from_center(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return x - a_n [n, D] and b_n [n] for the cone that attains the extremum at each point."""
        with torch.no_grad():
            nearest = (self._distances(points) + self.biases).argmin(1)
        return points - self.centers.index_select(0, nearest), self.biases.index_select(0, nearest)

    def _distances(self, points: Tensor) -> Tensor:
        if torch.compiler.is_compiling():  # a traced network is written in plain operations
            return torch.linalg.vector_norm(points[:, None] - self.centers, dim=2)
        return distances(points, self.centers)
