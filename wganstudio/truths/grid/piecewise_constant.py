"""Streets: a problem that is constant on cells, such as that of own speed limits or of smoothed laws."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.custom_sigma import GridSigma
from wganstudio.pairs.hat_functions import hats
from wganstudio.pairs.interpolants import InterpolationFlow
from wganstudio.truths.grid.discretization import GridProblem, TailBounds, gauss_points
from wganstudio.truths.grid.interpolation import InterpolationBasis
from wganstudio.truths.grid.triangles import Integers, Laplacian

Floats = NDArray[np.float64]


class CellwiseProblem:
    """P - Q and sigma, each constant on every cell [n, m] of a base grid, which finer grids divide.

    `sigma` is scaled to integrate to 1, like the sampling density, so that lambda means the same. The masses
    of each connected part of the open cells must balance, or the cost is infinite: BadExperiment.
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
                raise _infinite("sigma is 0 all the way between P and Q", "open a way through")
            self.mass[here] -= net / here.sum()

    @classmethod
    def between(cls, p: Distribution, q: Distribution, table: GridSigma) -> Self:
        """Two known laws under own speed limits.

        Mass that a closed cell would take lies in the open ones beside it. BadExperiment where mass has no
        open cell; TypeError where a law is not known.
        """
        x, y = table.edges
        masses = (_to_cells(hats(law, x, y), table.values > 0) for law in (p, q))
        return cls(x, y, table.values, next(masses) - next(masses))

    def lay(self, cells: int) -> GridProblem:
        """The ground with about `cells` cells along the longer side: each base cell is divided evenly."""
        k = max(1, round(cells / max(self.sigma.shape)))
        sigma, mass, parts = (
            np.kron(a, np.ones((k, k), a.dtype)) for a in (self.sigma, self.mass, self.parts)
        )
        mass = mass / k**2
        x, y = (np.linspace(a[0], a[-1], k * (len(a) - 1) + 1) for a in (self.x, self.y))
        step = self.step / k
        along_x, along_y = _fluxes(sigma, mass, parts)

        def look(at_x: Floats, at_y: Floats) -> InterpolationFlow:
            rows, columns = (_cells_of(a, b) for a, b in ((x, at_x), (y, at_y)))
            across, up = InterpolationBasis(x, at_x).line[0], InterpolationBasis(y, at_y).line[0]
            drift = (across @ along_x[:, columns] / step, (up @ along_y.T[:, rows]).T / step)
            return InterpolationFlow(sigma[np.ix_(rows, columns)], drift)

        def excess(at_x: Floats, at_y: Floats) -> Floats:
            return mass[np.ix_(_cells_of(x, at_x), _cells_of(y, at_y))] / step**2

        passage = look(gauss_points(x), gauss_points(y))
        nodal = np.zeros((len(x), len(y)))
        for i in (0, 1):
            for j in (0, 1):
                nodal[i : i + len(x) - 1, j : j + len(y) - 1] += mass / 4
        return GridProblem(
            x=x,
            y=y,
            mass=nodal,
            sigma=passage.density,
            drift=(passage.drift[0], passage.drift[1]),
            live=sigma > 0,
            look=look,
            outside=TailBounds(),
            excess=excess,
            smooth=False,
        )


def cellwise_problem(pair: Pair) -> CellwiseProblem | None:
    """The streets of a pair of the plane with own speed limits; None for another, or laws that are not known.

    BadExperiment where the cost is infinite.
    """
    if pair.dim != 2 or not isinstance(pair.sigma, GridSigma):
        return None
    try:
        return CellwiseProblem.between(pair.p, pair.q, pair.sigma)
    except TypeError:
        return None


def _infinite(why: str, remedy: str) -> BadExperiment:
    return BadExperiment(Problem("sigma", f"{why}: the cost is infinite; {remedy}"))


def _to_cells(nodes: Floats, is_open: NDArray[np.bool_]) -> Floats:
    """Masses of the nodes, each divided evenly among the open cells about it."""
    n, m = is_open.shape
    corners = [(i, j) for i in (0, 1) for j in (0, 1)]
    count = np.zeros(nodes.shape)
    for i, j in corners:
        count[i : i + n, j : j + m] += is_open
    stuck = float(nodes[count == 0].sum())
    if stuck > 1e-4:
        raise _infinite(f"{stuck:.1%} of a law's mass lies where sigma is 0", "open it there")
    share = np.divide(nodes, count, out=np.zeros_like(nodes), where=count > 0)
    found = np.zeros((n, m))
    for i, j in corners:
        found += share[i : i + n, j : j + m] * is_open
    return found / found.sum()


def _fluxes(sigma: Floats, mass: Floats, parts: Integers) -> tuple[Floats, Floats]:
    """Through the faces along x [n + 1, m] and y [n, m + 1]: a flow out of every cell of just its mass."""
    ways = []
    for one, other in ((sigma[:-1], sigma[1:]), (sigma[:, :-1], sigma[:, 1:])):
        both = one + other
        ways.append(np.divide(2 * one * other, both, out=np.zeros_like(both), where=both > 0))
    place = np.full(sigma.shape, -1, dtype=np.int64)
    free = parts > 0
    _, first = np.unique(parts, return_index=True)
    free.flat[first] = False  # each part's potential is free up to a constant
    place[free] = np.arange(np.count_nonzero(free))
    height = Laplacian(ways[0], ways[1], place).solve(mass) if free.any() else np.zeros(sigma.shape)
    along_x = np.pad(-ways[0] * np.diff(height, axis=0), ((1, 1), (0, 0)))
    along_y = np.pad(-ways[1] * np.diff(height, axis=1), ((0, 0), (1, 1)))
    return along_x, along_y


def _cells_of(nodes: Floats, points: Floats) -> NDArray[np.int64]:
    return np.clip(np.searchsorted(nodes, points, side="right") - 1, 0, len(nodes) - 2)
