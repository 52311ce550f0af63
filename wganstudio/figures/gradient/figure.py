"""GradientDensity: the critic's gradient norm against the density it was penalized under."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.flow import MOVING, size_of
from wganstudio.figures.plane import (
    ColorScale,
    Float,
    Grid,
    Range,
    Readout,
    Table,
    array_at,
    contours,
    frame_at,
    grid_of,
    joined,
    limits,
    padded,
    round_up,
    settings_text,
)
from wganstudio.figures.style import SIGMA_MAP, SLOPE_MAP
from wganstudio.session import RunRecord

FLOOR = 1e-3
"""Share of sigma's largest value below which a point says nothing: hardly any sample was penalized there."""
MOST_POINTS = 3000


@dataclass(frozen=True, eq=False)
class GradientDensity:
    """|grad u| and sigma over the same plane, and the one over the other."""

    name: ClassVar[str] = "gradient"

    grid: Grid
    step: int
    u: Float
    slope: Float
    sigma: Float
    unit: Float
    """The contour |grad u| = 1 on the plane."""
    flow: Float
    """Border of where the true |w| exceeds 5 % of its maximum; for D = 1 that part of |grad u| = 1."""
    scatter_sigma: Float
    scatter_slope: Float
    """sigma and |grad u| at points of the plane where sigma is above a thousandth of its largest value."""
    slope_scale: ColorScale
    sigma_scale: ColorScale
    sigma_label: str
    title: str
    caption: str
    x_range: Range
    y_range: Range
    """Of both maps; for D = 1 the range of |grad u|."""
    sigma_range: Range
    slope_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None) -> Self | None:
        """What a run shows at a kept step, by default the newest; None before the first picture."""
        scene, frame = record.scene, frame_at(record, step)
        if scene is None or frame is None:
            return None
        grid, slope, sigma = grid_of(scene), frame.arrays["slope"], array_at(scene, frame, "sigma")
        scatter_sigma, scatter_slope = _scatter(sigma, slope)
        slope_range = (0.0, 1.05 * max(2.0, float(scatter_slope.max(initial=0.0))))
        marginal = grid.dim > 2
        return cls(
            grid=grid,
            step=frame.step,
            u=frame.arrays["u"],
            slope=slope,
            sigma=sigma,
            unit=joined(contours(grid, slope, np.ones(1))),
            flow=_flow(record, grid),
            scatter_sigma=scatter_sigma,
            scatter_slope=scatter_slope,
            slope_scale=ColorScale(SLOPE_MAP, 0.0, _ceiling(slope), "gradient norm |∇u|", 1.0),
            sigma_scale=ColorScale(
                SIGMA_MAP, 0.0, limits(sigma)[1], "σ (marginal)" if marginal else "density σ"
            ),
            sigma_label="σ, its marginal on the plane" if marginal else "sampling density σ",
            title=f"Gradient norm and sampling density after {frame.step:,} steps",
            caption=_caption(record, grid, scene.sigma_method),
            x_range=grid.extent[:2],
            y_range=slope_range if grid.is_line else grid.extent[2:],
            sigma_range=_decades(scatter_sigma),
            slope_range=slope_range,
        )

    def readout(self, x: float, y: float = 0.0) -> Readout | None:
        """The fields at a point of the plane; None outside."""
        u, slope, sigma = (self.grid.lookup(field, x, y) for field in (self.u, self.slope, self.sigma))
        if u is None or slope is None or sigma is None:
            return None
        return Readout((x,) if self.grid.is_line else (x, y), u, slope, sigma)

    def tables(self) -> dict[str, Table]:
        """The two fields point by point, and the points of the scatter."""
        fields: Table = {**self.grid.columns(), "slope": self.slope.ravel(), "sigma": self.sigma.ravel()}
        return {"": fields, "scatter": {"sigma": self.scatter_sigma, "slope": self.scatter_slope}}


def _scatter(sigma: Float, slope: Float) -> tuple[Float, Float]:
    at = np.flatnonzero((sigma > FLOOR * np.nanmax(sigma, initial=0.0)) & np.isfinite(slope))
    if len(at) > MOST_POINTS:
        at = at[np.linspace(0, len(at) - 1, MOST_POINTS).astype(int)]
    return sigma.ravel()[at], slope.ravel()[at]


def _flow(record: RunRecord, grid: Grid) -> Float:
    if record.flow is None:
        return np.empty((0, 2))
    size = size_of(record.flow)
    if grid.is_line:
        return np.stack((grid.x, np.where(size > MOVING * size.max(), 1.0, np.nan)), axis=1)
    return joined(contours(grid, size, np.array([MOVING * size.max()])))


def _ceiling(slope: Float) -> float:
    """At least 2, so that 1 is in the middle of the map; above that a round number that few points exceed."""
    finite = slope[np.isfinite(slope)]
    high = float(np.quantile(finite, 0.998)) if finite.size else 0.0
    return round_up(max(high, 2.0))


def _decades(sigma: Float) -> Range:
    if not sigma.size:
        return 1e-3, 1.0
    low, high = np.log10(sigma.min()), np.log10(sigma.max())
    short = max(0.0, 0.5 - (high - low)) / 2  # own speed limits may be one number all over
    low, high = padded(float(low - short), float(high + short), 0.04)
    return 10.0**low, 10.0**high


def _caption(record: RunRecord, grid: Grid, sigma_method: str) -> str:
    penalty_of = record.experiment.solver.gradient_penalty is not None
    flow = (
        f"; blue: where |w| of the true flow exceeds {100 * MOVING:g} % of its maximum" if record.flow else ""
    )
    density = "that the penalty samples from" if penalty_of else "of points between samples of P and Q"
    where = ("over x" if grid.is_line else "on the plane; red line: |∇u| = 1") + flow
    return (
        f"{record.name}. Length of the critic's gradient {where}; the density σ "
        f"{density} ({sigma_method}); and one over the other where σ exceeds a thousandth of its "
        f"largest value. "
        f"{settings_text(record)}"
    )
