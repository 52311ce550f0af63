"""Gradient: the gradient norm of the critic against the density of the points where it is penalized."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.contours import contours, join_lines
from wganstudio.figures.flow import FLOW_SHARE, true_flow
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.grid import ColorScale, FieldReadout, PlaneGrid
from wganstudio.figures.ranges import finite_range, padded, round_up
from wganstudio.figures.registry import register_figure
from wganstudio.figures.style import SIGMA_MAP, SLOPE_MAP
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord

SIGMA_FLOOR = 1e-3
"""Share of the maximum of sigma below which points are left out: hardly any sample was penalized there."""
MAX_POINTS = 3000


@register_figure
@dataclass(frozen=True, eq=False)
class GradientDensity(StepFigure):
    """|grad u| and sigma on the plane, and |grad u| over sigma."""

    name: ClassVar[str] = "gradient"
    position: ClassVar[int] = 20

    grid: PlaneGrid
    u: Float
    slope: Float
    sigma: Float
    unit: Float
    """The contour |grad u| = 1 on the plane."""
    flow: Float
    """Border of the region with the true |w| above 5 % of its maximum; for D = 1 a part of |grad u| = 1."""
    scatter_sigma: Float
    scatter_slope: Float
    """sigma and |grad u| at points of the plane with sigma above a thousandth of its maximum."""
    slope_scale: ColorScale
    sigma_scale: ColorScale
    sigma_label: str
    x_range: Range
    y_range: Range
    """Color range of both maps; for D = 1 the range of |grad u|."""
    sigma_range: Range
    slope_range: Range

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None before the first frame."""
        frame = plane_frame(record, step)
        if frame is None:
            return None
        grid, slope, sigma = frame.grid, frame["gradient_norm"], frame["sigma"]
        scatter_sigma, scatter_slope = _scatter(sigma, slope)
        slope_range = (0.0, 1.05 * max(2.0, float(scatter_slope.max(initial=0.0))))
        marginal = grid.dim > 2
        return cls(
            grid=grid,
            step=frame.step,
            u=frame["u"],
            slope=slope,
            sigma=sigma,
            unit=join_lines(contours(grid, slope, np.ones(1))),
            flow=_flow(record, grid),
            scatter_sigma=scatter_sigma,
            scatter_slope=scatter_slope,
            slope_scale=ColorScale(SLOPE_MAP, 0.0, _ceiling(slope), "gradient norm |∇u|", 1.0),
            sigma_scale=ColorScale(
                SIGMA_MAP, 0.0, finite_range(sigma)[1], "σ (marginal)" if marginal else "density σ"
            ),
            sigma_label="marginal of σ on the plane" if marginal else "sampling density σ",
            title=f"Gradient norm and sampling density after {frame.step:,} steps",
            caption=_caption(record, grid, frame.sigma_method),
            x_range=grid.extent[:2],
            y_range=slope_range if grid.is_line else grid.extent[2:],
            sigma_range=_decades(scatter_sigma),
            slope_range=slope_range,
        )

    def readout(self, x: float, y: float = 0.0) -> FieldReadout | None:
        """Return the fields at a point of the plane; None outside."""
        u, slope, sigma = (self.grid.lookup(field, x, y) for field in (self.u, self.slope, self.sigma))
        if u is None or slope is None or sigma is None:
            return None
        point = (x,) if self.grid.is_line else (x, y)
        return FieldReadout(point, self.grid.point_text(*point), u, slope, sigma)

    def tables(self) -> dict[str, Table]:
        """Return both fields point by point, and the points of the scatter plot."""
        fields: Table = {**self.grid.columns(), "slope": self.slope.ravel(), "sigma": self.sigma.ravel()}
        return {"": fields, "scatter": {"sigma": self.scatter_sigma, "slope": self.scatter_slope}}


def _scatter(sigma: Float, slope: Float) -> tuple[Float, Float]:
    at = np.flatnonzero((sigma > SIGMA_FLOOR * np.nanmax(sigma, initial=0.0)) & np.isfinite(slope))
    if len(at) > MAX_POINTS:
        at = at[np.linspace(0, len(at) - 1, MAX_POINTS).astype(int)]
    return sigma.ravel()[at], slope.ravel()[at]


def _flow(record: RunRecord, grid: PlaneGrid) -> Float:
    flow = true_flow(record)
    if flow is None:
        return np.empty((0, 2))
    norm = flow.norm
    if grid.is_line:
        return np.stack((grid.x, np.where(norm > FLOW_SHARE * norm.max(), 1.0, np.nan)), axis=1)
    return join_lines(contours(grid, norm, np.array([FLOW_SHARE * norm.max()])))


def _ceiling(slope: Float) -> float:
    """Return 2, so that 1 is in the middle of the colors, or a larger round number that few points exceed."""
    finite = slope[np.isfinite(slope)]
    high = float(np.quantile(finite, 0.998)) if finite.size else 0.0
    return round_up(max(high, 2.0))


def _decades(sigma: Float) -> Range:
    if not sigma.size:
        return 1e-3, 1.0
    low, high = np.log10(sigma.min()), np.log10(sigma.max())
    short = max(0.0, 0.5 - (high - low)) / 2  # a custom sigma may be constant
    low, high = padded(float(low - short), float(high + short), 0.04)
    return 10.0**low, 10.0**high


def _caption(record: RunRecord, grid: PlaneGrid, sigma_method: str) -> str:
    penalty_of = record.experiment.solver.gradient_penalty is not None
    flow = (
        f"; blue: where |w| of the true flow exceeds {100 * FLOW_SHARE:g} % of its maximum"
        if record.snapshot("flow") is not None
        else ""
    )
    density = "that the penalty samples from" if penalty_of else "of points between samples of P and Q"
    where = ("over x" if grid.is_line else "on the plane; red line: |∇u| = 1") + flow
    return (
        f"{record.name}. Norm of the critic's gradient {where}; the density σ "
        f"{density} ({sigma_method}); and |∇u| over σ where σ exceeds a thousandth of its "
        f"largest value. "
        f"{settings_text(record)}"
    )
