"""Semi-discrete transport: c-transform, cells and gradients of a dual potential over atoms, in numpy.

`wganstudio.critics.c_transform` evaluates the same formulas in torch, as a critic.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import GroundCost
from wganstudio.experiment.ground import Cost
from wganstudio.ot.costs import CostFunction
from wganstudio.ot.regularizers import EntropyRegularizer

CHUNK = 1 << 20
"""Largest number of entries of a table of points times atoms."""
Floats = NDArray[np.floating[Any]]
Index = NDArray[np.intp]


class CellLocation(NamedTuple):
    """The position of points [k, K] among the cells; each array is [k]."""

    cell: Index
    """The atom that takes the largest share of the mass there."""
    neighbor: Index
    """The atom beyond the nearest border."""
    border_distance: Floats
    """Distance to the nearest border: exact for the squared cost, to first order for the distance."""


@dataclass(frozen=True, eq=False)
class Dual:
    r"""A dual potential psi over atoms y_j of weight nu_j.

    The atom y_j takes the share p_j(x) of the mass at x, proportional to

    .. math:: \nu_j \exp((\psi_j - c(x, y_j)) / \epsilon),

    or all of it where epsilon = 0 and psi_j - c(x, y_j) is the largest. The cell of an atom is where its
    share is the largest: for epsilon = 0 its Laguerre cell. `atoms` [n, K], `weights` and `psi` [n].

    References
    ----------
    Houdard et al., arXiv 2102.05542, Section 2.
    """

    atoms: Floats
    weights: Floats
    psi: Floats
    cost: Cost
    epsilon: float
    scale: float
    """The divisor of the cost."""

    @cached_property
    def cost_function(self) -> CostFunction:
        """The cost between points and atoms."""
        return CostFunction(GroundCost(self.cost), self.scale)

    @property
    def spread(self) -> float:
        """Mean cost from the mean of the atoms to the atoms."""
        return float(self.weights @ self.costs((self.weights @ self.atoms)[None])[0])

    def costs(self, points: Floats) -> Floats:
        """Return c(x_i, y_j) [k, n] at points [k, K]."""
        return np.asarray(self.cost_function.pairwise(points, self.atoms))

    def scores(self, points: Floats) -> Floats:
        """Return psi_j + eps log nu_j - c(x_i, y_j) [k, n]; the largest decides the cell."""
        return np.asarray(self.psi + self.epsilon * np.log(self.weights) - self.costs(points))

    def shares(self, points: Floats) -> Floats:
        """Return p_j(x_i) [k, n]."""
        if self.epsilon == 0:
            return np.eye(len(self.psi))[self.scores(points).argmax(1)]
        scores = self.psi - self.costs(points)
        return np.asarray(EntropyRegularizer(self.epsilon).c_transform(scores, self.weights).shares)

    def gradient(self, points: Floats) -> Floats:
        """Return sum_j p_j(x) grad_x c(x, y_j) [k, K]: the gradient of the cost that training uses."""
        return self._gradient(points, self.shares(points))

    def neighbor_gradient(self, points: Floats) -> Floats:
        """Return the gradient [k, K] at epsilon = 0 just across the nearest border."""
        return self._gradient(points, np.eye(len(self.psi))[self.locate(points).neighbor])

    def locate(self, points: Floats) -> CellLocation:
        """Return the position of points [k, K] among the cells."""
        scores = self.scores(points)
        cell = scores.argmax(1)
        deficit = np.take_along_axis(scores, cell[:, None], 1) - scores
        if self.cost == "squared":
            slope = 2 * np.linalg.norm(self.atoms[cell][:, None] - self.atoms, axis=-1) / self.scale
        else:
            units = _unit(points[:, None] - self.atoms)
            of_cell = np.take_along_axis(units, cell[:, None, None], 1)
            slope = np.linalg.norm(of_cell - units, axis=-1) / self.scale
        distance = np.divide(deficit, slope, out=np.full_like(deficit, np.inf), where=slope > 1e-9)
        distance[np.arange(len(points)), cell] = np.inf
        return CellLocation(cell, distance.argmin(1), distance.min(1))

    def color_shares(self, points: Floats, colors: Index, count: int) -> Floats:
        """Return the share of the mass at each point that goes to atoms of each color, [k, count]."""
        colors_of_atoms = np.eye(count)[colors]
        if self.epsilon == 0:
            return np.asarray(colors_of_atoms[self.cells(points)])
        return np.concatenate([self.shares(part) @ colors_of_atoms for part in self._chunks(points)])

    def cells(self, points: Floats) -> Index:
        """Return the atom [k] of the largest share at each of the points [k, K]."""
        return np.concatenate([self.scores(part).argmax(1) for part in self._chunks(points)])

    def _chunks(self, points: Floats) -> list[Floats]:
        step = max(1, CHUNK // len(self.psi))
        return [points[k : k + step] for k in range(0, len(points), step)]

    def _gradient(self, points: Floats, shares: Floats) -> Floats:
        return np.asarray(self.cost_function.weighted_gradient(shares, points, self.atoms))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12))
