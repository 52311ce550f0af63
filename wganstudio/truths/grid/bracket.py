"""Certified bounds of the congested cost from a potential and a flow on the grid."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.quadrature import gauss_rule
from wganstudio.truths.grid.admm import AdmmSolution
from wganstudio.truths.grid.discretization import GridProblem, cell_means
from wganstudio.truths.grid.interpolation import BlendedInterpolant, InterpolantSamples, node_sums

Floats = NDArray[np.float64]

_CHECKED = 32
"""Cells a side on which the quadrature is repeated by a finer rule."""


@dataclass(frozen=True)
class GridBounds:
    """Bounds lower <= C <= upper, and the potential and the stream function that prove them.

    `length` is INT |w| and `congestion_cost` INT |w|^2 / sigma of that flow. `lower_error` and
    `upper_error`, which the bounds include, are estimates of the quadrature error; everything else is
    proved.
    """

    lower: float
    upper: float
    lower_error: float
    upper_error: float
    length: float
    congestion_cost: float
    potential: BlendedInterpolant
    stream: BlendedInterpolant


def congested_bounds(problem: GridProblem, solution: AdmmSolution, penalty: float) -> GridBounds:
    """Return bounds of C_lambda from a solution of any accuracy.

    Lower bound: the value of a conforming u through the nodes, continued along the normals of the box as a
    constant; the bilinear part of its mean under P and Q is exact, the rest and
    E_sigma (|grad u| - 1)_+^2 are integrated by Gauss's rule. Upper bound: the cost of drift + rot psi, by
    the same rule; outside the grid the drift alone, whose cost is at most E |x-y| + |x-y|^2 / (4 lambda)
    over the segments that leave it.

    Parameters
    ----------
    problem : GridProblem
    solution : AdmmSolution
    penalty : float
        lambda.
    """
    lower_bound = _LowerBound(problem, penalty)
    potential = _best_interpolant(problem, solution.potential, lower_bound.cell_penalty)
    lower, lower_error = lower_bound.bound(potential)
    stream, upper, upper_error, length, congestion_cost = flow_cost(problem, solution.stream, penalty)
    return GridBounds(
        lower - lower_error,
        upper + upper_error,
        lower_error,
        upper_error,
        length,
        congestion_cost,
        potential,
        stream,
    )


def flow_cost(
    problem: GridProblem, psi: Floats, penalty: float | None
) -> tuple[BlendedInterpolant, float, float, float, float]:
    """Return the conforming stream function through nodal values psi, and the cost of its flow.

    Parameters
    ----------
    problem : GridProblem
    psi : array [n + 1, m + 1]
    penalty : float or None
        lambda; with None the cost is INT |w| alone.

    Returns
    -------
    stream, cost, error, length, congestion_cost
        The interpolant, its cost, the estimated error of the quadrature, INT |w| and INT |w|^2 / sigma.
    """
    upper_bound = _UpperBound(problem, penalty)
    stream = _best_interpolant(problem, psi, upper_bound.cell_cost)
    return stream, *upper_bound.bound(stream)


def _best_interpolant(
    problem: GridProblem, values: Floats, cell_cost: Callable[[InterpolantSamples], Floats]
) -> BlendedInterpolant:
    """Return the blend that takes at each node the interpolant of less cost on the cells about it."""
    flat, smooth = (
        BlendedInterpolant(problem.x, problem.y, values, np.full(values.shape, share)) for share in (0.0, 1.0)
    )
    if not problem.smooth:
        return flat
    costs = [cell_cost(interpolant.on_grid(*problem.points)) for interpolant in (flat, smooth)]
    share = np.where(node_sums(costs[1] - costs[0]) < 0, 1.0, 0.0)
    mixed = BlendedInterpolant(problem.x, problem.y, values, share)
    totals = [float(part.sum()) for part in costs] + [float(cell_cost(mixed.on_grid(*problem.points)).sum())]
    return (flat, smooth, mixed)[int(np.argmin(totals))]


class _LowerBound:
    """The lower bound."""

    def __init__(self, problem: GridProblem, penalty: float) -> None:
        self.problem, self.penalty = problem, penalty
        self.excess = problem.excess(*problem.points)

    def cell_penalty(
        self, u: InterpolantSamples, sigma: Floats | None = None, excess: Floats | None = None
    ) -> Floats:
        """Return the penalty per cell [n, m] to subtract, without the gap of the bilinear part."""
        sigma = self.problem.sigma if sigma is None else sigma
        excess = self.excess if excess is None else excess
        count = 2 if sigma is self.problem.sigma else 3
        over = np.maximum(np.hypot(u.along_x, u.along_y) - 1, 0.0)
        return cell_means(self.penalty * sigma * over * over - excess * u.excess, count)

    def bound(self, u: BlendedInterpolant) -> tuple[float, float]:
        """Return the bound and the estimated error of its quadrature."""
        problem, area = self.problem, self.problem.step**2
        sampled = u.on_grid(*problem.points)
        gap = float((problem.mass * u.values).sum())
        penalty = self.cell_penalty(sampled)

        def by_finer_rule(x: Floats, y: Floats) -> Floats:
            return self.cell_penalty(u.on_grid(x, y), problem.flow_on(x, y).density, problem.excess(x, y))

        slope = np.hypot(sampled.along_x, sampled.along_y)
        rim = max(float(slope[[0, -1]].max()), float(slope[:, [0, -1]].max()))
        beyond = self.penalty * problem.outside.share * max(1.1 * rim - 1, 0.0) ** 2
        return gap - float(penalty.sum()) * area - beyond, _quadrature_error(problem, penalty, by_finer_rule)


class _UpperBound:
    """The upper bound."""

    def __init__(self, problem: GridProblem, penalty: float | None) -> None:
        self.problem = problem
        self.part = 0.0 if penalty is None else 1 / (4 * penalty)

    def cell_cost(self, psi: InterpolantSamples) -> Floats:
        """Return the cost density of the flow drift + rot psi on each cell, [n, m]."""
        length, congestion_cost = self.parts(psi)
        return length + self.part * congestion_cost

    def parts(
        self, psi: InterpolantSamples, drift: tuple[Floats, ...] | None = None, sigma: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Return the means over the cells of |w| and |w|^2 / sigma."""
        drift = self.problem.drift if drift is None else drift
        sigma = self.problem.sigma if sigma is None else sigma
        count = 2 if sigma is self.problem.sigma else 3
        flow = np.hypot(drift[0] + psi.along_y, drift[1] - psi.along_x)
        congestion_cost = np.divide(flow * flow, sigma, out=np.zeros_like(flow), where=sigma > 0)
        return cell_means(flow, count), cell_means(congestion_cost, count)

    def bound(self, psi: BlendedInterpolant) -> tuple[float, float, float, float]:
        """Return the bound, the estimated error of its quadrature, INT |w| and INT |w|^2 / sigma."""
        problem, area = self.problem, self.problem.step**2
        length, congestion_cost = self.parts(psi.on_grid(*problem.points))
        outside = problem.outside.length + self.part * problem.outside.square

        def by_finer_rule(x: Floats, y: Floats) -> Floats:
            flow = problem.flow_on(x, y)
            length, congestion_cost = self.parts(psi.on_grid(x, y), flow.drift, flow.density)
            return length + self.part * congestion_cost

        error = _quadrature_error(problem, length + self.part * congestion_cost, by_finer_rule)
        total_length, total_cost = float(length.sum()) * area, float(congestion_cost.sum()) * area
        return total_length + self.part * total_cost + outside, error, total_length, total_cost


def _quadrature_error(
    problem: GridProblem, values: Floats, by_finer_rule: Callable[[Floats, Floats], Floats]
) -> float:
    """Estimate the error of an integral: a regular selection of its cells is integrated by a finer rule."""
    n, m = values.shape
    stride = max(1, -(-max(n, m) // _CHECKED))
    rows, columns = (np.arange((stride - 1) // 2, k, stride) for k in (n, m))
    nodes, _ = gauss_rule(3)
    x = (problem.x[rows, None] + problem.step * nodes).ravel()
    y = (problem.y[columns, None] + problem.step * nodes).ravel()
    better = by_finer_rule(x, y)
    share = values.size / better.size
    return float(np.abs(better - values[np.ix_(rows, columns)]).sum()) * share * problem.step**2
