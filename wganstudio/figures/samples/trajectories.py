"""Generated points over samples of P, with the paths they took during training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.frames import PlaneFrame
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.types import Float, Range, Table

LABELED_STEPS = (0, *(10**k for k in range(1, 12)))
"""Steps whose rows are labeled; labels of all would not fit a small window."""
MAX_PATHS = 100
"""Number of points whose path is drawn, so that each can be followed."""


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Points on the plane. Over a line the vertical axis is the run, with a row per recorded frame."""

    points: Float
    """Generated points [n, 2]."""
    samples_p: Float
    """Samples of P [k, 2]; over a line, in a separate row at the top."""
    steps: tuple[int, ...]
    """Steps of the frames on the paths, up to the one shown."""
    tracks: Float
    """Positions of each point at these steps [n, steps, 2]."""
    grid: PlaneGrid
    rows: tuple[tuple[float, str], ...]
    """Over a line, height and name of some rows; else empty."""
    x_range: Range
    y_range: Range
    distances: Float
    """Distance of the first points to the nearest of P in all D dimensions; empty where not known."""

    @classmethod
    def from_frames(cls, frame: PlaneFrame, recorded: Sequence[PlaneFrame]) -> Self:
        """Trace the samples of a frame through the recorded frames."""
        by_step = {each.step: each for each in (*recorded, frame)}
        frames = [by_step[step] for step in sorted(by_step)]
        steps = sorted(by_step)
        tracks = np.stack([each["samples_q"] for each in frames], axis=1)
        distinct = _distinct(tracks)
        tracks, of_p = tracks[distinct], frame.plane["samples_p"]
        rows: tuple[tuple[float, str], ...] = ()
        if tracks.shape[2] == 1:
            height = np.broadcast_to(np.arange(len(steps), dtype=float), tracks.shape[:2])
            tracks = np.stack((tracks[..., 0], height), axis=2)
            top = float(len(steps) + 1)
            of_p = np.column_stack((of_p[:, 0], np.full(len(of_p), top)))
            labeled = [(float(k), f"{step:,}") for k, step in enumerate(steps) if step in LABELED_STEPS]
            rows = (*labeled, (top, "P"))
        count = steps.index(frame.step) + 1
        distances = np.empty(0)
        if "nearest" in frame:
            distances = np.linalg.norm(frame["generated"] - frame["nearest"], axis=1)
            distances = distances[distinct[distinct < len(distances)]]
        return cls(
            points=tracks[:, count - 1],
            samples_p=of_p,
            steps=tuple(steps[:count]),
            tracks=tracks[:, :count],
            grid=frame.grid,
            rows=rows,
            x_range=_axis_range(of_p[:, 0], tracks[..., 0]),
            y_range=_axis_range(of_p[:, 1], tracks[..., 1]),
            distances=distances,
        )

    @property
    def paths(self) -> Float:
        """The paths of the first points [m, 2], a row of NaN after each."""
        first = self.tracks[:MAX_PATHS]
        broken = np.concatenate((first, np.full((len(first), 1, 2), np.nan)), axis=1)
        return np.asarray(broken.reshape(-1, 2))

    @property
    def lengths(self) -> Float:
        """Length of the path of each point on the shown axes."""
        moves = self.tracks[..., :1] if self.rows else self.tracks
        return np.asarray(np.linalg.norm(np.diff(moves, axis=1), axis=2).sum(axis=1))

    def pick(self, x: float, y: float, reach: tuple[float, float]) -> int | None:
        """Return the point nearest to (x, y), if it is within `reach` on both axes."""
        distance = np.linalg.norm(np.abs(self.points - (x, y)) / reach, axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 1 else None

    def describe(self, number: int) -> str:
        """Return one line of text on a point."""
        shown = self.points[number, :1] if self.rows else self.points[number]
        parts = [f"point {number + 1}:  {self.grid.point_text(*shown)}"]
        if len(self.steps) > 1:
            parts.append(f"moved {self.lengths[number]:.3g} since step {self.steps[0]:,}")
        if number < len(self.distances):
            parts.append(f"{self.distances[number]:.4g} from the nearest sample of P in all dimensions")
        return ",  ".join(parts)

    @property
    def summary(self) -> str:
        """Path lengths in words."""
        if len(self.steps) < 2:
            return "initial points"
        median, most = np.median(self.lengths), self.lengths.max()
        return f"path length since step {self.steps[0]:,}: median {median:.3g}, maximum {most:.3g}"

    @property
    def caption_text(self) -> str:
        """Description of the drawing for a caption."""
        place = "in the row at the top" if self.rows else "below them"
        return (
            f"{len(self.points):,} generated points, samples of P {place}, and the paths of "
            f"{min(len(self.points), MAX_PATHS)} of them over {len(self.steps)} recorded frames, each of one "
            "particle or of one latent point."
        )

    def tables(self) -> dict[str, Table]:
        """Return the points, their paths, and the samples of P."""
        axes = ("x",) if self.rows else ("x", "y")
        number = np.arange(1, len(self.points) + 1)
        table: Table = {"point": number, **self._columns(axes, self.points)}
        if len(self.distances):
            distances = np.full(len(self.points), np.nan)
            distances[: len(self.distances)] = self.distances
            table["distance"] = distances
        paths: Table = {"point": np.repeat(number, len(self.steps)), "step": np.tile(self.steps, len(number))}
        paths |= self._columns(axes, self.tracks.reshape(-1, 2))
        return {"": table, "paths": paths, "samples-p": self._columns(axes, self.samples_p)}

    def _columns(self, axes: Sequence[str], points: Float) -> Table:
        return {name: self.grid.along(k, points[:, k]) for k, name in enumerate(axes)}


def _distinct(tracks: Float) -> NDArray[np.intp]:
    """Return the indices of distinct tracks; a particle may be drawn twice."""
    _, first = np.unique(tracks.reshape(len(tracks), -1), axis=0, return_index=True)
    return np.sort(first)


def _axis_range(of_p: Float, tracks: Float) -> Range:
    """Return a range with P, the last positions and most earlier ones; detours may leave it."""
    bulk = np.quantile(tracks, (0.01, 0.99))
    return padded(*finite_range(np.concatenate((of_p, tracks[:, -1], bulk))))
