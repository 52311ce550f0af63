"""Congestion theorem: the gradient norm of the critic against the one that the theorem predicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.curves import LOG_MARGIN
from wganstudio.figures.flow import FLOW_SHARE, may_have_flow, true_flow
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.gradient.figure import MAX_POINTS
from wganstudio.figures.grid import ColorScale, coordinate_text
from wganstudio.figures.plot_choices import NO_CHOICES, PlotChoices
from wganstudio.figures.ranges import COLOR_MARGIN, axis_range, finite_range, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.style import SCATTER_MAP
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.truths.momentum import SIGMA_CUTOFF, predicted_slope

DIAGONAL_POINTS = 200
"""Points of the diagonal where it is a curve."""
X_LABEL, Y_LABEL = "1 + |w| / (2 λ σ)", "|∇u|"


@register_figure
@dataclass(frozen=True, eq=False)
class CongestionTheorem(StepFigure):
    """|grad u| over 1 + |w| / (2 lambda sigma), where mass flows (arXiv 2109.00528, Theorem 1).

    w and sigma are the truth's. An optimal critic's points lie on the diagonal.
    """

    name: ClassVar[str] = "congestion_theorem"
    position: ClassVar[int] = 30
    source: ClassVar[str] = "Milne & Nachman, arXiv 2109.00528"
    formerly: ClassVar[str] = "law"

    points: Float
    """Coordinates [k, K] on the plane of the points drawn, those of the experiment."""
    predicted_norm: Float
    """1 + |w| / (2 lambda sigma), [k]."""
    slope: Float
    """|grad u|, [k]."""
    sigma: Float
    log_sigma: Float
    """log10 sigma, the color of the points."""
    scale: ColorScale
    fit: tuple[float, float]
    """Slope of |grad u| over its prediction by least squares, and their correlation."""
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range
    choices: PlotChoices = NO_CHOICES

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
        *,
        log_x: bool = False,
        log_y: bool = False,
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None without frame or flow."""
        frame, flow = plane_frame(record, step), true_flow(record)
        if frame is None or flow is None:
            return None
        at = np.flatnonzero(flow.support)
        if not len(at):
            return None
        sigma, slope = (array.ravel()[at] for array in (flow.sigma, frame["gradient_norm"]))
        predicted = predicted_slope(flow.norm.ravel()[at], sigma, flow.penalty)
        fit = _fit(predicted, slope)
        drawn = np.linspace(0, len(at) - 1, min(len(at), MAX_POINTS)).astype(int)
        points = np.stack(tuple(frame.grid.columns().values()), axis=1)[at][drawn]
        log_sigma = np.log10(sigma[drawn])
        low, high = padded(*finite_range(log_sigma), COLOR_MARGIN)
        top = float(predicted.max())
        x_range = (1 - 0.04 * (top - 1), 1 + 1.04 * max(top - 1, 0.1))
        y_range = (0.0, 1.05 * max(x_range[1], float(np.quantile(slope, 0.995))))
        if log_x:
            x_range = axis_range(np.array([1.0, x_range[1]]), log=True, factor=LOG_MARGIN)
        if log_y:
            y_range = axis_range(np.append(slope, y_range[1]), log=True, factor=LOG_MARGIN)
        return cls(
            step=frame.step,
            points=points,
            predicted_norm=predicted[drawn],
            slope=slope[drawn],
            sigma=sigma[drawn],
            log_sigma=log_sigma,
            scale=ColorScale(SCATTER_MAP, low, high, "log₁₀ σ"),
            fit=fit,
            summary_lines=(*_summary(fit, len(at)), *_left_out(slope[drawn], log_y=log_y)),
            title=f"Congestion theorem after {counted(frame.step, 'step')}",
            caption=_caption(record, flow.penalty, fit),
            x_range=x_range,
            y_range=y_range,
            choices=PlotChoices(log_x, log_y),
        )

    @property
    def logarithmic(self) -> tuple[bool, bool]:
        """True for a logarithmic horizontal, and vertical axis."""
        return self.choices.logarithmic((False, False))

    @property
    def diagonal(self) -> tuple[Float, Float]:
        """The line on which the points of an optimal critic lie, a curve if one axis is logarithmic."""
        log_x, log_y = self.logarithmic
        end = max(self.x_range[1], self.y_range[1])
        places = np.array([1.0, end]) if log_x == log_y else np.geomspace(1.0, end, DIAGONAL_POINTS)
        return places, places

    @property
    def places(self) -> tuple[Float, Float]:
        """The points on the axes, log10 of the quantity on a logarithmic one; NaN for what is left out."""
        across, up = (
            np.log10(np.where(values > 0, values, np.nan)) if is_log else values
            for values, is_log in zip((self.predicted_norm, self.slope), self.logarithmic, strict=True)
        )
        return across, up

    def nearest(self, x: float, y: float, x_unit: float, y_unit: float) -> tuple[int, float]:
        """Return the drawn point nearest to (x, y) and its distance in units, all on the axes.

        On a logarithmic axis places are log10 of the quantity.
        """
        across, up = self.places
        distances = np.hypot((across - x) / x_unit, (up - y) / y_unit)
        distances[~np.isfinite(distances)] = np.inf
        index = int(distances.argmin())
        return index, float(distances[index])

    def readout(self, index: int) -> str:
        """Return one line of text on a drawn point."""
        size = float(np.ptp(self.points[:, 0]))
        place = ", ".join(coordinate_text(float(value), size) for value in self.points[index])
        place = f"({place})" if self.points.shape[1] > 1 else place
        return (
            f"x = {place}    σ = {self.sigma[index]:.3g}    |∇u| = {self.slope[index]:.3f}    "
            f"predicted {self.predicted_norm[index]:.3f}"
        )

    def tables(self) -> dict[str, Table]:
        """Return the points drawn."""
        axes = ("x", "y")[: self.points.shape[1]]
        table: Table = dict(zip(axes, self.points.T, strict=True))
        return {"": table | {"sigma": self.sigma, "predicted_norm": self.predicted_norm, "slope": self.slope}}


def _fit(predicted: Float, slope: Float) -> tuple[float, float]:
    of_theory, of_slope = (
        np.asarray(part, float) - np.mean(part, dtype=float) for part in (predicted, slope)
    )
    pairs = ((of_theory, of_slope), (of_theory, of_theory), (of_slope, of_slope))
    covariance, variance, slope_variance = ((a * b).sum() for a, b in pairs)
    if not variance * slope_variance > 1e-18:
        return float("nan"), float("nan")
    return float(covariance / variance), float(covariance / np.sqrt(variance * slope_variance))


def _summary(fit: tuple[float, float], count: int) -> tuple[str, ...]:
    slope, correlation = fit
    fitted = (
        f"fitted slope {slope:.2f}, correlation {correlation:.3f}"
        if np.isfinite(slope)
        else "no fit: all points are alike"
    )
    return (
        f"{fitted} (both 1 if the theorem holds exactly), at {counted(count, 'point')} of the plane",
        f"only where mass flows: |w| > {100 * FLOW_SHARE:g} % and σ > {100 * SIGMA_CUTOFF:g} % "
        "of their maxima",
    )


def _left_out(slope: Float, *, log_y: bool) -> tuple[str, ...]:
    count = int((slope <= 0).sum()) if log_y else 0
    return (f"the logarithmic axis leaves out {counted(count, 'point')} with |∇u| = 0",) if count else ()


def _caption(record: RunRecord, penalty: float, fit: tuple[float, float]) -> str:
    return (
        f"{record.name}. Norm of the critic's gradient over 1 + |w| / (2 λ σ) of the true flow w, λ = "
        f"{penalty:g}, at points where |w| exceeds {100 * FLOW_SHARE:g} % and σ {100 * SIGMA_CUTOFF:g} % of "
        f"their maxima; dashed: equality, as the theorem states for an optimal critic. "
        f"Fitted slope {fit[0]:.2f}, correlation {fit[1]:.3f}. {settings_text(record)}"
    )
