"""A lower bound of W1 by a function that is 1-Lipschitz on the whole plane: the least of many cones."""

import numpy as np
from numpy.typing import NDArray

from wganstudio.truths.grid.cell_quadrature import AxisRule
from wganstudio.truths.grid.discretization import GridProblem, cell_means
from wganstudio.truths.grid.interpolation import InterpolationBasis

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ANCHORS = 1 << 14
_BULK = 1e-5
TILE = 64
"""Mean number of points in a tile."""


def cone_lower_bound(problem: GridProblem, potentials: list[Floats]) -> tuple[float, float]:
    """Return the largest gap of the least and greatest 1-Lipschitz functions through values of potentials.

    min_j (u_j + |z - a_j|) and max_j (u_j - |z - a_j|) over some 2,000 nodes a_j, for each of the potentials
    [n + 1, m + 1] given: 1-Lipschitz for any u, so that their gaps are at most W1. The bilinear part of
    their means is exact, the rest is integrated by Gauss's rule on panels that end at the faces of boxes; its
    error, returned second, is estimated as a quarter of the size of that rest.
    """
    nodes = _tensor(problem.x, problem.y)
    bulk = np.zeros(problem.mass.shape, dtype=bool)
    sigma = cell_means(problem.sigma)
    bulk[:-1, :-1] = sigma > _BULK * sigma.max()
    stride = max(1, int(np.ceil(np.sqrt(bulk.sum() / ANCHORS))))
    thin = np.zeros_like(bulk)
    thin[::stride, ::stride] = True
    chosen = (bulk & thin).ravel()
    axes = zip((problem.x, problem.y), problem.faces, strict=True)
    rows, columns = (AxisRule.from_nodes(axis, faces, 2) for axis, faces in axes)
    x, y = rows.points, columns.points
    excess = problem.excess(x, y)
    mass = excess * np.outer(rows.weights, columns.weights) * problem.step**2
    counts = np.abs(excess) > 1e-7 * np.abs(excess).max()
    points = np.concatenate([nodes, _tensor(x, y)[counts.ravel()]])
    heights = np.stack([u.ravel()[chosen] for u in potentials])
    cones = _cones(points, nodes[chosen], heights)
    weight = mass[counts]
    lost = (float(np.abs(mass[~counts]).sum()) + problem.outside.share) * 2 * problem.step
    bounds = []
    for values in cones.reshape(-1, len(points)):
        nodal = values[: len(nodes)].reshape(problem.mass.shape)
        flat = _bilinear(nodal, problem, x, y)[counts]
        rest = weight * (values[len(nodes) :] - flat)
        bounds.append(
            (float((problem.mass * nodal).sum() + rest.sum()), float(np.abs(rest).sum()) / 4 + lost)
        )
    return max(bounds, key=lambda bound: bound[0] - bound[1])


def _tensor(x: Floats, y: Floats) -> Floats:
    return np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)


def _cones(points: Floats, anchors: Floats, heights: Floats) -> Floats:
    """Return the least and greatest functions [2, potentials, points].

    Tile by tile: a cone that is higher at the middle of a tile than another one by more than its diameter is
    higher on the whole tile.
    """
    values = np.empty((2, len(heights), len(points)))
    for tile in _tiles(points):
        part = points[tile]
        middle = (part.min(axis=0) + part.max(axis=0)) / 2
        diameter = 2 * float(np.hypot(*(part - middle).T).max())
        away = np.hypot(*(anchors - middle).T)
        for k, height in enumerate(heights):
            for which, sign in enumerate((1.0, -1.0)):
                level = away + sign * height
                near = level <= level.min() + diameter * (1 + 1e-9)
                cones = _distances(part, anchors[near]) + sign * height[near]
                values[which, k, tile] = sign * cones.min(axis=1)
    return values


def _tiles(points: Floats) -> list[Integers]:
    """Return the indices of the points of each tile of a partition of the plane, few points in each."""
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.sqrt(np.prod(high - low) * TILE / len(points))
    place = ((points - low) / size).astype(np.int64)
    key = place[:, 0] * (place[:, 1].max() + 1) + place[:, 1]
    order = np.argsort(key, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(key[order])) + 1)


def _distances(points: Floats, anchors: Floats) -> Floats:
    difference = points[:, None, 0] - anchors[:, 0]
    difference *= difference
    other = points[:, None, 1] - anchors[:, 1]
    other *= other
    difference += other
    return np.sqrt(difference, out=difference)


def _bilinear(nodal: Floats, problem: GridProblem, x: Floats, y: Floats) -> Floats:
    rows, columns = InterpolationBasis(problem.x, x).line[0], InterpolationBasis(problem.y, y).line[0]
    return np.asarray(rows @ (columns @ nodal.T).T)
