"""Segments from points of Q to the atoms of P that receive their mass."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from wganstudio.experiment.value_texts import counted
from wganstudio.figures.frames import PlaneFrame
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.types import Float, Range, Table

OPACITIES = ((0.5, 1.0), (0.1, 0.5), (0.01, 0.2))
"""Least share of the mass, and opacity, of each class of segments."""


@dataclass(frozen=True, eq=False)
class PlanSegments:
    """Segments on the plane; over a line the points of Q are in a row above the atoms."""

    sources: Float
    """Points of Q [k, 2]."""
    partners: Float
    """Atoms that receive most of the mass of each point [k, m, 2], in descending order."""
    shares: Float
    """Shares [k, m] of the mass."""
    samples_p: Float
    rows: tuple[tuple[float, str], ...]
    """Over a line, height and name of each row; else empty."""
    grid: PlaneGrid
    x_range: Range
    y_range: Range

    @classmethod
    def from_points(cls, frame: PlaneFrame, sources: Float, partners: Float, shares: Float) -> Self:
        """Project points [k, D] and their partners [k, m, D], with shares [k, m]."""
        origin, axes = frame.plane["origin"], frame.plane["axes"]
        ends: Float = (partners - origin) @ axes.T
        starts: Float = (sources - origin) @ axes.T
        of_p: Float = frame.plane["samples_p"]
        rows: tuple[tuple[float, str], ...] = ()
        if len(axes) == 1:
            rows = (0.0, "P"), (1.0, "Q")
            starts, ends, of_p = _raised(starts, 1.0), _raised(ends, 0.0), _raised(of_p, 0.0)
        points = np.concatenate((starts, ends.reshape(-1, 2), of_p))
        x, y = (padded(*finite_range(points[:, k])) for k in (0, 1))
        return cls(starts, ends, shares, of_p, rows, frame.grid, x, y)

    def polyline(self, least: float, most: float = np.inf, number: int | None = None) -> Float:
        """Return the segments of shares in [least, most), of all sources or of one [3 n, 2]."""
        chosen = (self.shares >= least) & (self.shares < most)
        if number is not None:
            chosen &= (np.arange(len(self.sources)) == number)[:, None]
        starts = np.broadcast_to(self.sources[:, None], self.partners.shape)[chosen]
        ends = self.partners[chosen]
        return np.stack((starts, ends, np.full_like(ends, np.nan)), axis=1).reshape(-1, 2)

    @property
    def by_opacity(self) -> list[tuple[Float, float]]:
        """The segments and their opacity, the faintest first."""
        upper = (np.inf, *(least for least, _ in OPACITIES[:-1]))
        drawn = [
            (self.polyline(least, most), alpha) for (least, alpha), most in zip(OPACITIES, upper, strict=True)
        ]
        return drawn[::-1]

    def pick(self, x: float, y: float, reach: tuple[float, float]) -> int | None:
        """Return the source nearest to (x, y), if it is within `reach` on both axes."""
        distance = np.linalg.norm((self.sources - (x, y)) / reach, axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 1 else None

    def describe(self, number: int) -> str:
        """Return one line of text on a source."""
        parts = [f"{share:.0%}" for share in self.shares[number] if share >= OPACITIES[-1][0]]
        return f"point {number + 1}: its atoms receive {', '.join(parts) or 'less than 1 % each'} of its mass"

    @property
    def caption_text(self) -> str:
        """Description of the drawing for a caption."""
        least = ", ".join(f"{least:.0%}" for least, _ in OPACITIES)
        return (
            f"{counted(len(self.sources), 'point')} of Q, joined to atoms of P that receive at least {least} "
            "of their mass; fainter lines: smaller shares."
        )

    def tables(self) -> dict[str, Table]:
        """Return the segments, one per row."""
        axes = ("x",) if self.rows else ("x", "y")
        count, partners = self.shares.shape
        table: Table = {"point": np.repeat(np.arange(1, count + 1), partners)}
        starts = np.repeat(self.sources, partners, axis=0)
        ends = self.partners.reshape(-1, 2)
        for k, axis in enumerate(axes):
            columns = (self.grid.along(k, points[:, k]) for points in (starts, ends))
            table |= dict(zip((f"{axis}_q", f"{axis}_p"), columns, strict=True))
        return {"": table | {"share": self.shares.ravel()}}


def _raised(points: Float, height: float) -> Float:
    return np.concatenate((points, np.full_like(points, height)), axis=-1)
