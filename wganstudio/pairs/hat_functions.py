"""Integrals of densities against hat functions, densities on grids, and tail moments.

A hat function is 1 at its node and falls linearly to 0 at the nodes beside it. The first and the last one
stay 1 beyond the grid, so that all of them sum to 1 everywhere.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]


class TailMoments(NamedTuple):
    """Mass beyond a box, and E|x|^2 about the center of the box: from beyond it, and in all."""

    mass: float
    square: float
    all_square: float


def gaussian_hat_masses(x: Floats, y: Floats, weights: Floats, means: Floats, scales: Floats) -> Floats:
    """Return E[f_i(x_1) g_j(x_2)] of a mixture of Gaussians with independent coordinates, to rounding.

    Parameters
    ----------
    x, y : arrays [n], [m]
        Equally spaced nodes of the hat functions f and g.
    weights : array [k]
    means, scales : arrays [k, 2]
        Means and standard deviations of the components.

    Returns
    -------
    array [n, m]
    """
    rows, columns = (_gaussian_hats(nodes, means[:, k], scales[:, k]) for k, nodes in enumerate((x, y)))
    return np.asarray((rows * weights) @ columns.T)


def gaussian_density_grid(x: Floats, y: Floats, weights: Floats, means: Floats, scales: Floats) -> Floats:
    """Return the density [n, m] of a mixture of Gaussians with independent coordinates on a tensor grid.

    Parameters
    ----------
    x, y : arrays [n], [m]
        Coordinates of the grid.
    weights : array [k]
    means, scales : arrays [k, 2]
        Means and standard deviations of the components.
    """
    rows, columns = (_gaussian_density(nodes, means[:, k], scales[:, k]) for k, nodes in enumerate((x, y)))
    return np.asarray((rows * weights) @ columns.T)


def gaussian_tail_moments(
    low: Floats, high: Floats, weights: Floats, means: Floats, scales: Floats
) -> TailMoments:
    """Return the tail moments of a mixture of Gaussians beyond the box [low, high].

    Parameters
    ----------
    low, high : arrays [D]
        Corners of the box.
    weights : array [k]
    means, scales : arrays [k, D]
        Means and standard deviations of the components.
    """
    from scipy.special import ndtr

    center = (low + high) / 2
    a, b = (low - means) / scales, (high - means) / scales
    mass = ndtr(b) - ndtr(a)
    density_a, density_b = (np.exp(-z * z / 2) / np.sqrt(2 * np.pi) for z in (a, b))
    offset = means - center
    square = (
        (scales**2 + offset**2) * mass
        - scales**2 * (b * density_b - a * density_a)
        - 2 * offset * scales * (density_b - density_a)
    )
    every = scales**2 + offset**2
    lost = -np.expm1(np.log1p(-np.minimum(ndtr(a) + ndtr(-b), 1 - 1e-16)).sum(axis=1))
    within = sum(square[:, k] * np.delete(mass, k, axis=1).prod(axis=1) for k in range(means.shape[1]))
    total = float(weights @ every.sum(axis=1))
    left = max(total - float(weights @ within), 0.0) + 1e-14 * total
    return TailMoments(float(weights @ lost), left, total)


def box_hat_masses(x: Floats, y: Floats, low: Floats, high: Floats) -> Floats:
    """Return the hat-function masses [n, m] of the uniform distribution on [low, high], to rounding."""
    return np.outer(*(interval_hat_masses(nodes, low[k], high[k]) for k, nodes in enumerate((x, y))))


def annulus_hat_masses(x: Floats, y: Floats, center: Floats, radius: float, hole: float) -> Floats:
    """Return the hat-function masses [n, m] of {hole <= |z - center| <= radius}, to about 1e-12."""
    inner = (hole / radius) ** 2
    masses = _disc_hats(x, y, center, radius) / (1 - inner)
    if hole > 0:
        masses -= _disc_hats(x, y, center, hole) * (inner / (1 - inner))
    return np.asarray(masses)


def _gaussian_density(nodes: Floats, means: Floats, scales: Floats) -> Floats:
    standard = (nodes[:, None] - means) / scales
    return np.asarray(np.exp(-0.5 * standard**2) / (np.sqrt(2 * np.pi) * scales))


def _gaussian_hats(nodes: Floats, means: Floats, scales: Floats) -> Floats:
    """Return the masses [n, K] of K Gaussians."""
    ramp, below = gaussian_ramp(nodes, means, scales)
    # second antiderivative of the density: a hat is a second difference of it
    return _second_differences(ramp, nodes, below)


def interval_hat_masses(nodes: Floats, low: float | Floats, high: float | Floats) -> Floats:
    """Return the masses [n] of the uniform distribution on [low, high], or [n, K] for K intervals."""
    ramp, below = interval_ramp(nodes, low, high)
    return _second_differences(ramp, nodes, below)


def interval_ramp(nodes: Floats, low: float | Floats, high: float | Floats) -> tuple[Floats, Floats]:
    """Return the antiderivative of the distribution function on [low, high], and that: [n] or [n, K]."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    z = nodes.reshape(-1, *[1] * low.ndim)
    below = np.clip((z - low) / (high - low), 0.0, 1.0)
    return 0.5 * below * below * (high - low) + np.maximum(z - high, 0.0), below


def gaussian_ramp(nodes: Floats, means: Floats, scales: Floats) -> tuple[Floats, Floats]:
    """Return the antiderivatives [n, K] of the distribution functions of K Gaussians, and those."""
    from scipy.special import ndtr

    standard = (nodes[:, None] - means) / scales
    below = ndtr(standard)
    return scales * (standard * below + np.exp(-0.5 * standard**2) / np.sqrt(2 * np.pi)), below


def _second_differences(ramp: Floats, nodes: Floats, below: Floats) -> Floats:
    """Return the masses from the antiderivative `ramp` of the distribution function `below`."""
    slope = np.diff(ramp, axis=0) / (nodes[1] - nodes[0])
    masses = np.empty_like(ramp)
    masses[1:-1] = slope[1:] - slope[:-1]
    masses[0], masses[-1] = slope[0], 1 - slope[-1]
    return np.maximum(masses, 0.0)


def _disc_hats(x: Floats, y: Floats, center: Floats, radius: float) -> Floats:
    from scipy import sparse

    half, height, weight = disc_chords(x, y, center, radius)
    rows = interval_hat_masses(x, center[0] - half, center[0] + half) * weight
    place = np.clip((height - y[0]) / (y[1] - y[0]), 0.0, len(y) - 1)
    low = np.minimum(place.astype(int), len(y) - 2)
    entries = np.concatenate([low + 1 - place, place - low])
    where = np.tile(np.arange(len(half)), 2), np.concatenate([low, low + 1])
    return np.asarray(rows @ sparse.csr_array((entries, where), shape=(len(half), len(y))))


def disc_chords(x: Floats, y: Floats, center: Floats, radius: float) -> tuple[Floats, Floats, Floats]:
    """Return half the lengths [K], heights [K] and masses [K] of chords by which a disc is integrated.

    y = radius sin th, and Gauss's rule in th between the points where the circle crosses a line of the grid.
    """
    along, up = ((nodes - c) / radius for nodes, c in zip((x, y), center, strict=True))
    at_y, at_x = np.arcsin(up[np.abs(up) < 1]), np.arccos(np.abs(along[np.abs(along) < 1]))
    edges = np.unique(np.concatenate([np.linspace(-np.pi / 2, np.pi / 2, 33), at_y, at_x, -at_x]))
    nodes, weights = gauss_rule(5)
    size = np.diff(edges)[:, None]
    th, weight = (edges[:-1, None] + size * nodes).ravel(), (size * weights).ravel()
    half = radius * np.cos(th)
    density = 2 * half * half / (np.pi * radius**2)  # chord times dy / d th
    return half, center[1] + radius * np.sin(th), weight * density
