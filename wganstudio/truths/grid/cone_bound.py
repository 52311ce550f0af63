"""A lower bound of W1 by a function that is 1-Lipschitz on the whole plane: the least of many cones."""

import numpy as np
from numpy.typing import NDArray

from wganstudio.truths.grid.cell_quadrature import AxisRule
from wganstudio.truths.grid.discretization import GridProblem, cell_means
from wganstudio.truths.grid.interpolation import InterpolationBasis

Floats = NDArray[np.float64]

ANCHORS = 2048
_BULK = 1e-5
_CHUNK = 1 << 10


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
    """Return the least and greatest functions [2, potentials, points]."""
    values = np.empty((2, len(heights), len(points)))
    center = anchors.mean(axis=0)
    points, anchors = points - center, anchors - center
    square = (anchors**2).sum(axis=1)
    for start in range(0, len(points), _CHUNK):
        part = points[start : start + _CHUNK]
        distance = part @ (-2 * anchors.T)
        distance += (part**2).sum(axis=1)[:, None]
        distance += square
        np.sqrt(np.maximum(distance, 0.0, out=distance), out=distance)
        for k, height in enumerate(heights):
            values[0, k, start : start + _CHUNK] = (distance + height).min(axis=1)
            values[1, k, start : start + _CHUNK] = (height - distance).max(axis=1)
    return values


def _bilinear(nodal: Floats, problem: GridProblem, x: Floats, y: Floats) -> Floats:
    rows, columns = InterpolationBasis(problem.x, x).line[0], InterpolationBasis(problem.y, y).line[0]
    return np.asarray(rows @ (columns @ nodal.T).T)
