"""ProbeReadings: a field of a run at fixed points, over the recorded steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.figures.base import RunFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.plane_field import PlaneField, read_all
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord


@dataclass(frozen=True, eq=False)
class ProbeReadings(RunFigure):
    """The values of a field at numbered points over the steps of the recorded frames.

    The figure is not registered, as it needs points: the views make it by `from_fields`.
    """

    name: ClassVar[str] = "probe_readings"
    position: ClassVar[int] = 13

    of: str
    """The name of the figure on whose map the points are."""
    points: Float
    """The points in the coordinates of the experiment, [m, 2]."""
    labels: tuple[str, ...]
    """The number and the coordinates of each point."""
    steps: Float
    values: Float
    """The field at each point and step, [m, k]."""
    y_label: str
    x_range: Range
    y_range: Range

    @classmethod
    def from_record(
        cls, record: RunRecord, step: int | None = None, among: Sequence[RunRecord] = ()
    ) -> Self | None:
        """Return None: a run alone has no points."""
        return None

    @classmethod
    def from_fields(
        cls,
        record: RunRecord,
        frames: Sequence[tuple[int, PlaneField]],
        points: Sequence[tuple[float, float]],
        of: str = "landscape",
    ) -> Self | None:
        """Build the readings from the field at every recorded step; None without steps or points."""
        if not frames or not points:
            return None
        at = np.array(points, float)
        field = frames[-1][1]
        steps = np.array([step for step, _ in frames], float)
        values = read_all([one for _, one in frames], at)
        high = float(steps[-1])
        places = ", ".join(f"{number}: {field.grid.point_text(*one)}" for number, one in _numbered(points))
        return cls(
            of=of,
            points=np.stack([field.grid.along(axis, at[:, axis]) for axis in (0, 1)], axis=1),
            labels=tuple(f"{number}: {field.grid.point_text(*one)}" for number, one in _numbered(points)),
            steps=steps,
            values=values,
            y_label=field.label,
            x_range=(min(0.0, float(steps[0])), high if high > steps[0] else high + 1),
            y_range=padded(*finite_range(values)),
            title=f"The {field.label} at fixed points",
            caption=(
                f"{record.name}. Readings of the {field.label} at the points {places}, over the steps of "
                f"the recorded frames. {settings_text(record)}"
            ),
        )

    @property
    def variant(self) -> str:
        """The name of the map."""
        return self.of

    def tables(self) -> dict[str, Table]:
        """Return the readings by step, and the points."""
        readings: Table = {"step": self.steps.astype(int)}
        readings |= {f"probe {number}": values for number, values in _numbered(list(self.values))}
        numbers = np.arange(1, len(self.points) + 1)
        return {"": readings, "points": {"probe": numbers, "x": self.points[:, 0], "y": self.points[:, 1]}}


def _numbered(items: Sequence[Any]) -> list[tuple[int, Any]]:
    return list(enumerate(items, 1))
