"""Congested transport with piecewise constant data: a custom sigma, or smoothed samples."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.pairs.base import CellwiseDensity, Distribution, Pair
from wganstudio.pairs.interpolants import InterpolationFlow
from wganstudio.truths.grid.discretization import GridProblem, TailBounds, gauss_points
from wganstudio.truths.grid.interpolation import InterpolationBasis
from wganstudio.truths.grid.triangles import Integers, Laplacian

Floats = NDArray[np.float64]


class CellwiseProblem:
    """P - Q and sigma, each constant on every cell [n, m] of a base grid, which finer grids divide.

    `sigma` is scaled to integrate to 1, like the sampling density, so that lambda means the same. The masses
    of each connected part of the open cells must balance: otherwise the cost is infinite and BadExperiment
    is raised.
    """

    def __init__(self, x: Floats, y: Floats, sigma: Floats, mass: Floats) -> None:
        from scipy.ndimage import label

        self.x, self.y, self.step = x, y, float(x[1] - x[0])
        self.sigma = sigma / (sigma.sum() * self.step**2)
        self.mass = mass.copy()
        self.parts, count = label(sigma > 0)
        for part in range(1, count + 1):
            here = self.parts == part
            net = float(self.mass[here].sum())
            if abs(net) > 1e-6:
                raise _infinite(
                    "sigma is 0 everywhere between P and Q", "make sigma positive on a way through"
                )
            self.mass[here] -= net / here.sum()

    @classmethod
    def from_distributions(cls, p: Distribution, q: Distribution, sigma: CellwiseDensity) -> Self | None:
        """Return the problem of two distributions with a custom sigma; None where their masses are unknown.

        Mass in a closed cell is moved to the open cells beside it.

        Raises
        ------
        BadExperiment
            If mass has no open cell.
        """
        x, y = sigma.edges
        masses = []
        for distribution in (p, q):
            nodal = distribution.hat_masses(x, y)
            if nodal is None:
                return None
            masses.append(_to_cells(nodal, sigma.values > 0))
        return cls(x, y, sigma.values, masses[0] - masses[1])

    def discretize(self, cells: int) -> GridProblem:
        """Return the problem with about `cells` cells along the longer side, a multiple of the base."""
        k = max(1, round(cells / max(self.sigma.shape)))
        sigma, mass, parts = (
            np.kron(a, np.ones((k, k), a.dtype)) for a in (self.sigma, self.mass, self.parts)
        )
        mass = mass / k**2
        x, y = (np.linspace(a[0], a[-1], k * (len(a) - 1) + 1) for a in (self.x, self.y))
        step = self.step / k
        along_x, along_y = _fluxes(sigma, mass, parts)

        def flow_on(at_x: Floats, at_y: Floats, fine: bool = True) -> InterpolationFlow:
            rows, columns = (_cells_of(a, b) for a, b in ((x, at_x), (y, at_y)))
            across, up = InterpolationBasis(x, at_x).line[0], InterpolationBasis(y, at_y).line[0]
            drift = (across @ along_x[:, columns] / step, (up @ along_y.T[:, rows]).T / step)
            return InterpolationFlow(sigma[np.ix_(rows, columns)], drift)

        def excess(at_x: Floats, at_y: Floats) -> Floats:
            return mass[np.ix_(_cells_of(x, at_x), _cells_of(y, at_y))] / step**2

        flow = flow_on(gauss_points(x), gauss_points(y))
        nodal = np.zeros((len(x), len(y)))
        for i in (0, 1):
            for j in (0, 1):
                nodal[i : i + len(x) - 1, j : j + len(y) - 1] += mass / 4
        return GridProblem(
            x=x,
            y=y,
            mass=nodal,
            sigma=flow.density,
            drift=(flow.drift[0], flow.drift[1]),
            live=sigma > 0,
            flow_on=flow_on,
            outside=TailBounds(),
            excess=excess,
            smooth=False,
        )


def cellwise_problem(pair: Pair) -> CellwiseProblem | None:
    """Return the problem of a pair of the plane with a custom sigma on cells; None for any other pair.

    Raises
    ------
    BadExperiment
        If the cost is infinite.
    """
    sigma = pair.sigma.cells()
    if pair.dim != 2 or sigma is None:
        return None
    return CellwiseProblem.from_distributions(pair.p, pair.q, sigma)


def _infinite(why: str, remedy: str) -> BadExperiment:
    return BadExperiment(Problem("sigma", f"{why}, so the cost is infinite; {remedy}"))


def _to_cells(nodes: Floats, is_open: NDArray[np.bool_]) -> Floats:
    """Divide the mass of each node evenly among the open cells about it."""
    n, m = is_open.shape
    corners = [(i, j) for i in (0, 1) for j in (0, 1)]
    count = np.zeros(nodes.shape)
    for i, j in corners:
        count[i : i + n, j : j + m] += is_open
    stuck = float(nodes[count == 0].sum())
    if stuck > 1e-4:
        raise _infinite(
            f"{stuck:.1%} of the mass of P or Q lies where sigma is 0", "make sigma positive there"
        )
    share = np.divide(nodes, count, out=np.zeros_like(nodes), where=count > 0)
    masses = np.zeros((n, m))
    for i, j in corners:
        masses += share[i : i + n, j : j + m] * is_open
    return masses / masses.sum()


def _fluxes(sigma: Floats, mass: Floats, parts: Integers) -> tuple[Floats, Floats]:
    """Return fluxes along x [n + 1, m] and y [n, m + 1] that carry away the mass of each cell."""
    conductances = []
    for one, other in ((sigma[:-1], sigma[1:]), (sigma[:, :-1], sigma[:, 1:])):
        both = one + other
        conductances.append(np.divide(2 * one * other, both, out=np.zeros_like(both), where=both > 0))
    place = np.full(sigma.shape, -1, dtype=np.int64)
    free = parts > 0
    _, first = np.unique(parts, return_index=True)
    free.flat[first] = False  # each part's potential is free up to a constant
    place[free] = np.arange(np.count_nonzero(free))
    potential = (
        Laplacian(conductances[0], conductances[1], place).solve(mass)
        if free.any()
        else np.zeros(sigma.shape)
    )
    along_x = np.pad(-conductances[0] * np.diff(potential, axis=0), ((1, 1), (0, 0)))
    along_y = np.pad(-conductances[1] * np.diff(potential, axis=1), ((0, 0), (1, 1)))
    return along_x, along_y


def _cells_of(nodes: Floats, points: Floats) -> NDArray[np.int64]:
    return np.clip(np.searchsorted(nodes, points, side="right") - 1, 0, len(nodes) - 2)
