"""Thinning of long curves: the points that make a difference on the screen."""

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.types import Float, Range

BINS = 250
"""Parts of a curve of which the extreme points are drawn: about one for each three pixels."""


def steps_within(steps: Float, shown: Range) -> slice:
    """Return the part of ascending steps that lies in a range, and one step more on either side."""
    first, last = np.searchsorted(steps, shown[0]), np.searchsorted(steps, shown[1], side="right")
    return slice(max(0, int(first) - 1), int(last) + 1)


def extreme_points(*curves: Float, bins: int = BINS) -> NDArray[np.intp]:
    """Return the ascending indices of the first, the last and, in each bin, the lowest and highest points.

    The curves [n] share their steps. Of few points all are returned; NaN is an extreme only where a bin has
    nothing else.
    """
    count = len(curves[0])
    if count <= 2 * len(curves) * bins:
        return np.arange(count)
    edges = np.linspace(0, count, bins + 1).astype(np.intp)
    width = int(np.diff(edges).max())
    places = np.minimum(
        edges[:-1, None] + np.arange(width), edges[1:, None] - 1
    )  # a short bin repeats its last
    kept = [np.array([0, count - 1])]
    for curve in curves:
        values = np.asarray(curve, float)[places]
        for low in (values, -values):
            filled = np.where(np.isnan(low), np.inf, low)
            kept.append(places[np.arange(bins), filled.argmin(axis=1)])
    return np.unique(np.concatenate(kept))


def extreme_points_over_decades(*curves: Float, bins: int = BINS) -> NDArray[np.intp]:
    """Return the points of `extreme_points`, and more of the first ones, for a logarithmic axis of steps."""
    kept = extreme_points(*curves, bins=bins)
    if len(kept) == (count := len(curves[0])):
        return kept
    return np.union1d(kept, np.geomspace(1, count, 8 * bins).astype(np.intp) - 1)
