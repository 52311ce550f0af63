"""Segments between uniform laws on discs and annuli of the plane."""

import itertools

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.distributions import Ball
from wganstudio.pairs.interpolants.base import InterpolationFlow
from wganstudio.pairs.interpolants.boxes import graded_rule

Floats = NDArray[np.float64]

_PANELS = (96, 144)
_RADII = 2049


class DiscInterpolant:
    """At time t sigma at z is what two discs, of radii (1-t) R_P and t R_Q about shifted centers, share.

    A ring is a disc less a smaller one. The lens that two discs share depends on their distance alone, so
    each time needs one table over that distance.
    """

    compact = True

    def __init__(self, p: Ball, q: Ball) -> None:
        self._p, self._q = p, q
        self._pairs = list(itertools.product(_discs(p), _discs(q)))

    def on(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """sigma and the drift on the grid of the axes (`Segments.on`), exact to about 1e-5."""
        x, y = axes
        shift = self._q.center - self._p.center
        times, weights = graded_rule(_PANELS[fine])
        size = _RADII * (1 + fine)
        density, along_x, along_y = (np.zeros((len(x), len(y))) for _ in range(3))
        if not shift.any():  # one table for all times
            radii = np.linspace(0, max(self._p.radius, self._q.radius), 2 * size)
            found = sum(w * self._table(radii, t) for t, w in zip(times, weights, strict=True))
            away_x, away_y = (axis - c for axis, c in zip(axes, self._p.center, strict=True))
            distance = np.hypot(away_x[:, None], away_y)
            share, pull = _look_up(distance, radii, np.asarray(found))
            return InterpolationFlow(share, (pull * away_x[:, None], pull * away_y))
        for t, w in zip(times, weights, strict=True):
            center = self._p.center + t * shift
            away_x, away_y = (axis - c for axis, c in zip(axes, center, strict=True))
            reach = (1 - t) * self._p.radius + t * self._q.radius
            i, j = (np.flatnonzero(np.abs(away) < reach) for away in (away_x, away_y))
            if not (len(i) and len(j)):
                continue
            part = np.s_[i[0] : i[-1] + 1, j[0] : j[-1] + 1]
            away_x, away_y = away_x[part[0], None], away_y[part[1]]
            radii = np.linspace(0, reach, size)
            share, pull = _look_up(np.hypot(away_x, away_y), radii, w * self._table(radii, t))
            density[part] += share
            along_x[part] += share * shift[0] + pull * away_x
            along_y[part] += share * shift[1] + pull * away_y
        return InterpolationFlow(density, (along_x, along_y))

    def _table(self, d: Floats, t: float) -> Floats:
        """Density at distance d from the center at time t, and E[(y - x) ; z] / d less the centers' shift."""
        found = np.zeros((2, len(d)))
        for (share_p, radius_p), (share_q, radius_q) in self._pairs:
            a, b = (1 - t) * radius_p, t * radius_q
            part_a, part_b = overlap_areas(a, b, d)
            weight = share_p * share_q / (np.pi * a * b) ** 2
            # the lens is cut by the common chord: its centroid is that of the two parts' shares of d
            found += weight * np.stack([part_a + part_b, part_a / t - part_b / (1 - t)])
        found[:, d >= (1 - t) * self._p.radius + t * self._q.radius] = 0.0
        return found


def overlap_areas(a: float, b: float, d: Floats) -> tuple[Floats, Floats]:
    """Areas of what discs of radii a and b, d apart, share: the part cut off a, and the part cut off b."""
    safe = np.maximum(d, 1e-300)
    parts = []
    for own, other in ((a, b), (b, a)):
        plane = np.clip((d * d + own * own - other * other) / (2 * safe), -own, own)
        cap = own * own * np.arccos(plane / own) - plane * np.sqrt(own * own - plane * plane)
        inside = d + own <= other
        around = d + other <= own
        parts.append(np.where(inside, np.pi * own * own, np.where(around | (d >= a + b), 0.0, cap)))
    return parts[0], parts[1]


def _discs(ball: Ball) -> list[tuple[float, float]]:
    """Weight and radius of the discs whose signed sum the law is."""
    inner = (ball.hole / ball.radius) ** 2
    hole = [(-inner / (1 - inner), ball.hole)] if ball.hole > 0 else []
    return [(1 / (1 - inner), ball.radius), *hole]


def _look_up(at: Floats, radii: Floats, table: Floats) -> tuple[Floats, Floats]:
    """Both rows of a table over equally spaced radii, linearly between them; 0 beyond."""
    place = np.minimum(at * ((len(radii) - 1) / radii[-1]), len(radii) - 1)
    low = np.minimum(place.astype(np.int32), len(radii) - 2)
    part = place - low
    share, pull = (row[low] + part * (row[low + 1] - row[low]) for row in table)
    return np.maximum(share, 0.0), pull
