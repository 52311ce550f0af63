"""Masses and bounds of densities on the cells of a grid.

The corner masses [n, m, 2, 2] of a cell are E[f(z)] over the cell for the four bilinear functions f that are
1 at one of its corners and 0 at the others.
"""

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.hat_functions import disc_chords, gaussian_ramp, interval_ramp

Floats = NDArray[np.float64]
DensityBounds = tuple[Floats, Floats]


def gaussian_corner_masses(x: Floats, y: Floats, weights: Floats, means: Floats, scales: Floats) -> Floats:
    """Return those of a mixture of Gaussians with independent coordinates, to rounding."""
    sides = [
        _side_masses(nodes, *gaussian_ramp(nodes, means[:, k], scales[:, k]))
        for k, nodes in enumerate((x, y))
    ]
    return np.einsum("ink,jmk->nmij", sides[0] * weights, sides[1], optimize=True)


def box_corner_masses(x: Floats, y: Floats, low: Floats, high: Floats) -> Floats:
    """Return those of the uniform distribution on [low, high], to rounding."""
    sides = [_side_masses(nodes, *interval_ramp(nodes, low[k], high[k])) for k, nodes in enumerate((x, y))]
    return np.einsum("in,jm->nmij", *sides)


def annulus_corner_masses(x: Floats, y: Floats, center: Floats, radius: float, hole: float) -> Floats:
    """Return those of {hole <= |z - center| <= radius}, to about 1e-12."""
    inner = (hole / radius) ** 2
    masses = _disc_corner_masses(x, y, center, radius) / (1 - inner)
    if hole > 0:
        masses -= _disc_corner_masses(x, y, center, hole) * (inner / (1 - inner))
    return np.maximum(masses, 0.0)


def gaussian_density_bounds(
    x: Floats, y: Floats, weights: Floats, means: Floats, scales: Floats
) -> DensityBounds:
    """Return bounds [n, m] of the density of a mixture of Gaussians with independent coordinates."""
    bounds: Floats = np.zeros((2, len(x) - 1, len(y) - 1))
    for weight, mean, scale in zip(weights, means, scales, strict=True):
        (near_x, far_x), (near_y, far_y) = (
            [np.exp(-0.5 * (away / s) ** 2) for away in _distances(nodes, m)]
            for nodes, m, s in zip((x, y), mean, scale, strict=True)
        )
        peak = weight / (2 * np.pi * scale.prod())
        bounds[0] += peak * np.outer(far_x, far_y)
        bounds[1] += peak * np.outer(near_x, near_y)
    return bounds[0], bounds[1]


def box_density_bounds(x: Floats, y: Floats, low: Floats, high: Floats) -> DensityBounds:
    """Return the extreme values [n, m] of the uniform density on each cell."""
    ends = list(zip((x, y), low, high, strict=True))
    within = np.outer(*((nodes[:-1] >= a) & (nodes[1:] <= b) for nodes, a, b in ends))
    touched = np.outer(*((nodes[1:] > a) & (nodes[:-1] < b) for nodes, a, b in ends))
    density = 1 / float(np.prod(high - low))
    return np.where(within, density, 0.0), np.where(touched, density, 0.0)


def annulus_density_bounds(x: Floats, y: Floats, center: Floats, radius: float, hole: float) -> DensityBounds:
    """Return the extreme values [n, m] of the uniform density of an annulus on each cell."""
    ends = [_distances(nodes, middle) for nodes, middle in zip((x, y), center, strict=True)]
    near, far = (np.hypot(ends[0][k][:, None], ends[1][k]) for k in (0, 1))
    density = 1 / (np.pi * (radius**2 - hole**2))
    within, touched = (near >= hole) & (far <= radius), (far > hole) & (near < radius)
    return np.where(within, density, 0.0), np.where(touched, density, 0.0)


def _distances(nodes: Floats, point: float | Floats) -> tuple[Floats, Floats]:
    """Return the least and greatest distances of a point to the intervals between the nodes."""
    away = np.abs(nodes - point)
    outside = np.minimum(away[:-1], away[1:])
    holds = (nodes[:-1] <= point) & (nodes[1:] >= point)
    return np.where(holds, 0.0, outside), np.maximum(away[:-1], away[1:])


def _side_masses(nodes: Floats, ramp: Floats, below: Floats) -> Floats:
    """Return the masses [2, n] against the linear functions that are 1 at the left or right end of a cell.

    `below` is the distribution function and `ramp` its antiderivative.
    """
    slope = np.diff(ramp, axis=0) / (nodes[1] - nodes[0])
    return np.maximum(np.stack([slope - below[:-1], below[1:] - slope]), 0.0)


def _disc_corner_masses(x: Floats, y: Floats, center: Floats, radius: float) -> Floats:
    from scipy import sparse

    half, height, weight = disc_chords(x, y, center, radius)
    place = (height - y[0]) / (y[1] - y[0])
    low = np.clip(place.astype(int), 0, len(y) - 2)
    weight = np.where((height >= y[0]) & (height <= y[-1]), weight, 0.0)
    rows = _side_masses(x, *interval_ramp(x, center[0] - half, center[0] + half)) * weight
    masses = np.empty((len(x) - 1, len(y) - 1, 2, 2))
    for end, part in enumerate((low + 1 - place, place - low)):
        columns = sparse.csr_array((part, (np.arange(len(half)), low)), shape=(len(half), len(y) - 1))
        for side in (0, 1):
            masses[:, :, side, end] = rows[side] @ columns
    return masses
