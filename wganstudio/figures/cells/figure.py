"""Cells: the atom that takes the mass at each point, distances to borders, and gradients of the cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import contourpy
import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.arrows import arrow_lines
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.cells.coloring import COLORS, coloring
from wganstudio.figures.cells.dual import dual_from_frame
from wganstudio.figures.cells.gradients import (
    MAX_SOLVED_ATOMS,
    ZERO_EPSILON,
    DiscreteMeasure,
    Gradients,
    discrete_measure,
    gradients_at,
    resolve_dual,
)
from wganstudio.figures.frames import PlaneFrame, plane_frame
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Float, Range, Table
from wganstudio.ot.semi_discrete import Dual
from wganstudio.session import RunRecord

MAX_ENTRIES, SIDE = 1 << 19, 144
"""Largest number of entries of points times atoms, and of points along the longer side."""
SAME_GRADIENT = 1e-5
"""Share of the longer gradient below which a difference is within the error of finite differences."""
ARROW_HEAD = 0.03
"""Length of the longest arrow head, as a share of the width of the plane."""
ARROW_LABELS = {
    "true": "true",
    "automatic": "automatic",
    "across_border": "across the border",
}
"""Labels of the gradients that are drawn, from bottom to top; arrows point down the cost."""
DASHED = frozenset({"across_border"})
LINE_HEIGHTS = {"atoms": 0.12, "samples": 0.35, "true": 0.58, "automatic": 0.76, "across_border": 0.92}
"""Height of each kind of item over a line."""


@register_figure
@dataclass(frozen=True, eq=False)
class Cells(StepFigure):
    """The cells of a dual over atoms on the plane or the line, and the gradients at samples of Q."""

    name: ClassVar[str] = "cells"
    position: ClassVar[int] = 70
    source: ClassVar[str] = "Houdard et al., arXiv 2102.05542"
    on_light_ground: ClassVar[bool] = True
    can_follow_points: ClassVar[bool] = True

    grid: PlaneGrid
    """The grid of the colors, coarser than that of the fields."""
    dual: Dual
    run_epsilon: float
    resolved: bool
    """True where psi was solved at another epsilon for the same Q."""
    color_shares: Float
    """[m, n, COLORS], [1, n, COLORS] over a line: the share of the mass that the atoms of each color take."""
    borders: Float
    """Borders as a polyline [k, 2]; empty for many atoms."""
    atoms: Float
    """Places [n, 2] where the atoms are drawn."""
    samples: Float
    """Places [k, 2] where the samples of Q are drawn."""
    gradients: Gradients
    arrows: dict[str, Float]
    """Polylines by the names of `ARROW_LABELS`."""
    near_distance: float
    border_distances: Float
    """Distance of each sample to the nearest border."""
    shares: Float
    """Mean shares E p_j [n] over the samples."""
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True for a dual over points of the line or the plane."""
        size, ground = experiment.pair.size(), experiment.solver.ground
        small = size is None or size.dim <= 2
        return experiment.solver.over_atoms and ground is not None and ground.is_plain and small

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        epsilon: float | None = None,
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None without a dual over atoms.

        With an `epsilon`, psi is solved at that regularization for the Q of the same frame; ValueError
        if there are more than MAX_SOLVED_ATOMS atoms.
        """
        frame = plane_frame(record, step)
        dual = None if frame is None else dual_from_frame(frame.arrays, record.experiment.solver.ground)
        if frame is None or dual is None:
            return None
        whole = frame.grid
        samples = np.asarray(frame["samples_q"], float)
        q, run_epsilon, error = discrete_measure(record, samples, len(dual.psi)), dual.epsilon, None
        if epsilon is not None:
            dual, error = resolve_dual(dual, q, epsilon)
        grid, width = _grid(whole, dual), _width(whole)
        gradients, distances = gradients_at(dual, q, width), dual.locate(samples).border_distance
        near = float(10.0 ** np.floor(np.log10(width / 100)))
        shares = dual.shares(samples)
        # Arrows of the squared cost end at the mean of the atoms, weighted by the shares.
        factor = dual.scale / 2 if dual.cost == "squared" else 0.1 * width * dual.scale
        drawn = {
            name: arrow_lines(
                _placed(gradients.points, whole, name),
                _placed(gradients.points - factor * vectors, whole, name),
                ARROW_HEAD * width,
            )
            for name in ARROW_LABELS
            for vectors in (getattr(gradients, name),)
        }
        summary = (
            _epsilon_text(dual, run_epsilon, error, q),
            _border_text(dual, distances, near, shares),
            _gradient_text(q, gradients),
        )
        return cls(
            grid=grid,
            step=frame.step,
            dual=dual,
            run_epsilon=run_epsilon,
            resolved=epsilon is not None,
            color_shares=_color_shares(dual, grid),
            borders=_borders(dual, grid),
            atoms=_placed(dual.atoms, whole, "atoms"),
            samples=_placed(samples, whole, "samples"),
            gradients=gradients,
            arrows=drawn,
            near_distance=near,
            border_distances=distances,
            shares=shares.mean(0),
            summary_lines=summary,
            title=f"Cells of the atoms after {counted(frame.step, 'step')}",
            caption=_caption(record, dual, grid, summary),
            x_range=whole.extent[:2],
            y_range=(0.0, 1.0) if whole.is_line else whole.extent[2:],
        )

    @property
    def has_fields(self) -> bool:
        """True on the plane where there is a border, False over a line."""
        return not self.grid.is_line and len(self.dual.psi) > 1

    def plane_fields(self) -> tuple[PlaneField, ...]:
        """Return the distance to the nearest border; none over a line or without a border."""
        return (_border_field(self.dual, self.grid),) if self.has_fields else ()

    @classmethod
    def field_of(cls, record: RunRecord, frame: PlaneFrame) -> PlaneField | None:
        """Return the distance to the nearest border at one frame of a run; None where there is none."""
        dual = dual_from_frame(frame.arrays, record.experiment.solver.ground)
        if dual is None or frame.grid.is_line or len(dual.psi) < 2:
            return None
        return _border_field(dual, _grid(frame.grid, dual))

    @property
    def vertical_extent(self) -> Range:
        """Bottom and top of the image of the cells."""
        return (0.0, 1.0) if self.grid.is_line else self.grid.extent[2:]

    @property
    def marker_sizes(self) -> Float:
        """Sizes of the atoms in points: the area grows with the weight, between 2 and 10."""
        weights = self.dual.weights
        return np.asarray(np.clip(10 * np.sqrt(weights / weights.max() * min(1, 16 / len(weights))), 2, None))

    def image(self, colors: tuple[str, ...]) -> Float:
        """Return the cells [m, n, 3] in red, green and blue from 0 to 1, in colors of the theme."""
        rows = [[int(one[k : k + 2], 16) / 255 for k in (1, 3, 5)] for one in colors]
        return np.asarray(np.clip(self.color_shares @ np.array(rows), 0, 1))

    def readout(self, x: float, y: float = 0.0) -> str | None:
        """Return the atoms that take most mass at a point and the distance to the border; None outside."""
        bounds = (self.x_range, self.y_range)
        if any(not low <= at <= high for at, (low, high) in zip((x, y), bounds, strict=True)):
            return None
        at = np.array([[x] if self.grid.is_line else [x, y]])
        place, shares = self.dual.locate(at), self.dual.shares(at)[0]
        parts = [f"x = {self.grid.point_text(*at[0])}"]
        parts += [f"p = {shares[one]:.3g} to atom {one + 1}" for one in (-shares).argsort(kind="stable")[:2]]
        if len(shares) > 1:
            parts.append(f"border {place.border_distance[0]:.3g} away")
        return "   ".join(parts)

    def cell_at(self, x: float, y: float = 0.0) -> int:
        """Return the atom whose cell contains a point."""
        return int(self.dual.cells(np.array([[x] if self.grid.is_line else [x, y]]))[0])

    def tables(self) -> dict[str, Table]:
        """Return atoms with duals and shares, points with gradients, and distances of samples to borders."""
        dual, gradients, axes = self.dual, self.gradients, "xy"[: self.dual.atoms.shape[1]]
        table: Table = self._columns(axes, dual.atoms)
        table |= {"weight": dual.weights, "psi": dual.psi, "share": self.shares}
        particles: Table = self._columns(axes, gradients.points)
        place = dual.locate(gradients.points)
        particles |= {"atom": place.cell + 1, "border": place.border_distance}
        for name in ("automatic", "across_border", "true"):
            vectors = getattr(gradients, name)
            particles |= {f"{name}_{axis}": part for axis, part in zip(axes, vectors.T, strict=True)}
        return {"": table, "particles": particles, "borders": {"border": self.border_distances}}

    def _columns(self, axes: str, points: Float) -> Table:
        return {axis: self.grid.along(k, points[:, k]) for k, axis in enumerate(axes)}


def _width(grid: PlaneGrid) -> float:
    left, right, bottom, top = grid.extent
    return right - left if grid.is_line else max(right - left, top - bottom)


def _placed(points: Float, grid: PlaneGrid, kind: str) -> Float:
    """Return the places where points are drawn; over a line each kind has its own height."""
    if not grid.is_line:
        return points
    return np.column_stack((points[:, 0], np.full(len(points), LINE_HEIGHTS[kind])))


def _grid(whole: PlaneGrid, dual: Dual) -> PlaneGrid:
    """Return a grid as fine as the number of atoms allows."""
    atoms = len(dual.psi)
    if atoms <= MAX_SOLVED_ATOMS:
        most = MAX_ENTRIES / atoms
    else:
        most = (64 if dual.epsilon == 0 else 8) * MAX_ENTRIES / atoms
    left, right, bottom, top = whole.extent
    side = int(min(SIDE, most if whole.is_line else np.sqrt(most)))
    step = _width(whole) / side
    ticks = [
        low + step * (np.arange(max(1, round((high - low) / step))) + 0.5)
        for low, high in ((left, right), (bottom, top))
    ]
    return replace(whole, x=ticks[0], y=np.empty(0) if whole.is_line else ticks[1])


def _points(grid: PlaneGrid) -> Float:
    drawn = replace(grid, offsets=())
    return np.stack(list(drawn.columns().values()), axis=1).astype(float)


def _border_field(dual: Dual, grid: PlaneGrid) -> PlaneField:
    """Return the distance to the nearest border of a cell on a grid."""
    distances = dual.locate(_points(grid)).border_distance
    return PlaneField("distance to the border", grid, distances.reshape(len(grid.y), len(grid.x)))


def _color_shares(dual: Dual, grid: PlaneGrid) -> Float:
    points, shape = _points(grid), (1 if grid.is_line else len(grid.y), len(grid.x))
    colors = np.arange(len(dual.psi))
    if len(colors) > COLORS:
        colors = coloring(dual.cells(points).reshape(shape), len(colors))
    return dual.color_shares(points, colors, COLORS).reshape(*shape, COLORS)


def _borders(dual: Dual, grid: PlaneGrid) -> Float:
    """Return the lines where two atoms share the largest share of the mass, once from either side."""
    atoms = len(dual.psi)
    if not 1 < atoms <= MAX_SOLVED_ATOMS:
        return np.empty((0, 2))
    heights = dual.scores(_points(grid))
    ranked = np.partition(heights, -2, axis=1)[:, -2:]
    lead = heights - np.where(heights == ranked[:, 1:], ranked[:, :1], ranked[:, 1:])
    gap = np.full((1, 2), np.nan)
    parts = []
    if grid.is_line:
        for atom in range(atoms):
            ends = np.flatnonzero((lead[:-1, atom] < 0) & (lead[1:, atom] >= 0))
            for k in ends:
                before, after = lead[k, atom], lead[k + 1, atom]
                x = grid.x[k] + (grid.x[k + 1] - grid.x[k]) * before / (before - after)
                parts += [np.array([(x, 0.0), (x, 1.0)]), gap]
    else:
        for atom in np.unique(heights.argmax(1)):
            field = lead[:, atom].reshape(len(grid.y), len(grid.x))
            lines = contourpy.contour_generator(
                grid.x, grid.y, field, line_type=contourpy.LineType.ChunkCombinedNan
            ).lines(0.0)[0][0]
            if lines is not None:
                parts += [lines, gap]
    return np.concatenate(parts[:-1]) if parts else np.empty((0, 2))


def _epsilon_text(dual: Dual, run_epsilon: float, error: float | None, q: DiscreteMeasure) -> str:
    if error is None:
        return f"ε = {run_epsilon:g} and ψ of the run"
    origin = "as in the run" if dual.epsilon == run_epsilon else f"instead of {run_epsilon:g} in the run"
    text = f"ε = {dual.epsilon:g}, {origin}: ψ was solved again"
    if q.is_complete:
        return text
    limit = f", as at ε = {ZERO_EPSILON * dual.spread:.2g}" if dual.epsilon == 0 else ""
    return f"{text} for {counted(len(q.points), 'sample')}{limit} (|ν - E p| = {error:.2g})"


def _border_text(dual: Dual, distances: Float, near: float, shares: Float) -> str:
    if len(dual.psi) == 1:
        return "one atom takes all the mass: there is no border"
    inside = 100 * float((distances <= near).mean())
    text = f"{inside:.3g} % of Q within {near:g} of a border"
    text += f", half within {np.median(distances):.2g}" if inside < 50 else ""
    if dual.epsilon > 0:
        text += f"; effective number of atoms {np.median(1 / (shares**2).sum(1)):.3g} (median)"
    return text


def _gradient_text(q: DiscreteMeasure, gradients: Gradients) -> str:
    if not q.is_complete:
        return "gradient: automatic only, as Q has too many points for the true one"
    shares = q.shares[: len(gradients.points)]
    automatic, true = _rms(gradients.automatic, shares), _rms(gradients.true, shares)
    difference = _rms(gradients.automatic - gradients.true, shares)
    if difference <= SAME_GRADIENT * max(automatic, true):
        return f"gradient: automatic and true {true:.3g}, the same"
    text = f"gradient: automatic {automatic:.3g}, true {true:.3g}, difference {difference:.3g}"
    text += f" ({_percent(difference / true)})" if true > 0.01 * max(automatic, difference) else ""
    close = np.isfinite(gradients.across_border).all(1)
    if close.any():
        jump = _rms((gradients.automatic - gradients.across_border)[close], shares[close])
        text += f"; jump at the border {jump:.3g}"
    return text


def _rms(vectors: Float, shares: Float) -> float:
    """Return the root mean square norm."""
    return float(np.sqrt(shares @ (vectors**2).sum(1) / shares.sum()))


def _percent(share: float) -> str:
    return f"{100 * share:,.0f} %" if share > 0.1 else f"{100 * share:.2g} %"


def _caption(record: RunRecord, dual: Dual, grid: PlaneGrid, summary_lines: tuple[str, ...]) -> str:
    where = "over x" if grid.is_line else "on the plane"
    kind = (
        "Laguerre cells" if dual.epsilon == 0 else "Cells where an atom takes the largest share of the mass"
    )
    blend = "" if dual.epsilon == 0 else "; colors blend where it is split"
    ends = (
        "end at the mean of the atoms, weighted by its shares"
        if dual.cost == "squared"
        else "are proportional to it"
    )
    text = "; ".join(summary_lines)
    return (
        f"{record.name}. {kind} {where}{blend}. Diamonds: atoms of P, sized by weight; dots: samples of Q. "
        f"Arrows point against the gradient of the cost at a particle and {ends}: dark the automatic "
        f"gradient, dotted the one across the border, green the true one. "
        f"Here: {text}. {settings_text(record)}"
    )
