"""PlaneField: one quantity on the plane, read at points and along a cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Float

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class PlaneField:
    """The values of a quantity on the grid of the plane."""

    label: str
    grid: PlaneGrid
    values: Float
    """[m, n], or [n] over a line."""
    is_truth: bool = False

    def at(self, points: Float) -> Float:
        """Return the values at points [k, 2], or [k, 1] over a line, interpolated linearly; NaN outside."""
        return Stencil.of(self.grid, points).read(self.values)


@dataclass(frozen=True, eq=False)
class Stencil:
    """The grid points around k points and their weights, by which any field on the grid is read."""

    index: Index
    """The corners of the cell of each point in the flat field, [2, k] over a line, else [4, k]."""
    weight: Float
    """The weight of each corner."""
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, grid: PlaneGrid, points: Float) -> Self:
        """Return the stencil of points [k, 2], or [k, 1] over a line."""
        points = np.asarray(points, float)
        column, across, inside = _locate(grid.x, points[:, 0])
        right = np.minimum(column + 1, len(grid.x) - 1)
        if grid.is_line:
            return cls(np.stack((column, right)), np.stack((1 - across, across)), inside)
        row, up, inside_y = _locate(grid.y, points[:, 1])
        above = np.minimum(row + 1, len(grid.y) - 1)
        rows, columns = np.stack((row, row, above, above)), np.stack((column, right, column, right))
        weight = np.stack(((1 - up) * (1 - across), (1 - up) * across, up * (1 - across), up * across))
        return cls(rows * len(grid.x) + columns, weight, inside & inside_y)

    def read(self, values: Float) -> Float:
        """Return a field at the points; NaN outside, and beside a hole of the field."""
        return self._mix(values.ravel()[self.index])

    def read_all(self, fields: Sequence[PlaneField]) -> Float:
        """Return several fields at the m points, [m, k]."""
        return self._mix(np.stack([field.values.ravel()[self.index] for field in fields])).T

    def _mix(self, corners: Float) -> Float:
        """Return the weighted sums of the values at the corners, [..., c, k] to [..., k]."""
        total = np.where(self.weight == 0, 0.0, self.weight * corners).sum(axis=-2)
        return np.where(self.inside, total, np.nan)


def read_all(fields: Sequence[PlaneField], points: Float) -> Float:
    """Return several fields on one grid at points [m, 2], as [m, k]."""
    return Stencil.of(fields[0].grid, points).read_all(fields)


@dataclass(frozen=True)
class Cut:
    """A straight line on the plane from one point to another, in the coordinates that are drawn."""

    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def length(self) -> float:
        """The distance of its ends."""
        return float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))

    def points(self, count: int) -> Float:
        """Return points at equal distances from the start to the end, [count, 2]."""
        shares = np.linspace(0, 1, count)[:, None]
        return (1 - shares) * np.array(self.start) + shares * np.array(self.end)


def _locate(ticks: Float, at: Float) -> tuple[Index, Float, NDArray[np.bool_]]:
    """Return the tick before each coordinate, the share of the way to the next one, and what is inside."""
    ticks = np.asarray(ticks, float)
    if len(ticks) < 2:
        return np.zeros(len(at), np.intp), np.zeros(len(at)), np.abs(at - ticks[0]) <= 0.5
    half = (ticks[-1] - ticks[0]) / (len(ticks) - 1) / 2
    index = np.clip(np.searchsorted(ticks, at) - 1, 0, len(ticks) - 2)
    share = np.clip((at - ticks[index]) / (ticks[index + 1] - ticks[index]), 0, 1)
    return index, share, (at >= ticks[0] - half) & (at <= ticks[-1] + half)
