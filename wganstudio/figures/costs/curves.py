"""Curves of estimated costs with their standard errors, bounds of the true cost, and single estimates."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wganstudio.comparison.numbers import with_error
from wganstudio.figures.curves import RunCurve
from wganstudio.figures.overlay import WIDTH as WIDTH
from wganstudio.figures.overlay import standard_errors
from wganstudio.figures.tracing import Tracing
from wganstudio.figures.types import Float
from wganstudio.session import RunRecord


@dataclass(frozen=True, eq=False)
class CostCurve(RunCurve):
    """One estimate over the steps, each point with its standard error."""

    errors: Float

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return f"{self.name} ± {WIDTH} SE"

    @property
    def lower(self) -> Float:
        """The lower edge of the band."""
        return self.values - WIDTH * self.errors

    @property
    def upper(self) -> Float:
        """The upper edge of the band."""
        return self.values + WIDTH * self.errors

    @property
    def columns(self) -> dict[str, Float]:
        """Columns of a table, besides the steps."""
        smooth = {} if self.smooth is None else {f"{self.name}_smoothed": self.smooth}
        return {self.name: self.values, f"{self.name}_se": self.errors} | smooth

    def text_at(self, index: int) -> str:
        """Return name, value and standard error of a point in words."""
        return f"{self.name} {with_error(float(self.values[index]), float(self.errors[index]))}"


@dataclass(frozen=True, eq=False)
class CostBounds(RunCurve):
    """Bounds of the true cost over the steps, as a generator moves Q; the values are their mean."""

    label: ClassVar[str] = "bounds of the true cost"

    lower: Float
    upper: Float

    @property
    def columns(self) -> dict[str, Float]:
        """Columns of a table, besides the steps."""
        return {"true_lower": self.lower, "true_upper": self.upper}

    def text_at(self, index: int) -> str:
        """Return the bounds at a point in words."""
        return f"true cost in [{self.lower[index]:.4g}, {self.upper[index]:.4g}]"


@dataclass(frozen=True)
class Estimate:
    """One number with its standard error at a step."""

    name: str
    step: int
    x: float
    """Place of the step on the horizontal axis."""
    value: float
    error: float
    final: bool
    """True for the final estimate on many fresh samples, False for a point of the curve."""


def cost_curves(record: RunRecord, tracing: Tracing) -> tuple[CostCurve | CostBounds, ...]:
    """Return gap and value of a run, and the bounds of its true cost, as far as it has them."""
    curves: list[CostCurve | CostBounds] = []
    for name in ("gap", "value"):
        steps, values = record.curve(name)
        if len(steps):
            x, smooth = tracing.places([record], steps), tracing.smooth(record, steps, values)
            curves.append(CostCurve(name, steps, x, values, smooth, standard_errors(record, name, steps)))
    steps, lower = record.curve("true_lower")
    upper = record.curve("true_upper")[1]
    if len(steps):
        x, middle = tracing.places([record], steps), (lower + upper) / 2
        curves.append(CostBounds("true", steps, x, middle, None, lower, upper))
    return tuple(curves)


def final_estimates(record: RunRecord, tracing: Tracing) -> tuple[Estimate, ...]:
    """Return the final estimates of gap and value; empty before the end of the run."""
    if record.ended is None:
        return ()
    estimates, step = record.ended.estimates, record.ended.step
    x = float(tracing.abscissa(record).at(np.array([step]))[0])
    return tuple(
        Estimate(name, step, x, estimates[name], estimates.get(f"{name}_se", float("nan")), True)
        for name in ("gap", "value")
        if name in estimates
    )


def newest_estimates(curves: tuple[CostCurve | CostBounds, ...]) -> tuple[Estimate, ...]:
    """Return the last point of each estimated curve."""
    return tuple(
        Estimate(c.name, int(c.steps[-1]), float(c.x[-1]), float(c.values[-1]), float(c.errors[-1]), False)
        for c in curves
        if isinstance(c, CostCurve)
    )
