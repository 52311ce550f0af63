"""Landscape: the critic on the plane, with contours and samples; over a line for D = 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.contours import contour_levels, contours
from wganstudio.figures.flow import true_flow
from wganstudio.figures.frames import PlaneFrame, plane_frame
from wganstudio.figures.grid import ColorScale, FieldReadout, PlaneGrid
from wganstudio.figures.plane_field import PlaneField
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.style import FIELD_MAP
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord

BINS = 40


@dataclass(frozen=True, eq=False)
class Histogram:
    """Densities of the samples of both distributions over a line."""

    edges: Float
    p: Float
    q: Float


@register_figure
@dataclass(frozen=True, eq=False)
class Landscape(StepFigure):
    """The critic u at one step with samples and, on request, the exact potential."""

    name: ClassVar[str] = "landscape"
    position: ClassVar[int] = 10
    can_follow_points: ClassVar[bool] = True

    grid: PlaneGrid
    u: Float
    slope: Float
    sigma: Float
    samples_p: Float
    samples_q: Float
    potential: Float | None
    """The exact potential, shifted to the mean of the critic on the plane; None where it is not known."""
    show_truth: bool
    show_samples: bool
    levels: Float
    contours: tuple[Float, ...]
    """Contours of u, one array per level (see `contours.contours`); none for D = 1."""
    truth_contours: tuple[Float, ...]
    """Contours of the potential at the same levels; empty unless shown."""
    histogram: Histogram | None
    """For D = 1."""
    scale: ColorScale
    x_range: Range
    y_range: Range
    is_marginal: bool
    """True where sigma is its marginal on the plane."""

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        show_truth: bool = False,
        show_samples: bool = True,
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None before the first frame."""
        frame = plane_frame(record, step)
        if frame is None:
            return None
        grid, u, flow = frame.grid, frame["u"], true_flow(record)
        of_flow = None if flow is None else flow.potential
        potential = _shifted(frame.plane.get("potential", of_flow), u)
        show_truth = show_truth and potential is not None
        low, high = finite_range(u)
        levels = np.empty(0) if grid.is_line else contour_levels(float(np.nanmin(u)), float(np.nanmax(u)))
        if grid.is_line:
            drawn = u if potential is None or not show_truth else np.concatenate((u, potential))
            y_range = padded(*finite_range(drawn))
        else:
            y_range = grid.extent[2:]
        samples_p, samples_q, sigma = (frame[name] for name in ("samples_p", "samples_q", "sigma"))
        return cls(
            grid=grid,
            step=frame.step,
            u=u,
            slope=frame["gradient_norm"],
            sigma=sigma,
            samples_p=samples_p,
            samples_q=samples_q,
            potential=potential,
            show_truth=show_truth,
            show_samples=show_samples,
            levels=levels,
            contours=contours(grid, u, levels),
            truth_contours=contours(grid, potential, levels) if show_truth and potential is not None else (),
            histogram=_histogram(grid, samples_p, samples_q) if grid.is_line else None,
            scale=ColorScale(FIELD_MAP, low, high, "critic u on the slice" if grid.dim > 2 else "critic u"),
            is_marginal=frame.is_marginal,
            title=f"Critic u after {counted(frame.step, 'step')}",
            caption=_caption(record, grid, levels, show_truth, show_samples),
            x_range=grid.extent[:2],
            y_range=y_range,
        )

    @property
    def y_label(self) -> str:
        """Label of the vertical axis."""
        return "critic u" if self.grid.is_line else self.grid.labels[1]

    @property
    def has_fields(self) -> bool:
        """True on the plane, False over a line."""
        return not self.grid.is_line

    def plane_fields(self) -> tuple[PlaneField, ...]:
        """Return the critic, and the exact potential where it is known; none over a line."""
        if self.grid.is_line:
            return ()
        critic = PlaneField("critic u", self.grid, self.u)
        if self.potential is None:
            return (critic,)
        return critic, PlaneField("exact potential", self.grid, self.potential, is_truth=True)

    @classmethod
    def field_of(cls, record: RunRecord, frame: PlaneFrame) -> PlaneField | None:
        """Return the critic at one frame; None over a line."""
        return None if frame.grid.is_line else PlaneField("critic u", frame.grid, frame["u"])

    def readout(self, x: float, y: float = 0.0) -> FieldReadout | None:
        """Return the fields at a point of the plane; None outside."""
        values = [self.grid.lookup(field, x, y) for field in (self.u, self.slope, self.sigma)]
        u, slope, sigma = values
        if u is None or slope is None or sigma is None:
            return None
        place = (x,) if self.grid.is_line else (x, y)
        return FieldReadout(place, self.grid.point_text(*place), u, slope, sigma, self.is_marginal)

    def tables(self) -> dict[str, Table]:
        """Return the fields point by point, and the samples."""
        fields: Table = {**self.grid.columns(), "u": self.u.ravel()}
        fields |= {"slope": self.slope.ravel(), "sigma": self.sigma.ravel()}
        if self.potential is not None:
            fields["potential"] = self.potential.ravel()
        axes = ("x",) if self.grid.is_line else ("x", "y")
        return {
            "": fields,
            "samples-p": {axis: self.grid.along(k, self.samples_p[:, k]) for k, axis in enumerate(axes)},
            "samples-q": {axis: self.grid.along(k, self.samples_q[:, k]) for k, axis in enumerate(axes)},
        }


def _shifted(potential: Float | None, u: Float) -> Float | None:
    """Return the potential with the mean of u, as u is defined up to a constant."""
    if potential is None:
        return None
    shift = float(np.nanmean(u, dtype=float)) - float(np.nanmean(potential, dtype=float))
    return np.asarray(potential + np.asarray(shift, potential.dtype))


def _histogram(grid: PlaneGrid, samples_p: Float, samples_q: Float) -> Histogram:
    edges = np.linspace(*grid.extent[:2], BINS + 1)
    width = edges[1] - edges[0]
    p, q = (np.histogram(s, edges)[0] / (max(s.size, 1) * width) for s in (samples_p, samples_q))
    return Histogram(edges, p, q)


def _caption(record: RunRecord, grid: PlaneGrid, levels: Float, show_truth: bool, show_samples: bool) -> str:
    parts = [f"{record.name}."]
    if grid.is_line:
        parts.append("The critic u over x; below it histograms of samples of P and Q.")
    else:
        parts.append(
            f"The critic u on the plane{', a slice of the space' if grid.dim > 2 else ''}"
            + (f", contours every {levels[1] - levels[0]:g}." if len(levels) > 1 else ".")
        )
        if show_samples:
            projected = ", projected onto the plane" if grid.dim > 2 else ""
            parts.append(f"Dots: samples of P (orange) and Q (pale blue){projected}.")
    if show_truth:
        style = "Dashed" if grid.is_line else "White"
        parts.append(f"{style}: the exact potential, shifted to the mean of u.")
    return " ".join([*parts, settings_text(record)])
