"""Gradient: the gradient norm of the critic against the density of the points where it is penalized."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.contours import contours, join_lines
from wganstudio.figures.flow import FLOW_SHARE, true_flow
from wganstudio.figures.frames import PlaneFrame, plane_frame
from wganstudio.figures.gradient.samples import SampledNorms, SampledReadout, sampled_norms
from wganstudio.figures.grid import ColorScale, FieldReadout, PlaneGrid
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.ranges import finite_range, log_floor, padded, round_up
from wganstudio.figures.registry import register_figure
from wganstudio.figures.style import SIGMA_MAP, SLOPE_MAP
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord

SIGMA_FLOOR = 1e-3
"""Share of the maximum of sigma below which points are left out: hardly any sample was penalized there."""
MAX_POINTS = 3000
SCATTER_LABEL = "|∇u|"


@register_figure
@dataclass(frozen=True, eq=False)
class GradientDensity(StepFigure):
    """|grad u| and sigma on the plane, and |grad u| over sigma.

    For D > 2 sigma is its marginal on the plane, and |grad u| is taken at samples of sigma, as the plane is
    nowhere near most of them. Where sigma is custom, both are taken on the plane, a slice of the space.
    """

    name: ClassVar[str] = "gradient"
    position: ClassVar[int] = 20
    can_follow_points: ClassVar[bool] = True

    grid: PlaneGrid
    u: Float
    slope: Float
    """|grad u| at the points of `slope_grid`; at samples of sigma its means over the cells there."""
    true_slope: PlaneField | None
    """The exact |grad u| on the plane; None where it is not known, or |grad u| is taken at samples."""
    sigma: Float
    samples: SampledNorms | None
    """|grad u| at samples of sigma, for D > 2."""
    is_marginal: bool
    """True where sigma is its marginal on the plane."""
    unit: Float
    """The contour |grad u| = 1 on the plane; none at samples."""
    flow: Float
    """Border of the region with the true |w| above 5 % of its maximum; for D = 1 a part of |grad u| = 1."""
    scatter_sigma: Float
    scatter_slope: Float
    """sigma and |grad u| at points of the plane, or at samples; sigma above a thousandth of its maximum."""
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
        grid, sigma, samples = frame.grid, frame["sigma"], _samples(frame)
        slope = frame["gradient_norm"] if samples is None else samples.mean
        scatter_sigma, scatter_slope = _scatter(frame, samples)
        slope_range = (0.0, 1.05 * max(2.0, float(scatter_slope.max(initial=0.0))))
        at, of_sigma = _places(frame, samples)
        return cls(
            grid=grid,
            step=frame.step,
            u=frame["u"],
            slope=slope,
            true_slope=_true_slope(record, frame) if samples is None else None,
            sigma=sigma,
            samples=samples,
            is_marginal=frame.is_marginal,
            unit=join_lines(contours(grid, slope, np.ones(1)) if samples is None else ()),
            flow=_flow(record, grid),
            scatter_sigma=scatter_sigma,
            scatter_slope=scatter_slope,
            slope_scale=ColorScale(SLOPE_MAP, 0.0, _ceiling(slope), at, 1.0, log_floor(slope)),
            sigma_scale=ColorScale(
                SIGMA_MAP, 0.0, finite_range(sigma)[1], of_sigma, log_low=log_floor(sigma)
            ),
            sigma_label=_sigma_label(frame, samples),
            title=_title(frame, samples),
            caption=_caption(record, frame, samples),
            x_range=grid.extent[:2],
            y_range=slope_range if grid.is_line else grid.extent[2:],
            sigma_range=_decades(scatter_sigma),
            slope_range=slope_range,
        )

    @property
    def slope_grid(self) -> PlaneGrid:
        """The grid of the map of |grad u|."""
        return self.grid if self.samples is None else self.samples.grid

    @property
    def has_fields(self) -> bool:
        """True on the plane, False over a line."""
        return not self.grid.is_line

    def plane_fields(self) -> tuple[PlaneField, ...]:
        """Return |grad u|, and the exact one where it is known; none over a line."""
        if self.grid.is_line:
            return ()
        slope = PlaneField("gradient norm |∇u|", self.slope_grid, self.slope)
        return (slope,) if self.true_slope is None else (slope, self.true_slope)

    @classmethod
    def field_of(cls, record: RunRecord, frame: PlaneFrame) -> PlaneField | None:
        """Return |grad u| at one frame as the map shows it; None over a line."""
        if frame.grid.is_line:
            return None
        samples = _samples(frame)
        if samples is not None:
            return PlaneField("gradient norm |∇u|", samples.grid, samples.mean)
        return PlaneField("gradient norm |∇u|", frame.grid, frame["gradient_norm"])

    def readout(self, x: float, y: float = 0.0) -> FieldReadout | SampledReadout | None:
        """Return the fields at a point of the plane; None outside."""
        u, sigma = (self.grid.lookup(field, x, y) for field in (self.u, self.sigma))
        if u is None or sigma is None:
            return None
        if self.samples is not None:
            return SampledReadout((x, y), self.grid.point_text(x, y), *self.samples.at(x, y), sigma)
        slope = self.grid.lookup(self.slope, x, y)
        assert slope is not None
        place = (x,) if self.grid.is_line else (x, y)
        return FieldReadout(place, self.grid.point_text(*place), u, slope, sigma, self.is_marginal)

    def tables(self) -> dict[str, Table]:
        """Return both fields point by point, and the points of the scatter plot."""
        slope, sigma = {"slope": self.slope.ravel()}, {"sigma": self.sigma.ravel()}
        scatter: Table = {"sigma": self.scatter_sigma, "slope": self.scatter_slope}
        if self.samples is None:
            return {"": self.grid.columns() | slope | sigma, "scatter": scatter}
        cells = self.slope_grid.columns() | slope | {"samples": self.samples.counts.ravel().astype(int)}
        return {"": self.grid.columns() | sigma, "slope": cells, "scatter": scatter}


def _true_slope(record: RunRecord, frame: PlaneFrame) -> PlaneField | None:
    """Return the exact |grad u|: that of congested transport, or where it is not known that for W1."""
    flow = record.snapshot("flow")
    if flow is not None and "potential_norm" in flow.arrays:
        return PlaneField("exact |∇u| (congested)", frame.grid, flow.arrays["potential_norm"], is_truth=True)
    if "potential_norm" in frame.plane:
        return PlaneField("exact |∇u| (W₁)", frame.grid, frame.plane["potential_norm"], is_truth=True)
    return None


def _samples(frame: PlaneFrame) -> SampledNorms | None:
    if not frame.is_marginal or "sigma_norms" not in frame:
        return None
    return sampled_norms(frame.grid, frame["sigma"], frame["sigma_points"], frame["sigma_norms"])


def _scatter(frame: PlaneFrame, samples: SampledNorms | None) -> tuple[Float, Float]:
    """Return sigma and |grad u| at the same points; none where they are not known at the same ones."""
    sigma, slope = frame["sigma"], frame["gradient_norm"]
    floor = SIGMA_FLOOR * np.nanmax(sigma, initial=0.0)
    if samples is not None:
        sigma, slope = samples.sigma, samples.norms
    elif frame.is_marginal:
        sigma, slope = np.empty(0), np.empty(0)
    at = np.flatnonzero((sigma > floor) & np.isfinite(slope))
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


def _places(frame: PlaneFrame, samples: SampledNorms | None) -> tuple[str, str]:
    """Return the labels of both maps, which say where the fields are taken."""
    if frame.grid.dim <= 2:
        return "gradient norm |∇u|", "density σ"
    at = "|∇u| on the slice" if samples is None else "mean |∇u| at samples of σ"
    return at, "σ (marginal)" if frame.is_marginal else "σ on the slice"


def _sigma_label(frame: PlaneFrame, samples: SampledNorms | None) -> str:
    if frame.grid.dim <= 2:
        return "sampling density σ"
    if not frame.is_marginal:
        return "σ on the slice"
    if samples is None:
        return "run again to see |∇u| at samples of σ"
    return "marginal of σ at the samples"


def _title(frame: PlaneFrame, samples: SampledNorms | None) -> str:
    where = " at samples of σ" if samples is not None else " on a slice" if frame.grid.dim > 2 else ""
    density = "marginal sampling density" if frame.is_marginal else "sampling density"
    return f"Gradient norm{where} and {density} after {counted(frame.step, 'step')}"


def _caption(record: RunRecord, frame: PlaneFrame, samples: SampledNorms | None) -> str:
    grid = frame.grid
    penalty_of = record.experiment.solver.samples_sigma
    flow = (
        f"; blue: where |w| of the true flow exceeds {100 * FLOW_SHARE:g} % of its maximum"
        if record.snapshot("flow") is not None
        else ""
    )
    density = "that the penalty samples from" if penalty_of else "of points between samples of P and Q"
    plane = "on the plane" if grid.dim <= 2 else "on the plane, a slice of the space"
    where = ("over x" if grid.is_line else f"{plane}; red line: |∇u| = 1") + flow
    over = "|∇u| over σ where σ exceeds a thousandth of its largest value"
    if samples is not None:
        where = f"at {samples.counts.sum():,.0f} samples of σ, its mean over the cells of the plane"
        over = "|∇u| of each sample over the marginal at its projection onto the plane"
    elif frame.is_marginal:
        over = "no |∇u| over σ, as |∇u| at samples of σ was not recorded"
    return (
        f"{record.name}. Norm of the critic's gradient {where}; the density σ "
        f"{density} ({frame.sigma_method}); and {over}. {settings_text(record)}"
    )
