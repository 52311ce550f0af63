"""Certified bounds of the congested cost from a potential and a flow on the grid."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.interpolants import InterpolationFlow
from wganstudio.truths.grid.admm import AdmmSolution
from wganstudio.truths.grid.cell_quadrature import AxisRule, Integrand, integrate_cells
from wganstudio.truths.grid.discretization import GridProblem, cell_means
from wganstudio.truths.grid.inner_flow import InnerFlowCost
from wganstudio.truths.grid.interpolation import BlendedInterpolant, InterpolantSamples, node_sums

Floats = NDArray[np.float64]

_ROUNDING = 1e-12
_INNERMOST = 1e-9
"""Distance from the corners of a cell, in cells, at which values still are those of this cell."""


@dataclass(frozen=True)
class GridBounds:
    """Bounds lower <= C <= upper, and the potential and the stream function that prove them.

    `length` is INT |w| and `congestion_cost` INT |w|^2 / sigma of that flow, at most; the latter
    exceeds the true value by at most `congestion_excess`. `lower_error` and
    `upper_error`, which the bounds include, are sums over all cells of the differences of two rules; these
    exceed the errors of the finer one, which is used. Everything else is proved.
    """

    lower: float
    upper: float
    lower_error: float
    upper_error: float
    length: float
    congestion_cost: float
    congestion_excess: float
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
    below, above = _LowerBound(problem, penalty), _UpperBound(problem, penalty)
    u = _best_interpolant(problem, solution.potential, below.cell_penalty)
    psi = _best_interpolant(problem, solution.stream, above.cell_cost)

    def integrand(rows: AxisRule, columns: AxisRule, fine: bool) -> Floats:
        flow = problem.flow_on(rows.points, columns.points, fine=fine)
        return np.stack([below.density(u, flow, rows, columns), *above.densities(psi, flow, rows, columns)])

    totals, errors = _integrate(problem, integrand)
    if not np.isfinite(totals[1]):  # no stream function then, where sigma is 0 at points of a live cell
        return congested_bounds(problem, replace(solution, stream=np.zeros_like(psi.values)), penalty)
    inner = _inner_cost(problem, psi)
    lower = below.bound(u, float(totals[0]))
    upper = above.bound(float(totals[1]) + inner.length + above.part * inner.congestion)
    lower_error = float(errors[0] + _ROUNDING * np.abs(problem.mass * u.values).sum())
    upper_error = float(errors[1] + _ROUNDING * totals[1])
    return GridBounds(
        lower - lower_error,
        upper + upper_error,
        lower_error,
        upper_error,
        float(totals[2]) + inner.length,
        float(totals[3]) + inner.congestion,
        inner.excess,
        u,
        psi,
    )


def length_bound(problem: GridProblem, psi: Floats) -> tuple[float, float]:
    """Return INT |w| of the flow of a stream function [n + 1, m + 1], and the error of its quadrature."""
    above = _UpperBound(problem, None)
    stream = _best_interpolant(problem, psi, above.cell_cost)

    def integrand(rows: AxisRule, columns: AxisRule, fine: bool) -> Floats:
        flow = problem.flow_on(rows.points, columns.points, fine=fine)
        return above.densities(stream, flow, rows, columns)[0][None]

    (length,), (error,) = _integrate(problem, integrand)
    return above.bound(float(length)), float(error)


def _integrate(problem: GridProblem, integrand: Integrand) -> tuple[Floats, Floats]:
    return integrate_cells(*(problem.finer or (problem.x, problem.y)), problem.faces, integrand)


def _inner_cost(problem: GridProblem, psi: BlendedInterpolant) -> InnerFlowCost:
    """Return what the inner flow adds to drift + rot psi."""
    if problem.inner is None or problem.finer is None:
        return InnerFlowCost(0.0, 0.0, 0.0)
    x, y = problem.finer
    step = float(x[1] - x[0])
    corners, sigma = [], np.zeros(0)
    for end in (_INNERMOST, 1 - _INNERMOST):
        at_x, at_y = x[:-1] + end * step, y[:-1] + end * step
        flow, turn = problem.flow_on(at_x, at_y), psi.on_grid(at_x, at_y)
        corners.append((flow.drift[0] + turn.along_y, flow.drift[1] - turn.along_x))
        sigma = flow.density
    return problem.inner.cost(corners[0], corners[1], sigma, step**2)


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

    def cell_penalty(self, u: InterpolantSamples) -> Floats:
        """Return the penalty per cell [n, m] to subtract, without the gap of the bilinear part."""
        return cell_means(self._density(u, self.problem.sigma, self.excess))

    def density(
        self, u: BlendedInterpolant, flow: InterpolationFlow, rows: AxisRule, columns: AxisRule
    ) -> Floats:
        """Return the same at the points of a rule."""
        x, y = rows.points, columns.points
        return self._density(u.on_grid(x, y), flow.density, self.problem.excess(x, y))

    def _density(self, u: InterpolantSamples, sigma: Floats, excess: Floats) -> Floats:
        over = np.maximum(np.hypot(u.along_x, u.along_y) - 1, 0.0)
        return self.penalty * sigma * over * over - excess * u.excess

    def bound(self, u: BlendedInterpolant, penalty: float) -> float:
        """Return the bound from the integral of the density."""
        sampled = u.on_grid(*self.problem.points)
        slope = np.hypot(sampled.along_x, sampled.along_y)
        rim = max(float(slope[[0, -1]].max()), float(slope[:, [0, -1]].max()))
        beyond = self.penalty * self.problem.outside.share * max(1.1 * rim - 1, 0.0) ** 2
        return float((self.problem.mass * u.values).sum()) - penalty - beyond


class _UpperBound:
    """The upper bound."""

    def __init__(self, problem: GridProblem, penalty: float | None) -> None:
        self.problem = problem
        self.part = 0.0 if penalty is None else 1 / (4 * penalty)

    def cell_cost(self, psi: InterpolantSamples) -> Floats:
        """Return the cost density of the flow drift + rot psi on each cell, [n, m]."""
        return cell_means(self._densities(psi, self.problem.drift, self.problem.sigma)[0])

    def densities(
        self, psi: BlendedInterpolant, flow: InterpolationFlow, rows: AxisRule, columns: AxisRule
    ) -> tuple[Floats, Floats, Floats]:
        """Return the cost density, |w| and |w|^2 / sigma at the points of a rule."""
        return self._densities(psi.on_grid(rows.points, columns.points), flow.drift, flow.density)

    def _densities(
        self, psi: InterpolantSamples, drift: tuple[Floats, ...], sigma: Floats
    ) -> tuple[Floats, Floats, Floats]:
        size = np.hypot(drift[0] + psi.along_y, drift[1] - psi.along_x)
        if self.part == 0.0:
            return size, size, np.zeros_like(size)
        congestion = np.divide(size * size, sigma, out=np.where(size > 0, np.inf, 0.0), where=sigma > 0)
        alone = (psi.along_x == 0) & (psi.along_y == 0)  # the drift is at most reach * sigma long
        most = np.minimum(congestion, np.where(size > 0, self.problem.reach, 0.0) * size)
        congestion = np.where(alone, np.where(np.isinf(most), 0.0, most), congestion)
        return size + self.part * congestion, size, congestion

    def bound(self, cost: float) -> float:
        """Return the bound from the integral of the cost density."""
        return cost + self.problem.outside.length + self.part * self.problem.outside.square
