"""Congested transport with a sigma that is constant on cells: a custom one, or that of smoothed samples."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import CellwiseDensity, Distribution, Pair
from wganstudio.pairs.interpolants import InterpolationFlow
from wganstudio.truths.grid.discretization import GridProblem, TailBounds, gauss_points
from wganstudio.truths.grid.inner_flow import InnerFlow
from wganstudio.truths.grid.interpolation import InterpolationBasis
from wganstudio.truths.grid.placed import PlacedDistribution, infinite_cost, sum_at_nodes
from wganstudio.truths.grid.triangles import Integers, Laplacian

Floats = NDArray[np.float64]

FINE = 512
"""Cells along the longer side, at least, on which the masses of distributions are exact."""


class CellwiseProblem:
    """Sigma, constant on every cell [n, m] of a base grid, which finer grids divide, and P - Q.

    `sigma` is scaled to integrate to 1, like the sampling density, so that lambda means the same. P - Q is
    given by its masses on the base cells, on which it is constant then, or by two distributions. The masses
    of each connected part of the open cells must balance: otherwise the cost is infinite and BadExperiment
    is raised.
    """

    def __init__(
        self,
        x: Floats,
        y: Floats,
        sigma: Floats,
        mass: Floats,
        distributions: tuple[PlacedDistribution, PlacedDistribution] | None = None,
    ) -> None:
        from scipy.ndimage import label

        self.x, self.y, self.step = x, y, float(x[1] - x[0])
        self.sigma = sigma / (sigma.sum() * self.step**2)
        self.parts, self._count = label(sigma > 0)
        self._distributions = distributions
        surplus = self._surplus(mass)
        if (np.abs(surplus * np.bincount(self.parts.ravel(), minlength=self._count + 1)) > 1e-6).any():
            raise infinite_cost(
                "sigma is 0 everywhere between P and Q", "make sigma positive on a way through"
            )
        self.mass = mass - surplus[self.parts]

    @classmethod
    def from_distributions(cls, p: Distribution, q: Distribution, sigma: CellwiseDensity) -> Self | None:
        """Return the problem of two distributions with a custom sigma; None where their masses are unknown.

        Mass in a closed cell or beyond the grid is moved to the open cells beside it.

        Raises
        ------
        BadExperiment
            If mass has no open cell.
        """
        x, y = sigma.edges
        places = [PlacedDistribution.on_open_cells(each, x, y, sigma.values > 0) for each in (p, q)]
        of_p, of_q = places
        if of_p is None or of_q is None:
            return None
        mass = (of_p.corner_masses(1) - of_q.corner_masses(1)).sum(axis=(2, 3))
        return cls(x, y, sigma.values, mass, (of_p, of_q))

    @property
    def moved(self) -> float:
        """Share of P or Q, the larger one, that was moved to open cells."""
        return 0.0 if self._distributions is None else max(each.moved_share for each in self._distributions)

    def discretize(self, cells: int) -> GridProblem:
        """Return the problem with about `cells` cells along the longer side, a multiple of the base."""
        k = max(1, round(cells / max(self.sigma.shape)))
        split = 1 if self._distributions is None else max(2, -(-FINE // (k * max(self.sigma.shape))))
        step = self.step / (k * split)
        corners = self._corner_masses(k * split)
        fine = corners.sum(axis=(2, 3))
        x, y = (np.linspace(a[0], a[-1], k * (len(a) - 1) + 1) for a in (self.x, self.y))
        fine_x, fine_y = (np.linspace(a[0], a[-1], split * (len(a) - 1) + 1) for a in (x, y))
        sigma, parts = (np.kron(a, np.ones((k, k), a.dtype)) for a in (self.sigma, self.parts))
        mass = _block_sums(fine, split)
        along_x, along_y = _divided(*_fluxes(sigma, mass, parts), fine, split)

        def flow_on(at_x: Floats, at_y: Floats, /, fine: bool = True) -> InterpolationFlow:
            rows, columns = (_cells_of(a, b) for a, b in ((fine_x, at_x), (fine_y, at_y)))
            across, up = InterpolationBasis(fine_x, at_x).line[0], InterpolationBasis(fine_y, at_y).line[0]
            drift = (across @ along_x[:, columns] / step, (up @ along_y.T[:, rows]).T / step)
            return InterpolationFlow(sigma[np.ix_(rows // split, columns // split)], drift)

        def excess(at_x: Floats, at_y: Floats) -> Floats:
            return fine[np.ix_(_cells_of(fine_x, at_x), _cells_of(fine_y, at_y))] / step**2

        flow = flow_on(gauss_points(x), gauss_points(y))
        to_x, to_y = InterpolationBasis(x, fine_x).line[0], InterpolationBasis(y, fine_y).line[0]
        return GridProblem(
            x=x,
            y=y,
            mass=(to_y.T @ (to_x.T @ sum_at_nodes(corners)).T).T,
            sigma=flow.density,
            drift=(flow.drift[0], flow.drift[1]),
            live=sigma > 0,
            flow_on=flow_on,
            outside=TailBounds(),
            excess=excess,
            smooth=False,
            finer=(fine_x, fine_y),
            inner=self._inner_flow(corners, k * split, step),
        )

    def _corner_masses(self, split: int) -> Floats:
        """Return the corner masses of P - Q on split x split parts of each cell.

        Those of connected open cells sum to 0.
        """
        ones = np.ones((split, split))
        if self._distributions is None:
            each = np.kron(self.mass, ones) / (4 * split**2)
            return np.repeat(each, 4).reshape(*each.shape, 2, 2)
        of_p, of_q = self._distributions
        corners = of_p.corner_masses(split) - of_q.corner_masses(split)
        surplus = self._surplus(_block_sums(corners.sum(axis=(2, 3)), split))[self.parts]
        corners -= (np.kron(surplus, ones) / (4 * split**2))[:, :, None, None]
        return corners

    def _inner_flow(self, corners: Floats, split: int, step: float) -> InnerFlow | None:
        if self._distributions is None:
            return None
        of_p, of_q = self._distributions
        return InnerFlow.from_masses(corners, of_p.range(split) + of_q.range(split), step)

    def _surplus(self, mass: Floats) -> Floats:
        """Return for each part the mean of the masses [n, m] of its cells; 0 for closed cells."""
        counts, totals = (
            np.bincount(self.parts.ravel(), weights, self._count + 1) for weights in (None, mass.ravel())
        )
        means = totals / np.maximum(counts, 1)
        means[0] = 0.0
        return means


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


def _block_sums(values: Floats, size: int) -> Floats:
    """Return the sums of values over blocks of size x size cells."""
    n, m = values.shape
    return np.asarray(values.reshape(n // size, size, m // size, size).sum(axis=(1, 3)))


def _divided(along_x: Floats, along_y: Floats, mass: Floats, split: int) -> tuple[Floats, Floats]:
    """Return fluxes between the parts of all cells that carry away the mass [N, M] of each part.

    The mean over a cell goes on straight; the rest goes first along x within the cell, then along y.
    """
    n, m = along_y.shape[0], along_x.shape[1]
    parts = mass.reshape(n, split, m, split)
    rest = parts - parts.mean(axis=(1, 3), keepdims=True)
    columns = rest.mean(axis=3, keepdims=True)
    inner_x = np.cumsum(columns, axis=1) + np.zeros_like(rest)
    inner_y = np.cumsum(rest - columns, axis=3)
    share = np.arange(split + 1) / split
    fine_x = np.empty((n * split + 1, m * split))
    fine_y = np.empty((n * split, m * split + 1))
    wide_x, wide_y = np.repeat(along_x, split, axis=1) / split, np.repeat(along_y, split, axis=0) / split
    for k in range(split + 1):
        between_x = wide_x[:-1] + share[k] * np.diff(wide_x, axis=0)
        between_y = wide_y[:, :-1] + share[k] * np.diff(wide_y, axis=1)
        if 0 < k < split:
            between_x = between_x + inner_x[:, k - 1].reshape(n, -1)
            between_y = between_y + inner_y[:, :, :, k - 1].reshape(-1, m)
        fine_x[k::split][:n] = between_x
        fine_y[:, k::split][:, :m] = between_y
    return fine_x, fine_y


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
