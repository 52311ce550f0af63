"""PlaneField: one quantity on the plane, read at points and along a cut."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Float


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
        points = np.asarray(points, float)
        column, across, inside = _locate(self.grid.x, points[:, 0])
        values = np.asarray(self.values, float)
        if self.grid.is_line:
            result = _between(values[column], values[_next(column, values.shape[0])], across)
        else:
            row, up, inside_y = _locate(self.grid.y, points[:, 1])
            right, above = _next(column, values.shape[1]), _next(row, values.shape[0])
            below = _between(values[row, column], values[row, right], across)
            result = _between(below, _between(values[above, column], values[above, right], across), up)
            inside = inside & inside_y
        return np.where(inside, result, np.nan)


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


def _locate(ticks: Float, at: Float) -> tuple[NDArray[np.intp], Float, NDArray[np.bool_]]:
    """Return the tick before each coordinate, the share of the way to the next one, and what is inside."""
    ticks = np.asarray(ticks, float)
    if len(ticks) < 2:
        return np.zeros(len(at), np.intp), np.zeros(len(at)), np.abs(at - ticks[0]) <= 0.5
    half = (ticks[-1] - ticks[0]) / (len(ticks) - 1) / 2
    index = np.clip(np.searchsorted(ticks, at) - 1, 0, len(ticks) - 2)
    share = np.clip((at - ticks[index]) / (ticks[index + 1] - ticks[index]), 0, 1)
    return index, share, (at >= ticks[0] - half) & (at <= ticks[-1] + half)


def _next(index: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    return np.minimum(index + 1, count - 1)


def _between(one: Float, other: Float, share: Float) -> Float:
    """Return the linear interpolation; where the share is 0 or 1, a NaN at the other end is ignored."""
    mixed = (1 - share) * one + share * other
    return np.where(share == 0, one, np.where(share == 1, other, mixed))
