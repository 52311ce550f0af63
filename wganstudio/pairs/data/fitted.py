"""The Gaussian with the mean and the covariance of data."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.data.table_source import BLOCK

Floats = NDArray[np.float64]

FLOOR = 1e-8
"""Variance added along every coordinate, relative to the mean variance: data may lie on a plane."""


class FittedGaussian(Distribution):
    """N(mean, covariance) of points [n, D] that are not all equal; raises ValueError if they are."""

    def __init__(self, points: NDArray[np.float32]) -> None:
        self.dim = points.shape[1]
        self.mean: Floats = points.mean(axis=0, dtype=np.float64)
        covariance = np.zeros((self.dim, self.dim))
        for part in np.array_split(points, -(-len(points) // BLOCK)):
            centered = part - self.mean
            covariance += centered.T @ centered
        self.covariance: Floats = covariance / len(points)
        middle = float(np.trace(self.covariance)) / self.dim
        if middle <= 0:
            raise ValueError("all rows are equal")
        self._floored: Floats = self.covariance + FLOOR * middle * np.eye(self.dim)
        self._root = np.linalg.cholesky(self._floored)
        self._copies: dict[torch.device, tuple[Tensor, Tensor]] = {}

    def gaussian_moments(self) -> tuple[Floats, Floats]:
        """Return the mean [D] and covariance [D, D], which includes the FLOOR."""
        return self.mean, self._floored

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        device = rng.device
        if device not in self._copies:
            parts = (np.ascontiguousarray(part, np.float32) for part in (self.mean, self._root.T))
            mean, root = (torch.from_numpy(part).to(device) for part in parts)
            self._copies[device] = mean, root
        mean, root = self._copies[device]
        return torch.addmm(mean, torch.randn(count, self.dim, generator=rng, device=device), root)
