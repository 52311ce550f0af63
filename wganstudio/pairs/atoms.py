"""Laws made of atoms."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment.pairs import Points as Listed
from wganstudio.experiment.pairs import PointSetsOptions
from wganstudio.pairs.base import Pair


class DiscreteDistribution:
    """sum_k weights[k] delta at points[k]; `points` [n, D], `weights` [n] are divided by their sum."""

    def __init__(self, points: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> None:
        self._points = torch.as_tensor(points, dtype=torch.float32)
        raw = torch.ones(len(points)) if weights is None else torch.as_tensor(weights, dtype=torch.float32)
        self._weights = raw / raw.sum()
        self.dim = self._points.shape[1]

    @property
    def atoms(self) -> tuple[Tensor, Tensor]:
        """The points [n, D] and their weights [n]."""
        return self._points, self._weights

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]."""
        points, weights = (part.to(generator.device) for part in self.atoms)
        return points[torch.multinomial(weights, count, replacement=True, generator=generator)]


class PointPair(Pair):
    """P and Q each a list of points."""

    def __init__(self, options: PointSetsOptions, *, device: torch.device | str = "cpu") -> None:
        self.options = options
        self.p = _law(options.points_p, options.weights_p)
        self.q = _law(options.points_q, options.weights_q)


def _law(points: Listed, weights: tuple[float, ...] | None) -> DiscreteDistribution:
    return DiscreteDistribution(np.array(points), None if weights is None else np.array(weights))
