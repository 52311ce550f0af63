"""The distribution of a data set: uniform over its rows, or smoothed by a Gaussian."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.ot.gaussian import Moments
from wganstudio.pairs.base import Distribution
from wganstudio.pairs.modes import require_mass

Rows = NDArray[np.float32] | NDArray[np.float64]
Floats = NDArray[np.float64]

MAX_PRODUCTS = 1 << 34
"""Products of coordinates in one covariance: a few seconds."""


class EmpiricalDistribution(Distribution):
    """The uniform distribution over n points of R^D, convolved with N(0, width^2 I) where width > 0.

    `points` are [n, D]; float32 ones are not copied. Samples are float32. `width` is in their units.
    """

    def __init__(self, points: Rows, width: float = 0.0) -> None:
        self._exact = points
        self.points = points.astype(np.float32, copy=False)
        self.width = width
        self.dim = points.shape[1]
        self._copies: dict[torch.device, Tensor] = {}

    def __len__(self) -> int:
        return len(self.points)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]: rows drawn with replacement."""
        points = self.points_on(rng.device)
        rows = torch.randint(len(points), (count,), generator=rng, device=points.device)
        samples = points[rows]
        if self.width > 0:
            noise = torch.randn(samples.shape, generator=rng, device=points.device)
            samples.add_(noise, alpha=self.width)
        return samples

    def atoms(self) -> tuple[Tensor, Tensor] | None:
        """Return the points [n, D] and their weights [n], all 1 / n; None where they are smoothed."""
        if self.width > 0:
            return None
        points = torch.from_numpy(self.points)
        return points, torch.full((len(points),), 1 / len(points))

    def exact_atoms(self) -> tuple[Floats, Floats] | None:
        """Return the points [n, D] as given, and their weights [n]; None where they are smoothed."""
        if self.width > 0:
            return None
        return self._exact.astype(np.float64, copy=False), np.full(len(self), 1 / len(self))

    def moments(self) -> Moments | None:
        """Return mean and covariance of the rows, and of the smoothing; None where that takes long."""
        if len(self.points) * self.dim**2 > MAX_PRODUCTS:
            return None
        rows = Moments.of_atoms(self._exact)
        return Moments(rows.mean, rows.covariance + self.width**2 * np.eye(self.dim))

    def points_on(self, device: torch.device) -> Tensor:
        """Return all points [n, D] on a device, where they stay."""
        if device not in self._copies:
            self._copies[device] = torch.from_numpy(self.points).to(device)
        return self._copies[device]

    def with_outliers(self, share: float, draw: Callable[[int], Tensor]) -> "EmpiricalDistribution":
        """Return the rows, and further ones that make up the share."""
        count = round(share / (1 - share) * len(self))
        return EmpiricalDistribution(np.concatenate((self.points, draw(count).numpy())), self.width)

    def with_noise(self, deviation: float, rng: torch.Generator) -> "EmpiricalDistribution":
        """Return the rows, each moved once."""
        points = torch.from_numpy(self.points)
        moved = points + deviation * torch.randn(points.shape, generator=rng)
        return EmpiricalDistribution(moved.numpy(), self.width)

    def without_mode(
        self, mode: int, share: float, in_mode: Callable[[Tensor], Tensor], rng: torch.Generator
    ) -> "EmpiricalDistribution":
        """Return the rows without a share of those of one cluster, chosen at random."""
        (inside,) = torch.where(in_mode(torch.from_numpy(self.points)))
        order = torch.randperm(len(inside), generator=rng)[: round(share * len(inside))]
        remaining = torch.ones(len(self.points), dtype=torch.bool)
        remaining[inside[order]] = False
        require_mass(bool(remaining.any()))
        return EmpiricalDistribution(self.points[remaining.numpy()], self.width)
