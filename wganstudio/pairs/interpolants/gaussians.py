"""Segments between mixtures of normal laws with independent coordinates."""

import itertools
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.distributions import Gaussian, GaussianMixture
from wganstudio.pairs.interpolants.base import InterpolationFlow
from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]

MAX_TERMS = 1 << 15
"""Pairs of components times nodes in t up to which the sums are done."""
_REACH = 7.0
_PANEL = 7.0
_CHUNK = 1 << 12


@dataclass(frozen=True)
class GaussianComponents:
    """sum_k weights[k] N(means[k], diag(scales[k]^2)): `means` and `scales` are [n, K]."""

    weights: Floats
    means: Floats
    scales: Floats


def normals(law: Gaussian | GaussianMixture) -> GaussianComponents | None:
    """A law as a mixture of normal ones; None where it has an atom."""
    if isinstance(law, Gaussian):
        return GaussianComponents(np.ones(1), law.mean[None], law.scale[None])
    present = law.weights > 0
    if np.any(law.scales[present] == 0):
        return None
    scales = np.repeat(law.scales[present, None], law.dim, axis=1)
    return GaussianComponents(law.weights[present], law.means[present], scales)


class GaussianInterpolant:
    """For two components m, a and n, b, at time t: z ~ N((1-t) m + t n, v^2), v^2 = (1-t)^2 a^2 + t^2 b^2.

    Given z, y - x has the mean n - m + (t b^2 - (1-t) a^2) / v^2 (z - E z), coordinate by coordinate. Each
    term is a product over the coordinates, so that a whole grid costs one matrix product.
    """

    compact = False

    def __init__(self, p: GaussianComponents, q: GaussianComponents) -> None:
        self._terms = [_terms(p, q, count) for count in (10, 14)]

    @classmethod
    def up_to(cls, p: GaussianComponents, q: GaussianComponents) -> Self | None:
        """None where there would be more than 2^15 terms."""
        if len(p.weights) * len(q.weights) > MAX_TERMS // 10:
            return None
        made = cls(p, q)
        return made if len(made._terms[0][0]) <= MAX_TERMS else None

    def on(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """sigma and the drift on the grid of the axes (`Segments.on`), exact to about 1e-9."""
        terms = self._terms[fine]
        shape = tuple(len(axis) for axis in axes)
        density, *drift = (np.zeros(shape) for _ in range(1 + len(axes)))
        for start in range(0, len(terms[0]), _CHUNK):
            weights, middle, spread, shift, pull = (part[start : start + _CHUNK] for part in terms)
            factors, moved = [], []
            for k, axis in enumerate(axes):
                away = axis[:, None] - middle[:, k]
                factor = np.exp(-0.5 * (away / spread[:, k]) ** 2) / (np.sqrt(2 * np.pi) * spread[:, k])
                factors.append(factor)
                moved.append(factor * (shift[:, k] + pull[:, k] * away))
            density += _product(factors, weights)
            for k in range(len(axes)):
                drift[k] += _product([*factors[:k], moved[k], *factors[k + 1 :]], weights)
        return InterpolationFlow(density, tuple(drift))


def _product(factors: list[Floats], weights: Floats) -> Floats:
    if len(factors) == 1:
        return np.asarray(factors[0] @ weights)
    return np.asarray((factors[0] * weights) @ factors[1].T)


def _terms(p: GaussianComponents, q: GaussianComponents, count: int) -> tuple[Floats, ...]:
    """weight [R], mean, standard deviation, shift and pull [R, K] of every term of the double sum."""
    found = []
    for i, j in itertools.product(range(len(p.weights)), range(len(q.weights))):
        m, a, n, b = p.means[i], p.scales[i], q.means[j], q.scales[j]
        t, weight = _times(m, a, n, b, count)
        s = t[:, None]
        square = ((1 - s) * a) ** 2 + (s * b) ** 2
        pull = (s * b * b - (1 - s) * a * a) / square
        shift = np.broadcast_to(n - m, square.shape)
        weight = weight * p.weights[i] * q.weights[j]
        found.append((weight, (1 - s) * m + s * n, np.sqrt(square), shift, pull))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def _times(m: Floats, a: Floats, n: Floats, b: Floats, count: int) -> tuple[Floats, Floats]:
    """Nodes and weights in t: Gauss's rule on panels over which the exponent of a far point changes alike."""
    fine = np.linspace(0, 1, 2001)[:, None]
    # toward a much narrower law everything happens in its last moments
    small = np.minimum(a, b) / np.maximum(a, b)
    grade = np.concatenate([[0.0], np.geomspace(1e-6, 0.5, 400) * float(small.min())])
    fine = np.unique(np.concatenate([fine.ravel(), grade, 1 - grade]))[:, None]
    v = np.sqrt(((1 - fine) * a) ** 2 + (fine * b) ** 2)
    speed = _REACH * np.abs(n - m) / v + _REACH**2 * np.abs(fine * b * b - (1 - fine) * a * a) / v**2
    rate = speed.max(axis=1)
    length = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * np.diff(fine[:, 0]))])
    panels = max(2, int(np.ceil(length[-1] / _PANEL)))
    edges = np.interp(np.linspace(0, length[-1], panels + 1), length, fine[:, 0])
    nodes, weights = gauss_rule(count)
    size = np.diff(edges)[:, None]
    return (edges[:-1, None] + size * nodes).ravel(), (size * weights).ravel()
