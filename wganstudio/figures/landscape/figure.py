"""Landscape: the critic on the plane, with contours and samples; over a line for D = 1."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.plane import (
    ColorScale,
    Float,
    Grid,
    Range,
    Readout,
    Table,
    array_at,
    contour_levels,
    contours,
    frame_at,
    grid_of,
    limits,
    padded,
    settings_text,
)
from wganstudio.figures.style import FIELD_MAP
from wganstudio.session import RunRecord

BINS = 40


@dataclass(frozen=True, eq=False)
class Histogram:
    """The samples of both laws over a line, as densities."""

    edges: Float
    p: Float
    q: Float


@dataclass(frozen=True, eq=False)
class Landscape:
    """The critic u at one step, the samples over it and, on demand, its exact counterpart."""

    name: ClassVar[str] = "landscape"

    grid: Grid
    step: int
    u: Float
    slope: Float
    sigma: Float
    samples_p: Float
    samples_q: Float
    potential: Float | None
    """The exact potential, shifted to the critic's mean on the plane; None where it is not known."""
    show_truth: bool
    show_samples: bool
    levels: Float
    contours: tuple[Float, ...]
    """Of u, one array a level (see `plane.contours`); none for D = 1."""
    truth_contours: tuple[Float, ...]
    """Of the potential at the same levels; empty unless shown."""
    histogram: Histogram | None
    """For D = 1."""
    scale: ColorScale
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(
        cls,
        record: RunRecord,
        step: int | None = None,
        *,
        show_truth: bool = False,
        show_samples: bool = True,
    ) -> Self | None:
        """What a run shows at a kept step, by default the newest; None before the first picture."""
        scene, frame = record.scene, frame_at(record, step)
        if scene is None or frame is None:
            return None
        grid, u = grid_of(scene), frame.arrays["u"]
        of_flow = None if record.flow is None else record.flow.arrays["potential"]
        potential = _shifted(scene.arrays.get("potential", of_flow), u)
        show_truth = show_truth and potential is not None
        low, high = limits(u)
        levels = np.empty(0) if grid.is_line else contour_levels(float(np.nanmin(u)), float(np.nanmax(u)))
        if grid.is_line:
            shown = u if potential is None or not show_truth else np.concatenate((u, potential))
            y_range = padded(*limits(shown))
        else:
            y_range = grid.extent[2:]
        samples_p, samples_q, sigma = (
            array_at(scene, frame, name) for name in ("samples_p", "samples_q", "sigma")
        )
        return cls(
            grid=grid,
            step=frame.step,
            u=u,
            slope=frame.arrays["slope"],
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
            scale=ColorScale(FIELD_MAP, low, high, "critic u"),
            title=f"Critic u after {frame.step:,} steps",
            caption=_caption(record, grid, levels, show_truth, show_samples),
            x_range=grid.extent[:2],
            y_range=y_range,
        )

    @property
    def y_label(self) -> str:
        """What the upright axis shows."""
        return "critic u" if self.grid.is_line else self.grid.labels[1]

    def readout(self, x: float, y: float = 0.0) -> Readout | None:
        """The fields at a point of the plane; None outside."""
        values = [self.grid.lookup(field, x, y) for field in (self.u, self.slope, self.sigma)]
        u, slope, sigma = values
        if u is None or slope is None or sigma is None:
            return None
        return Readout((x,) if self.grid.is_line else (x, y), u, slope, sigma)

    def tables(self) -> dict[str, Table]:
        """The fields point by point, and the samples."""
        fields: Table = {**self.grid.columns(), "u": self.u.ravel()}
        fields |= {"slope": self.slope.ravel(), "sigma": self.sigma.ravel()}
        if self.potential is not None:
            fields["potential"] = self.potential.ravel()
        axes = ("x",) if self.grid.is_line else ("x", "y")
        return {
            "": fields,
            "samples-p": dict(zip(axes, self.samples_p.T, strict=True)),
            "samples-q": dict(zip(axes, self.samples_q.T, strict=True)),
        }


def _shifted(potential: Float | None, u: Float) -> Float | None:
    """u is defined up to a constant: the potential with the mean of u."""
    if potential is None:
        return None
    shift = float(np.nanmean(u, dtype=float)) - float(np.nanmean(potential, dtype=float))
    return np.asarray(potential + np.asarray(shift, potential.dtype))


def _histogram(grid: Grid, samples_p: Float, samples_q: Float) -> Histogram:
    edges = np.linspace(*grid.extent[:2], BINS + 1)
    width = edges[1] - edges[0]
    p, q = (np.histogram(s, edges)[0] / (max(s.size, 1) * width) for s in (samples_p, samples_q))
    return Histogram(edges, p, q)


def _caption(record: RunRecord, grid: Grid, levels: Float, show_truth: bool, show_samples: bool) -> str:
    parts = [f"{record.name}."]
    if grid.is_line:
        parts.append("The critic u over x; below it histograms of samples of P and Q.")
    else:
        parts.append(
            "The critic u on the plane"
            + (f", contours every {levels[1] - levels[0]:g}." if len(levels) > 1 else ".")
        )
        if show_samples:
            parts.append("Dots: samples of P (orange) and Q (pale blue).")
    if show_truth:
        what = "Dashed" if grid.is_line else "White"
        parts.append(f"{what}: the exact potential, shifted to the mean of u.")
    return " ".join([*parts, settings_text(record)])
