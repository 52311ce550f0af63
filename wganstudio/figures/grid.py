"""The grid of the shown plane, the color scale of a map, and the values at a point."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from wganstudio.figures.types import Float, Range, Table


@dataclass(frozen=True, eq=False)
class PlaneGrid:
    """The grid points of the plane; `y` is empty where the plane is a line (D = 1)."""

    x: Float
    y: Float
    labels: tuple[str, ...]
    dim: int
    """Dimension D of the space."""

    @property
    def is_line(self) -> bool:
        """True for D = 1."""
        return self.y.size == 0

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top of an image whose pixels are centered on the grid's points."""
        return (*_edges(self.x), *(_edges(self.y) if self.y.size else (0.0, 1.0)))

    def lookup(self, field: Float, x: float, y: float = 0.0) -> float | None:
        """Return the field at a point, interpolated linearly; None outside."""
        column = _locate(self.x, x)
        if self.is_line or column is None:
            return None if column is None else float(_between(field, *column))
        row = _locate(self.y, y)
        return None if row is None else float(_between(_between(field, *row), *column))

    def columns(self) -> Table:
        """Return the coordinates of all points, row by row."""
        if self.is_line:
            return {"x": self.x}
        x, y = np.meshgrid(self.x, self.y)
        return {"x": x.ravel(), "y": y.ravel()}


@dataclass(frozen=True)
class ColorScale:
    """The name of a color map, its limits and its label."""

    name: str
    low: float
    high: float
    label: str
    marked: float | None = None
    """A value marked by a line on map and bar."""


@dataclass(frozen=True)
class FieldReadout:
    """The values of the fields at one point of the plane."""

    x: tuple[float, ...]
    u: float
    slope: float
    sigma: float
    is_marginal: bool = False
    """True where sigma is its marginal on the plane."""

    @property
    def text(self) -> str:
        """One line of text."""
        point = ", ".join(f"{value:.3g}" for value in self.x)
        point = f"({point})" if len(self.x) > 1 else point
        sigma = f"σ{' (marginal)' if self.is_marginal else ''} = {self.sigma:.3g}"
        return f"x = {point}    u = {self.u:.4g}    |∇u| = {self.slope:.3f}    {sigma}"


def _edges(ticks: Float) -> Range:
    if len(ticks) < 2:
        return float(ticks[0]) - 0.5, float(ticks[0]) + 0.5
    half = float(ticks[-1] - ticks[0]) / (len(ticks) - 1) / 2
    return float(ticks[0]) - half, float(ticks[-1]) + half


def _locate(ticks: Float, at: float) -> tuple[int, float] | None:
    low, high = _edges(ticks)
    if not low <= at <= high:
        return None
    if len(ticks) < 2:
        return 0, 0.0
    index = int(np.clip(np.searchsorted(ticks, at) - 1, 0, len(ticks) - 2))
    share = (at - float(ticks[index])) / float(ticks[index + 1] - ticks[index])
    return index, min(max(share, 0.0), 1.0)


def _between(field: Any, index: int, share: float) -> Any:
    return field[index] if share == 0 else (1 - share) * field[index] + share * field[index + 1]
