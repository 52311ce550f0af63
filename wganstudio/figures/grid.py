"""The grid of the shown plane, the color scale of a map, and the values at a point."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from wganstudio.figures.types import Float, Range, Table

MAX_ASPECT = 5.0
"""Ratio of the sides of a plane up to which both axes have one scale."""


@dataclass(frozen=True, eq=False)
class PlaneGrid:
    """The grid points of the plane; `y` is empty where the plane is a line (D = 1).

    A large offset is subtracted from all coordinates that are drawn, and named in the label of the axis.
    Tables and readouts contain the coordinates of the experiment.
    """

    x: Float
    y: Float
    names: tuple[str, ...]
    """Names of the axes."""
    dim: int
    """Dimension D of the space."""
    offsets: tuple[float, ...] = ()
    """The offset along each axis; empty where there is none."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the axes, such as "time - 1,700,000,000"."""
        offsets = self.offsets or (0.0,) * len(self.names)
        return tuple(map(with_offset, self.names, offsets))

    @property
    def is_line(self) -> bool:
        """True for D = 1."""
        return self.y.size == 0

    @property
    def equal_aspect(self) -> bool:
        """True where both axes are drawn at one scale; a nearly flat plane would be a narrow strip."""
        left, right, bottom, top = self.extent
        return max(right - left, top - bottom) <= MAX_ASPECT * min(right - left, top - bottom)

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
            return {"x": self.along(0, self.x)}
        x, y = np.meshgrid(self.along(0, self.x), self.along(1, self.y))
        return {"x": x.ravel(), "y": y.ravel()}

    def along(self, axis: int, drawn: Float) -> Float:
        """Return coordinates of the experiment along an axis, from those that are drawn."""
        offset = self.offsets[axis] if self.offsets else 0.0
        return drawn if offset == 0 else drawn.astype(np.float64) + offset

    def point_text(self, *drawn: float) -> str:
        """Return the coordinates of a point of the experiment, such as (0.5, 1)."""
        size, offsets = float(self.x[-1] - self.x[0]), self.offsets or (0.0, 0.0)
        pairs = zip(drawn, offsets, strict=False)
        texts = [coordinate_text(float(value) + offset, size) for value, offset in pairs]
        return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


@dataclass(frozen=True)
class ColorScale:
    """The name of a color map, its limits and its label."""

    name: str
    low: float
    high: float
    label: str
    marked: float | None = None
    """A value marked by a line on map and bar."""
    log_low: float | None = None
    """The lower limit of a logarithmic scale; None where the quantity may be negative."""
    is_log: bool = False
    """True for colors that are linear in the logarithm; the limits are positive then."""

    @property
    def ends(self) -> Range:
        """The limits on the axis of the colors: the numbers, or their log10."""
        return (math.log10(self.low), math.log10(self.high)) if self.is_log else (self.low, self.high)

    def on_axis(self, field: Float) -> Float:
        """Return a field on the axis of the colors; what is below a logarithmic scale is at its lower end."""
        return np.log10(np.maximum(field, self.low)) if self.is_log else field

    def share(self, value: float) -> float:
        """Return the place of a value between the limits: 0 at the lower and 1 at the upper one."""
        low, high = self.ends
        at = math.log10(max(value, 1e-300)) if self.is_log else value
        return (at - low) / (high - low)

    def value(self, share: float) -> float:
        """Return the value at a place between the limits, the inverse of `share`."""
        low, high = self.ends
        at = low + share * (high - low)
        return float(10.0**at) if self.is_log else at


@dataclass(frozen=True)
class FieldReadout:
    """The values of the fields at one point of the plane."""

    x: tuple[float, ...]
    """The coordinates that are drawn."""
    point: str
    """The coordinates of the experiment."""
    u: float
    slope: float
    sigma: float
    is_marginal: bool = False
    """True where sigma is its marginal on the plane."""

    @property
    def text(self) -> str:
        """One line of text."""
        sigma = f"σ{' (marginal)' if self.is_marginal else ''} = {self.sigma:.3g}"
        return f"x = {self.point}    u = {self.u:.4g}    |∇u| = {self.slope:.3f}    {sigma}"


def coordinate_text(value: float, size: float) -> str:
    """Return a coordinate with three digits, or with as many as resolve a plane of this size far from 0."""
    far = math.log10(max(abs(value), 1e-300) / (size or 1.0))
    return f"{value:.{min(3 + (math.ceil(far) if far > 1 else 0), 15)}g}"


def with_offset(label: str, offset: float) -> str:
    """Return the label of an axis whose coordinates are less an offset."""
    return label if offset == 0 else f"{label} {'-' if offset > 0 else '+'} {abs(offset):,.15g}"


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
