"""The interpolation between uniform distributions on discs and annuli of the plane."""

import itertools
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.interpolants.base import InterpolationFamily, InterpolationFlow
from wganstudio.pairs.quadrature import graded_rule

Floats = NDArray[np.float64]

_PANELS = (96, 144)
_RADII = 2049


@dataclass(frozen=True)
class Annulus(InterpolationFamily):
    """The uniform distribution on {hole <= |x - center| <= radius} of the plane; a disc where hole = 0."""

    center: Floats
    radius: float
    hole: float

    def interpolant(self, other: Self) -> "DiscInterpolant":
        """Return the interpolant to another disc or annulus."""
        return DiscInterpolant(self, other)

    def discs(self) -> list[tuple[float, float]]:
        """Return weight and radius of the discs whose signed sum the distribution is."""
        inner = (self.hole / self.radius) ** 2
        hole = [(-inner / (1 - inner), self.hole)] if self.hole > 0 else []
        return [(1 / (1 - inner), self.radius), *hole]


class DiscInterpolant:
    """The interpolation between two discs or annuli.

    At time t, sigma at z is the overlap of two discs, of radii (1-t) R_P and t R_Q about shifted centers. An
    annulus is a disc less a smaller one. The overlap depends on the distance of the centers alone, so each
    time needs one table over that distance.
    """

    compact = True
    faces = (np.zeros(0), np.zeros(0))

    def __init__(self, p: Annulus, q: Annulus) -> None:
        self._p, self._q = p, q
        self._pairs = list(itertools.product(p.discs(), q.discs()))

    def on_grid(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """Return sigma and the drift on the grid of the axes, to about 1e-5."""
        x, y = axes
        shift = self._q.center - self._p.center
        times, weights = graded_rule(_PANELS[fine])
        size = _RADII * (1 + fine)
        density, along_x, along_y = (np.zeros((len(x), len(y))) for _ in range(3))
        if not shift.any():  # one table for all times
            radii = np.linspace(0, max(self._p.radius, self._q.radius), 2 * size)
            table = sum(w * self._table(radii, t) for t, w in zip(times, weights, strict=True))
            away_x, away_y = (axis - c for axis, c in zip(axes, self._p.center, strict=True))
            distance = np.hypot(away_x[:, None], away_y)
            share, momentum = _interpolate(distance / radii[-1], np.asarray(table))
            return InterpolationFlow(share, (momentum * away_x[:, None], momentum * away_y))
        radii = np.linspace(0, 1, size)
        for t, w in zip(times, weights, strict=True):
            center = self._p.center + t * shift
            away_x, away_y = (axis - c for axis, c in zip(axes, center, strict=True))
            radius = (1 - t) * self._p.radius + t * self._q.radius
            i, j = (np.flatnonzero(np.abs(away) < radius) for away in (away_x, away_y))
            if not (len(i) and len(j)):
                continue
            part = np.s_[i[0] : i[-1] + 1, j[0] : j[-1] + 1]
            away_x, away_y = away_x[part[0], None], away_y[part[1]]
            distance = np.sqrt((away_x / radius) ** 2 + (away_y / radius) ** 2)  # hypot takes twice as long
            share, momentum = _interpolate(distance, w * self._table(radius * radii, t))
            density[part] += share
            along_x[part] += share * shift[0] + momentum * away_x
            along_y[part] += share * shift[1] + momentum * away_y
        return InterpolationFlow(density, (along_x, along_y))

    def _table(self, d: Floats, t: float) -> Floats:
        """Return the density at distance d from the center at time t, and E[y - x; z] / d less the shift."""
        table = np.zeros((2, len(d)))
        for (share_p, radius_p), (share_q, radius_q) in self._pairs:
            a, b = (1 - t) * radius_p, t * radius_q
            part_a, part_b = overlap_areas(a, b, d)
            weight = share_p * share_q / (np.pi * a * b) ** 2
            # the common chord cuts the overlap: its centroid is that of the two parts' shares of d
            table += weight * np.stack([part_a + part_b, part_a / t - part_b / (1 - t)])
        table[:, d >= (1 - t) * self._p.radius + t * self._q.radius] = 0.0
        return table


def overlap_areas(a: float, b: float, d: Floats) -> tuple[Floats, Floats]:
    """Return the areas of both parts of the overlap of discs of radii a and b at distance d."""
    safe = np.maximum(d, 1e-300)
    parts = []
    for own, other in ((a, b), (b, a)):
        plane = np.clip((d * d + own * own - other * other) / (2 * safe), -own, own)
        cap = own * own * np.arccos(plane / own) - plane * np.sqrt(own * own - plane * plane)
        inside = d + own <= other
        around = d + other <= own
        parts.append(np.where(inside, np.pi * own * own, np.where(around | (d >= a + b), 0.0, cap)))
    return parts[0], parts[1]


def _interpolate(at: Floats, table: Floats) -> tuple[Floats, Floats]:
    """Interpolate both rows of a table over equally spaced points of [0, 1] linearly; beyond 1 they end."""
    pairs = table[0] + 1j * table[1]  # one look-up for both
    slopes = np.append(np.diff(pairs), 0.0)
    place = np.minimum(at * (len(pairs) - 1), len(pairs) - 1)
    low = place.astype(np.int32)
    values = slopes.take(low)
    values *= place - low
    values += pairs.take(low)
    return np.maximum(values.real, 0.0), values.imag
