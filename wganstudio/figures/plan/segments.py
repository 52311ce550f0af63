"""Lines: points of Q joined to the atoms of P that take their mass."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from wganstudio.figures.plane import Float, Range, Table, limits, padded
from wganstudio.training.events import Scene

STRENGTHS = ((0.5, 1.0), (0.1, 0.5), (0.01, 0.2))
"""From which share on a line is drawn, and how opaque."""


@dataclass(frozen=True, eq=False)
class Lines:
    """On the shown plane; over a line the points of Q stand in a row above the atoms."""

    sources: Float
    """Points of Q [k, 2]."""
    partners: Float
    """The atoms that take most of the mass of each [k, m, 2], the first the most."""
    shares: Float
    """How much of it [k, m]."""
    samples_p: Float
    rows: tuple[tuple[float, str], ...]
    """Over a line, where the rows are and what they show; else none."""
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, scene: Scene, sources: Float, partners: Float, shares: Float) -> Self:
        """From points [k, D], their partners [k, m, D] and shares [k, m]."""
        origin, axes = scene.arrays["origin"], scene.arrays["axes"]
        ends, starts = (partners - origin) @ axes.T, (sources - origin) @ axes.T
        of_p = scene.arrays["samples_p"]
        rows: tuple[tuple[float, str], ...] = ()
        if len(axes) == 1:
            rows = (0.0, "P"), (1.0, "Q")
            starts, ends, of_p = _raised(starts, 1.0), _raised(ends, 0.0), _raised(of_p, 0.0)
        every = np.concatenate((starts, ends.reshape(-1, 2), of_p))
        x, y = (padded(*limits(every[:, k])) for k in (0, 1))
        return cls(starts, ends, shares, of_p, rows, x, y)

    def joined(self, least: float, most: float = np.inf, number: int | None = None) -> Float:
        """Lines for shares in [least, most), of all sources or of one, a row of NaN after each [3 n, 2]."""
        chosen = (self.shares >= least) & (self.shares < most)
        if number is not None:
            chosen &= (np.arange(len(self.sources)) == number)[:, None]
        starts = np.broadcast_to(self.sources[:, None], self.partners.shape)[chosen]
        ends = self.partners[chosen]
        return np.stack((starts, ends, np.full_like(ends, np.nan)), axis=1).reshape(-1, 2)

    @property
    def strengths(self) -> list[tuple[Float, float]]:
        """The lines, and how opaque they are: the weakest first."""
        upper = (np.inf, *(least for least, _ in STRENGTHS[:-1]))
        drawn = [
            (self.joined(least, most), alpha) for (least, alpha), most in zip(STRENGTHS, upper, strict=True)
        ]
        return drawn[::-1]

    def at(self, x: float, y: float, reach: tuple[float, float]) -> int | None:
        """Which source is nearest to a place, of those within reach on either axis."""
        distance = np.linalg.norm((self.sources - (x, y)) / reach, axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 1 else None

    def told(self, number: int) -> str:
        """One line on a source."""
        parts = [f"{share:.0%}" for share in self.shares[number] if share >= STRENGTHS[-1][0]]
        return f"point {number + 1}: its atoms take {', '.join(parts) or 'less than 1 % each'} of its mass"

    @property
    def words(self) -> str:
        """What is drawn, for a caption."""
        least = ", ".join(f"{least:.0%}" for least, _ in STRENGTHS)
        return (
            f"{len(self.sources)} points of Q joined to atoms of P that take at least {least} of their mass, "
            "the fainter the less."
        )

    def tables(self) -> dict[str, Table]:
        """The lines, one a row."""
        axes = ("x",) if self.rows else ("x", "y")
        count, partners = self.shares.shape
        table: Table = {"point": np.repeat(np.arange(1, count + 1), partners)}
        starts = np.repeat(self.sources, partners, axis=0)
        ends = self.partners.reshape(-1, 2)
        for k, axis in enumerate(axes):
            table |= {f"{axis}_q": starts[:, k], f"{axis}_p": ends[:, k]}
        return {"": table | {"share": self.shares.ravel()}}


def _raised(points: Float, height: float) -> Float:
    return np.concatenate((points, np.full_like(points, height)), axis=-1)
