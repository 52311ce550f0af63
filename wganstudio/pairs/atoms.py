"""Discrete distributions: weighted points."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment.pairs import PointSetsOptions
from wganstudio.ot.gaussian import Moments
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.modes import require_mass


class DiscreteDistribution(Distribution):
    """sum_k weights[k] delta at points[k]; `points` [n, D], `weights` [n] are divided by their sum."""

    has_point_masses = True

    def __init__(self, points: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> None:
        self._exact = points, np.ones(len(points)) if weights is None else weights
        self._points = torch.as_tensor(points, dtype=torch.float32)
        raw = torch.ones(len(points)) if weights is None else torch.as_tensor(weights, dtype=torch.float32)
        self._weights = raw / raw.sum()
        self.dim = self._points.shape[1]

    def atoms(self) -> tuple[Tensor, Tensor]:
        """Return the points [n, D] and their weights [n]."""
        return self._points, self._weights

    def exact_atoms(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the points [n, D] and their weights [n] in float64."""
        points, weights = self._exact
        return points, weights / weights.sum()

    def moments(self) -> Moments:
        """Return mean and covariance of the atoms."""
        return Moments.of_atoms(*self.exact_atoms())

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        points, weights = (part.to(rng.device) for part in self.atoms())
        return points[torch.multinomial(weights, count, replacement=True, generator=rng)]

    def with_outliers(self, share: float, draw: Callable[[int], Tensor]) -> "DiscreteDistribution":
        """Return as many outliers as there are atoms, each of equal weight, beside them."""
        points, weights = (part.double() for part in self.atoms())
        all_points = torch.cat((points, draw(len(points)).double()))
        evenly = torch.full_like(weights, share / len(points))
        all_weights = torch.cat((weights * (1 - share), evenly))
        return DiscreteDistribution(all_points.numpy(), all_weights.numpy())

    def with_noise(self, deviation: float, rng: torch.Generator) -> "DiscreteDistribution":
        """Return the atoms, each moved once."""
        points = self._points + deviation * torch.randn(self._points.shape, generator=rng)
        return DiscreteDistribution(points.double().numpy(), self._weights.double().numpy())

    def without_mode(
        self, mode: int, share: float, in_mode: Callable[[Tensor], Tensor], rng: torch.Generator
    ) -> "DiscreteDistribution":
        """Return the atoms with less weight on those of one cluster."""
        weights = torch.where(in_mode(self._points), self._weights * (1 - share), self._weights)
        require_mass(bool(weights.any()))
        return DiscreteDistribution(self._points.double().numpy(), weights.double().numpy())


class PointPair(Pair):
    """P and Q each a list of points."""

    def __init__(self, options: PointSetsOptions, *, device: torch.device | str = "cpu") -> None:
        self.options = options
        points_p, points_q = np.array(options.points_p), np.array(options.points_q)
        origin = self.set_origin(points_p, points_q)
        self.p = DiscreteDistribution(points_p - origin, _weights(options.weights_p))
        self.q = DiscreteDistribution(points_q - origin, _weights(options.weights_q))


def _weights(weights: tuple[float, ...] | None) -> NDArray[np.float64] | None:
    return None if weights is None else np.array(weights)
