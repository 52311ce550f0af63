"""Law: the length of the critic's gradient over the one that the theorem gives it."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.flow import MOVING, size_of, where_mass_flows
from wganstudio.figures.gradient.figure import MOST_POINTS
from wganstudio.figures.plane import (
    ColorScale,
    Float,
    Range,
    Table,
    frame_at,
    grid_of,
    limits,
    padded,
    settings_text,
)
from wganstudio.figures.style import LAW_MAP
from wganstudio.session import RunRecord
from wganstudio.truths.momentum import SIGMA_CUTOFF, predicted_slope

SHADED = 0.15
"""Of the colors, at either end: left out, for they would not be seen on one ground or the other."""
X_LABEL, Y_LABEL = "1 + |w| / (2 λ σ)", "|∇u|"


@dataclass(frozen=True, eq=False)
class CongestionTheorem:
    """|grad u| over 1 + |w| / (2 lambda sigma), where mass flows (arXiv 2109.00528, Theorem 1).

    w and sigma are the truth's. An optimal critic's points lie on the diagonal.
    """

    name: ClassVar[str] = "law"

    step: int
    places: Float
    """Coordinates [k, K] on the plane of the points drawn."""
    lawful: Float
    """1 + |w| / (2 lambda sigma), [k]."""
    slope: Float
    """|grad u|, [k]."""
    sigma: Float
    shade: Float
    """log10 sigma, which colors the points."""
    scale: ColorScale
    fit: tuple[float, float]
    """Slope of |grad u| over the law by least squares, and their correlation."""
    remarks: tuple[str, ...]
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, step: int | None = None) -> Self | None:
        """What a run shows at a kept step, by default the newest; None while picture or flow are missing."""
        scene, frame, flow = record.scene, frame_at(record, step), record.flow
        if scene is None or frame is None or flow is None:
            return None
        at = np.flatnonzero(where_mass_flows(flow))
        if not len(at):
            return None
        sigma, slope = (array.ravel()[at] for array in (flow.arrays["sigma"], frame.arrays["slope"]))
        lawful = predicted_slope(size_of(flow).ravel()[at], sigma, flow.penalty)
        fit = _fit(lawful, slope)
        drawn = np.linspace(0, len(at) - 1, min(len(at), MOST_POINTS)).astype(int)
        places = np.stack(tuple(grid_of(scene).columns().values()), axis=1)[at][drawn]
        shade = np.log10(sigma[drawn])
        low, high = padded(*limits(shade), SHADED)
        top = float(lawful.max())
        x_range = (1 - 0.04 * (top - 1), 1 + 1.04 * max(top - 1, 0.1))
        return cls(
            step=frame.step,
            places=places,
            lawful=lawful[drawn],
            slope=slope[drawn],
            sigma=sigma[drawn],
            shade=shade,
            scale=ColorScale(LAW_MAP, low, high, "log₁₀ σ"),
            fit=fit,
            remarks=_remarks(fit, len(at)),
            title=f"The law of congestion after {frame.step:,} steps",
            caption=_caption(record, flow.penalty, fit),
            x_range=x_range,
            y_range=(0.0, 1.05 * max(x_range[1], float(np.quantile(slope, 0.995)))),
        )

    @property
    def diagonal(self) -> tuple[Float, Float]:
        """Ends of the line on which an optimal critic's points lie."""
        ends = np.array([1.0, max(self.x_range[1], self.y_range[1])])
        return ends, ends

    def nearest(self, x: float, y: float, x_unit: float, y_unit: float) -> tuple[int, float]:
        """The drawn point nearest to a place, and how many units it is away."""
        away = np.hypot((self.lawful - x) / x_unit, (self.slope - y) / y_unit)
        index = int(away.argmin())
        return index, float(away[index])

    def readout(self, index: int) -> str:
        """One line on a drawn point."""
        place = ", ".join(f"{value:.3g}" for value in self.places[index])
        place = f"({place})" if self.places.shape[1] > 1 else place
        return (
            f"x = {place}    σ = {self.sigma[index]:.3g}    |∇u| = {self.slope[index]:.3f}    "
            f"by the law {self.lawful[index]:.3f}"
        )

    def tables(self) -> dict[str, Table]:
        """The points drawn."""
        axes = ("x", "y")[: self.places.shape[1]]
        table: Table = dict(zip(axes, self.places.T, strict=True))
        return {"": table | {"sigma": self.sigma, "lawful_slope": self.lawful, "slope": self.slope}}


def _fit(lawful: Float, slope: Float) -> tuple[float, float]:
    of_law, of_slope = (np.asarray(part, float) - np.mean(part, dtype=float) for part in (lawful, slope))
    both, law, own = ((a * b).sum() for a, b in ((of_law, of_slope), (of_law, of_law), (of_slope, of_slope)))
    if not law * own > 1e-18:
        return float("nan"), float("nan")
    return float(both / law), float(both / np.sqrt(law * own))


def _remarks(fit: tuple[float, float], count: int) -> tuple[str, ...]:
    slope, correlation = fit
    told = (
        f"slope {slope:.2f}, correlation {correlation:.3f}"
        if np.isfinite(slope)
        else "no slope: all are alike"
    )
    return (
        f"{told} (1 and 1 where the law holds), at {count:,} points of the plane",
        f"only where mass flows: |w| above {100 * MOVING:g} % and σ above "
        f"{100 * SIGMA_CUTOFF:g} % of their maxima",
    )


def _caption(record: RunRecord, penalty: float, fit: tuple[float, float]) -> str:
    return (
        f"{record.name}. Length of the critic's gradient over 1 + |w| / (2 λ σ) of the true flow w, λ = "
        f"{penalty:g}, at points where |w| exceeds {100 * MOVING:g} % and σ {100 * SIGMA_CUTOFF:g} % of "
        f"their maxima; dashed: equality, which the theorem asserts of an optimal critic. "
        f"Slope {fit[0]:.2f}, correlation {fit[1]:.3f}. {settings_text(record)}"
    )
