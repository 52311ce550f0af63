"""Sweep: the excess of the value over W1 by lambda, which in theory is of order 1 / lambda."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.figures.base import SessionFigure
from wganstudio.figures.captions import describe_kind
from wganstudio.figures.costs.figure import WIDTH, with_error
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord

PENALTY_NAMES = {"lp": "one-sided", "gp": "two-sided"}
"""Names of the kinds of penalty."""


@dataclass(frozen=True, eq=False)
class PenaltySeries:
    """value - W1 of the runs of one kind of solver, by lambda."""

    kind: str
    penalties: Float
    excess: Float
    errors: Float
    """Standard errors of the values."""

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return f"{penalty_text(self.kind)} ± {WIDTH} SE"


@dataclass(frozen=True, eq=False)
class TruthSeries:
    """C - W1 by lambda, with bounds: the excess of an optimal critic."""

    penalties: Float
    excess: Float
    lower: Float
    upper: Float

    label: ClassVar[str] = "truth: C - W₁"


@register_figure
@dataclass(frozen=True, eq=False)
class Sweep(SessionFigure):
    """Runs that differ only in lambda and in the kind of penalty (arXiv 2109.00528, Theorem 1).

    C_lambda - W1 is of order 1 / lambda for large lambda: slope -1 on logarithmic axes.
    """

    name: ClassVar[str] = "sweep"
    position: ClassVar[int] = 130

    series: tuple[PenaltySeries, ...]
    truths: TruthSeries
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the sweep of a run; None where W1 is not known or no other run belongs to it."""
        family = [other for other in among if _comparable(other, record) and _value(other) is not None]
        w1 = next(
            (other.truths["w1"] for other in family if "w1" in other.truths), None
        )  # all share the pair
        if w1 is None or len(family) < 2 or record not in family:
            return None
        kinds = dict.fromkeys(sorted(other.experiment.solver.name() for other in family))
        series = tuple(_series(kind, family, w1.value) for kind in kinds)
        truths = _truths(family)
        visible = np.concatenate([*(curve.excess for curve in series), truths.excess])
        visible = visible[visible > 0]
        if not len(visible):
            return None
        penalties = np.array([_penalty(other) for other in family])
        return cls(
            runs=tuple(other.run for other in family),
            series=series,
            truths=truths,
            summary_lines=_summary(series, truths),
            title="Excess of the value over W₁, by lambda",
            caption=_caption(record, w1.lower, w1.upper),
            x_range=(float(penalties.min()) / 1.6, float(penalties.max()) * 1.6),
            y_range=(float(visible.min()) / 2, float(visible.max()) * 2),
        )

    @property
    def slope_line(self) -> tuple[Float, Float]:
        """lambda and c / lambda with c fitted to the last points: the slope of the theorem."""
        curve = self.truths if len(self.truths.penalties) else self.series[0]
        positive = curve.excess > 0
        scale = float(np.exp(np.mean(np.log(curve.penalties[positive][-2:] * curve.excess[positive][-2:]))))
        ends = np.array(self.x_range)
        return ends, scale / ends

    def tables(self) -> dict[str, Table]:
        """Return the excess of every run, and the truths."""
        table: Table = {
            "solver": np.concatenate([[curve.kind] * len(curve.penalties) for curve in self.series]),
            "lambda": np.concatenate([curve.penalties for curve in self.series]),
            "value_minus_w1": np.concatenate([curve.excess for curve in self.series]),
            "value_se": np.concatenate([curve.errors for curve in self.series]),
        }
        truths = self.truths
        columns = {"lambda": truths.penalties, "c_minus_w1": truths.excess, "lower": truths.lower}
        return {"": table, "truths": columns | {"upper": truths.upper}} if len(truths.excess) else {"": table}


def penalty_text(kind: str) -> str:
    """Return the name of a kind of penalty, or of another solver."""
    return f"{PENALTY_NAMES[kind]} penalty" if kind in PENALTY_NAMES else kind


def fitted_slope(penalties: Float, excess: Float) -> float | None:
    """Return the least squares slope of log excess over log lambda; None without two positive points."""
    positive = excess > 0
    if np.unique(penalties[positive]).size < 2:
        return None
    return float(np.polyfit(np.log(penalties[positive]), np.log(excess[positive]), 1)[0])


def _penalty(record: RunRecord) -> float:
    return float(record.experiment.solver.gradient_penalty or np.nan)


def _comparable(record: RunRecord, other: RunRecord) -> bool:
    return _common_settings(record) == _common_settings(other) and np.isfinite(_penalty(record))


def _common_settings(record: RunRecord) -> dict[str, Any]:
    """Return the settings without lambda, the kind of penalty and the name."""
    settings = {name: dict(group) for name, group in record.experiment.settings().items() if name != "about"}
    for name in ("penalty", "kind"):
        settings["solver"].pop(name, None)
    return settings


def _value(record: RunRecord) -> tuple[float, float] | None:
    """Return the final value and its standard error; None while the run is not finished."""
    if record.ended is None or "value" not in record.ended.estimates:
        return None
    return record.ended.estimates["value"], record.ended.estimates["value_se"]


def _series(kind: str, family: Sequence[RunRecord], w1: float) -> PenaltySeries:
    points = sorted(
        (_penalty(record), *value)
        for record in family
        if record.experiment.solver.name() == kind and (value := _value(record)) is not None
    )
    penalties, values, errors = map(np.array, zip(*points, strict=True))
    return PenaltySeries(kind, penalties, values - w1, errors)


def _truths(family: Sequence[RunRecord]) -> TruthSeries:
    bounds = {}
    for record in family:
        if "congested" in record.truths and "w1" in record.truths:
            cost, w1 = record.truths["congested"], record.truths["w1"]
            bounds[_penalty(record)] = (cost.value - w1.value, cost.lower - w1.upper, cost.upper - w1.lower)
    columns = np.array([(key, *bounds[key]) for key in sorted(bounds)], float).reshape(-1, 4).T
    return TruthSeries(*columns)


def _summary(series: Sequence[PenaltySeries], truths: TruthSeries) -> tuple[str, ...]:
    lines = []
    for curve in series:
        slope = fitted_slope(curve.penalties, curve.excess)
        text = f"{penalty_text(curve.kind)}: " + (
            f"slope {slope:.2f}" if slope is not None else "only one lambda"
        )
        newest = with_error(float(curve.excess[-1]), float(curve.errors[-1]))
        lines.append(f"{text}; value − W₁ = {newest} at lambda = {curve.penalties[-1]:g}")
        if (curve.excess <= 0).any():
            below = ", ".join(f"{penalty:g}" for penalty in curve.penalties[curve.excess <= 0])
            lines.append(f"not drawn because the value is below W₁: lambda = {below}")
    slope = fitted_slope(truths.penalties, truths.excess)
    if slope is not None:
        lines.append(f"truth: slope {slope:.2f} (-1 for large lambda by the theorem)")
    return tuple(lines)


def _caption(record: RunRecord, lower: float, upper: float) -> str:
    experiment, training = record.experiment, record.experiment.training
    return (
        f"Final values of runs that differ only in lambda, minus W₁ in [{lower:.5g}, {upper:.5g}]; bars: "
        f"± {WIDTH} standard errors of the value. Dashed: c / lambda. "
        f"Pair: {describe_kind(experiment.pair)}. Critic: {describe_kind(experiment.critic)}. "
        f"{experiment.steps:,} steps, batch {training.batch:,}, seed {training.seed}."
    )
