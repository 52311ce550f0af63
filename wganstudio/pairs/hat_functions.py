"""A law seen by a grid: its mass against the hat functions, its reach, and what lies beyond."""

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]


class TailMoments(NamedTuple):
    """Mass beyond a box, and E|x|^2 about the box's center: beyond it, and in all."""

    mass: float
    square: float
    all_square: float


def hats(law: Distribution, x: Floats, y: Floats) -> Floats:
    """E[f_i(x_1) g_j(x_2)], [n, m], for the hat functions f, g of equally spaced nodes `x` [n] and `y` [m].

    The first and the last hat go on at 1 for ever, so that the sum of all is 1. Exact to rounding (balls: to
    about 1e-9). TypeError where the law is not known.
    """
    if isinstance(law, Gaussian | GaussianMixture):
        weights, means, scales = _components(law)
        rows, columns = (_normal_hats(nodes, means[:, k], scales[:, k]) for k, nodes in enumerate((x, y)))
        return np.asarray((rows * weights) @ columns.T)
    if isinstance(law, Box):
        return np.outer(*(interval_hat_masses(n, law.low[k], law.high[k]) for k, n in enumerate((x, y))))
    if isinstance(law, Ball):
        inner = (law.hole / law.radius) ** 2
        found = _disc_hats(x, y, law.center, law.radius) / (1 - inner)
        if law.hole > 0:
            found -= _disc_hats(x, y, law.center, law.hole) * (inner / (1 - inner))
        return found
    raise TypeError(f"the density of {type(law).__name__} is not known")


def density_on(law: Distribution, x: Floats, y: Floats) -> Floats:
    """Density [n, m] on the grid that `x` [n] and `y` [m] span."""
    if isinstance(law, Gaussian | GaussianMixture):
        weights, means, scales = _components(law)
        rows, columns = (_bell(nodes, means[:, k], scales[:, k]) for k, nodes in enumerate((x, y)))
        return np.asarray((rows * weights) @ columns.T)
    if isinstance(law, Box | Ball):
        points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        return law.density(points).reshape(len(x), len(y))
    raise TypeError(f"the density of {type(law).__name__} is not known")


def reach(law: Distribution, tail: float) -> tuple[Floats, Floats]:
    """Corners of the box that holds the law, or, for normal ones, all but `tail` standard deviations."""
    if isinstance(law, Gaussian | GaussianMixture):
        _, means, scales = _components(law)
        return (means - tail * scales).min(axis=0), (means + tail * scales).max(axis=0)
    if isinstance(law, Box):
        return law.low, law.high
    if isinstance(law, Ball):
        return law.center - law.radius, law.center + law.radius
    raise TypeError(f"the density of {type(law).__name__} is not known")


def beyond(law: Distribution, low: Floats, high: Floats) -> TailMoments:
    """What of the law lies beyond the box [low, high], which holds all of a law with bounded support."""
    if not isinstance(law, Gaussian | GaussianMixture):
        return TailMoments(0.0, 0.0, 0.0)
    from scipy.special import ndtr

    weights, means, scales = _components(law)
    center = (low + high) / 2
    a, b = (low - means) / scales, (high - means) / scales
    mass = ndtr(b) - ndtr(a)
    bell_a, bell_b = (np.exp(-z * z / 2) / np.sqrt(2 * np.pi) for z in (a, b))
    offset = means - center
    square = (
        (scales**2 + offset**2) * mass
        - scales**2 * (b * bell_b - a * bell_a)
        - 2 * offset * scales * (bell_b - bell_a)
    )
    every = scales**2 + offset**2
    lost = -np.expm1(np.log1p(-np.minimum(ndtr(a) + ndtr(-b), 1 - 1e-16)).sum(axis=1))
    within = sum(square[:, k] * np.delete(mass, k, axis=1).prod(axis=1) for k in range(means.shape[1]))
    total = float(weights @ every.sum(axis=1))
    left = max(total - float(weights @ within), 0.0) + 1e-14 * total
    return TailMoments(float(weights @ lost), left, total)


def _components(law: Gaussian | GaussianMixture) -> tuple[Floats, Floats, Floats]:
    if isinstance(law, Gaussian):
        return np.ones(1), law.mean[None], law.scale[None]
    return law.weights, law.means, np.repeat(law.scales[:, None], law.dim, axis=1)


def _bell(nodes: Floats, means: Floats, scales: Floats) -> Floats:
    standard = (nodes[:, None] - means) / scales
    return np.asarray(np.exp(-0.5 * standard**2) / (np.sqrt(2 * np.pi) * scales))


def _normal_hats(nodes: Floats, means: Floats, scales: Floats) -> Floats:
    """[n, K] for K normal laws."""
    from scipy.special import ndtr

    standard = (nodes[:, None] - means) / scales
    # second antiderivative of the density: a hat is a second difference of it
    ramp = scales * (standard * ndtr(standard) + np.exp(-0.5 * standard**2) / np.sqrt(2 * np.pi))
    return _second_differences(ramp, nodes, ndtr(standard))


def interval_hat_masses(nodes: Floats, low: float | Floats, high: float | Floats) -> Floats:
    """[n] ([n, K]) for the uniform law on [low, high] (on K such intervals)."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    z = nodes.reshape(-1, *[1] * low.ndim)
    below = np.clip((z - low) / (high - low), 0.0, 1.0)
    ramp = 0.5 * below * below * (high - low) + np.maximum(z - high, 0.0)
    return _second_differences(ramp, nodes, below)


def _second_differences(ramp: Floats, nodes: Floats, below: Floats) -> Floats:
    """Integrals of the hats from the antiderivative `ramp` of the distribution function `below`."""
    slope = np.diff(ramp, axis=0) / (nodes[1] - nodes[0])
    found = np.empty_like(ramp)
    found[1:-1] = slope[1:] - slope[:-1]
    found[0], found[-1] = slope[0], 1 - slope[-1]
    return np.maximum(found, 0.0)


def _disc_hats(x: Floats, y: Floats, center: Floats, radius: float) -> Floats:
    """Chord by chord: y = radius sin th, Gauss's rule in th between the lines of the grid."""
    inner = y[(y > center[1] - radius) & (y < center[1] + radius)]
    edges = np.arcsin(np.clip((inner - center[1]) / radius, -1, 1))
    edges = np.concatenate([[-np.pi / 2], edges, [np.pi / 2]])
    most = np.pi / 2 / 16
    cut = [np.linspace(a, b, int(np.ceil((b - a) / most)) + 1)[:-1] for a, b in itertools.pairwise(edges)]
    edges = np.concatenate([*cut, [np.pi / 2]])
    nodes, weights = gauss_rule(8)
    size = np.diff(edges)[:, None]
    th, weight = (edges[:-1, None] + size * nodes).ravel(), (size * weights).ravel()
    half = radius * np.cos(th)
    rows = interval_hat_masses(x, center[0] - half, center[0] + half)
    height = center[1] + radius * np.sin(th)
    place = np.clip((height - y[0]) / (y[1] - y[0]), 0.0, len(y) - 1)
    low = np.minimum(place.astype(int), len(y) - 2)
    columns = np.zeros((len(th), len(y)))
    each = np.arange(len(th))
    columns[each, low] = low + 1 - place
    columns[each, low + 1] = place - low
    density = 2 * half * half / (np.pi * radius**2)  # chord times dy / d th
    return np.asarray((rows * (weight * density)) @ columns)
