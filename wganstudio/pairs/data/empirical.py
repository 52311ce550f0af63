"""The law of a data set: uniform over its rows, or smoothed by a Gaussian."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Points = NDArray[np.float32]


class EmpiricalDistribution:
    """The uniform law over n points of R^D, convolved with N(0, width^2 I) where width > 0.

    `points` are float32 [n, D] and are not copied; `width` is in their units.
    """

    def __init__(self, points: Points, width: float = 0.0) -> None:
        self.points = points
        self.width = width
        self.dim = points.shape[1]
        self._copies: dict[torch.device, Tensor] = {}

    def __len__(self) -> int:
        return len(self.points)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]: rows drawn with replacement."""
        points = self.on(generator.device)
        rows = torch.randint(len(points), (count,), generator=generator, device=points.device)
        samples = points[rows]
        if self.width > 0:
            noise = torch.randn(samples.shape, generator=generator, device=points.device)
            samples.add_(noise, alpha=self.width)
        return samples

    @property
    def atoms(self) -> tuple[Tensor, Tensor] | None:
        """The points [n, D] and their weights [n], all 1 / n; None where they are smoothed."""
        if self.width > 0:
            return None
        points = torch.from_numpy(self.points)
        return points, torch.full((len(points),), 1 / len(points))

    def on(self, device: torch.device) -> Tensor:
        """All points [n, D] on a device, where they stay."""
        if device not in self._copies:
            self._copies[device] = torch.from_numpy(self.points).to(device)
        return self._copies[device]
