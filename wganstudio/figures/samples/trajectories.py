"""Cloud: points that a generator makes, over those of P, with the paths by which they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.plane import Float, Range, Table, limits, padded
from wganstudio.training.events import Fields, Scene

NAMED = (0, *(10**k for k in range(1, 12)))
"""Steps whose rows have their names beside them: all would not fit a small window."""
PATHS = 100
"""Of so many points the path is drawn, so that each can be followed."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of the shown plane. Over a line the upright axis is the run: a row for each picture kept."""

    points: Float
    """What the generator makes [n, 2]."""
    samples_p: Float
    """[k, 2]; over a line, in a row of their own at the top."""
    steps: tuple[int, ...]
    """Of the pictures that the paths lead through, up to the one shown."""
    tracks: Float
    """Where each point was at these [n, steps, 2]."""
    rows: tuple[tuple[float, str], ...]
    """Over a line, where some rows are and what they show; else none."""
    x_range: Range
    y_range: Range
    distances: Float
    """From each of the first points to the nearest of P's, in all D dimensions; none where not known."""

    @classmethod
    def of(cls, scene: Scene, frame: Fields, kept: Sequence[Fields]) -> Self:
        """Of a picture, and all those that were kept, in order."""
        pictures = sorted({one.step: one for one in (*kept, frame)}.values(), key=lambda one: one.step)
        steps = [one.step for one in pictures]
        way = np.stack([one.arrays["samples_q"] for one in pictures], axis=1)
        own = _first_of_each(way)
        way, of_p = way[own], scene.arrays["samples_p"]
        rows: tuple[tuple[float, str], ...] = ()
        if way.shape[2] == 1:
            height = np.broadcast_to(np.arange(len(steps), dtype=float), way.shape[:2])
            way = np.stack((way[..., 0], height), axis=2)
            top = float(len(steps) + 1)
            of_p = np.column_stack((of_p[:, 0], np.full(len(of_p), top)))
            named = [(float(k), f"{step:,}") for k, step in enumerate(steps) if step in NAMED]
            rows = (*named, (top, "P"))
        shown = steps.index(frame.step) + 1
        distances = np.empty(0)
        if "nearest" in frame.arrays:
            distances = np.linalg.norm(frame.arrays["made"] - frame.arrays["nearest"], axis=1)
            distances = distances[own[own < len(distances)]]
        return cls(
            points=way[:, shown - 1],
            samples_p=of_p,
            steps=tuple(steps[:shown]),
            tracks=way[:, :shown],
            rows=rows,
            x_range=_reach(of_p[:, 0], way[..., 0]),
            y_range=_reach(of_p[:, 1], way[..., 1]),
            distances=distances,
        )

    @property
    def paths(self) -> Float:
        """The paths of the first points, one after another, a row of NaN between two [m, 2]."""
        some = self.tracks[:PATHS]
        broken = np.concatenate((some, np.full((len(some), 1, 2), np.nan)), axis=1)
        return np.asarray(broken.reshape(-1, 2))

    @property
    def lengths(self) -> Float:
        """How far each point has come, along its path over the shown axes."""
        moves = self.tracks[..., :1] if self.rows else self.tracks
        return np.asarray(np.linalg.norm(np.diff(moves, axis=1), axis=2).sum(axis=1))

    def at(self, x: float, y: float, reach: tuple[float, float]) -> int | None:
        """Which point is nearest to a place, of those within reach on either axis."""
        away = np.abs(self.points - (x, y)) / reach
        distance = np.linalg.norm(away, axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 1 else None

    def told(self, number: int) -> str:
        """One line on a point."""
        shown = self.points[number, :1] if self.rows else self.points[number]
        place = ", ".join(f"{value:.3g}" for value in shown)
        parts = [f"point {number + 1}:  {place if self.rows else f'({place})'}"]
        if len(self.steps) > 1:
            parts.append(f"came {self.lengths[number]:.3g} since step {self.steps[0]:,}")
        if number < len(self.distances):
            parts.append(f"{self.distances[number]:.4g} from the nearest of P, in all dimensions")
        return ",  ".join(parts)

    @property
    def remark(self) -> str:
        """How far the points have come."""
        if len(self.steps) < 2:
            return "where the points start"
        median, most = np.median(self.lengths), self.lengths.max()
        return f"way since step {self.steps[0]:,}: median {median:.3g}, most {most:.3g}"

    @property
    def words(self) -> str:
        """What is drawn, for a caption."""
        ground = "in the row at the top" if self.rows else "below them"
        return (
            f"{len(self.points):,} points that the generator makes, samples of P {ground}, and the paths of "
            f"{min(len(self.points), PATHS)} of them over {len(self.steps)} kept pictures: those of one "
            "particle, or of one latent point."
        )

    def tables(self) -> dict[str, Table]:
        """The points, their paths, and the samples of P."""
        axes = ("x",) if self.rows else ("x", "y")
        number = np.arange(1, len(self.points) + 1)
        table: Table = {"point": number, **_columns(axes, self.points)}
        if len(self.distances):
            known = np.full(len(self.points), np.nan)
            known[: len(self.distances)] = self.distances
            table["distance"] = known
        paths: Table = {"point": np.repeat(number, len(self.steps)), "step": np.tile(self.steps, len(number))}
        paths |= _columns(axes, self.tracks.reshape(-1, 2))
        return {"": table, "paths": paths, "samples-p": _columns(axes, self.samples_p)}


def _first_of_each(moves: Float) -> NDArray[np.intp]:
    """The points [n] but those that are everywhere where an earlier one is: a particle drawn twice."""
    _, first = np.unique(moves.reshape(len(moves), -1), axis=0, return_index=True)
    return np.sort(first)


def _reach(of_p: Float, way: Float) -> Range:
    """What holds P, where the points are last, and where they mostly were before: detours are long."""
    rare = np.quantile(way, (0.01, 0.99))
    return padded(*limits(np.concatenate((of_p, way[:, -1], rare))))


def _columns(axes: Sequence[str], points: Float) -> Table:
    return {name: points[:, k] for k, name in enumerate(axes)}
