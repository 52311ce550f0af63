"""ADMM for congested transport: a potential of greatest value, a stream function of least cost."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.truths.grid.discretization import NEGLIGIBLE, GridProblem, cell_means
from wganstudio.truths.grid.interpolation import REACH
from wganstudio.truths.grid.triangles import (
    Integers,
    Laplacian,
    adjoint,
    edge_weights,
    gradient,
    lengths,
    rotated,
    stretch,
)

Floats = NDArray[np.float64]

RELAXATION = 1.7
MAX_DECAY = 20.0
"""Factor by which sigma falls from cell to cell beyond its support, at most."""
MAX_ITERATIONS = 400
WEAK = 100.0
"""lambda, in lengths of the drift, from which on congestion is neglected."""
_EVERY = 5


@dataclass(frozen=True)
class AdmmSolution:
    """Potential and stream function at the nodes, [n + 1, m + 1], and the iterations that each took."""

    potential: Floats
    stream: Floats
    iterations: tuple[int, int]

    def refined(self, cells: tuple[int, ...]) -> Self:
        """Return the bilinear interpolation to another number of cells over the same box."""
        return type(self)(_refined(self.potential, cells), _refined(self.stream, cells), self.iterations)


def solve(
    problem: GridProblem, penalty: float, precision: float, before: AdmmSolution | None = None
) -> AdmmSolution:
    """Solve both problems by ADMM on piecewise linear functions.

    The metric of both is sigma itself (Poisson's equation with the weight sigma for u,
    1 / sigma for psi), so that the iteration does the same in the far tail as where the mass is, and takes 10
    to 40 steps at any resolution.

    Parameters
    ----------
    problem : GridProblem
    penalty : float
        lambda.
    precision : float
        Relative precision of the discrete costs.
    before : AdmmSolution, optional
        The solution on a coarser grid, from which the iteration starts.
    """
    metric = _Metric.from_problem(problem)
    # in the unit where w is as long as the drift, |grad u| - 1 is about length / (2 lambda)
    shrink = metric.length / (2 * min(penalty, WEAK * metric.length) + metric.length)
    start = None if before is None else before.refined(problem.live.shape)
    u, slopes, flow, first = _potential(problem, metric, shrink, precision, start)
    psi, second = _stream(problem, metric, shrink, precision, flow, slopes)
    return AdmmSolution(u, psi, (first, second))


def shortest_flow(problem: GridProblem, near: AdmmSolution, precision: float) -> Floats:
    """Return the stream function [n + 1, m + 1] of least INT |w|, from a solution with little congestion."""
    metric = _Metric.from_problem(problem)
    slopes, turn = (np.zeros((4, *problem.live.shape)) for _ in range(2))
    gradient(near.potential, problem.step, slopes)
    slopes = stretch(slopes, 1 / np.maximum(lengths(slopes), 1.0))
    flow = metric.drift + rotated(gradient(near.stream, problem.step, turn))
    return _stream(problem, metric, 0.0, precision, flow, slopes)[0]


@dataclass(frozen=True)
class _Metric:
    """sigma on the cells, the drift on the triangles, and INT |drift|."""

    sigma: Floats
    drift: Floats
    length: float

    @classmethod
    def from_problem(cls, problem: GridProblem) -> "_Metric":
        drift = np.stack([cell_means(part) for part in problem.drift] * 2)
        length = float(np.hypot(drift[0], drift[1]).sum()) * problem.step**2
        length = max(length, 1e-9 * problem.step)  # P may be Q
        return cls(_positive_extension(cell_means(problem.sigma)), drift, length)


def _potential(
    problem: GridProblem, metric: _Metric, shrink: float, precision: float, start: AdmmSolution | None
) -> tuple[Floats, Floats, Floats, int]:
    """Return u, its gradient, its flow on the triangles, and the number of iterations.

    u-step: adjoint(sigma grad u) = (P - Q) / strength + adjoint(sigma (q - z)); q-step: lengths beyond 1 go
    from r to (1 + shrink r) / (1 + shrink), where shrink = strength / (2 lambda).
    """
    step, sigma = problem.step, metric.sigma
    strength = metric.length * (1 - shrink)
    place = np.arange(problem.mass.size).reshape(problem.mass.shape)
    i, j = np.unravel_index(sigma.argmax(), sigma.shape)  # u is free up to a constant: it is 0 there
    place = place - (place > place[i, j])
    place[i, j] = -1
    poisson = Laplacian(*edge_weights(sigma), place)
    slopes, q, z = (np.zeros((4, *sigma.shape)) for _ in range(3))
    if start is not None:
        gradient(start.potential, step, q)
        z = -(metric.drift + rotated(gradient(start.stream, step, slopes))) / (strength * sigma)
    source = problem.mass / strength
    area = step * step / 2
    last = np.inf
    count = 0
    while count < MAX_ITERATIONS:
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
            gap = float((problem.mass * u).sum())
            half_congestion = shrink / (2 * strength) * (flow * flow / sigma).sum() * area
            cost = float(flow.sum() * area + half_congestion)
            value = gap - strength / shrink / 2 * float((sigma * over * over).sum()) * area
            if max(abs(cost - value), abs(value - last)) <= precision * cost:
                break
            last = value
    return u, slopes, -strength * sigma * z, count


def _stream(
    problem: GridProblem, metric: _Metric, shrink: float, precision: float, flow: Floats, slopes: Floats
) -> tuple[Floats, int]:
    """Return psi and the number of iterations; every drift + rot psi has the right divergence.

    q-step: lengths go from r to (r - strength sigma)_+ / (1 + shrink). It starts at `flow`, which need not
    have the right divergence, and at the gradient of the potential.
    """
    step, live, drift = problem.step, problem.live, metric.drift
    place = _number_unknowns(problem)
    if place.max() < 0:
        return np.zeros(place.shape), 0
    strength = metric.length * (1 - shrink)
    weight = np.where(live, cell_means(1 / np.maximum(problem.sigma, 1e-290)), 0.0)
    sigma = np.divide(1, weight, out=metric.sigma.copy(), where=live)
    poisson = Laplacian(*edge_weights(weight), place)
    turn = np.zeros((4, *sigma.shape))
    area = step * step / 2
    threshold = strength * sigma
    q, z = flow, -threshold * slopes
    best, least, last = np.zeros(place.shape), np.inf, np.inf
    count = 0
    while count < MAX_ITERATIONS:
        count += 1
        bent = q - z - drift
        psi = poisson.solve(-adjoint(rotated(bent * weight), step))
        w = drift + rotated(gradient(psi, step, turn))
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


def _number_unknowns(problem: GridProblem) -> Integers:
    """Return the numbers of the unknown values of the stream function.

    It is constant on each connected set of cells without flow: 0 where that set, or the node, is at the
    border, one unknown for an inner one.
    """
    from scipy.ndimage import binary_erosion, label

    live = problem.live
    if problem.smooth:  # sigma must be positive wherever the value at a node acts on a bicubic interpolant
        live = np.asarray(binary_erosion(live, np.ones((2 * REACH - 1,) * 2), border_value=1))
    islands, _ = label(~live, np.ones((3, 3)))
    at_border = np.unique(np.concatenate([islands[[0, -1]].ravel(), islands[:, [0, -1]].ravel()]))
    island = np.zeros(problem.mass.shape, dtype=np.int64)
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


def _positive_extension(sigma: Floats) -> Floats:
    """Return sigma, positive everywhere: where it ends, it falls by at most MAX_DECAY per cell.

    Mass in cells that sigma barely touches would otherwise make u steep without bound.
    """
    from scipy.ndimage import maximum_filter

    least = NEGLIGIBLE * sigma.max()
    for _ in range(int(np.ceil(np.log(1 / NEGLIGIBLE) / np.log(MAX_DECAY)))):
        sigma = np.maximum(sigma, maximum_filter(sigma, 3) / MAX_DECAY)
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
