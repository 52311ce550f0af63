"""Sweep: how far the value stands above W1, over lambda: the theorem says like 1 / lambda."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.figures.costs.figure import WIDTH, with_error
from wganstudio.figures.plane import Float, Range, Table, named
from wganstudio.session import RunRecord

SIDES = {"lp": "one-sided", "gp": "two-sided"}
"""What the kinds of penalty are called."""


@dataclass(frozen=True, eq=False)
class Series:
    """value - W1 of the runs of one kind of solver, by lambda."""

    kind: str
    penalties: Float
    excess: Float
    errors: Float
    """Standard errors of the values."""

    @property
    def label(self) -> str:
        """What the legend says."""
        return f"{side(self.kind)} ± {WIDTH} SE"


@dataclass(frozen=True, eq=False)
class Truths:
    """C - W1 by lambda, with bounds: the excess that an optimal critic's value has."""

    penalties: Float
    excess: Float
    lower: Float
    upper: Float

    label: ClassVar[str] = "truth: C - W₁"


@dataclass(frozen=True, eq=False)
class Sweep:
    """Runs that differ in lambda, or in one-sided and two-sided, alone (arXiv 2109.00528, Theorem 1).

    C_lambda - W1 is like 1 / lambda where lambda is large: slope -1 on logarithmic axes.
    """

    name: ClassVar[str] = "sweep"

    runs: tuple[int, ...]
    """Numbers of the runs in it."""
    series: tuple[Series, ...]
    truths: Truths
    remarks: tuple[str, ...]
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, among: Sequence[RunRecord]) -> Self | None:
        """The sweep that a run belongs to; None where W1 is not known, or no other run belongs to it."""
        family = [other for other in among if _alike(other, record) and _value(other) is not None]
        w1 = next((other.truths["w1"] for other in family if "w1" in other.truths), None)  # all have one pair
        if w1 is None or len(family) < 2 or record not in family:
            return None
        kinds = dict.fromkeys(sorted(other.experiment.solver.name() for other in family))
        series = tuple(_series(kind, family, w1.value) for kind in kinds)
        truths = _truths(family)
        shown = np.concatenate([*(one.excess for one in series), truths.excess])
        shown = shown[shown > 0]
        if not len(shown):
            return None
        penalties = np.array([_penalty(other) for other in family])
        return cls(
            runs=tuple(other.run for other in family),
            series=series,
            truths=truths,
            remarks=_remarks(series, truths),
            title="Excess of the value over W₁, by lambda",
            caption=_caption(record, w1.lower, w1.upper),
            x_range=(float(penalties.min()) / 1.6, float(penalties.max()) * 1.6),
            y_range=(float(shown.min()) / 2, float(shown.max()) * 2),
        )

    @property
    def slope_line(self) -> tuple[Float, Float]:
        """lambda and c / lambda, c through the newest known excess: the slope that the theorem gives."""
        known = self.truths if len(self.truths.penalties) else self.series[0]
        good = known.excess > 0
        scale = float(np.exp(np.mean(np.log(known.penalties[good][-2:] * known.excess[good][-2:]))))
        ends = np.array(self.x_range)
        return ends, scale / ends

    def tables(self) -> dict[str, Table]:
        """The excess of every run, and the truths."""
        table: Table = {
            "solver": np.concatenate([[one.kind] * len(one.penalties) for one in self.series]),
            "lambda": np.concatenate([one.penalties for one in self.series]),
            "value_minus_w1": np.concatenate([one.excess for one in self.series]),
            "value_se": np.concatenate([one.errors for one in self.series]),
        }
        truths = self.truths
        columns = {"lambda": truths.penalties, "c_minus_w1": truths.excess, "lower": truths.lower}
        return {"": table, "truths": columns | {"upper": truths.upper}} if len(truths.excess) else {"": table}


def side(kind: str) -> str:
    """A kind of penalty in words; another solver by its name."""
    return f"{SIDES[kind]} penalty" if kind in SIDES else kind


def fitted_slope(penalties: Float, excess: Float) -> float | None:
    """Slope of log excess over log lambda by least squares; None with fewer than two positive points."""
    good = excess > 0
    if np.unique(penalties[good]).size < 2:
        return None
    return float(np.polyfit(np.log(penalties[good]), np.log(excess[good]), 1)[0])


def _penalty(record: RunRecord) -> float:
    return float(record.experiment.solver.gradient_penalty or np.nan)


def _alike(one: RunRecord, other: RunRecord) -> bool:
    return _rest(one) == _rest(other) and np.isfinite(_penalty(one))


def _rest(record: RunRecord) -> dict[str, Any]:
    """The settings but for lambda, the penalty's kind and the name."""
    settings = {name: dict(group) for name, group in record.experiment.settings().items() if name != "about"}
    for name in ("penalty", "kind"):
        settings["solver"].pop(name, None)
    return settings


def _value(record: RunRecord) -> tuple[float, float] | None:
    """The final value and its standard error; of a run under way none."""
    if record.ended is None or "value" not in record.ended.estimates:
        return None
    return record.ended.estimates["value"], record.ended.estimates["value_se"]


def _series(kind: str, family: Sequence[RunRecord], w1: float) -> Series:
    found = sorted(
        (_penalty(record), *value)
        for record in family
        if record.experiment.solver.name() == kind and (value := _value(record)) is not None
    )
    penalties, values, errors = map(np.array, zip(*found, strict=True))
    return Series(kind, penalties, values - w1, errors)


def _truths(family: Sequence[RunRecord]) -> Truths:
    found = {}
    for record in family:
        if "congested" in record.truths and "w1" in record.truths:
            cost, w1 = record.truths["congested"], record.truths["w1"]
            found[_penalty(record)] = (cost.value - w1.value, cost.lower - w1.upper, cost.upper - w1.lower)
    columns = np.array([(key, *found[key]) for key in sorted(found)], float).reshape(-1, 4).T
    return Truths(*columns)


def _remarks(series: Sequence[Series], truths: Truths) -> tuple[str, ...]:
    remarks = []
    for one in series:
        slope = fitted_slope(one.penalties, one.excess)
        text = f"{side(one.kind)}: " + (f"slope {slope:.2f}" if slope is not None else "one lambda")
        newest = with_error(float(one.excess[-1]), float(one.errors[-1]))
        remarks.append(f"{text}; value - W₁ = {newest} at lambda = {one.penalties[-1]:g}")
        if (one.excess <= 0).any():
            below = ", ".join(f"{penalty:g}" for penalty in one.penalties[one.excess <= 0])
            remarks.append(f"not drawn, as the value is below W₁: lambda = {below}")
    slope = fitted_slope(truths.penalties, truths.excess)
    if slope is not None:
        remarks.append(f"truth: slope {slope:.2f}; the theorem's is -1 where lambda is large")
    return tuple(remarks)


def _caption(record: RunRecord, lower: float, upper: float) -> str:
    experiment, training = record.experiment, record.experiment.training
    return (
        f"Final values of runs that differ in lambda alone, less W₁ in [{lower:.5g}, {upper:.5g}]; bars: "
        f"± {WIDTH} standard errors of the value. Dashed: c / lambda. "
        f"Pair: {named(experiment.pair)}. Critic: {named(experiment.critic)}. "
        f"{experiment.steps:,} steps, batch {training.batch:,}, seed {training.seed}."
    )
