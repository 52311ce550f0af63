"""Transport map: images of samples and of a regular grid, beside the target distribution."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.frames import PlaneFrame, plane_frame
from wganstudio.figures.grid import ColorScale, PlaneGrid, with_offset
from wganstudio.figures.map_diagnostics import (
    DIRECTIONS,
    convexity_text,
    is_convex,
    metrics_at,
    moment_errors,
)
from wganstudio.figures.ranges import COLOR_MARGIN, finite_range, log_floor, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.style import SCATTER_MAP
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.training.outcome import conjugate_warning

TAIL = 0.005
"""Share of the samples of the target distribution that may be out of sight on either side."""


@register_figure
@dataclass(frozen=True, eq=False)
class TransportMap(StepFigure):
    """One of the two maps on the plane; over a line, as a curve (arXiv 1902.07197, Section 2)."""

    name: ClassVar[str] = "transport_map"
    position: ClassVar[int] = 90
    formerly: ClassVar[str] = "map"

    to: str
    """The target distribution: q for the map from P to Q, p for that from Q to P."""
    available: tuple[str, ...]
    """The target distributions to which there is a map."""
    starts: Float
    """Samples [k, 2] of the source; on a line (x, x)."""
    ends: Float
    """Images [k, 2] of the samples; on a line (x, T(x))."""
    displacements: Float
    """Lengths [k] of the displacements in all D dimensions."""
    true: Float
    """Images [k, 2] under the true map of the pair; empty where it is not known."""
    errors: Float
    """Distances [k] to the true images, or empty."""
    target: Float
    """Samples [n, 2] of the target; empty on a line."""
    grid: Float
    """Lines of the image of a regular grid with NaN rows between; the curve on a line; empty for D > 2."""
    line: bool
    plane: PlaneGrid
    scale: ColorScale
    labels: tuple[str, str]
    summary_lines: tuple[str, ...]
    warnings: tuple[str, ...]
    """Problems of the map in words."""
    x_range: Range
    y_range: Range

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True for a solver with a map."""
        return experiment.solver.maps

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        to: str | None = None,
    ) -> Self | None:
        """Build the map at a recorded step (default: the newest) to a target (default: Q).

        The map to the other distribution where there is none to the target; None without any map.
        """
        frame = plane_frame(record, step)
        available = () if frame is None else directions(frame)
        if frame is None or not available:
            return None
        to = to if to in available else available[0]
        arrays = frame.maps[to]
        starts, ends, displacements = (arrays[name] for name in ("starts", "ends", "distance"))
        true = arrays.get("true_ends", np.empty((0, 2)))
        line = starts.shape[1] == 1
        target = frame[f"samples_{to}"]
        letters = DIRECTIONS[to].split(" to ")
        labels = frame.grid.labels[0], frame.grid.labels[-1]
        if line:
            ends, true = (np.hstack((starts[: len(part)], part)) for part in (ends, true[:, :1]))
            offset = frame.grid.offsets[0] if frame.grid.offsets else 0.0
            names = f"{frame.grid.names[0]}, of {letters[0]}", f"image in {letters[1]}"
            labels = with_offset(names[0], offset), with_offset(names[1], offset)
            visible = np.column_stack((np.resize(starts, len(target)), target[:, 0]))
            starts, target = np.hstack((starts, starts)), np.empty((0, 2))
        else:
            visible = target
        metrics = metrics_at(record, None if record.ended and frame.newest else frame.step)
        errors = arrays.get("error")
        summary, warnings = _diagnostics(metrics, to, displacements, errors)
        low, high = padded(*finite_range(displacements), COLOR_MARGIN)
        x_range, y_range = (_window(ends[:, k], true[:, k], visible[:, k]) for k in (0, 1))
        return cls(
            step=frame.step,
            to=to,
            available=available,
            starts=starts,
            ends=ends,
            displacements=displacements,
            true=true,
            errors=np.empty(0) if errors is None else errors,
            target=target,
            grid=_lines(arrays),
            line=line,
            plane=frame.grid,
            scale=ColorScale(
                SCATTER_MAP, max(low, 0.0), high, "displacement", log_low=log_floor(displacements)
            ),
            labels=labels,
            summary_lines=summary,
            warnings=warnings,
            title=f"Transport map from {letters[0]} to {letters[1]} after {counted(frame.step, 'step')}",
            caption=_caption(record, frame.grid.dim, letters, line, len(true) > 0, (*summary, *warnings)),
            x_range=x_range,
            y_range=y_range,
        )

    @property
    def error_lines(self) -> Float:
        """Lines from the images of samples to the true ones [3 k, 2], a row of NaN after each."""
        if not len(self.true):
            return np.empty((0, 2))
        return np.stack((self.ends, self.true, np.full_like(self.true, np.nan)), axis=1).reshape(-1, 2)

    def pick(self, x: float, y: float, reach: tuple[float, float]) -> int | None:
        """Return the sample whose image is nearest to (x, y), if it is within `reach` on both axes."""
        distance = np.linalg.norm((self.ends - (x, y)) / reach, axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 1 else None

    def describe(self, number: int) -> str:
        """Return one line of text on a sample."""
        error = f", error {self.errors[number]:.3g}" if len(self.errors) else ""
        return f"sample {number + 1}: displacement {self.displacements[number]:.3g}{error}"

    def tables(self) -> dict[str, Table]:
        """Return the samples and their images, one per row."""
        table: Table = {}
        if self.line:
            columns = {"x": self.starts[:, 0], "mapped": self.ends[:, 1]}
            columns |= {"true": self.true[:, 1]} if len(self.true) else {}
            table |= {name: self.plane.along(0, values) for name, values in columns.items()}
        else:
            for k, axis in enumerate(("x", "y")):
                columns = {axis: self.starts[:, k], f"mapped_{axis}": self.ends[:, k]}
                columns |= {f"true_{axis}": self.true[:, k]} if len(self.true) else {}
                table |= {name: self.plane.along(k, values) for name, values in columns.items()}
        table["displacement"] = self.displacements
        if len(self.errors):
            table["error"] = self.errors
        tables = {"": table}
        if len(self.grid):
            across = 0 if self.line else 1
            x, y = self.plane.along(0, self.grid[:, 0]), self.plane.along(across, self.grid[:, 1])
            tables["grid"] = {"x": x, "y": y}
        return tables


def directions(frame: PlaneFrame) -> tuple[str, ...]:
    """Return the target distributions to which there is a map, of `DIRECTIONS`."""
    return tuple(to for to in DIRECTIONS if to in frame.maps)


def _lines(arrays: Mapping[str, Float]) -> Float:
    """Return the lines of the grid, a row of NaN after each."""
    nodes = arrays.get("grid")
    if nodes is None:
        return np.empty((0, 2))
    if nodes.ndim == 2:
        return np.hstack((arrays["line"], nodes))
    gap = np.full((1, 2), np.nan)
    return np.concatenate(
        [part for lines in (nodes, nodes.swapaxes(0, 1)) for row in lines for part in (row, gap)]
    )


def _diagnostics(
    metrics: dict[str, float], to: str, displacements: Float, errors: Float | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return summary lines and warnings."""
    accuracy = f"median displacement {np.median(displacements):.2g}"
    if errors is not None:
        accuracy += f"; median error {np.median(errors):.2g}"
    unexplained, cosine = ("uvp", "cos_map") if to == "q" else ("uvp_back", "cos_back")
    if unexplained in metrics:
        accuracy += f"; L2-UVP {metrics[unexplained]:.2g} %, cos {metrics[cosine]:.3f}"
    convexity, convex = convexity_text(metrics), is_convex(metrics)
    summary = accuracy, moment_errors(metrics, to), convexity if convex else ""
    warnings = conjugate_warning(metrics), "" if convex else convexity
    return tuple(filter(None, summary)), tuple(filter(None, warnings))


def _window(*parts: Float) -> Range:
    low, high = finite_range(
        np.concatenate([np.quantile(part, (TAIL, 1 - TAIL)) for part in parts if len(part)])
    )
    return padded(low, high)


def _caption(
    record: RunRecord, dim: int, letters: list[str], line: bool, has_truth: bool, lines: tuple[str, ...]
) -> str:
    start, end = letters
    parts = [f"{record.name}."]
    if line:
        parts.append(f"Curve: the map from {start} to {end}, with samples of {start}.")
    else:
        parts.append(
            f"Images of samples of {start} under the map, colored by displacement, over samples of {end}"
            + (f"; lines: the image of a regular grid over {start}." if dim == 2 else ".")
        )
    if has_truth:
        parts.append("Rings: images under the true map of the pair.")
    text = " ".join(f"{line[0].upper()}{line[1:]}." for line in lines)
    return " ".join([*parts, text, settings_text(record)])
