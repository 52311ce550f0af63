"""LandscapeDifference: the critic of one run minus that of another one on the same plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.contours import contours
from wganstudio.figures.frames import PlaneFrame, plane_frame
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.ranges import padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.style import DIVERGING_MAP
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord

LABEL = "u of A − u of B"


@dataclass(frozen=True)
class DifferenceReadout:
    """The two potentials and their difference at a point of the plane."""

    point: str
    u: float
    other: float

    @property
    def text(self) -> str:
        """One line of text."""
        difference = self.u - self.other
        values = f"A − B = {difference:.4g}    u of A = {self.u:.4g}    u of B = {self.other:.4g}"
        return f"x = {self.point}    {values}"


@register_figure
@dataclass(frozen=True, eq=False)
class LandscapeDifference(StepFigure):
    """u of A minus u of B; both are shifted to the mean 0, as a potential is defined up to a constant.

    It needs a second run: `from_record` takes the first of `among` whose frame shows the same plane,
    `from_records` the first such of the selected runs.
    """

    name: ClassVar[str] = "landscape_difference"
    position: ClassVar[int] = 11
    listed: ClassVar[bool] = False
    several: ClassVar[bool] = True

    grid: PlaneGrid
    """The grid of A, to which u of B is interpolated bilinearly."""
    u: Float
    """u of A, less its mean."""
    other: Float
    """u of B on the grid of A, less its mean; NaN outside its own grid."""
    zero_lines: tuple[Float, ...]
    """The lines where both are equal; none for D = 1."""
    names: tuple[str, str]
    scale: ColorScale
    x_range: Range
    y_range: Range

    @classmethod
    def from_records(
        cls,
        records: Sequence[RunRecord],
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        **options: Any,
    ) -> Self | None:
        """Build the difference of the main run and the first of the others on the same plane."""
        return cls.from_record(records[0], step, records[1:] or among, **options)

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the difference from the first other run on the same plane; None without one."""
        frame = plane_frame(record, step)
        if frame is None:
            return None
        for other in among:
            other_frame = None if other is record else plane_frame(other, _step_of(other, step))
            if other_frame is not None and same_plane(frame, other_frame):
                return cls._between(record, frame, other, other_frame)
        return None

    @classmethod
    def _between(cls, a: RunRecord, frame: PlaneFrame, b: RunRecord, other_frame: PlaneFrame) -> Self:
        grid, weights = frame.grid, frame["sigma"]
        u = np.asarray(frame["u"], float)
        other = resampled(other_frame["u"], other_frame.grid, grid)
        common = np.isfinite(u) & np.isfinite(other)
        is_weighted = bool(np.nansum(np.where(common, weights, 0)) > 0)
        weights = np.where(common, np.nan_to_num(weights), 0) if is_weighted else common.astype(float)
        u, other = (part - _mean(part, weights) for part in (u, other))
        difference = u - other
        high = float(np.nanmax(np.abs(difference), initial=0.0)) or 1.0
        return cls(
            step=frame.step,
            grid=grid,
            u=u,
            other=other,
            zero_lines=contours(grid, difference, np.zeros(1)),
            names=(a.name, b.name),
            scale=ColorScale(DIVERGING_MAP, -high, high, LABEL),
            x_range=grid.extent[:2],
            y_range=padded(-high, high) if grid.is_line else grid.extent[2:],
            title=f"Critic u of “{a.name}” minus that of “{b.name}”",
            caption=_caption(a, frame, b, other_frame, is_weighted),
        )

    @property
    def difference(self) -> Float:
        """u of A minus u of B; NaN where only one of them is known."""
        return self.u - self.other

    @property
    def y_label(self) -> str:
        """Label of the vertical axis."""
        return LABEL if self.grid.is_line else self.grid.labels[1]

    @property
    def has_fields(self) -> bool:
        """True on the plane, False over a line."""
        return not self.grid.is_line

    def plane_fields(self) -> tuple[PlaneField, ...]:
        """Return the difference; none over a line."""
        return () if self.grid.is_line else (PlaneField(LABEL, self.grid, self.difference),)

    def readout(self, x: float, y: float = 0.0) -> DifferenceReadout | None:
        """Return the values at a point of the plane; None outside."""
        u, other = (self.grid.lookup(field, x, y) for field in (self.u, self.other))
        if u is None or other is None:
            return None
        place = (x,) if self.grid.is_line else (x, y)
        return DifferenceReadout(self.grid.point_text(*place), u, other)

    def tables(self) -> dict[str, Table]:
        """Return both potentials and their difference, point by point."""
        columns = {"u_a": self.u.ravel(), "u_b": self.other.ravel(), "difference": self.difference.ravel()}
        return {"": {**self.grid.columns(), **columns}}


def same_plane(one: PlaneFrame, other: PlaneFrame) -> bool:
    """Return True if two frames show the same plane of the same space, over any part of it."""
    a, b = one.grid, other.grid
    if (a.dim, a.is_line, a.names) != (b.dim, b.is_line, b.names):
        return False
    if a.dim > 2 and not all(
        np.allclose(one.plane[k], other.plane[k], atol=1e-5) for k in ("origin", "axes")
    ):
        return False
    return all(_overlap(a.along(k, x), b.along(k, y)) for k, (x, y) in enumerate(_ticks(a, b)))


def resampled(field: Float, grid: PlaneGrid, to: PlaneGrid) -> Float:
    """Return a field on another grid, interpolated bilinearly; NaN outside its own grid."""
    x, y = (_weights(grid.along(k, have), to.along(k, want)) for k, (have, want) in _padded_ticks(grid, to))
    rows = np.asarray(field, float).reshape(-1, len(grid.x))
    result = np.asarray(y @ rows @ x.T)
    return result.reshape(-1) if to.is_line else result


def _weights(have: Float, want: Float) -> Float:
    """Return the matrix that interpolates linearly from ascending points to others; NaN outside."""
    matrix = np.zeros((len(want), len(have)))
    if len(have) < 2:
        return np.ones_like(matrix)
    slack = 1e-6 * float(have[-1] - have[0])
    left = np.clip(np.searchsorted(have, want, "right") - 1, 0, len(have) - 2)
    share = (want - have[left]) / (have[left + 1] - have[left])
    rows = np.arange(len(want))
    matrix[rows, left] = 1 - np.clip(share, 0, 1)
    matrix[rows, left + 1] += np.clip(share, 0, 1)
    matrix[(want < have[0] - slack) | (want > have[-1] + slack)] = np.nan
    return matrix


def _padded_ticks(grid: PlaneGrid, to: PlaneGrid) -> list[tuple[int, tuple[Float, Float]]]:
    """Return the coordinates along both axes; a line has one row."""
    single = np.zeros(1)
    second = (single, single) if grid.is_line else (grid.y, to.y)
    return [(0, (grid.x, to.x)), (0 if grid.is_line else 1, second)]


def _ticks(a: PlaneGrid, b: PlaneGrid) -> list[tuple[Float, Float]]:
    return [(a.x, b.x)] if a.is_line else [(a.x, b.x), (a.y, b.y)]


def _overlap(one: Float, other: Float) -> bool:
    return bool(max(one[0], other[0]) < min(one[-1], other[-1]))


def _mean(field: Float, weights: Float) -> float:
    return float(np.sum(np.where(weights > 0, field, 0) * weights) / max(weights.sum(), 1e-300))


def _step_of(record: RunRecord, step: int | None) -> int | None:
    """Return the last recorded step up to another run's step; None for the newest."""
    steps = record.recorded_steps("critic")
    if step is None or not steps:
        return None
    earlier = [one for one in steps if one <= step]
    return earlier[-1] if earlier else steps[0]


def _caption(a: RunRecord, frame: PlaneFrame, b: RunRecord, other: PlaneFrame, is_weighted: bool) -> str:
    mean = "σ-weighted mean (σ of A)" if is_weighted else "mean"
    grids = (
        "" if _same_grid(frame.grid, other.grid) else " u of B is interpolated bilinearly to the grid of A."
    )
    line = "" if frame.grid.is_line else " Black: where both are equal."
    return (
        f"A: “{a.name}” at step {frame.step:,}; B: “{b.name}” at step {other.step:,}. "
        f"Potentials are defined up to a constant: from each its {mean} "
        f"over the common part of the plane is subtracted.{grids}{line} "
        f"A: {settings_text(a)} B: {settings_text(b)}"
    )


def _same_grid(a: PlaneGrid, b: PlaneGrid) -> bool:
    pairs = [(a.along(k, x), b.along(k, y)) for k, (x, y) in enumerate(_ticks(a, b))]
    return all(np.array_equal(x, y) for x, y in pairs)
