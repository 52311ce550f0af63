"""FieldSweep: any result of the runs of a session over the field in which they differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.comparison.metrics import COMPARED
from wganstudio.experiment import Experiment
from wganstudio.experiment.differences import ABSENT
from wganstudio.experiment.value_texts import counted
from wganstudio.figures.base import SessionFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.curves import CurveReading
from wganstudio.figures.families import (
    SEED,
    FieldFamily,
    field_families,
    field_text,
    field_value,
    incomplete_text,
    independent_differences,
    is_complete,
    is_number,
    sole_difference,
    suite_of,
)
from wganstudio.figures.field_sweep.results import SweepResult, result_of, results_of
from wganstudio.figures.plot_choices import NO_CHOICES, PlotChoices, ReadableLine, read_lines
from wganstudio.figures.ranges import axis_range, finite_range, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.sweep.figure import joined
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.truths.certificate import NAMES

LOG_RATIO = 30.0
"""Ratio of the largest to the smallest result above which the vertical axis is logarithmic."""


@dataclass(frozen=True, eq=False)
class SweepSeries:
    """The results of the runs that have one value of a second field, by the swept one."""

    label: str
    """The value of the second field; empty without one."""
    x: Float
    """The values of the field; their indices where they are no numbers."""
    y: Float
    errors: Float
    """Standard errors; NaN where a result has none."""
    seeds: NDArray[np.int_]
    complete: NDArray[np.bool_]
    steps: NDArray[np.int_]

    @property
    def means(self) -> tuple[Float, Float, Float]:
        """Each value of the field, the mean over its runs, and the standard error of that mean over seeds.

        The error is that of the result where the value has one run.
        """
        x = np.unique(self.x)
        groups = [np.flatnonzero(self.x == value) for value in x]
        means = np.array([self.y[group].mean() for group in groups])
        errors = [
            self.y[group].std(ddof=1) / np.sqrt(len(group)) if len(group) > 1 else self.errors[group[0]]
            for group in groups
        ]
        return x, means, np.array(errors, float)


@dataclass(frozen=True, eq=False)
class SweepTruth:
    """A truth over the swept field, with its bounds."""

    label: str
    x: Float
    value: Float
    lower: Float
    upper: Float


@register_figure
@dataclass(frozen=True, eq=False)
class FieldSweep(SessionFigure):
    """A final estimate or metric of runs that differ in one field, in a second one, and in the seed."""

    name: ClassVar[str] = "field_sweep"
    position: ClassVar[int] = 131

    path: str
    """The swept field."""
    result: SweepResult
    x_label: str
    values: tuple[Any, ...]
    """The distinct values of the field, ascending."""
    numeric: bool
    logarithmic: tuple[bool, bool]
    """True for a logarithmic horizontal, and vertical axis."""
    series: tuple[SweepSeries, ...]
    truths: tuple[SweepTruth, ...]
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range
    choices: PlotChoices = NO_CHOICES

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True if another run differs in a single field."""
        return any(sole_difference(experiment, other) is not None for other in among)

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        path: str = "",
        result: str = "",
        log_x: bool | None = None,
        log_y: bool | None = None,
        hidden: Collection[str] = (),
    ) -> Self | None:
        """Build the figure of the runs that belong with one; None without two results.

        Parameters
        ----------
        record, step, among
            As for every figure.
        path
            The swept field; by default the one with the most values.
        result
            The key of a result (see `results_of`); by default the value, else the gap, else the first.
        log_x, log_y
            True for a logarithmic axis; by default as suits the data. A field without numbers has none.
        hidden
            Names of `entries` that are hidden.
        """
        choices = PlotChoices.of(log_x, log_y, hidden)
        families = field_families(record, among)
        family = next((one for one in families if path in ("", one.path)), None)
        if family is None:
            return None
        second = next((one for one in families if one.path not in (family.path, SEED)), None)
        members = _members(record, among, family, second)
        offered = {one.key: one for one in results_of(members)}
        chosen = offered.get(result) or next(iter(offered.values()), None)
        if chosen is None:
            return None
        valued = [one for one in members if result_of(one, chosen.key) is not None]
        values = _ascending({field_value(one.experiment, family.path) for one in valued})
        if len(values) < 2:
            return None
        numeric = all(map(is_number, values))
        series = _series(valued, family, second, values, numeric, chosen)
        truths = _truths(valued, family.path, values, numeric, chosen)
        x = np.array(values if numeric else range(len(values)), float)
        usual = _is_geometric(x), _spans_decades(series)
        log_x, log_y = choices.logarithmic(usual)
        log_x = log_x and numeric
        shown = [one for one in series if choices.shows(one.label or chosen.title)]
        bands = [one for one in truths if choices.shows(one.label)]
        unit = f" ({family.unit})" if family.unit else ""
        return cls(
            runs=tuple(one.run for one in valued),
            path=family.path,
            result=chosen,
            x_label=f"{family.title}{unit}",
            values=values,
            numeric=numeric,
            logarithmic=(log_x, log_y),
            series=series,
            truths=truths,
            summary_lines=(*_summary(series, valued, members, chosen), *_left_out(shown, log_x, log_y)),
            title=f"{chosen.title} over {family.title}",
            caption=_caption(record, family, second, chosen),
            x_range=_span(x, log_x, numeric),
            y_range=_heights(shown, bands, log=log_y),
            choices=choices,
        )

    def label_of(self, series: SweepSeries) -> str:
        """Return the entry of a series in the legend, which is also its name."""
        return series.label or self.result.title

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """Name and label of all that can be hidden."""
        labels = [*(truth.label for truth in self.truths), *map(self.label_of, self.series)]
        return tuple((label, label) for label in labels)

    @property
    def shown_series(self) -> tuple[SweepSeries, ...]:
        """The series that are not hidden."""
        return tuple(one for one in self.series if self.choices.shows(self.label_of(one)))

    @property
    def shown_truths(self) -> tuple[SweepTruth, ...]:
        """The truths that are not hidden."""
        return tuple(one for one in self.truths if self.choices.shows(one.label))

    def read(self, place: float) -> CurveReading | None:
        """Return the means and the truths at the value of the field that is nearest to a place."""
        lines = []
        for one in self.shown_series:
            x, means, errors = one.means
            lines.append(ReadableLine(self.label_of(one), self.label_of(one), x, means, errors=errors))
        for truth in self.shown_truths:
            bounds = truth.lower, truth.upper
            lines.append(ReadableLine(truth.label, truth.label, truth.x, truth.value, bounds=bounds))
        texts = dict(self.ticks)
        return read_lines(
            lines, place, lambda x: f"{self.x_label} = {texts.get(x, f'{x:g}')}", log_x=self.logarithmic[0]
        )

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """The place and text of each value that is no number; empty for numbers."""
        texts = [] if self.numeric else [field_text(self.path, value) for value in self.values]
        return [(float(place), text) for place, text in enumerate(texts)]

    @property
    def has_incomplete(self) -> bool:
        """True if a run was stopped early."""
        return any(not series.complete.all() for series in self.series)

    def tables(self) -> dict[str, Table]:
        """Return the result of every run that is shown, and the truths."""
        numbers: list[Any] = []
        for series in self.shown_series:
            numbers += [self.values[int(x)] for x in series.x] if not self.numeric else list(series.x)
        column = np.array(numbers, float) if self.numeric else np.array(list(map(str, numbers)), str)
        columns = {
            name: joined([getattr(series, name) for series in self.shown_series])
            for name in ("y", "errors", "seeds", "steps", "complete")
        }
        table: Table = {
            self.path: column,
            "series": np.array([series.label for series in self.shown_series for _ in series.x], str),
            "seed": columns["seeds"].astype(int),
            self.result.key: columns["y"],
            "standard_error": columns["errors"],
            "steps": columns["steps"].astype(int),
            "complete": columns["complete"].astype(int),
        }
        tables = {"": table}
        for truth in self.shown_truths:
            bounds: Table = {"x": truth.x, "value": truth.value, "lower": truth.lower, "upper": truth.upper}
            tables[f"truth-{truth.label.lower().replace(' ', '-')}"] = bounds
        return tables


def _members(
    record: RunRecord, among: Sequence[RunRecord], family: FieldFamily, second: FieldFamily | None
) -> list[RunRecord]:
    """Return the runs that differ from one in no other field; of each experiment the newest complete run."""
    allowed = {family.path, SEED, *([] if second is None else [second.path])}
    suite, chosen = suite_of(record.experiment), dict[Any, RunRecord]()
    for other in among:
        if suite_of(other.experiment) != suite:
            continue
        if {field.path for field in independent_differences(record.experiment, other.experiment)} - allowed:
            continue
        key = tuple(field_value(other.experiment, path) for path in sorted(allowed))
        twin = chosen.get(key)
        if ABSENT not in key and (twin is None or is_complete(other) or not is_complete(twin)):
            chosen[key] = other
    return sorted(chosen.values(), key=lambda one: one.run)


def _ascending(values: set[Any]) -> tuple[Any, ...]:
    numeric = all(map(is_number, values))
    return tuple(sorted(values, key=(lambda value: value) if numeric else str))


def _series(
    valued: Sequence[RunRecord],
    family: FieldFamily,
    second: FieldFamily | None,
    values: tuple[Any, ...],
    numeric: bool,
    result: SweepResult,
) -> tuple[SweepSeries, ...]:
    by_second: dict[Any, list[RunRecord]] = {}
    for one in valued:
        key = None if second is None else field_value(one.experiment, second.path)
        by_second.setdefault(key, []).append(one)
    series = []
    for key in _ascending(set(by_second)):
        runs = by_second[key]
        places = [field_value(one.experiment, family.path) for one in runs]
        x = np.array([value if numeric else values.index(value) for value in places], float)
        order = np.argsort(x, kind="stable")
        results = [result_of(one, result.key) or (np.nan, np.nan) for one in runs]
        y, errors = np.array(results, float).T
        label = "" if second is None else f"{second.title} {field_text(second.path, key)}"
        seeds = np.array([one.experiment.training.seed for one in runs])
        complete = np.array([is_complete(one) for one in runs])
        steps = np.array([one.step for one in runs])
        columns = (part[order] for part in (x, y, errors, seeds, complete, steps))
        series.append(SweepSeries(label, *columns))
    return tuple(series)


def _truths(
    valued: Sequence[RunRecord], path: str, values: tuple[Any, ...], numeric: bool, result: SweepResult
) -> tuple[SweepTruth, ...]:
    name = result.key.removeprefix("estimates.")
    truths = []
    for quantity in COMPARED.get(name, ()):
        rows = {}
        for one in valued:
            if (truth := one.truths.get(quantity)) is not None:
                value = field_value(one.experiment, path)
                place = float(value if numeric else values.index(value))
                rows[place] = (truth.value, truth.lower, truth.upper)
        if rows:
            columns = np.array([(place, *rows[place]) for place in sorted(rows)], float).T
            truths.append(SweepTruth(NAMES[quantity], *columns))
    return tuple(truths)


def _is_geometric(x: Float) -> bool:
    """Return True for positive values over a decade or more that are spaced by ratios."""
    if x.min() <= 0 or x.max() < 8 * x.min():
        return False
    steps, ratios = np.diff(np.unique(x)), np.diff(np.log(np.unique(x)))
    return bool(ratios.max() / ratios.min() <= steps.max() / steps.min())


def _span(x: Float, logarithmic: bool, numeric: bool) -> Range:
    share = 0.06 if numeric else 0.3 / max(len(x) - 1, 1) + 0.1
    return axis_range(x, log=logarithmic, share=share)


def _spans_decades(series: Sequence[SweepSeries]) -> bool:
    """Return True for positive results whose sizes differ so much that a logarithmic axis suits them."""
    results = joined([one.y for one in series])
    return bool(results.min() > 0 and results.max() > LOG_RATIO * results.min())


def _heights(series: Sequence[SweepSeries], truths: Sequence[SweepTruth], *, log: bool) -> Range:
    """Return the range of the results with their errors and truths."""
    errors = [WIDTH * np.nan_to_num(one.errors) for one in series]
    ends = [one.y + sign * error for one, error in zip(series, errors, strict=True) for sign in (-1, 1)]
    heights = joined([*ends, *(one.value for one in truths)])
    if not log:
        return padded(*finite_range(heights), 0.08)
    lowest = axis_range(joined([one.y for one in series]), log=True)[0]
    return lowest, max(axis_range(heights, log=True)[1], 2 * lowest)


def _left_out(series: Sequence[SweepSeries], log_x: bool, log_y: bool) -> tuple[str, ...]:
    """Return a sentence on the results that logarithmic axes leave out."""
    count = sum(int(((log_x & (one.x <= 0)) | (log_y & (one.y <= 0))).sum()) for one in series)
    return (f"the logarithmic axes leave out {counted(count, 'result')} not above 0",) if count else ()


def _summary(
    series: Sequence[SweepSeries],
    valued: Sequence[RunRecord],
    members: Sequence[RunRecord],
    result: SweepResult,
) -> tuple[str, ...]:
    seeds = max(len(np.unique(one.seeds)) for one in series)
    lines = [f"{result.title} of {counted(len(valued), 'run')}"]
    if seeds > 1:
        lines[0] += f"; lines: means over up to {counted(seeds, 'seed')}"
    if incomplete := incomplete_text(members):
        lines.append(f"not complete: {incomplete}")
    return tuple(lines)


def _caption(record: RunRecord, family: FieldFamily, second: FieldFamily | None, result: SweepResult) -> str:
    others = "" if second is None else f", {second.title}"
    return (
        f"{result.title} of runs that differ only in {family.title}{others} and the seed; bars: ± {WIDTH} "
        f"standard errors of each run where they are known, lines: means over seeds. Open: runs that are not "
        f"complete. Bands: truths between their bounds. Of the selected run: {settings_text(record)}"
    )
