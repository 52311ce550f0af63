"""The interpolation between uniform distributions on boxes."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.interpolants.base import InterpolationFamily, InterpolationFlow, tensor_sum
from wganstudio.pairs.quadrature import graded_rule

Floats = NDArray[np.float64]

_PANELS = (384, 640)


@dataclass(frozen=True)
class BoxCorners(InterpolationFamily):
    """The uniform distribution on the box [low, high], [K] each."""

    low: Floats
    high: Floats

    def interpolant(self, other: Self) -> "BoxInterpolant":
        """Return the interpolant to another box."""
        return BoxInterpolant(self, other)


class BoxInterpolant:
    """The interpolation between two boxes.

    At time t each coordinate of z is the sum of two uniform ones: its density is a trapezoid.
    """

    compact = True

    def __init__(self, p: BoxCorners, q: BoxCorners) -> None:
        self._p, self._q = p, q

    @property
    def faces(self) -> tuple[Floats, ...]:
        """The ends of both intervals on each axis."""
        return tuple(np.stack([self._p.low, self._p.high, self._q.low, self._q.high], axis=1))

    def on_grid(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """Return sigma and the drift on the grid of the axes; kinks in t limit them to about 1e-6."""
        t, weights = graded_rule(_PANELS[fine])
        intervals = zip(self._p.low, self._p.high, self._q.low, self._q.high, strict=True)
        pieces = [_trapezoid(axis, t, *map(float, ends)) for axis, ends in zip(axes, intervals, strict=True)]
        factors, weighted = [f for f, _ in pieces], [m for _, m in pieces]
        density = tensor_sum(factors, weights)
        drift = [
            tensor_sum([*factors[:k], weighted[k], *factors[k + 1 :]], weights) for k in range(len(axes))
        ]
        return InterpolationFlow(density, tuple(drift))


def _trapezoid(z: Floats, t: Floats, a: float, b: float, c: float, d: float) -> tuple[Floats, Floats]:
    """Return the density of (1-t) x + t y at z, x ~ U[a, b], y ~ U[c, d], and that times E[y - x | z]."""
    z = z[:, None]
    # t y must lie within [t c, t d] and within z - (1-t) [a, b]
    low = np.maximum(t * c, z - (1 - t) * b)
    high = np.minimum(t * d, z - (1 - t) * a)
    density = np.maximum(high - low, 0.0) / (t * (d - c) * (1 - t) * (b - a))
    middle = (low + high) / 2
    return density, density * (middle / t - (z - middle) / (1 - t))
