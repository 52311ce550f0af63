"""Dual: what a dual over atoms says at points, as `critics.smoothed` computes it, in numpy."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

CHUNK = 1 << 20
"""Numbers held at once, of points times atoms."""
Float = NDArray[np.floating[Any]]
Index = NDArray[np.intp]


class Place(NamedTuple):
    """Where points [k, K] lie among the cells; each array is [k]."""

    winner: Index
    """The atom that takes the largest share of the mass there."""
    second: Index
    """The atom beyond the nearest border."""
    border: Float
    """How far the nearest border is: exact for the squared cost, to first order for the distance."""


@dataclass(frozen=True, eq=False)
class Dual:
    """psi over atoms y_j of weight nu_j, and the shares p_j(x) of the mass at x that the atoms take.

    p_j is proportional to nu_j exp((psi_j - c(x, y_j)) / eps), or 1 for the atom of the largest
    psi_j - c(x, y_j) where eps = 0 (arXiv 2102.05542, Section 2). `atoms` [n, K], `weights` and `psi` [n].
    The cell of an atom is where its share is the largest: for eps = 0 its Laguerre cell.
    """

    atoms: Float
    weights: Float
    psi: Float
    cost: str
    epsilon: float
    scale: float
    """What the cost is divided by."""

    @property
    def spread(self) -> float:
        """Mean cost from the atoms' mean to the atoms."""
        return float(self.weights @ self.costs((self.weights @ self.atoms)[None])[0])

    def costs(self, points: Float) -> Float:
        """c(x_i, y_j) [k, n] at points [k, K]."""
        squares = np.zeros((len(points), len(self.atoms)))
        for of_points, of_atoms in zip(points.T, self.atoms.T, strict=True):
            squares += (of_points[:, None] - of_atoms) ** 2
        return np.asarray((squares if self.cost == "squared" else np.sqrt(squares)) / self.scale)

    def heights(self, points: Float) -> Float:
        """psi_j + eps log nu_j - c(x_i, y_j) [k, n]: the largest wins."""
        return np.asarray(self.psi + self.epsilon * np.log(self.weights) - self.costs(points))

    def shares(self, points: Float) -> Float:
        """p_j(x_i) [k, n]."""
        heights = self.heights(points)
        if self.epsilon == 0:
            return np.eye(len(self.psi))[heights.argmax(1)]
        shares = np.exp((heights - heights.max(1, keepdims=True)) / self.epsilon)
        return np.asarray(shares / shares.sum(1, keepdims=True))

    def gradient(self, points: Float) -> Float:
        """sum_j p_j(x) grad_x c(x, y_j) [k, K]: what training takes for the gradient of the cost."""
        return self._sloped(points, self.shares(points))

    def beyond(self, points: Float) -> Float:
        """What it would be [k, K] at eps = 0 just across the nearest border."""
        return self._sloped(points, np.eye(len(self.psi))[self.place(points).second])

    def place(self, points: Float) -> Place:
        """Where points lie among the cells."""
        heights = self.heights(points)
        winner = heights.argmax(1)
        behind = np.take_along_axis(heights, winner[:, None], 1) - heights
        if self.cost == "squared":
            steep = 2 * np.linalg.norm(self.atoms[winner][:, None] - self.atoms, axis=-1) / self.scale
        else:
            units = _unit(points[:, None] - self.atoms)
            own = np.take_along_axis(units, winner[:, None, None], 1)
            steep = np.linalg.norm(own - units, axis=-1) / self.scale
        away = np.divide(behind, steep, out=np.full_like(behind, np.inf), where=steep > 1e-9)
        away[np.arange(len(points)), winner] = np.inf
        second = away.argmin(1)
        return Place(winner, second, away.min(1))

    def tint(self, points: Float, colors: Index, count: int) -> Float:
        """The share of the mass at each of the points that goes to atoms of each color, [k, count]."""
        onto = np.eye(count)[colors]
        if self.epsilon == 0:
            return np.asarray(onto[self.winners(points)])
        return np.concatenate([self.shares(part) @ onto for part in self._parts(points)])

    def winners(self, points: Float) -> Index:
        """The atom of the largest share at each of the points."""
        return np.concatenate([self.heights(part).argmax(1) for part in self._parts(points)])

    def _parts(self, points: Float) -> list[Float]:
        step = max(1, CHUNK // len(self.psi))
        return [points[k : k + step] for k in range(0, len(points), step)]

    def _sloped(self, points: Float, shares: Float) -> Float:
        toward = points[:, None] - self.atoms
        slopes = 2 * toward if self.cost == "squared" else _unit(toward)
        return np.asarray(np.einsum("kn,kna->ka", shares, slopes) / self.scale)


def _unit(vectors: Float) -> Float:
    sizes = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(sizes, 1e-12))
