"""Momentum: the flow that the critic implies, beside the true flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.arrows import arrow_lines
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.flow import TrueFlow, may_have_flow, suboptimality, true_flow
from wganstudio.figures.frames import PlaneFrame, plane_frame
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.ranges import finite_range, log_floor, padded, round_up
from wganstudio.figures.registry import register_figure
from wganstudio.figures.style import FIELD_MAP, SIGMA_MAP
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.truths.momentum import SIGMA_CUTOFF, FlowError, flow_difference, flow_error_bound, momentum

ARROWS = 18
"""Number of arrows along the longer side of the plane."""
MIN_LENGTH = 0.04
"""Share of the longest true arrow below which arrows are left out."""
LEGEND_MARGIN = 0.3
"""Share of the height above the curves over a line, for the legend."""
HEADROOM = 1.25
"""Top of the colors over the largest |w|: critics overshoot, and the arrows must stand out."""
ERROR_QUANTILE = 0.998
"""Share of the plane whose error lies within the colors: single points may be far off."""
LEAST_ERROR = 0.005
"""Smallest top of the colors of the error, as a share of the largest |w|."""


@dataclass(frozen=True)
class ScaleArrow:
    """An arrow that tells the size of the others."""

    value: float
    """|w|."""
    length: float
    """On the axes of the plane."""

    @classmethod
    def about(cls, length: float, unit: float) -> Self:
        """Return an arrow of a round value and about this length, where |w| = 1 is `unit` long."""
        value = round_up(0.8 * length / unit)
        return cls(value, value * unit)

    @property
    def text(self) -> str:
        """The value in words."""
        return f"|w| = {self.value:g}"


@register_figure
@dataclass(frozen=True, eq=False)
class Momentum(StepFigure):
    """w_u = -2 lambda sigma (|grad u| - 1)_+ grad u / |grad u| and w (arXiv 2109.00528, Theorem 1)."""

    name: ClassVar[str] = "momentum"
    position: ClassVar[int] = 40
    source: ClassVar[str] = "Milne & Nachman, arXiv 2109.00528"
    can_follow_points: ClassVar[bool] = True

    grid: PlaneGrid
    critic: Float
    """w_u, [K, m, n], or [1, n] for D = 1."""
    truth: Float
    """w, shaped like w_u."""
    difference: Float
    """|w_u - w|, shaped like one component; for D = 1 w_u - w."""
    sigma: Float
    arrows: tuple[Float, Float, Float]
    """Arrows of w_u, w and their difference: polylines [k, 2], a row of NaN between two; none for D = 1."""
    arrow_unit: float
    """Length of an arrow of |w| = 1; 0 for D = 1."""
    scales: tuple[ColorScale, ColorScale, ColorScale]
    """Color scales of |w_u| and |w|, with the same limits, and of |w_u - w|."""
    error: FlowError
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True where a true flow may be known."""
        return may_have_flow(experiment)

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None without gradient or flow."""
        frame, flow = plane_frame(record, step), true_flow(record)
        if frame is None or flow is None or "gradient" not in frame:
            return None
        grid, truth, sigma = frame.grid, flow.momentum, flow.sigma
        rows = [_rows(part) for part in (frame["gradient"], truth)]
        weights = np.ones(sigma.size)
        implied = momentum(rows[0], sigma.ravel().astype(float), flow.penalty)
        error = flow_difference(implied, rows[1], sigma.ravel().astype(float), weights)
        critic = implied.T.reshape(truth.shape)
        summary = _summary(record, frame.step, flow, error)
        top = float(flow.norm.max()) or 1.0
        floor = log_floor(flow.norm)
        ends = finite_range(np.append(critic, truth))
        difference = critic[0] - truth[0] if grid.is_line else np.linalg.norm(critic - truth, axis=0)
        return cls(
            grid=grid,
            step=frame.step,
            critic=critic,
            truth=truth,
            difference=difference,
            sigma=sigma,
            arrows=(
                _arrows(grid, critic, top),
                _arrows(grid, truth, top),
                _arrows(grid, critic - truth, top),
            ),
            arrow_unit=0.0 if grid.is_line else _spacing(grid, truth) / top,
            scales=(
                ColorScale(FIELD_MAP, 0.0, HEADROOM * top, "critic |w_u|", log_low=floor),
                ColorScale(FIELD_MAP, 0.0, HEADROOM * top, "truth |w|", log_low=floor),
                ColorScale(
                    SIGMA_MAP,
                    0.0,
                    _error_top(difference, top),
                    "error |w_u - w|",
                    log_low=log_floor(np.abs(difference)),
                ),
            ),
            error=error,
            summary_lines=summary,
            title=f"Momentum of the critic and of the true flow after {counted(frame.step, 'step')}",
            caption=_caption(record, grid, flow.penalty, summary),
            x_range=grid.extent[:2],
            y_range=(padded(*ends)[0], padded(*ends, LEGEND_MARGIN)[1]) if grid.is_line else grid.extent[2:],
        )

    @property
    def has_fields(self) -> bool:
        """True on the plane, False over a line."""
        return not self.grid.is_line

    def plane_fields(self) -> tuple[PlaneField, ...]:
        """Return |w_u| and |w|; none over a line."""
        if self.grid.is_line:
            return ()
        critic, truth, _ = self.magnitudes
        return (
            PlaneField("momentum |w_u|", self.grid, critic),
            PlaneField("true |w|", self.grid, truth, is_truth=True),
        )

    @classmethod
    def field_of(cls, record: RunRecord, frame: PlaneFrame) -> PlaneField | None:
        """Return |w_u| at one frame; None over a line, or without gradient or flow."""
        flow = true_flow(record)
        if frame.grid.is_line or flow is None or "gradient" not in frame:
            return None
        implied = momentum(_rows(frame["gradient"]), flow.sigma.ravel().astype(float), flow.penalty)
        norm = np.linalg.norm(implied, axis=1).reshape(flow.sigma.shape)
        return PlaneField("momentum |w_u|", frame.grid, norm)

    @property
    def magnitudes(self) -> tuple[Float, Float, Float]:
        """|w_u|, |w| and |w_u - w| on the plane."""
        critic, truth = (np.linalg.norm(part, axis=0) for part in (self.critic, self.truth))
        return critic, truth, np.abs(self.difference)

    @property
    def difference_range(self) -> Range:
        """Range of the difference over a line: symmetric and never empty."""
        high = 1.1 * max(float(np.abs(self.difference).max()), 0.02 * float(np.abs(self.truth).max()), 1e-9)
        return -high, high

    def readout(self, x: float, y: float = 0.0) -> str | None:
        """Return one line of text on a point of the plane; None outside."""
        critic, truth = (
            [self.grid.lookup(part, x, y) for part in vectors] for vectors in (self.critic, self.truth)
        )
        if any(part is None for part in (*critic, *truth)):
            return None
        of_critic, of_truth = np.array(critic, float), np.array(truth, float)
        if self.grid.is_line:
            values = f"w_u = {of_critic[0]:.4g}    w = {of_truth[0]:.4g}"
            place = self.grid.point_text(x)
        else:
            sizes = np.linalg.norm(of_critic), np.linalg.norm(of_truth)
            values = f"|w_u| = {sizes[0]:.3g}    |w| = {sizes[1]:.3g}"
            place = self.grid.point_text(x, y)
            if min(sizes) > 0:
                cosine = float(np.clip(of_critic @ of_truth / (sizes[0] * sizes[1]), -1, 1))
                values += f"    angle = {np.degrees(np.arccos(cosine)):.0f}°"
        difference = float(np.linalg.norm(of_critic - of_truth))
        return f"x = {place}    {values}    |w_u - w| = {difference:.2g}"

    def tables(self) -> dict[str, Table]:
        """Return both momenta point by point."""
        table = self.grid.columns()
        for name, vectors in (("critic", self.critic), ("true", self.truth)):
            table |= {f"{name}_{axis}": part.ravel() for axis, part in zip("xy", vectors, strict=False)}
        return {"": table | {"error": np.abs(self.difference).ravel(), "sigma": self.sigma.ravel()}}


def _arrows(grid: PlaneGrid, field: Float, longest: float) -> Float:
    """Return arrows of a field [2, m, n], as long as their spacing where |field| is `longest`, as [k, 2]."""
    if grid.is_line:
        return np.empty((0, 2))
    stride = _stride(field)
    first = stride // 2
    spacing = _spacing(grid, field)
    centers = np.stack(np.meshgrid(grid.x[first::stride], grid.y[first::stride]), axis=-1).reshape(-1, 2)
    vectors = _rows(field[:, first::stride, first::stride]) / longest
    size = np.linalg.norm(vectors, axis=1)
    drawn = size > MIN_LENGTH
    along = vectors[drawn] * (spacing * np.minimum(1.0, 2 / size[drawn]))[:, None]
    return arrow_lines(centers[drawn] - along / 2, centers[drawn] + along / 2)


def _stride(field: Float) -> int:
    return max(1, round(max(field.shape) / ARROWS))


def _spacing(grid: PlaneGrid, field: Float) -> float:
    """Return the distance between two arrows."""
    return _stride(field) * float(grid.x[1] - grid.x[0])


def _error_top(difference: Float, top: float) -> float:
    """Return the top of the colors of the error."""
    return max(float(np.quantile(np.abs(difference), ERROR_QUANTILE)), LEAST_ERROR * top)


def _rows(field: Float) -> Float:
    """Return [K, ...] as points [n, K]."""
    return np.asarray(field.reshape(len(field), -1).T, float)


def _summary(record: RunRecord, step: int, flow: TrueFlow, error: FlowError) -> tuple[str, ...]:
    has_angle = np.isfinite(error.angle) and len(flow.momentum) > 1
    angle = f", mean angle {error.angle:.1f}°" if has_angle else ""
    lines = [
        f"relative L2 error {error.l2:.3f}{angle} (where σ exceeds {100 * SIGMA_CUTOFF:g} % of its maximum)"
    ]
    eps = suboptimality(record, step)
    weighted = f"1/σ-weighted error {error.weighted_l2:.3f}"
    if eps is None:
        lines.append(f"{weighted} (its bound requires value and congested cost)")
    elif eps.maximum <= 0:
        lines.append(f"{weighted} (no bound: the value exceeds the congested cost by more than 2 SE)")
    else:
        bound = flow_error_bound(flow.penalty, eps.maximum, flow.congestion_cost)
        lines.append(f"{weighted} (theoretical bound {bound:.3f}, from suboptimality ≤ {eps.maximum:.2g})")
    return tuple(lines)


def _caption(record: RunRecord, grid: PlaneGrid, penalty: float, summary_lines: tuple[str, ...]) -> str:
    content = (
        "Momentum over x: of the critic, w_u = -2 λ σ (|∇u| - 1)₊ ∇u / |∇u|, and of the true flow, w; below "
        "their difference."
        if grid.is_line
        else "Left: the critic's momentum w_u = -2 λ σ (|∇u| - 1)₊ ∇u / |∇u|, its norm as color; middle: "
        "that of the true flow w, in the same colors and scale of arrows; right: their difference, in "
        "colors of its own and the same scale of arrows."
    )
    text = "; ".join(summary_lines)
    return f"{record.name}. {content} λ = {penalty:g}. {text[0].upper()}{text[1:]}. {settings_text(record)}"
