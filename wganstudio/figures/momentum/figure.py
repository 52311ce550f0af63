"""Momentum: what the critic says flows where, beside what truly flows."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.flow import size_of, suboptimality
from wganstudio.figures.plane import (
    ColorScale,
    Float,
    Grid,
    Range,
    Table,
    arrows,
    frame_at,
    grid_of,
    limits,
    padded,
    settings_text,
)
from wganstudio.figures.style import FIELD_MAP, SIGMA_MAP
from wganstudio.session import RunRecord
from wganstudio.training.events import Flow
from wganstudio.truths.momentum import SIGMA_CUTOFF, FlowError, flow_difference, flow_error_bound, momentum

ARROWS = 18
"""Along the longer side of the plane."""
LEAST = 0.04
"""Share of the longest true arrow below which none is drawn."""
LEGEND = 0.3
"""Of the height over a line, above the curves: for the legend."""
HEADROOM = 1.25
"""Of the colors above the largest |w|: critics overshoot, and the arrows must stand out."""


@dataclass(frozen=True, eq=False)
class Momentum:
    """w_u = -2 lambda sigma (|grad u| - 1)_+ grad u / |grad u| and w (arXiv 2109.00528, Theorem 1)."""

    name: ClassVar[str] = "momentum"

    grid: Grid
    step: int
    own: Float
    """w_u, [K, m, n], or [1, n] for D = 1."""
    true: Float
    off: Float
    """|w_u - w|, shaped like one component; for D = 1 w_u - w."""
    sigma: Float
    arrows: tuple[Float, Float, Float]
    """Of w_u, w and their difference: polylines [k, 2], a row of NaN between two; none for D = 1."""
    scales: tuple[ColorScale, ColorScale, ColorScale]
    """Of |w_u|, |w| and |w_u - w|, with the same limits."""
    error: FlowError
    remarks: tuple[str, ...]
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None) -> Self | None:
        """What a run shows at a kept step, by default the newest; None while gradient or flow are missing."""
        scene, frame, flow = record.scene, frame_at(record, step), record.flow
        if scene is None or frame is None or flow is None or "gradient" not in frame.arrays:
            return None
        grid, true, sigma = grid_of(scene), flow.arrays["momentum"], flow.arrays["sigma"]
        rows = [_rows(part) for part in (frame.arrays["gradient"], true)]
        weights = np.ones(sigma.size)
        found = momentum(rows[0], sigma.ravel().astype(float), flow.penalty)
        error = flow_difference(found, rows[1], sigma.ravel().astype(float), weights)
        own = found.T.reshape(true.shape)
        remarks = _remarks(record, frame.step, flow, error)
        top = float(size_of(flow).max()) or 1.0
        ends = limits(np.append(own, true))
        off = own[0] - true[0] if grid.is_line else np.linalg.norm(own - true, axis=0)
        return cls(
            grid=grid,
            step=frame.step,
            own=own,
            true=true,
            off=off,
            sigma=sigma,
            arrows=(_arrows(grid, own, top), _arrows(grid, true, top), _arrows(grid, own - true, top)),
            scales=(
                ColorScale(FIELD_MAP, 0.0, HEADROOM * top, "critic |w_u|"),
                ColorScale(FIELD_MAP, 0.0, HEADROOM * top, "truth |w|"),
                ColorScale(SIGMA_MAP, 0.0, HEADROOM * top, "error |w_u - w|"),
            ),
            error=error,
            remarks=remarks,
            title=f"Momentum of the critic and of the true flow after {frame.step:,} steps",
            caption=_caption(record, grid, flow.penalty, remarks),
            x_range=grid.extent[:2],
            y_range=(padded(*ends)[0], padded(*ends, LEGEND)[1]) if grid.is_line else grid.extent[2:],
        )

    @property
    def sizes(self) -> tuple[Float, Float, Float]:
        """|w_u|, |w| and |w_u - w| on the plane."""
        own, true = (np.linalg.norm(part, axis=0) for part in (self.own, self.true))
        return own, true, np.abs(self.off)

    @property
    def off_range(self) -> Range:
        """Of the difference over a line: symmetric, and never empty."""
        high = 1.1 * max(float(np.abs(self.off).max()), 0.02 * float(np.abs(self.true).max()), 1e-9)
        return -high, high

    def readout(self, x: float, y: float = 0.0) -> str | None:
        """One line on a point of the plane; None outside."""
        own, true = ([self.grid.lookup(part, x, y) for part in vectors] for vectors in (self.own, self.true))
        if any(part is None for part in (*own, *true)):
            return None
        of_critic, of_truth = np.array(own, float), np.array(true, float)
        if self.grid.is_line:
            told = f"w_u = {of_critic[0]:.4g}    w = {of_truth[0]:.4g}"
            place = f"{x:.3g}"
        else:
            sizes = np.linalg.norm(of_critic), np.linalg.norm(of_truth)
            told = f"|w_u| = {sizes[0]:.3g}    |w| = {sizes[1]:.3g}"
            place = f"({x:.3g}, {y:.3g})"
            if min(sizes) > 0:
                cosine = float(np.clip(of_critic @ of_truth / (sizes[0] * sizes[1]), -1, 1))
                told += f"    angle = {np.degrees(np.arccos(cosine)):.0f}°"
        off = float(np.linalg.norm(of_critic - of_truth))
        return f"x = {place}    {told}    |w_u - w| = {off:.2g}"

    def tables(self) -> dict[str, Table]:
        """Both momenta point by point."""
        table = self.grid.columns()
        for name, vectors in (("own", self.own), ("true", self.true)):
            table |= {f"{name}_{axis}": part.ravel() for axis, part in zip("xy", vectors, strict=False)}
        return {"": table | {"error": np.abs(self.off).ravel(), "sigma": self.sigma.ravel()}}


def _arrows(grid: Grid, field: Float, longest: float) -> Float:
    """Arrows of a field [2, m, n], as long as their spacing where |field| is `longest`; a polyline [k, 2]."""
    if grid.is_line:
        return np.empty((0, 2))
    stride = max(1, round(max(field.shape) / ARROWS))
    first = stride // 2
    spacing = stride * float(grid.x[1] - grid.x[0])
    centers = np.stack(np.meshgrid(grid.x[first::stride], grid.y[first::stride]), axis=-1).reshape(-1, 2)
    vectors = _rows(field[:, first::stride, first::stride]) / longest
    size = np.linalg.norm(vectors, axis=1)
    drawn = size > LEAST
    along = vectors[drawn] * (spacing * np.minimum(1.0, 2 / size[drawn]))[:, None]
    return arrows(centers[drawn] - along / 2, centers[drawn] + along / 2)


def _rows(field: Float) -> Float:
    """[K, ...] as points [n, K]."""
    return np.asarray(field.reshape(len(field), -1).T, float)


def _remarks(record: RunRecord, step: int, flow: Flow, error: FlowError) -> tuple[str, ...]:
    turned = np.isfinite(error.angle) and len(flow.arrays["momentum"]) > 1
    angle = f", mean angle {error.angle:.1f}°" if turned else ""
    told = [
        f"relative L2 error {error.l2:.3f}{angle} (where σ exceeds {100 * SIGMA_CUTOFF:g} % of its maximum)"
    ]
    eps = suboptimality(record, step)
    weighted = f"weighted with 1 / σ {error.weighted_l2:.3f}"
    if eps is None:
        told.append(f"{weighted}; its bound waits for value and congested cost")
    elif eps.most <= 0:
        told.append(f"{weighted}; no bound, as the value exceeds the congested cost by more than 2 SE")
    else:
        most = flow_error_bound(flow.penalty, eps.most, flow.congestion_cost)
        told.append(f"{weighted}; by the suboptimality (at most {eps.most:.2g}) at most {most:.3f}")
    return tuple(told)


def _caption(record: RunRecord, grid: Grid, penalty: float, remarks: tuple[str, ...]) -> str:
    what = (
        "Momentum over x: of the critic, w_u = -2 λ σ (|∇u| - 1)₊ ∇u / |∇u|, and of the true flow, w; below "
        "their difference."
        if grid.is_line
        else "Left: the critic's momentum w_u = -2 λ σ (|∇u| - 1)₊ ∇u / |∇u|, its length as color; middle: "
        "that of the true flow w, in the same colors and scale of arrows; right: their difference."
    )
    told = "; ".join(remarks)
    return f"{record.name}. {what} λ = {penalty:g}. {told[0].upper()}{told[1:]}. {settings_text(record)}"
