"""LineProfile: the fields of a map along a cut, beside their truth where it is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.plane_field import Cut, PlaneField
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.style import run_color
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord

POINTS = 401
"""Points along a cut at which the fields are read."""


@dataclass(frozen=True, eq=False)
class ProfileCurve:
    """The values of one field along the cut."""

    label: str
    values: Float
    is_truth: bool
    run_color: int | None
    """The color of its run where several are compared."""


@dataclass(frozen=True, eq=False, kw_only=True)
class MapFields:
    """The fields that a map shows of one run."""

    record: RunRecord
    step: int
    fields: Sequence[PlaneField]


@dataclass(frozen=True, eq=False)
class LineProfile(StepFigure):
    """Fields along a cut over the distance from its start.

    The figure is not registered, as it needs a cut: the views make it by `from_maps`.
    """

    name: ClassVar[str] = "line_profile"
    position: ClassVar[int] = 12

    of: str
    """The name of the figure whose map is cut."""
    cut: Cut
    points: Float
    """The points of the cut in the coordinates of the experiment, [k, 2]."""
    distance: Float
    """Their distances from the start, [k]."""
    curves: tuple[ProfileCurve, ...]
    y_label: str
    x_range: Range
    y_range: Range

    @classmethod
    def from_record(
        cls, record: RunRecord, step: int | None = None, among: Sequence[RunRecord] = ()
    ) -> Self | None:
        """Return None: a run alone has no cut."""
        return None

    @classmethod
    def from_maps(cls, maps: Sequence[MapFields], cut: Cut, of: str = "landscape") -> Self | None:
        """Build the profile of one map, or of those of several runs; None without any."""
        if not maps:
            return None
        several = len(maps) > 1
        drawn = cut.points(POINTS)
        curves = tuple(
            ProfileCurve(
                f"{one.record.name}: {field.label}" if several else field.label,
                field.at(drawn),
                field.is_truth,
                run_color(one.record) if several else None,
            )
            for one in maps
            for field in one.fields
        )
        main = maps[0]
        grid = main.fields[0].grid
        values = np.concatenate([curve.values for curve in curves])
        ends = " to ".join(grid.point_text(*point) for point in (cut.start, cut.end))
        return cls(
            step=main.step,
            of=of,
            cut=cut,
            points=np.stack([grid.along(axis, drawn[:, axis]) for axis in (0, 1)], axis=1),
            distance=np.linspace(0, cut.length, POINTS),
            curves=curves,
            y_label=main.fields[0].label,
            x_range=(0.0, cut.length or 1.0),
            y_range=padded(*finite_range(values)),
            title=f"Profile of the {main.fields[0].label} after {main.step:,} steps",
            caption=(
                f"{main.record.name}. Values along the cut from {ends}, over the distance from its start"
                f"{'; dashed: the truth' if any(curve.is_truth for curve in curves) else ''}. "
                f"{settings_text(main.record)}"
            ),
        )

    @property
    def variant(self) -> str:
        """The name of the map."""
        return self.of

    def tables(self) -> dict[str, Table]:
        """Return the distance, the point and the values of every curve."""
        table: Table = {"distance": self.distance, "x": self.points[:, 0], "y": self.points[:, 1]}
        for curve in self.curves:
            table[curve.label] = curve.values
        return {"": table}
