"""The interpolation between mixtures of Gaussians with independent coordinates."""

import itertools
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.interpolants.base import InterpolationFamily, InterpolationFlow, tensor_sum
from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]

MAX_TERMS = 1 << 15
"""Pairs of components times nodes in t up to which the sums are done."""
_REACH = 7.0
_PANEL = 7.0
_FAR = 9.5
_CHUNK = 1 << 12


@dataclass(frozen=True)
class GaussianComponents(InterpolationFamily):
    """sum_k weights[k] N(means[k], diag(scales[k]^2)): `means` and `scales` are [n, K]."""

    weights: Floats
    means: Floats
    scales: Floats

    def interpolant(self, other: Self) -> "GaussianInterpolant | None":
        """Return the interpolant to another mixture; None where it would have more than 2^15 terms."""
        if len(self.weights) * len(other.weights) > MAX_TERMS // 10:
            return None
        interpolant = GaussianInterpolant(self, other)
        return interpolant if interpolant.num_terms <= MAX_TERMS else None


class GaussianInterpolant:
    """The interpolation between two mixtures of Gaussians with independent coordinates.

    For two components m, a and n, b, at time t: z ~ N((1-t) m + t n, v^2), v^2 = (1-t)^2 a^2 + t^2 b^2.
    Given z, y - x has the mean n - m + (t b^2 - (1-t) a^2) / v^2 (z - E z), coordinate by coordinate. Each
    term is a product over the coordinates, so that a whole grid costs one matrix product. `orders` are those
    of the rules in t; from 6 on the rule is exact to 1e-9.
    """

    compact = False
    faces = (np.zeros(0), np.zeros(0))

    def __init__(
        self, p: GaussianComponents, q: GaussianComponents, orders: tuple[int, int] = (10, 14)
    ) -> None:
        self._terms = [_terms(p, q, order) for order in orders]

    @property
    def num_terms(self) -> int:
        """Pairs of components times nodes in t."""
        return len(self._terms[0][0])

    def on_grid(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """Return sigma and the drift on the grid of the axes, to about 1e-9."""
        return _sum(self._terms[fine], axes)

    def near(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """Return the same from the terms that come within 9.5 deviations of the grid of the axes.

        What is left out is less than 1e-19 of the largest sigma.
        """
        terms = self._terms[fine]
        _, centers, deviations, _, _ = terms
        close = np.ones(len(centers), dtype=bool)
        for k, axis in enumerate(axes):
            reach = _FAR * deviations[:, k]
            close &= (centers[:, k] + reach > axis.min()) & (centers[:, k] - reach < axis.max())
        return _sum(tuple(part[close] for part in terms), axes)


def _sum(terms: tuple[Floats, ...], axes: tuple[Floats, ...]) -> InterpolationFlow:
    """Return the sum of terms on the grid of the axes."""
    shape = tuple(len(axis) for axis in axes)
    density, *drift = (np.zeros(shape) for _ in range(1 + len(axes)))
    for start in range(0, len(terms[0]), _CHUNK):
        weights, centers, deviations, shift, rate = (part[start : start + _CHUNK] for part in terms)
        factors, weighted = [], []
        for k, axis in enumerate(axes):
            offset = axis[:, None] - centers[:, k]
            factor = np.exp(-0.5 * (offset / deviations[:, k]) ** 2) / (np.sqrt(2 * np.pi) * deviations[:, k])
            factors.append(factor)
            weighted.append(factor * (shift[:, k] + rate[:, k] * offset))
        density += tensor_sum(factors, weights)
        for k in range(len(axes)):
            drift[k] += tensor_sum([*factors[:k], weighted[k], *factors[k + 1 :]], weights)
    return InterpolationFlow(density, tuple(drift))


def _terms(p: GaussianComponents, q: GaussianComponents, count: int) -> tuple[Floats, ...]:
    """Return weight [R], mean, deviation, shift, rate [R, K] of all terms of the double sum."""
    terms = []
    for i, j in itertools.product(range(len(p.weights)), range(len(q.weights))):
        m, a, n, b = p.means[i], p.scales[i], q.means[j], q.scales[j]
        t, weight = _times(m, a, n, b, count)
        s = t[:, None]
        square = ((1 - s) * a) ** 2 + (s * b) ** 2
        rate = (s * b * b - (1 - s) * a * a) / square
        shift = np.broadcast_to(n - m, square.shape)
        weight = weight * p.weights[i] * q.weights[j]
        terms.append((weight, (1 - s) * m + s * n, np.sqrt(square), shift, rate))
    return tuple(np.concatenate(column) for column in zip(*terms, strict=True))


def _times(m: Floats, a: Floats, n: Floats, b: Floats, count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights in t: Gauss's rule on panels with equal change of the exponent far off."""
    fine = np.linspace(0, 1, 2001)[:, None]
    # toward a much narrower distribution everything happens in its last moments
    small = np.minimum(a, b) / np.maximum(a, b)
    grade = np.concatenate([[0.0], np.geomspace(1e-6, 0.5, 400) * float(small.min())])
    fine = np.unique(np.concatenate([fine.ravel(), grade, 1 - grade]))[:, None]
    v = np.sqrt(((1 - fine) * a) ** 2 + (fine * b) ** 2)
    speed = _REACH * np.abs(n - m) / v + _REACH**2 * np.abs(fine * b * b - (1 - fine) * a * a) / v**2
    fastest = speed.max(axis=1)
    length = np.concatenate([[0.0], np.cumsum((fastest[1:] + fastest[:-1]) / 2 * np.diff(fine[:, 0]))])
    panels = max(2, int(np.ceil(length[-1] / _PANEL)))
    edges = np.interp(np.linspace(0, length[-1], panels + 1), length, fine[:, 0])
    nodes, weights = gauss_rule(count)
    size = np.diff(edges)[:, None]
    return (edges[:-1, None] + size * nodes).ravel(), (size * weights).ravel()
