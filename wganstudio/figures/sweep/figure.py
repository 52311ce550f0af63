"""Sweep: the excess of the value over W1 by lambda, which in theory is of order 1 / lambda."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.comparison.numbers import with_error
from wganstudio.experiment import Experiment
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import SessionFigure
from wganstudio.figures.captions import describe_kind
from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.curves import CurveReading
from wganstudio.figures.families import family_of, incomplete_text, is_complete, progress_text
from wganstudio.figures.plot_choices import NO_CHOICES, PlotChoices, ReadableLine, read_lines
from wganstudio.figures.ranges import axis_range
from wganstudio.figures.registry import register_figure
from wganstudio.figures.sweep.fit import PowerFit, fit_power
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.truths import Truth

PENALTY_NAMES = {"lp": "one-sided", "gp": "two-sided"}
"""Names of the kinds of penalty."""
INCOMPLETE_LABEL = "stopped early"
"""The entry of the legend for open points."""
SLOPE_POINTS = 200
"""Points of the line of slope -1 where it is a curve."""
TRUTH, SLOPE = "truth", "slope"
"""The names of the line of the truths and of that of slope -1."""


@dataclass(frozen=True, eq=False)
class PenaltySeries:
    """value - W1 of the runs of one kind of solver, by lambda."""

    kind: str
    runs: tuple[int, ...]
    penalties: Float
    excess: Float
    errors: Float
    """Standard errors of the values."""
    complete: NDArray[np.bool_]
    """True for the runs that ended as planned; the others are drawn open and left out of the fit."""
    steps: NDArray[np.int_]
    """Steps that the runs took."""

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return f"{penalty_text(self.kind)} ± {WIDTH} SE"

    def fit(self, shift: float) -> PowerFit:
        """Return the slope of the complete runs; `shift` is the half width of the bracket of W1."""
        at = self.complete
        return fit_power(self.penalties[at], self.excess[at], self.errors[at], shift)


@dataclass(frozen=True, eq=False)
class TruthSeries:
    """C - W1 by lambda, with bounds: the excess of an optimal critic."""

    penalties: Float
    excess: Float
    lower: Float
    upper: Float

    label: ClassVar[str] = "truth: C - W₁"

    def fit(self) -> PowerFit:
        """Return the slope; the bounds stand for two standard errors."""
        largest = np.abs(self.excess).max(initial=1e-12)
        return fit_power(
            self.penalties, self.excess, np.maximum((self.upper - self.lower) / 4, 1e-6 * largest)
        )


NO_TRUTHS = TruthSeries(*(np.empty(0) for _ in range(4)))


@register_figure
@dataclass(frozen=True, eq=False)
class Sweep(SessionFigure):
    """Runs that differ only in lambda and in the kind of penalty (arXiv 2109.00528, Theorem 1).

    C_lambda - W1 is of order 1 / lambda for large lambda: slope -1 on logarithmic axes.
    """

    name: ClassVar[str] = "sweep"
    position: ClassVar[int] = 130
    source: ClassVar[str] = "Milne & Nachman, arXiv 2109.00528"

    series: tuple[PenaltySeries, ...]
    truths: TruthSeries
    slope_line: tuple[Float, Float]
    """lambda and c / lambda with c fitted to the last points: the slope of the theorem. Empty without any."""
    fits: tuple[tuple[str, PowerFit], ...]
    """The fitted slope of each kind of penalty, and of the truth."""
    notes: tuple[str, ...]
    """The runs that are not on the axes or not in the fits."""
    x_range: Range
    y_range: Range
    choices: PlotChoices = NO_CHOICES

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True for a penalty that was varied in other runs of the same pair and critic."""
        return bool(experiment.solver.gradient_penalty) and any(
            bool(other.solver.gradient_penalty)
            and other.solver != experiment.solver
            and (other.pair, other.critic) == (experiment.pair, experiment.critic)
            for other in among
        )

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        log_x: bool | None = None,
        log_y: bool | None = None,
        hidden: Collection[str] = (),
    ) -> Self | None:
        """Build the sweep of a run; None where W1 is not known or no other run belongs to it.

        Both axes are logarithmic by default; `hidden` are names of `entries`.
        """
        choices = PlotChoices.of(log_x, log_y, hidden)
        if not np.isfinite(_penalty(record)) or _value(record) is None:
            return None
        family = family_of(record, among, _shared)
        valued = [other for other in family if _value(other) is not None]
        w1 = next((other.truths["w1"] for other in family if "w1" in other.truths), None)  # all share P, Q
        if w1 is None or len(valued) < 2:
            return None
        kinds = dict.fromkeys(sorted(other.experiment.solver.name() for other in valued))
        series = tuple(_series(kind, valued, w1.value) for kind in kinds)
        truths, shift = _truths(family), (w1.upper - w1.lower) / 2
        if not any((part > 0).any() for part in (*(curve.excess for curve in series), truths.excess)):
            return None
        log_x, log_y = choices.logarithmic((True, True))
        penalties = np.array([_penalty(other) for other in valued])
        x_range = axis_range(penalties, log=log_x)
        return cls(
            runs=tuple(other.run for other in valued),
            series=series,
            truths=truths,
            slope_line=_slope_line(series, truths, axis_range(penalties, log=True)),
            fits=(*((curve.kind, curve.fit(shift)) for curve in series), ("truth", truths.fit())),
            notes=_notes(series, family),
            title="Excess of the value over W₁, by lambda",
            caption=_caption(record, w1, family),
            x_range=x_range,
            y_range=_heights(series, truths, choices, log=log_y),
            choices=choices,
        )

    @property
    def logarithmic(self) -> tuple[bool, bool]:
        """True for a logarithmic horizontal, and vertical axis."""
        return self.choices.logarithmic((True, True))

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """Name and label of all that can be hidden."""
        kinds = [(curve.kind, curve.label) for curve in self.series]
        truth = [(TRUTH, self.truths.label)] if len(self.truths.penalties) else []
        return (*kinds, *truth, *([(SLOPE, "slope -1")] if len(self.slope_line[0]) else []))

    @property
    def shown_series(self) -> tuple[PenaltySeries, ...]:
        """The series that are not hidden."""
        return tuple(curve for curve in self.series if self.choices.shows(curve.kind))

    @property
    def shown_truths(self) -> TruthSeries:
        """The truths; none if they are hidden."""
        return self.truths if self.choices.shows(TRUTH) else NO_TRUTHS

    @property
    def shown_slope(self) -> tuple[Float, Float]:
        """The line of slope -1, a curve unless both axes are logarithmic; without points if it is hidden."""
        x, y = self.slope_line
        if not len(x) or not self.choices.shows(SLOPE):
            return np.empty(0), np.empty(0)
        if all(self.logarithmic):
            return x, y
        places = np.geomspace(x[0], x[1], SLOPE_POINTS)
        return places, x[0] * y[0] / places

    def read(self, place: float) -> CurveReading | None:
        """Return what is shown at the lambda of a run that is nearest to a place on the axis."""
        truths = self.shown_truths
        lines = [
            ReadableLine(
                curve.kind,
                penalty_text(curve.kind),
                curve.penalties,
                curve.excess,
                errors=curve.errors,
            )
            for curve in self.shown_series
        ]
        bounds = truths.lower, truths.upper
        lines.append(ReadableLine(TRUTH, truths.label, truths.penalties, truths.excess, bounds=bounds))
        return read_lines(lines, place, lambda x: f"λ = {x:g}", log_x=self.logarithmic[0])

    @property
    def summary_lines(self) -> tuple[str, ...]:
        """The slopes, the excess at the largest lambda, and the notes."""
        fits = dict(self.fits)
        lines = [
            f"{penalty_text(curve.kind)}: {fits[curve.kind].text}; value − W₁ = "
            f"{with_error(float(curve.excess[-1]), float(curve.errors[-1]))} at λ = {curve.penalties[-1]:g}"
            for curve in self.series
        ]
        if len(self.truths.penalties) > 1:
            lines.append(f"truth: {fits['truth'].text}; the theorem: -1 for large λ")
        return (*lines, *self.notes)

    @property
    def has_incomplete(self) -> bool:
        """True if a run was stopped early."""
        return any(not curve.complete.all() for curve in self.series)

    def tables(self) -> dict[str, Table]:
        """Return the excess of every run that is shown, and the truths."""
        series = self.shown_series
        table: Table = {
            "solver": np.array([curve.kind for curve in series for _ in curve.penalties], str),
            "lambda": joined([curve.penalties for curve in series]),
            "value_minus_w1": joined([curve.excess for curve in series]),
            "value_se": joined([curve.errors for curve in series]),
            "steps": joined([curve.steps for curve in series]).astype(int),
            "complete": joined([curve.complete for curve in series]).astype(int),
        }
        truths = self.shown_truths
        columns = {"lambda": truths.penalties, "c_minus_w1": truths.excess, "lower": truths.lower}
        return {"": table, "truths": columns | {"upper": truths.upper}} if len(truths.excess) else {"": table}


def joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the parts of a column one after another, also where there is none."""
    return np.concatenate([np.empty(0), *parts])


def penalty_text(kind: str) -> str:
    """Return the name of a kind of penalty, or of another solver."""
    return f"{PENALTY_NAMES[kind]} penalty" if kind in PENALTY_NAMES else kind


def _penalty(record: RunRecord) -> float:
    return float(record.experiment.solver.gradient_penalty or np.nan)


def _shared(experiment: Experiment) -> object:
    """Return the settings without lambda, the kind of penalty, and what describes the run."""
    settings = {name: dict(group) for name, group in experiment.settings().items() if name != "about"}
    for name in ("penalty", "kind"):
        settings["solver"].pop(name, None)
    return settings, experiment.solver.gradient_penalty is None


def _value(record: RunRecord) -> tuple[float, float] | None:
    """Return the final value and its standard error; None while the run is not over."""
    if record.ended is None or "value" not in record.ended.estimates:
        return None
    return record.ended.estimates["value"], record.ended.estimates["value_se"]


def _series(kind: str, valued: Sequence[RunRecord], w1: float) -> PenaltySeries:
    own = sorted((one for one in valued if one.experiment.solver.name() == kind), key=_penalty)
    values, errors = np.array([_value(record) for record in own], float).T
    return PenaltySeries(
        kind,
        tuple(record.run for record in own),
        np.array([_penalty(record) for record in own]),
        values - w1,
        errors,
        np.array([is_complete(record) for record in own]),
        np.array([record.step for record in own]),
    )


def _truths(family: Sequence[RunRecord]) -> TruthSeries:
    bounds = {}
    for record in family:
        if "congested" in record.truths and "w1" in record.truths:
            cost, w1 = record.truths["congested"], record.truths["w1"]
            bounds[_penalty(record)] = (cost.value - w1.value, cost.lower - w1.upper, cost.upper - w1.lower)
    columns = np.array([(key, *bounds[key]) for key in sorted(bounds)], float).reshape(-1, 4).T
    return TruthSeries(*columns)


def _heights(
    series: Sequence[PenaltySeries], truths: TruthSeries, choices: PlotChoices, *, log: bool
) -> Range:
    """Return the range of what is shown; on a linear axis with the error bars and zero."""
    curves = [curve for curve in series if choices.shows(curve.kind)]
    parts = [curve.excess for curve in curves]
    parts += [truths.excess] if choices.shows(TRUTH) else []
    if not log:
        bars = [curve.excess + sign * WIDTH * curve.errors for curve in curves for sign in (-1, 1)]
        return axis_range(joined([np.zeros(1), *parts, *bars]), log=False)
    return axis_range(joined(parts), log=True, factor=2.0)


def _slope_line(series: Sequence[PenaltySeries], truths: TruthSeries, x_range: Range) -> tuple[Float, Float]:
    if len(truths.penalties):
        penalties, excess, errors = truths.penalties, truths.excess, truths.excess
    else:
        curve = series[0]
        penalties, excess, errors = (
            part[curve.complete] for part in (curve.penalties, curve.excess, curve.errors)
        )
    penalties, excess = penalties[-2:], excess[-2:]
    weights = 1 / np.maximum(penalties * np.abs(errors[-2:]), 1e-12) ** 2
    scale = float((weights * penalties * excess).sum() / max(weights.sum(), 1e-300))
    ends = np.array(x_range) if scale > 0 else np.empty(0)
    return ends, scale / ends


def _notes(series: Sequence[PenaltySeries], family: Sequence[RunRecord]) -> tuple[str, ...]:
    notes = []
    below = [
        f"{with_error(float(value), float(error))} at λ = {penalty:g}"
        for curve in series
        for penalty, value, error in zip(curve.penalties, curve.excess, curve.errors, strict=True)
        if value <= 0
    ]
    if below:
        notes.append(f"below W₁: {', '.join(below)}")
    if incomplete := incomplete_text(family):
        notes.append(f"not in the fit: {incomplete}")
    return tuple(notes)


def _caption(record: RunRecord, w1: Truth, family: Sequence[RunRecord]) -> str:
    experiment, training = record.experiment, record.experiment.training
    complete = [one.step for one in family if is_complete(one)]
    low, high = min(complete, default=0), max(complete, default=0)
    steps = counted(low, "step") if low == high else f"{low:,} to {high:,} steps"
    stopped = ", ".join(
        f"{one.experiment.solver.name()}, λ = {_penalty(one):g}: {text}"
        for one in family
        if (text := progress_text(one))
    )
    return (
        f"Final values of runs that differ only in lambda, minus W₁ in [{w1.lower:.5g}, {w1.upper:.5g}]; "
        f"bars: ± {WIDTH} standard errors of the value. Dashed: c / lambda. Slopes: weighted least "
        f"squares of c λ^slope over the n complete runs, ± 1 standard error. "
        + (f"Open or missing: runs that are not complete ({stopped}). " if stopped else "")
        + f"Pair: {describe_kind(experiment.pair)}. Critic: {describe_kind(experiment.critic)}. "
        + (f"Complete runs: {steps}. " if complete else "")
        + f"Batch {training.batch:,}, seed {training.seed}."
    )
