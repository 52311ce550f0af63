"""Pairs with a known optimal map at the squared distance: the gradient of a random convex network."""

import math

import torch
from torch import Tensor

from wganstudio.experiment.pairs import ConvexMapOptions
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.pairs.distributions import GaussianMixture

_SPREAD, _SCALE = 1.0, 0.7
"""Standard deviation of the modes' centers, coordinate by coordinate, and of each mode."""
_SHARPNESS = 8.0
_PROBES = 1 << 14


class RandomConvexPotential:
    """phi(x) = (1-s) |x|^2 / 2 + s (c w . z_2 + <b, x>), z_1 = a(A_1 x + b_1), z_2 = a(W z_1 + A_2 x + b_2).

    a is softplus, w and W are at or above 0, so that phi is convex and its gradient an optimal map (Brenier).
    c and b are such that the network's part of the gradient has the mean and total variance of P.
    """

    def __init__(self, p: GaussianMixture, units: int, nonlinearity: float, rng: torch.Generator) -> None:
        dim = p.dim
        points = p.sample(_PROBES, rng).double()
        mean, size = points.mean(0), points.var(0).sum().sqrt()

        def plane() -> tuple[Tensor, Tensor]:
            """Units whose kinks pass through samples of P, steep across the distribution."""
            normal = torch.randn(units, dim, generator=rng, dtype=torch.float64)
            normal *= _SHARPNESS / size * math.sqrt(dim) / normal.norm(dim=1, keepdim=True)
            return normal, -(normal * points[torch.randint(_PROBES, (units,), generator=rng)]).sum(1)

        (self._first, self._bias), (self._second, self._offset) = plane(), plane()
        self._hidden = torch.rand(units, units, generator=rng, dtype=torch.float64) / units
        self._last = torch.rand(units, generator=rng, dtype=torch.float64)
        self._nonlinearity, self._factor, self._shift = 1.0, 1.0, torch.zeros_like(mean)
        raw = self.gradient(points)
        self._factor = float(size / raw.var(0).sum().sqrt())
        self._shift = mean - self._factor * raw.mean(0)
        self._nonlinearity = nonlinearity

    def gradient(self, points: Tensor) -> Tensor:
        """Return grad phi [n, D] at points [n, D], in double precision."""
        points = points.double()
        here = points.device
        first, bias, second, offset, hidden, last, shift = (
            part.to(here)
            for part in (
                self._first,
                self._bias,
                self._second,
                self._offset,
                self._hidden,
                self._last,
                self._shift,
            )
        )
        before = points @ first.T + bias
        after = torch.nn.functional.softplus(before) @ hidden.T + points @ second.T + offset
        slope = torch.sigmoid(after) * last
        network = slope @ second + ((slope @ hidden) * torch.sigmoid(before)) @ first
        return (1 - self._nonlinearity) * points + self._nonlinearity * (self._factor * network + shift)


class PushforwardDistribution(Distribution):
    """The distribution of grad phi(x), x from a base distribution."""

    def __init__(self, base: Distribution, potential: RandomConvexPotential) -> None:
        self.base, self.potential, self.dim = base, potential, base.dim

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        return self.potential.gradient(self.base.sample(count, rng)).float()


class ConvexMapPair(Pair):
    """P a random mixture of Gaussians, Q its image under the gradient of a random convex network."""

    p: GaussianMixture
    q: PushforwardDistribution

    def __init__(self, options: ConvexMapOptions, *, device: torch.device | str = "cpu") -> None:
        units = options.units or max(options.dim, 8)
        self.options = options.model_copy(update={"units": units})
        rng = make_rng("cpu", options.seed, 7)
        means = _SPREAD * torch.randn(options.modes, options.dim, generator=rng, dtype=torch.float64)
        self.p = GaussianMixture(means.numpy(), torch.full((options.modes,), _SCALE).double().numpy())
        self.q = PushforwardDistribution(
            self.p, RandomConvexPotential(self.p, units, options.nonlinearity, rng)
        )

    def move(self, points: Tensor) -> Tensor:
        """Return the optimal map at points [n, D] of P."""
        return self.q.potential.gradient(points).to(points)
