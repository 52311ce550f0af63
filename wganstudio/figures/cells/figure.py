"""Cells: which atom takes the mass where, how far from a border it lies, and both gradients of the cost."""

from dataclasses import dataclass
from typing import ClassVar, Self

import contourpy
import numpy as np

from wganstudio.figures.cells.coloring import COLORS, coloring
from wganstudio.figures.cells.gradients import (
    FEW,
    LEAST,
    DiscreteMeasure,
    Gradients,
    anew,
    gradients,
    mass_of,
)
from wganstudio.figures.plane import (
    Float,
    Grid,
    Range,
    Table,
    array_at,
    arrows,
    frame_at,
    grid_of,
    settings_text,
)
from wganstudio.ot.semi_discrete import Dual
from wganstudio.session import RunRecord

FINEST, SIDE = 1 << 19, 144
"""Numbers to color the cells of few atoms from, and points along the longer side, at most."""
SAME = 1e-5
"""Of the longer gradient: a difference that finite differences do not tell from none."""
HEAD = 0.03
"""Of the picture's width: the longest head of an arrow."""
ARROWS_OF = {
    "true": "true",
    "automatic": "automatic",
    "beyond": "across the border",
}
"""Which gradient the arrows are of, from the lowest to the uppermost; all lead down the cost."""
DASHED = frozenset({"beyond"})
LEVELS = {"atoms": 0.12, "samples": 0.35, "true": 0.58, "automatic": 0.76, "beyond": 0.92}
"""How high each stands over a line, of its height."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of a dual over atoms on the plane or the line, and the gradients at samples of Q."""

    name: ClassVar[str] = "cells"

    grid: Grid
    """That of the colors, not of the scene."""
    step: int
    dual: Dual
    run_epsilon: float
    anew: bool
    """Whether psi is not the run's but solved anew, for the same Q."""
    tints: Float
    """[m, n, COLORS], [1, n, COLORS] over a line: the share of the mass that each color's atoms take."""
    borders: Float
    """A polyline [k, 2]; none of many atoms."""
    atoms: Float
    """[n, 2], where they are drawn."""
    samples: Float
    """[k, 2], likewise."""
    gradients: Gradients
    arrows: dict[str, Float]
    """Polylines of "automatic", "beyond" and "true"; see `pull`."""
    near: float
    away: Float
    """Of each sample, to the nearest border."""
    shares: Float
    """E p_j [n] over the samples."""
    remarks: tuple[str, ...]
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None, *, epsilon: float | None = None) -> Self | None:
        """What a run shows at a kept step, by default the newest; None where there is no dual over atoms.

        With an `epsilon`, psi is solved for anew at that entropy, for the Q of the same picture; ValueError
        where the atoms are more than FEW.
        """
        scene, frame = record.scene, frame_at(record, step)
        dual = None if frame is None else Dual.of(frame, record.experiment.solver.ground)
        if scene is None or frame is None or dual is None:
            return None
        whole = grid_of(scene)
        samples = np.asarray(array_at(scene, frame, "samples_q"), float)
        q, run_epsilon, left = mass_of(record, samples, len(dual.psi)), dual.epsilon, None
        if epsilon is not None:
            dual, left = anew(dual, q, epsilon)
        grid, width = _grid(whole, dual), _width(whole)
        found, away = gradients(dual, q, width), dual.locate(samples).border_distance
        near = float(10.0 ** np.floor(np.log10(width / 100)))
        shares = dual.shares(samples)
        # The squared cost's arrows lead right to the mean of the atoms, weighted with the shares.
        factor = dual.scale / 2 if dual.cost == "squared" else 0.1 * width * dual.scale
        drawn = {
            name: arrows(
                _placed(found.at, whole, name),
                _placed(found.at - factor * vectors, whole, name),
                HEAD * width,
            )
            for name in ARROWS_OF
            for vectors in (getattr(found, name),)
        }
        remarks = (
            _of_entropy(dual, run_epsilon, left, q),
            _of_borders(dual, away, near, shares),
            _of_gradients(q, found),
        )
        return cls(
            grid=grid,
            step=frame.step,
            dual=dual,
            run_epsilon=run_epsilon,
            anew=epsilon is not None,
            tints=_tints(dual, grid),
            borders=_borders(dual, grid),
            atoms=_placed(dual.atoms, whole, "atoms"),
            samples=_placed(samples, whole, "samples"),
            gradients=found,
            arrows=drawn,
            near=near,
            away=away,
            shares=shares.mean(0),
            remarks=remarks,
            title=f"Cells of the atoms after {frame.step:,} steps",
            caption=_caption(record, dual, grid, remarks),
            x_range=whole.extent[:2],
            y_range=(0.0, 1.0) if whole.is_line else whole.extent[2:],
        )

    @property
    def heights(self) -> Range:
        """Bottom and top of the cells' picture."""
        return (0.0, 1.0) if self.grid.is_line else self.grid.extent[2:]

    @property
    def sizes(self) -> Float:
        """Of the atoms' marks, in points: as large in area as their weights, between 2 and 10."""
        weights = self.dual.weights
        return np.asarray(np.clip(10 * np.sqrt(weights / weights.max() * min(1, 16 / len(weights))), 2, None))

    def picture(self, colors: tuple[str, ...]) -> Float:
        """The cells [m, n, 3] in red, green and blue from 0 to 1, each in its color of the theme's."""
        rows = [[int(one[k : k + 2], 16) / 255 for k in (1, 3, 5)] for one in colors]
        return np.asarray(np.clip(self.tints @ np.array(rows), 0, 1))

    def readout(self, x: float, y: float = 0.0) -> str | None:
        """Which atom wins at a point, by how much, and how far the border is; None outside."""
        bounds = (self.x_range, self.y_range)
        if any(not low <= at <= high for at, (low, high) in zip((x, y), bounds, strict=True)):
            return None
        at = np.array([[x] if self.grid.is_line else [x, y]])
        place, shares = self.dual.locate(at), self.dual.shares(at)[0]
        told = [f"x = {_named(at[0])}"]
        told += [f"p = {shares[one]:.3g} to atom {one + 1}" for one in (-shares).argsort(kind="stable")[:2]]
        if len(shares) > 1:
            told.append(f"border {place.border_distance[0]:.3g} away")
        return "   ".join(told)

    def winner(self, x: float, y: float = 0.0) -> int:
        """The atom in whose cell a point lies."""
        return int(self.dual.cells(np.array([[x] if self.grid.is_line else [x, y]]))[0])

    def tables(self) -> dict[str, Table]:
        """The atoms with duals and shares, the points with both gradients, each sample's way to a border."""
        dual, found, axes = self.dual, self.gradients, "xy"[: self.dual.atoms.shape[1]]
        table: Table = dict(zip(axes, dual.atoms.T, strict=True))
        table |= {"weight": dual.weights, "psi": dual.psi, "share": self.shares}
        particles: Table = dict(zip(axes, found.at.T, strict=True))
        place = dual.locate(found.at)
        particles |= {"atom": place.cell + 1, "border": place.border_distance}
        for name, vectors in (("automatic", found.automatic), ("beyond", found.beyond), ("true", found.true)):
            particles |= {f"{name}_{axis}": part for axis, part in zip(axes, vectors.T, strict=True)}
        return {"": table, "particles": particles, "borders": {"border": self.away}}


def _width(grid: Grid) -> float:
    left, right, bottom, top = grid.extent
    return right - left if grid.is_line else max(right - left, top - bottom)


def _placed(points: Float, grid: Grid, what: str) -> Float:
    """Where points are drawn: over a line each kind has a height of its own."""
    if not grid.is_line:
        return points
    return np.column_stack((points[:, 0], np.full(len(points), LEVELS[what])))


def _grid(whole: Grid, dual: Dual) -> Grid:
    """As fine as the number of atoms allows."""
    atoms = len(dual.psi)
    if atoms <= FEW:
        most = FINEST / atoms
    else:
        most = (64 if dual.epsilon == 0 else 8) * FINEST / atoms
    left, right, bottom, top = whole.extent
    side = int(min(SIDE, most if whole.is_line else np.sqrt(most)))
    step = _width(whole) / side
    ticks = [
        low + step * (np.arange(max(1, round((high - low) / step))) + 0.5)
        for low, high in ((left, right), (bottom, top))
    ]
    return Grid(ticks[0], np.empty(0) if whole.is_line else ticks[1], whole.labels, whole.dim)


def _points(grid: Grid) -> Float:
    return np.stack(list(grid.columns().values()), axis=1).astype(float)


def _tints(dual: Dual, grid: Grid) -> Float:
    points, shape = _points(grid), (1 if grid.is_line else len(grid.y), len(grid.x))
    colors = np.arange(len(dual.psi))
    if len(colors) > COLORS:
        colors = coloring(dual.cells(points).reshape(shape), len(colors))
    return dual.color_shares(points, colors, COLORS).reshape(*shape, COLORS)


def _borders(dual: Dual, grid: Grid) -> Float:
    """Where two atoms take the same share and none takes more, each line once from either side."""
    atoms = len(dual.psi)
    if not 1 < atoms <= FEW:
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


def _of_entropy(dual: Dual, run_epsilon: float, left: float | None, q: DiscreteMeasure) -> str:
    if left is None:
        return f"ε = {run_epsilon:g} and ψ are the run's"
    which = "the run's" if dual.epsilon == run_epsilon else f"not the run's {run_epsilon:g}"
    told = f"ε = {dual.epsilon:g}, {which}: ψ was solved anew"
    if q.handful:
        return told
    limit = f", as at ε = {LEAST * dual.spread:.2g}" if dual.epsilon == 0 else ""
    return f"{told} for {len(q.points):,} samples{limit} (|ν - E p| = {left:.2g})"


def _of_borders(dual: Dual, away: Float, near: float, shares: Float) -> str:
    if len(dual.psi) == 1:
        return "one atom takes all the mass: there is no border"
    inside = 100 * float((away <= near).mean())
    told = f"{inside:.3g} % of Q within {near:g} of a border"
    told += f", half within {np.median(away):.2g}" if inside < 50 else ""
    if dual.epsilon > 0:
        told += f"; divided among {np.median(1 / (shares**2).sum(1)):.3g} atoms"
    return told


def _of_gradients(q: DiscreteMeasure, found: Gradients) -> str:
    if not q.handful:
        return "gradient: automatic alone, for Q is not a handful of points"
    shares = q.shares[: len(found.at)]
    automatic, true = _size(found.automatic, shares), _size(found.true, shares)
    off = _size(found.automatic - found.true, shares)
    if off <= SAME * max(automatic, true):
        return f"gradient: automatic and true {true:.3g}, the same"
    told = f"gradient: automatic {automatic:.3g}, true {true:.3g}, apart {off:.3g}"
    told += f" ({_percent(off / true)})" if true > 0.01 * max(automatic, off) else ""
    close = np.isfinite(found.beyond).all(1)
    if close.any():
        told += f"; jump {_size((found.automatic - found.beyond)[close], shares[close]):.3g}"
    return told


def _size(vectors: Float, shares: Float) -> float:
    """Root mean square length."""
    return float(np.sqrt(shares @ (vectors**2).sum(1) / shares.sum()))


def _percent(share: float) -> str:
    return f"{100 * share:,.0f} %" if share > 0.1 else f"{100 * share:.2g} %"


def _caption(record: RunRecord, dual: Dual, grid: Grid, remarks: tuple[str, ...]) -> str:
    where = "over x" if grid.is_line else "on the plane"
    kind = (
        "Laguerre cells" if dual.epsilon == 0 else "Cells where an atom takes the largest share of the mass"
    )
    blend = "" if dual.epsilon == 0 else "; colors blend where it is divided"
    ends = (
        "end at the mean of the atoms, weighted with its shares" if dual.cost == "squared" else "are its size"
    )
    told = "; ".join(remarks)
    return (
        f"{record.name}. {kind} {where}{blend}. Diamonds: atoms of P, in size as their weights; dots: "
        f"samples of Q. Arrows against the gradient of the cost in a particle's place {ends}: dark the "
        f"automatic one, dotted what it would be across the border, green the true one. "
        f"Here {told}. {settings_text(record)}"
    )


def _named(at: Float) -> str:
    told = ", ".join(f"{value:.3g}" for value in at)
    return f"({told})" if len(at) > 1 else told
