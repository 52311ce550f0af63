"""What every picture on the plane needs: its grid, contours, color limits, the caption."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import contourpy
import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import Kind
from wganstudio.session import RunRecord
from wganstudio.training.events import Fields, Scene, Slopes

Float = NDArray[np.floating[Any]]
Range = tuple[float, float]
Table = dict[str, NDArray[Any]]
"""Columns of equal length by name."""
CONTOUR_POINTS = 160
"""Contours of a finer grid are drawn from every second (third, ...) point: they must stay cheap live."""


Picture = TypeVar("Picture", Fields, Slopes)


class NoSuchStep(ValueError):
    """No picture was kept at the step asked for."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The points of the plane that are shown; `y` is empty where the plane is a line (D = 1)."""

    x: Float
    y: Float
    labels: tuple[str, ...]
    dim: int
    """Dimension D of the space."""

    @property
    def is_line(self) -> bool:
        """Whether D = 1."""
        return self.y.size == 0

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top of an image whose pixels are centered on the grid's points."""
        return (*_edges(self.x), *(_edges(self.y) if self.y.size else (0.0, 1.0)))

    def lookup(self, field: Float, x: float, y: float = 0.0) -> float | None:
        """The field at a point, linear between the grid's points; None outside."""
        column = _locate(self.x, x)
        if self.is_line or column is None:
            return None if column is None else float(_between(field, *column))
        row = _locate(self.y, y)
        return None if row is None else float(_between(_between(field, *row), *column))

    def columns(self) -> Table:
        """The coordinates of all points, row by row."""
        if self.is_line:
            return {"x": self.x}
        x, y = np.meshgrid(self.x, self.y)
        return {"x": x.ravel(), "y": y.ravel()}


@dataclass(frozen=True)
class ColorScale:
    """A color map's name, its limits, and what it shows."""

    name: str
    low: float
    high: float
    label: str
    marked: float | None = None
    """A value that a line marks, on the bar as on the map."""


@dataclass(frozen=True)
class Readout:
    """What is known of one point of the plane."""

    x: tuple[float, ...]
    u: float
    slope: float
    sigma: float

    @property
    def text(self) -> str:
        """One line for under the picture."""
        place = ", ".join(f"{value:.3g}" for value in self.x)
        place = f"({place})" if len(self.x) > 1 else place
        return f"x = {place}    u = {self.u:.4g}    |∇u| = {self.slope:.3f}    σ = {self.sigma:.3g}"


def grid_of(scene: Scene) -> Grid:
    """The grid that a scene speaks of."""
    arrays = scene.arrays
    flat = len(arrays["axes"]) == 2
    y = arrays["y"] if flat else np.empty(0, np.float32)
    return Grid(arrays["x"], y, scene.labels, len(arrays["origin"]))


def array_at(scene: Scene, frame: Fields, name: str) -> Float:
    """An array of the scene, or the frame's own where a generator has moved it since."""
    return frame.arrays.get(name, scene.arrays[name])


def frame_at(record: RunRecord, step: int | None) -> Fields | None:
    """The newest frame, or the one kept at a step; NoSuchStep says which there are."""
    return kept_at(record, step, record.frame, record.frames)


def kept_at(
    record: RunRecord, step: int | None, newest: Picture | None, kept: Mapping[int, Picture]
) -> Picture | None:
    """The newest of a run's pictures, or the one kept at a step; NoSuchStep says which there are."""
    if step is None or (newest is not None and newest.step == step):
        return newest
    if step not in kept:
        steps = ", ".join(f"{one:,}" for one in sorted(kept)) or "none"
        raise NoSuchStep(f"No picture of {record.name!r} was kept at step {step:,}; kept are {steps}.")
    return kept[step]


def contour_levels(low: float, high: float, count: int = 10) -> Float:
    """About `count` round numbers strictly between low and high; none where there is nothing between."""
    span = high - low
    if not np.isfinite(span) or span <= 1e-9 * max(abs(low), abs(high), 1e-9):
        return np.empty(0)
    power = 10.0 ** np.floor(np.log10(span / count))
    step = power * next(nice for nice in (1, 2, 2.5, 5, 10) if nice * power >= span / count)
    levels = np.arange(np.floor(low / step) + 1, np.ceil(high / step)) * step
    return np.asarray(levels[(levels > low) & (levels < high)])


def contours(grid: Grid, field: Float, levels: Float) -> tuple[Float, ...]:
    """One array [k, 2] a level: its lines one after another, a row of NaN between two."""
    if grid.is_line or not len(levels):
        return ()
    stride = -(-max(field.shape) // CONTOUR_POINTS)
    field = np.ma.masked_invalid(field[::stride, ::stride])
    if min(field.shape) < 2:
        return tuple(np.empty((0, 2)) for _ in levels)
    generator = contourpy.contour_generator(
        grid.x[::stride], grid.y[::stride], field, line_type=contourpy.LineType.ChunkCombinedNan
    )
    lines = [generator.lines(float(level))[0][0] for level in levels]
    return tuple(np.empty((0, 2)) if line is None else line for line in lines)


def joined(lines: tuple[Float, ...]) -> Float:
    """The lines of all levels as one array [k, 2], a row of NaN between two."""
    parts = [part for line in lines if len(line) for part in (line, np.full((1, 2), np.nan))]
    return np.concatenate(parts[:-1]) if parts else np.empty((0, 2))


def arrows(tail: Float, tip: Float, longest: float = np.inf) -> Float:
    """Arrows from [k, 2] to [k, 2], their heads no longer than `longest`; none where a number is missing.

    One polyline, a row of NaN between two lines.
    """
    drawn = np.isfinite(tail + tip).all(1)
    if not drawn.any():
        return np.empty((0, 2))
    tail, tip = tail[drawn], tip[drawn]
    along = tip - tail
    size = np.linalg.norm(along, axis=1, keepdims=True)
    along = along * np.minimum(0.36, longest / np.maximum(size, 1e-300))
    across = 0.56 * along[:, ::-1] * (-1, 1)
    gap = np.full_like(tip, np.nan)
    barbs = [tip - along + side * across for side in (1, -1)]
    return np.asarray(np.stack([tail, tip, gap, barbs[0], tip, barbs[1], gap], axis=1).reshape(-1, 2)[:-1])


def limits(field: Float) -> Range:
    """Smallest and largest finite value, never equal."""
    finite = field[np.isfinite(field)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return (low, high) if high - low > 1e-9 * max(abs(low), abs(high), 1e-9) else (low - 0.5, high + 0.5)


def padded(low: float, high: float, share: float = 0.06) -> Range:
    """The range with a margin on either side."""
    return low - share * (high - low), high + share * (high - low)


def round_up(value: float) -> float:
    """The next round number from a positive one on: 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * next(nice for nice in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if nice * power >= value))


def settings_text(record: RunRecord) -> str:
    """The pair, the solver and the settings of a run, for a caption: those that play a part."""
    experiment, training = record.experiment, record.experiment.training
    parts = [f"Pair: {named(experiment.pair)}.", f"Solver: {named(experiment.solver)}."]
    if experiment.perturbation.name() != "none":
        parts.insert(1, f"Perturbation of P in training: {named(experiment.perturbation)}.")
    if experiment.solver.uses_critic:
        parts.append(f"Critic: {named(experiment.critic)}.")
    if experiment.generator.moves:
        parts.append(f"Generator: {named(experiment.generator)}.")
    steps = f"{experiment.steps:,} steps, batch {training.batch:,}, " if experiment.steps else ""
    return " ".join([*parts, f"{steps}seed {training.seed}.".capitalize()])


def named(kind: Kind) -> str:
    """A kind and its settings, in words."""
    words = []
    for name, field in type(kind).model_fields.items():
        value = getattr(kind, name)
        if name == "kind" or value is None or (isinstance(value, tuple) and len(value) > 4):
            continue
        if isinstance(value, float):
            value = f"{value:g}"
        elif isinstance(value, str):
            value = value.replace("\\", "/").rsplit("/", 1)[-1]
        title = field.title or name
        title = title if title[1:2].isupper() else title[0].lower() + title[1:]
        words.append(f"{title.replace('lambda', 'λ')} = {value}")
    return f"{kind.title} ({', '.join(words)})" if words else kind.title


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
