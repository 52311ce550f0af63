"""The two iterations: a potential seeks the greatest value, a stream function the least cost."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.truths.grid.discretization import NEGLIGIBLE, GridProblem, over_cells
from wganstudio.truths.grid.interpolation import REACH
from wganstudio.truths.grid.triangles import (
    Integers,
    Laplacian,
    adjoint,
    edges,
    gradient,
    lengths,
    stretch,
    turned,
)

Floats = NDArray[np.float64]

RELAXATION = 1.7
FALL = 20.0
MOST = 400
"""Iterations at most."""
WEAK = 100.0
"""lambda, in lengths of the drift, from which on the solution is taken for one without congestion."""
_EVERY = 5


@dataclass(frozen=True)
class Solution:
    """Potential and stream function at the nodes, [n + 1, m + 1], and the iterations that each took."""

    potential: Floats
    stream: Floats
    iterations: tuple[int, int]

    def refined(self, cells: tuple[int, ...]) -> Self:
        """Bilinear interpolation to a grid of other numbers of cells over the same box."""
        return type(self)(_refined(self.potential, cells), _refined(self.stream, cells), self.iterations)


def solve(ground: GridProblem, penalty: float, precision: float, before: Solution | None = None) -> Solution:
    """ADMM for both problems on piecewise linear functions, to a relative `precision` of the discrete costs.

    `penalty` is lambda. The metric of both is sigma itself (Poisson's equation with the weight sigma for u,
    1 / sigma for psi), so that the iteration does the same in the far tail as where the mass is, and takes 10
    to 40 steps at any resolution. `before`, the solution on a coarser grid, is where it starts.
    """
    metric = _Metric.of(ground)
    # in the unit where w is as long as the drift, |grad u| - 1 is about length / (2 lambda)
    shrink = metric.length / (2 * min(penalty, WEAK * metric.length) + metric.length)
    start = None if before is None else before.refined(ground.live.shape)
    u, slopes, flow, first = _potential(ground, metric, shrink, precision, start)
    psi, second = _stream(ground, metric, shrink, precision, flow, slopes)
    return Solution(u, psi, (first, second))


def shortest(ground: GridProblem, near: Solution, precision: float) -> Floats:
    """The stream function [n + 1, m + 1] of least INT |w|, from a solution with little congestion."""
    metric = _Metric.of(ground)
    slopes, turn = (np.zeros((4, *ground.live.shape)) for _ in range(2))
    gradient(near.potential, ground.step, slopes)
    slopes = stretch(slopes, 1 / np.maximum(lengths(slopes), 1.0))
    flow = metric.drift + turned(gradient(near.stream, ground.step, turn))
    return _stream(ground, metric, 0.0, precision, flow, slopes)[0]


@dataclass(frozen=True)
class _Metric:
    """sigma on the cells, the drift on the triangles, and INT |drift|."""

    sigma: Floats
    drift: Floats
    length: float

    @classmethod
    def of(cls, ground: GridProblem) -> "_Metric":
        drift = np.stack([over_cells(part) for part in ground.drift] * 2)
        length = float(np.hypot(drift[0], drift[1]).sum()) * ground.step**2
        length = max(length, 1e-9 * ground.step)  # P may be Q
        return cls(_beyond_its_edge(over_cells(ground.sigma)), drift, length)


def _potential(
    ground: GridProblem, metric: _Metric, shrink: float, precision: float, start: Solution | None
) -> tuple[Floats, Floats, Floats, int]:
    """u, its gradient, the flow that belongs to it on the triangles, and the iterations.

    u-step: adjoint(sigma grad u) = (P - Q) / strength + adjoint(sigma (q - z)); q-step: lengths beyond 1 go
    from r to (1 + shrink r) / (1 + shrink), where shrink = strength / (2 lambda).
    """
    step, sigma = ground.step, metric.sigma
    strength = metric.length * (1 - shrink)
    place = np.arange(ground.mass.size).reshape(ground.mass.shape)
    i, j = np.unravel_index(sigma.argmax(), sigma.shape)  # u is free up to a constant: it is 0 there
    place = place - (place > place[i, j])
    place[i, j] = -1
    poisson = Laplacian(*edges(sigma), place)
    slopes, q, z = (np.zeros((4, *sigma.shape)) for _ in range(3))
    if start is not None:
        gradient(start.potential, step, q)
        z = -(metric.drift + turned(gradient(start.stream, step, slopes))) / (strength * sigma)
    source = ground.mass / strength
    area = step * step / 2
    last = np.inf
    count = 0
    while count < MOST:
        count += 1
        u = poisson.solve(source + adjoint((q - z) * sigma, step))
        gradient(u, step, slopes)
        z += RELAXATION * slopes
        z += (1 - RELAXATION) * q
        size = lengths(z)
        q = stretch(z, np.where(size > 1, (1 / np.maximum(size, 1) + shrink) / (1 + shrink), 1.0))
        z -= q
        if count % _EVERY == 0:
            over = np.maximum(lengths(slopes) - 1, 0.0)
            flow = strength * sigma * lengths(z)
            gap = float((ground.mass * u).sum())
            half_congestion = shrink / (2 * strength) * (flow * flow / sigma).sum() * area
            cost = float(flow.sum() * area + half_congestion)
            value = gap - strength / shrink / 2 * float((sigma * over * over).sum()) * area
            if max(abs(cost - value), abs(value - last)) <= precision * cost:
                break
            last = value
    return u, slopes, -strength * sigma * z, count


def _stream(
    ground: GridProblem, metric: _Metric, shrink: float, precision: float, flow: Floats, slopes: Floats
) -> tuple[Floats, int]:
    """psi and the iterations; every drift + turned grad psi has the right divergence.

    q-step: lengths go from r to (r - strength sigma)_+ / (1 + shrink). It starts at `flow`, which need not
    have the right divergence, and at the gradient of the potential.
    """
    step, live, drift = ground.step, ground.live, metric.drift
    place = _places(ground)
    if place.max() < 0:
        return np.zeros(place.shape), 0
    strength = metric.length * (1 - shrink)
    weight = np.where(live, over_cells(1 / np.maximum(ground.sigma, 1e-290)), 0.0)
    sigma = np.divide(1, weight, out=metric.sigma.copy(), where=live)
    poisson = Laplacian(*edges(weight), place)
    turn = np.zeros((4, *sigma.shape))
    area = step * step / 2
    threshold = strength * sigma
    q, z = flow, -threshold * slopes
    best, least, last = np.zeros(place.shape), np.inf, np.inf
    count = 0
    while count < MOST:
        count += 1
        bent = q - z - drift
        psi = poisson.solve(-adjoint(turned(bent * weight), step))
        w = drift + turned(gradient(psi, step, turn))
        size = lengths(w)
        cost = float((size + shrink / (2 * strength) * size * size / sigma)[:, live].sum() * area)
        if cost < least:
            best, least = psi, cost
        if abs(cost - last) <= precision / 4 * cost:
            break
        last = cost
        z += RELAXATION * w
        z += (1 - RELAXATION) * q
        size = lengths(z)
        q = stretch(z, np.maximum(1 - threshold / np.maximum(size, 1e-300), 0.0) / (1 + shrink))
        z -= q
    return best, count


def _places(ground: GridProblem) -> Integers:
    """Numbers of the unknown values of the stream function.

    It is constant on each connected set of cells without flow: 0 where that set, or the node, is at the
    border, one unknown for an inner one.
    """
    from scipy.ndimage import binary_erosion, label

    live = ground.live
    if ground.smooth:  # where a bent interpolant feels a node's value, there must be sigma too
        live = np.asarray(binary_erosion(live, np.ones((2 * REACH - 1,) * 2), border_value=1))
    islands, _ = label(~live, np.ones((3, 3)))
    at_border = np.unique(np.concatenate([islands[[0, -1]].ravel(), islands[:, [0, -1]].ravel()]))
    island = np.zeros(ground.mass.shape, dtype=np.int64)
    for i in (0, 1):
        for j in (0, 1):
            part = island[i : i + live.shape[0], j : j + live.shape[1]]
            np.maximum(part, islands, out=part)
    fixed = np.isin(island, at_border[at_border > 0])
    fixed[[0, -1]] = fixed[:, [0, -1]] = True
    loose = (island == 0) & ~fixed
    place = np.full(island.shape, -1, dtype=np.int64)
    place[loose] = np.arange(np.count_nonzero(loose))
    inner = (island > 0) & ~fixed
    _, number = np.unique(island[inner], return_inverse=True)
    place[inner] = np.count_nonzero(loose) + number
    return place


def _beyond_its_edge(sigma: Floats) -> Floats:
    """sigma, positive everywhere: where it ends, it falls by no more than FALL a cell.

    Mass in cells that sigma barely touches would otherwise make u steep without bound.
    """
    from scipy.ndimage import maximum_filter

    least = NEGLIGIBLE * sigma.max()
    for _ in range(int(np.ceil(np.log(1 / NEGLIGIBLE) / np.log(FALL)))):
        sigma = np.maximum(sigma, maximum_filter(sigma, 3) / FALL)
    return np.maximum(sigma, least)


def _refined(values: Floats, cells: tuple[int, ...]) -> Floats:
    for axis, count in enumerate(cells):
        old = values.shape[axis] - 1
        at = np.linspace(0, old, count + 1)
        low = np.minimum(at.astype(int), old - 1)
        shape = [1, 1]
        shape[axis] = -1
        part = (at - low).reshape(shape)
        values = np.take(values, low, axis) * (1 - part) + np.take(values, low + 1, axis) * part
    return values
