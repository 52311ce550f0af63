"""Conforming interpolants of nodal values: bilinear, and bicubic where that is better."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CurvePair = tuple[Floats, Floats]

REACH = 2
"""The value at a node acts at most this many cells away."""


class InterpolationBasis:
    """Values and derivatives of interpolants through equally spaced nodes: sparse matrices [points, nodes].

    `line` is piecewise linear. `curve` is the cubic of Catmull and Rom: continuously differentiable, its
    slope at a node the central difference (one-sided at the ends, to second order).
    """

    def __init__(self, nodes: Floats, points: Floats) -> None:
        from scipy import sparse

        count, step = len(nodes), float(nodes[1] - nodes[0])
        place = np.clip((points - nodes[0]) / step, 0.0, count - 1.0)
        low = np.minimum(place.astype(int), count - 2)
        t = place - low
        rows = np.tile(np.arange(len(points)), 2)
        columns = np.concatenate([low, low + 1])

        def at(left: Floats, right: Floats) -> Any:
            entries = (np.concatenate([left, right]), (rows, columns))
            return sparse.csr_array(entries, shape=(len(points), count))

        ends = sparse.lil_array((count, count))
        ends[0, :3], ends[-1, -3:] = (-1.5, 2.0, -0.5), (0.5, -2.0, 1.5)
        inner = sparse.diags_array([-0.5, 0.5], offsets=[-1, 1], shape=(count, count)).tolil()
        inner[0], inner[-1] = ends[[0]], ends[[-1]]
        slope = inner.tocsr()  # times the step
        one = np.ones_like(t)
        self.line = at(1 - t, t), at(-one, one) / step
        self.curve = (
            at(1 - t * t * (3 - 2 * t), t * t * (3 - 2 * t)) + at(t * (1 - t) ** 2, t * t * (t - 1)) @ slope,
            (at(-6 * t * (1 - t), 6 * t * (1 - t)) + at((1 - t) * (1 - 3 * t), t * (3 * t - 2)) @ slope)
            / step,
        )


@dataclass(frozen=True)
class InterpolantSamples:
    """A function on a tensor grid, its gradient, and its excess over the bilinear interpolant."""

    value: Floats
    along_x: Floats
    along_y: Floats
    excess: Floats


@dataclass(frozen=True)
class BlendedInterpolant:
    """u_1 + share (u_3 - u_1): u_1 bilinear, u_3 bicubic through `values`, `share` bilinear through 0 to 1.

    Continuous for any shares, so that each node may take the interpolant that suits the function about it:
    bicubic where it is smooth, bilinear where it has an edge.
    """

    x: Floats
    y: Floats
    values: Floats
    share: Floats

    def on_grid(self, at_x: Floats, at_y: Floats) -> InterpolantSamples:
        """Return the function on the tensor grid of the points."""
        x, y = InterpolationBasis(self.x, at_x), InterpolationBasis(self.y, at_y)
        flat, along_x, along_y = _sample(x.line, y.line, self.values)
        if not self.share.any():
            return InterpolantSamples(flat, along_x, along_y, np.zeros_like(flat))
        smooth, smooth_x, smooth_y = _sample(x.curve, y.curve, self.values)
        share, share_x, share_y = _sample(x.line, y.line, self.share)
        excess = smooth - flat
        along_x += share * (smooth_x - along_x) + share_x * excess
        along_y += share * (smooth_y - along_y) + share_y * excess
        return InterpolantSamples(flat + share * excess, along_x, along_y, share * excess)


def node_sums(cells: Floats) -> Floats:
    """Return the sums over the cells about each node, [n + 1, m + 1] from [n, m]."""
    sums = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1))
    for i in (0, 1):
        for j in (0, 1):
            sums[i : i + cells.shape[0], j : j + cells.shape[1]] += cells
    return sums


def _sample(x: tuple[Any, Any], y: tuple[Any, Any], values: Floats) -> tuple[Floats, Floats, Floats]:
    across = (y[0] @ values.T).T
    return x[0] @ across, x[1] @ across, x[0] @ (y[1] @ values.T).T
