"""A distribution on the open cells of a grid; the little that lies elsewhere is moved to them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.pairs.base import Distribution

Floats = NDArray[np.float64]

_CORNERS = [(i, j) for i in (0, 1) for j in (0, 1)]


@dataclass(frozen=True)
class PlacedDistribution:
    """A distribution on the open cells of a base grid, and mass moved from elsewhere, constant on cells."""

    distribution: Distribution
    x: Floats
    y: Floats
    is_open: NDArray[np.bool_]
    moved: Floats
    """[n, m]."""
    scale: float

    @classmethod
    def on_open_cells(
        cls, distribution: Distribution, x: Floats, y: Floats, is_open: NDArray[np.bool_]
    ) -> Self | None:
        """Divide the mass in closed cells and beyond the grid among the open cells about its nodes.

        Returns None if the masses of the distribution are unknown.

        Raises
        ------
        BadExperiment
            If more than a ten-thousandth of the mass has no open cell beside it.
        """
        nodes, corners = distribution.hat_masses(x, y), distribution.corner_masses(x, y)
        if nodes is None or corners is None or distribution.density_bounds(x, y) is None:
            return None
        opened = np.where(is_open, 1.0, 0.0)
        elsewhere = np.maximum(nodes - sum_at_nodes(corners * opened[:, :, None, None]), 0.0)
        count = sum_at_nodes(np.repeat(opened, 4).reshape(*opened.shape, 2, 2))
        stuck = float(elsewhere[count == 0].sum())
        if stuck > 1e-4:
            raise infinite_cost(
                f"{stuck:.1%} of the mass of P or Q lies where sigma is 0", "make sigma positive there"
            )
        share = np.divide(elsewhere, count, out=np.zeros_like(elsewhere), where=count > 0)
        n, m = is_open.shape
        moved = np.zeros((n, m))
        for i, j in _CORNERS:
            moved += opened * share[i : i + n, j : j + m]
        return cls(distribution, x, y, is_open, moved, 1 / (1 - stuck))

    @property
    def moved_share(self) -> float:
        """Share of the mass that was moved."""
        return float(self.moved.sum())

    def corner_masses(self, split: int) -> Floats:
        """Return the corner masses on split x split parts of every base cell."""
        corners = self.distribution.corner_masses(*self._nodes(split))
        assert corners is not None
        ones = np.ones((split, split))
        moved = np.kron(self.moved, ones / (4 * split**2))
        return self.scale * (
            corners * np.kron(self.is_open, ones)[:, :, None, None] + moved[:, :, None, None]
        )

    def range(self, split: int) -> Floats:
        """Return the difference of bounds of the density on each of these parts."""
        bounds = self.distribution.density_bounds(*self._nodes(split))
        assert bounds is not None
        return self.scale * (bounds[1] - bounds[0]) * np.kron(self.is_open, np.ones((split, split)))

    def _nodes(self, split: int) -> tuple[Floats, Floats]:
        x, y = (np.linspace(a[0], a[-1], split * (len(a) - 1) + 1) for a in (self.x, self.y))
        return x, y


def sum_at_nodes(corners: Floats) -> Floats:
    """Return the sums [n + 1, m + 1] at the nodes of values [n, m, 2, 2] at the corners of cells."""
    n, m = corners.shape[:2]
    sums = np.zeros((n + 1, m + 1))
    for i, j in _CORNERS:
        sums[i : i + n, j : j + m] += corners[:, :, i, j]
    return sums


def infinite_cost(why: str, remedy: str) -> BadExperiment:
    """Return the refusal of a sigma that makes the cost infinite."""
    return BadExperiment(Problem("sigma", f"{why}, so the cost is infinite; {remedy}"))
