"""Bracket: what a potential and a flow on the grid prove of the continuous problem."""

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
    """lower <= C <= upper, and the potential and the flow that prove it.

    `length` is INT |w| and `congestion_cost` INT |w|^2 / sigma of that flow. `lower_error` and
    `upper_error`, which the bounds include, are estimates of the quadrature error; all else is
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


def congested_bounds(ground: GridProblem, solution: AdmmSolution, penalty: float) -> GridBounds:
    """Bounds of C_lambda from a solution, whatever its own accuracy.

    Below: the value of a conforming u through the nodes, continued along the normals of the box as a
    constant; the bilinear part of its mean under P and Q is exact, the rest and
    E_sigma (|grad u| - 1)_+^2 are integrated by Gauss's rule. Above: the cost of drift + rot psi, by the same
    rule; outside the grid the drift alone, whose cost is at most E |x-y| + |x-y|^2 / (4 lambda) over the
    segments that leave it.
    """
    below = _LowerBound(ground, penalty)
    potential = _best(ground, solution.potential, below.charge)
    lower, lower_error = below.bound(potential)
    stream, upper, upper_error, length, congestion_cost = flow_cost(ground, solution.stream, penalty)
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
    ground: GridProblem, psi: Floats, penalty: float | None
) -> tuple[BlendedInterpolant, float, float, float, float]:
    """The conforming stream function through nodal values, and the cost of its flow (None: INT |w| alone).

    With the estimated error of its quadrature, INT |w| and INT |w|^2 / sigma.
    """
    above = _UpperBound(ground, penalty)
    stream = _best(ground, psi, above.charge)
    return stream, *above.bound(stream)


def _best(
    ground: GridProblem, values: Floats, charge: Callable[[InterpolantSamples], Floats]
) -> BlendedInterpolant:
    """The blend that takes at each node the interpolant with the lesser charge on the cells about it."""
    flat, smooth = (
        BlendedInterpolant(ground.x, ground.y, values, np.full(values.shape, share)) for share in (0.0, 1.0)
    )
    if not ground.smooth:
        return flat
    charges = [charge(one.on(*ground.points)) for one in (flat, smooth)]
    share = np.where(node_sums(charges[1] - charges[0]) < 0, 1.0, 0.0)
    mixed = BlendedInterpolant(ground.x, ground.y, values, share)
    totals = [float(part.sum()) for part in charges] + [float(charge(mixed.on(*ground.points)).sum())]
    return (flat, smooth, mixed)[int(np.argmin(totals))]


class _LowerBound:
    """The lower bound."""

    def __init__(self, ground: GridProblem, penalty: float) -> None:
        self.ground, self.penalty = ground, penalty
        self.excess = ground.excess(*ground.points)

    def charge(
        self, u: InterpolantSamples, sigma: Floats | None = None, excess: Floats | None = None
    ) -> Floats:
        """What a cell takes off the bound, [n, m], but for what the bilinear part gives."""
        sigma = self.ground.sigma if sigma is None else sigma
        excess = self.excess if excess is None else excess
        count = 2 if sigma is self.ground.sigma else 3
        over = np.maximum(np.hypot(u.along_x, u.along_y) - 1, 0.0)
        return cell_means(self.penalty * sigma * over * over - excess * u.bend, count)

    def bound(self, u: BlendedInterpolant) -> tuple[float, float]:
        """The bound and the estimated error of its quadrature."""
        ground, area = self.ground, self.ground.step**2
        sampled = u.on(*ground.points)
        gap = float((ground.mass * u.values).sum())
        charge = self.charge(sampled)

        def again(x: Floats, y: Floats) -> Floats:
            return self.charge(u.on(x, y), ground.look(x, y).density, ground.excess(x, y))

        slope = np.hypot(sampled.along_x, sampled.along_y)
        rim = max(float(slope[[0, -1]].max()), float(slope[:, [0, -1]].max()))
        beyond = self.penalty * ground.outside.share * max(1.1 * rim - 1, 0.0) ** 2
        return gap - float(charge.sum()) * area - beyond, _missed(ground, charge, again)


class _UpperBound:
    """The upper bound."""

    def __init__(self, ground: GridProblem, penalty: float | None) -> None:
        self.ground = ground
        self.part = 0.0 if penalty is None else 1 / (4 * penalty)

    def charge(self, psi: InterpolantSamples) -> Floats:
        """The cost of the flow drift + rot psi a cell, [n, m], as a density."""
        length, congestion_cost = self.parts(psi)
        return length + self.part * congestion_cost

    def parts(
        self, psi: InterpolantSamples, drift: tuple[Floats, ...] | None = None, sigma: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Means over the cells of |w| and |w|^2 / sigma."""
        drift = self.ground.drift if drift is None else drift
        sigma = self.ground.sigma if sigma is None else sigma
        count = 2 if sigma is self.ground.sigma else 3
        flow = np.hypot(drift[0] + psi.along_y, drift[1] - psi.along_x)
        congestion_cost = np.divide(flow * flow, sigma, out=np.zeros_like(flow), where=sigma > 0)
        return cell_means(flow, count), cell_means(congestion_cost, count)

    def bound(self, psi: BlendedInterpolant) -> tuple[float, float, float, float]:
        """The bound, the estimated error of its quadrature, INT |w| and INT |w|^2 / sigma."""
        ground, area = self.ground, self.ground.step**2
        length, congestion_cost = self.parts(psi.on(*ground.points))
        outside = ground.outside.length + self.part * ground.outside.square

        def again(x: Floats, y: Floats) -> Floats:
            passage = ground.look(x, y)
            long, dear = self.parts(psi.on(x, y), passage.drift, passage.density)
            return long + self.part * dear

        error = _missed(ground, length + self.part * congestion_cost, again)
        total, dear = float(length.sum()) * area, float(congestion_cost.sum()) * area
        return total + self.part * dear + outside, error, total, dear


def _missed(ground: GridProblem, found: Floats, again: Callable[[Floats, Floats], Floats]) -> float:
    """How far an integral may be off: a regular selection of its cells, integrated by a finer rule."""
    n, m = found.shape
    stride = max(1, -(-max(n, m) // _CHECKED))
    rows, columns = (np.arange((stride - 1) // 2, k, stride) for k in (n, m))
    nodes, _ = gauss_rule(3)
    x = (ground.x[rows, None] + ground.step * nodes).ravel()
    y = (ground.y[columns, None] + ground.step * nodes).ravel()
    better = again(x, y)
    share = found.size / better.size
    return float(np.abs(better - found[np.ix_(rows, columns)]).sum()) * share * ground.step**2
