"""Integrals over the cells of a grid by Gauss's rule on panels that end where a density jumps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GRADING = (0.25, 0.0625)
"""Distances from a face, in cells, at which further panels begin: sigma behaves like d log d there."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class AxisRule:
    """Points and weights on one axis, cell by cell; the weights of each cell sum to 1."""

    points: Floats
    weights: Floats
    start: Integers
    """Index of the first point of each cell."""

    @classmethod
    def from_nodes(cls, nodes: Floats, faces: Floats, count: int) -> Self:
        """Return Gauss's rule with `count` points on each panel.

        Parameters
        ----------
        nodes : array [n + 1]
            Equally spaced ends of the cells.
        faces : array [k]
            Coordinates at which the integrand is not smooth.
        count : int
            Points on a panel.
        """
        step = nodes[1] - nodes[0]
        near = np.outer([0.0, *GRADING, *(-d for d in GRADING)], np.full(len(faces), step))
        cuts = (faces + near).ravel()
        cuts = cuts[(cuts > nodes[0]) & (cuts < nodes[-1])]
        edges = np.unique(np.concatenate([nodes, cuts]))
        size = np.diff(edges)
        cell = np.clip(np.searchsorted(nodes, edges[:-1] + size / 2) - 1, 0, len(nodes) - 2)
        at, weights = gauss_rule(count)
        return cls(
            (edges[:-1, None] + size[:, None] * at).ravel(),
            (size[:, None] / step * weights).ravel(),
            count * np.searchsorted(cell, np.arange(len(nodes) - 1)),
        )

    def part(self, first: int, last: int) -> Self:
        """Return the rule on the cells first, ..., last - 1."""
        ends = np.append(self.start, len(self.points))
        here = slice(ends[first], ends[last])
        start = self.start[first:last] - self.start[first]
        return type(self)(self.points[here], self.weights[here], start)


Integrand = Callable[[AxisRule, AxisRule, bool], Floats]


def integrate_cells(
    x: Floats, y: Floats, faces: tuple[Floats, Floats], integrand: Integrand
) -> tuple[Floats, Floats]:
    """Return k integrals over the grid, and bounds of their errors as two rules on every cell show them.

    Parameters
    ----------
    x, y : arrays [n + 1], [m + 1]
        Nodes of the grid.
    faces : pair of arrays
        Coordinates on each axis at which the integrands are not smooth.
    integrand : callable
        Takes the rules of both axes and True for the finer of its own rules; returns values [k, N, M].

    Returns
    -------
    integrals, errors : arrays [k]
        The integrals by three points on each panel; the sums over all cells of the absolute differences
        to two points.
    """
    rules = [[AxisRule.from_nodes(a, f, n) for a, f in zip((x, y), faces, strict=True)] for n in (2, 3)]
    area = float((x[1] - x[0]) * (y[1] - y[0]))
    totals = errors = np.zeros(1)
    for first, last in _blocks(*rules[1]):
        coarse, fine = (
            _cell_averages(integrand(part, columns, k == 1), part, columns)
            for k, (rows, columns) in enumerate(rules)
            for part in [rows.part(first, last)]
        )
        totals = totals + fine.sum(axis=(1, 2)) * area
        with np.errstate(invalid="ignore"):  # both may be infinite
            errors = errors + np.abs(fine - coarse).sum(axis=(1, 2)) * area
    return totals, errors


def _cell_averages(values: Floats, rows: AxisRule, columns: AxisRule) -> Floats:
    """Return the means over the cells, [k, n, m], of values [k, N, M] at the points of both axes."""
    across = np.add.reduceat(values * columns.weights, columns.start, axis=2)
    return np.asarray(np.add.reduceat(across * rows.weights[:, None], rows.start, axis=1))


def _blocks(rows: AxisRule, columns: AxisRule) -> Iterator[tuple[int, int]]:
    """Yield ranges of cells along the first axis with about a million points each."""
    count = len(rows.start)
    size = max(1, int(count * _CHUNK / (len(rows.points) * len(columns.points))))
    for first in range(0, count, size):
        yield first, min(first + size, count)
