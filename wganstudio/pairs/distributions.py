"""Laws that know themselves: samplers in torch, and what is known of each in closed form.

Samples are float32 on the generator's device; the same generator state gives the same bits. Parameters,
densities and distribution functions are float64 numpy, which is what truths are computed from.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Floats = NDArray[np.float64]


def as_tensor(values: Floats, generator: torch.Generator) -> Tensor:
    """Parameters as float32 where the generator lives."""
    return torch.as_tensor(values, dtype=torch.float32, device=generator.device)


class _Parameters:
    """Float32 copies of a law's parameters, one a device: making them anew would cost more than sampling."""

    def __init__(self, **values: Floats) -> None:
        self._values = values
        self._copies: dict[torch.device, tuple[Tensor, ...]] = {}

    def on(self, generator: torch.Generator) -> tuple[Tensor, ...]:
        copies = self._copies.get(generator.device)
        if copies is None:
            copies = tuple(as_tensor(value, generator) for value in self._values.values())
            self._copies[generator.device] = copies
        return copies


class Gaussian:
    """N(mean, diag(scale^2)) on R^D.

    `mean` and `scale` (standard deviations, above 0) have D entries each.
    """

    def __init__(self, mean: Sequence[float] | Floats, scale: Sequence[float] | Floats) -> None:
        self.mean: Floats = np.asarray(mean, dtype=np.float64)
        self.scale: Floats = np.asarray(scale, dtype=np.float64)
        self.dim = len(self.mean)
        self._parameters = _Parameters(mean=self.mean, scale=self.scale)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]."""
        mean, scale = self._parameters.on(generator)
        normal = torch.randn(count, self.dim, generator=generator, device=generator.device)
        return normal.mul_(scale).add_(mean)

    def density(self, points: Floats) -> Floats:
        """Density [n] at points [n, D]."""
        return np.asarray(np.exp(log_gaussian_density(points, self.mean, self.scale)))


class Box:
    """The uniform law on the box [low, high] of R^D, low < high in every coordinate."""

    def __init__(self, low: Sequence[float] | Floats, high: Sequence[float] | Floats) -> None:
        self.low: Floats = np.asarray(low, dtype=np.float64)
        self.high: Floats = np.asarray(high, dtype=np.float64)
        self.mean: Floats = (self.low + self.high) / 2
        self.dim = len(self.low)
        self._parameters = _Parameters(low=self.low, high=self.high, size=self.high - self.low)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D], none outside the box as float32 holds it."""
        low, high, size = self._parameters.on(generator)
        unit = torch.rand(count, self.dim, generator=generator, device=generator.device)
        return torch.minimum(unit.mul_(size).add_(low), high)

    def density(self, points: Floats) -> Floats:
        """Density [n] at points [n, D]."""
        inside = np.all((points >= self.low) & (points <= self.high), axis=1)
        return np.where(inside, np.exp(-np.sum(np.log(self.high - self.low))), 0.0)


class Ball:
    """The uniform law on {hole <= |x - center| <= radius} of R^D: a ball, or an annulus where hole > 0."""

    def __init__(self, center: Sequence[float] | Floats, radius: float, hole: float = 0.0) -> None:
        self.center: Floats = np.asarray(center, dtype=np.float64)
        self.mean = self.center
        self.radius = radius
        self.hole = hole
        self.dim = len(self.center)
        self._parameters = _Parameters(center=self.center)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]."""
        (center,) = self._parameters.on(generator)
        normal = torch.randn(count, self.dim, generator=generator, device=generator.device)
        unit = torch.rand(count, 1, generator=generator, device=generator.device)
        if self.dim == 1:
            direction = torch.where(normal < 0, -1.0, 1.0)
        else:
            direction = normal / torch.linalg.vector_norm(normal, dim=1, keepdim=True).clamp_min_(1e-30)
        inner = (self.hole / self.radius) ** self.dim
        length = unit.mul_(1 - inner).add_(inner).pow_(1 / self.dim).mul_(self.radius)
        return direction.mul_(length).add_(center)

    def density(self, points: Floats) -> Floats:
        """Density [n] at points [n, D]."""
        distance = np.linalg.norm(points - self.center, axis=1)
        inner = (self.hole / self.radius) ** self.dim
        log_volume = log_unit_ball_volume(self.dim) + self.dim * np.log(self.radius) + np.log1p(-inner)
        return np.where((distance >= self.hole) & (distance <= self.radius), np.exp(-log_volume), 0.0)


class GaussianMixture:
    """A mixture of K isotropic Gaussians on R^D: sum_k weights[k] N(means[k], scales[k]^2 I).

    `means` [K, D], `scales` [K] (0 makes an atom, which has no density), `weights` [K], divided by their sum.
    """

    def __init__(self, means: Floats, scales: Floats, weights: Floats | None = None) -> None:
        self.means: Floats = np.asarray(means, dtype=np.float64)
        self.scales: Floats = np.asarray(scales, dtype=np.float64)
        count, self.dim = self.means.shape
        raw = np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64)
        self.weights: Floats = raw / raw.sum()
        self.mean: Floats = self.weights @ self.means
        self._parameters = _Parameters(
            means=self.means, scales=self.scales, inner=np.cumsum(self.weights)[:-1]
        )  # the last edge is left out: rounding must never choose a component that is not there

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]."""
        means, scales, inner = self._parameters.on(generator)
        unit = torch.rand(count, generator=generator, device=generator.device)
        chosen = torch.bucketize(unit, inner, right=True)
        normal = torch.randn(count, self.dim, generator=generator, device=generator.device)
        return normal.mul_(scales[chosen, None]).add_(means[chosen])

    def density(self, points: Floats) -> Floats:
        """Density [n] at points [n, D]; ValueError where a component is an atom."""
        if np.any((self.scales == 0) & (self.weights > 0)):
            raise ValueError("a mixture with an atom has no density")
        total = np.zeros(len(points))
        for mean, scale, weight in zip(self.means, self.scales, self.weights, strict=True):
            if weight > 0:
                total += weight * np.exp(log_gaussian_density(points, mean, np.full(self.dim, scale)))
        return total


def log_gaussian_density(points: Floats, mean: Floats, scale: Floats) -> Floats:
    """Logarithm [n] of the density of N(mean, diag(scale^2)) at points [n, D]."""
    standard = (points - mean) / scale
    constant = np.sum(np.log(scale)) + len(mean) * 0.5 * np.log(2 * np.pi)
    return np.asarray(-0.5 * np.sum(standard * standard, axis=1) - constant)


def log_unit_ball_volume(dim: int) -> float:
    """Logarithm of the volume of the unit ball of R^D."""
    from math import lgamma, log, pi

    return dim / 2 * log(pi) - lgamma(dim / 2 + 1)
