"""TransportMap: where a solver's map carries samples and a regular grid, beside where they should come to."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.congestion_theorem.figure import SHADED
from wganstudio.figures.map_diagnostics import DIRECTIONS, convex, curvature, looseness, moments, numbers_at
from wganstudio.figures.plane import (
    ColorScale,
    Float,
    Range,
    Table,
    array_at,
    frame_at,
    limits,
    padded,
    settings_text,
)
from wganstudio.figures.style import LAW_MAP
from wganstudio.session import RunRecord
from wganstudio.training.events import Fields

TAIL = 0.005
"""Share of the target law's samples that may be out of sight on either side."""


@dataclass(frozen=True, eq=False)
class TransportMap:
    """One of the two maps on the plane; over a line, as a curve (arXiv 1902.07197, Section 2)."""

    name: ClassVar[str] = "map"

    step: int
    to: str
    """q for the map from P to Q, p for that from Q to P."""
    known: tuple[str, ...]
    """The laws to which there is a map."""
    starts: Float
    """Samples [k, 2] of the one law; on a line (x, x)."""
    ends: Float
    """Where they are carried [k, 2]; on a line (x, T(x))."""
    way: Float
    """How far, in all of space [k]."""
    true: Float
    """Where the pair's own map carries them [k, 2]; empty where that is not known."""
    missed: Float
    """How far off they are [k], or empty."""
    target: Float
    """Samples [n, 2] of the other law; none on a line."""
    grid: Float
    """A regular grid as it is carried, as lines with a row of NaN between two; on a line the curve; empty in
    more than two dimensions."""
    line: bool
    scale: ColorScale
    labels: tuple[str, str]
    remarks: tuple[str, ...]
    warnings: tuple[str, ...]
    """What is wrong, in plain words."""
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None, to: str | None = None) -> Self | None:
        """The map at a kept step, by default the newest, by default to Q; where the solver has none to that
        law, the one to the other; None where it has none at all."""
        scene, frame = record.scene, frame_at(record, step)
        known = () if frame is None else directions(frame)
        if scene is None or frame is None or not known:
            return None
        to = to if to in known else known[0]
        arrays = {name: array for name, array in frame.arrays.items() if name.endswith(f"_{to}")}
        starts, ends, way = (arrays[f"{name}_{to}"] for name in ("starts", "ends", "way"))
        true = arrays.get(f"true_{to}", np.empty((0, 2)))
        line = starts.shape[1] == 1
        target = array_at(scene, frame, f"samples_{to}")
        letters = DIRECTIONS[to].split(" to ")
        labels = scene.labels[0], scene.labels[-1]
        if line:
            ends, true = (np.hstack((starts[: len(part)], part)) for part in (ends, true[:, :1]))
            labels = f"{scene.labels[0]}, of {letters[0]}", f"where it is carried, to {letters[1]}"
            seen = np.column_stack((np.resize(starts, len(target)), target[:, 0]))
            starts, target = np.hstack((starts, starts)), np.empty((0, 2))
        else:
            seen = target
        numbers = numbers_at(record, None if record.ended and frame is record.frame else frame.step)
        remarks, warnings = _words(numbers, to, way, arrays.get(f"missed_{to}"))
        low, high = padded(*limits(way), SHADED)
        x_range, y_range = (_window(ends[:, k], true[:, k], seen[:, k]) for k in (0, 1))
        return cls(
            step=frame.step,
            to=to,
            known=known,
            starts=starts,
            ends=ends,
            way=way,
            true=true,
            missed=arrays.get(f"missed_{to}", np.empty(0)),
            target=target,
            grid=_lines(frame, to),
            line=line,
            scale=ColorScale(LAW_MAP, max(low, 0.0), high, "how far"),
            labels=labels,
            remarks=remarks,
            warnings=warnings,
            title=f"The map from {letters[0]} to {letters[1]} after {frame.step:,} steps",
            caption=_caption(record, letters, line, len(true) > 0, (*remarks, *warnings)),
            x_range=x_range,
            y_range=y_range,
        )

    @property
    def misses(self) -> Float:
        """Lines from where samples are carried to where they should be, a row of NaN after each [3 k, 2]."""
        if not len(self.true):
            return np.empty((0, 2))
        return np.stack((self.ends, self.true, np.full_like(self.true, np.nan)), axis=1).reshape(-1, 2)

    def at(self, x: float, y: float, reach: tuple[float, float]) -> int | None:
        """Which carried sample is nearest to a place, of those within reach on either axis."""
        distance = np.linalg.norm((self.ends - (x, y)) / reach, axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 1 else None

    def told(self, number: int) -> str:
        """One line on a carried sample."""
        off = f", {self.missed[number]:.3g} from where it should be" if len(self.missed) else ""
        return f"sample {number + 1}: carried {self.way[number]:.3g} far{off}"

    def tables(self) -> dict[str, Table]:
        """The samples that are carried, one a row."""
        table: Table = {}
        if self.line:
            columns = {"x": self.starts[:, 0], "carried": self.ends[:, 1]}
            table |= columns | ({"true": self.true[:, 1]} if len(self.true) else {})
        else:
            for k, axis in enumerate(("x", "y")):
                table |= {axis: self.starts[:, k], f"carried_{axis}": self.ends[:, k]}
                if len(self.true):
                    table[f"true_{axis}"] = self.true[:, k]
        table["far"] = self.way
        if len(self.missed):
            table["missed"] = self.missed
        tables = {"": table}
        if len(self.grid):
            tables["grid"] = {"x": self.grid[:, 0], "y": self.grid[:, 1]}
        return tables


def directions(frame: Fields) -> tuple[str, ...]:
    """The laws to which there is a map, of `DIRECTIONS`."""
    return tuple(to for to in DIRECTIONS if f"ends_{to}" in frame.arrays)


def _lines(frame: Fields, to: str) -> Float:
    """The grid's lines one after another, a row of NaN after each."""
    nodes = frame.arrays.get(f"grid_{to}")
    if nodes is None:
        return np.empty((0, 2))
    if nodes.ndim == 2:
        return np.hstack((frame.arrays[f"line_{to}"], nodes))
    gap = np.full((1, 2), np.nan)
    return np.concatenate(
        [part for way in (nodes, nodes.swapaxes(0, 1)) for row in way for part in (row, gap)]
    )


def _words(
    numbers: dict[str, float], to: str, way: Float, missed: Float | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remarks and warnings."""
    carried = f"carried {np.median(way):.2g} far"
    if missed is not None:
        carried += f", {np.median(missed):.2g} off"
    carried += " (medians)"
    unexplained, cosine = ("uvp", "cos_map") if to == "q" else ("uvp_back", "cos_back")
    if unexplained in numbers:
        carried += f"; UVP {numbers[unexplained]:.2g} %, cos {numbers[cosine]:.3f}"
    shape, sound = curvature(numbers), convex(numbers)
    remarks = carried, moments(numbers, to), shape if sound else ""
    warnings = looseness(numbers), "" if sound else shape
    return tuple(filter(None, remarks)), tuple(filter(None, warnings))


def _window(*parts: Float) -> Range:
    low, high = limits(np.concatenate([np.quantile(part, (TAIL, 1 - TAIL)) for part in parts if len(part)]))
    return padded(low, high)


def _caption(record: RunRecord, letters: list[str], line: bool, known: bool, words: tuple[str, ...]) -> str:
    start, end = letters
    parts = [f"{record.name}."]
    if line:
        parts.append(f"The map from {start} to {end}: the curve, and samples of {start} on it.")
    else:
        parts.append(
            f"Samples of {start} where the map carries them, colored by how far, over samples of {end}; "
            f"lines: a regular grid over {start} as it is carried."
            if record.scene is not None and record.scene.arrays["origin"].shape[0] == 2
            else f"Samples of {start} where the map carries them, colored by how far, over samples of {end}."
        )
    if known:
        parts.append("Rings: where the pair's own map carries them.")
    said = " ".join(f"{one[0].upper()}{one[1:]}." for one in words)
    return " ".join([*parts, said, settings_text(record)])
