"""Segments between uniform laws on boxes."""

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.distributions import Box
from wganstudio.pairs.interpolants.base import InterpolationFlow
from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]

_PANELS = (384, 640)


class BoxInterpolant:
    """At time t each coordinate of z is the sum of two uniform ones: its density is a trapezoid."""

    compact = True

    def __init__(self, p: Box, q: Box) -> None:
        self._p, self._q = p, q

    def on(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """sigma and the drift on the grid of the axes (`Segments.on`); kinks in t limit it to about 1e-6."""
        t, weights = graded_rule(_PANELS[fine])
        laws = zip(self._p.low, self._p.high, self._q.low, self._q.high, strict=True)
        pieces = [_trapezoid(axis, t, *map(float, ends)) for axis, ends in zip(axes, laws, strict=True)]
        factors, moved = [f for f, _ in pieces], [m for _, m in pieces]
        density = _product(factors, weights)
        drift = [_product([*factors[:k], moved[k], *factors[k + 1 :]], weights) for k in range(len(axes))]
        return InterpolationFlow(density, tuple(drift))


def graded_rule(panels: int, count: int = 4) -> tuple[Floats, Floats]:
    """Nodes and weights in [0, 1] of Gauss's rule on panels that grow shorter toward both ends."""
    ends = np.linspace(0, 1, panels + 1)
    edges = ends * ends * (3 - 2 * ends)
    nodes, weights = gauss_rule(count)
    size = np.diff(edges)[:, None]
    return (edges[:-1, None] + size * nodes).ravel(), (size * weights).ravel()


def _product(factors: list[Floats], weights: Floats) -> Floats:
    if len(factors) == 1:
        return np.asarray(factors[0] @ weights)
    return np.asarray((factors[0] * weights) @ factors[1].T)


def _trapezoid(z: Floats, t: Floats, a: float, b: float, c: float, d: float) -> tuple[Floats, Floats]:
    """Density of (1-t) x + t y at z, x ~ U[a, b], y ~ U[c, d], and that times E[y - x | z], [n, times]."""
    z = z[:, None]
    # t y must lie within [t c, t d] and within z - (1-t) [a, b]
    low = np.maximum(t * c, z - (1 - t) * b)
    high = np.minimum(t * d, z - (1 - t) * a)
    density = np.maximum(high - low, 0.0) / (t * (d - c) * (1 - t) * (b - a))
    middle = (low + high) / 2
    return density, density * (middle / t - (z - middle) / (1 - t))
