"""The mover: a network that maps points to points."""

import itertools

from torch import Tensor, nn


class MLPTransportMap(nn.Module):
    """H: R^D -> R^D, a perceptron D - w - ... - w - D with ReLU."""

    def __init__(self, dim: int, width: int, depth: int) -> None:
        super().__init__()
        sizes = [dim] + [width] * depth
        layers: list[nn.Module] = []
        for a, b in itertools.pairwise(sizes):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(width, dim))

    def forward(self, points: Tensor) -> Tensor:
        """H at points [n, D], as [n, D]."""
        moved: Tensor = self.layers(points)
        return moved
