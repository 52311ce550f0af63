"""Systems: the estimates of several solvers on one pair, each beside its own truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.comparison.metrics import COMPARED
from wganstudio.comparison.numbers import with_error
from wganstudio.experiment import Experiment
from wganstudio.figures.base import SessionFigure
from wganstudio.figures.captions import describe_kind
from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.families import family_of, progress_text, suite_of
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Range, Table
from wganstudio.session import RunRecord
from wganstudio.truths.certificate import NAMES

X_LABEL = "cost as a distance"
COMMON_GROUPS = ("pair", "perturbation", "generator", "sigma", "truth")
"""Groups of settings that all runs share, besides the seed. Runs of no suite also share the training."""


@dataclass(frozen=True)
class EstimateRow:
    """One estimate and its truth, in units of distance."""

    run: int
    label: str
    name: str
    """gap or value."""
    value: float
    error: float
    """Standard error."""
    truth: str
    """The name of the true cost; empty where none is known."""
    lower: float
    upper: float
    progress: str = ""
    """The reason why the run is incomplete, and the step of the estimate; empty for a complete run."""

    @property
    def difference(self) -> str:
        """Deviation from the truth in a few characters."""
        if not self.truth:
            return "?"
        if self.lower <= self.value <= self.upper:
            return "within"
        bound = self.upper if self.value > self.upper else self.lower
        return f"{100 * (self.value - bound) / bound:+z.1f} %" if bound > 0 else f"{self.value - bound:+.3g}"

    @property
    def summary(self) -> str:
        """Estimate and truth on one line."""
        progress = f" ({self.progress})" if self.progress else ""
        number = f"{self.label}{progress}: {with_error(self.value, self.error)}"
        if not self.truth:
            return f"{number}; no truth is known"
        exact = self.upper - self.lower <= 1e-3 * abs(self.upper)
        bounds = f"= {self.upper:.5g}" if exact else f"in [{self.lower:.4g}, {self.upper:.4g}]"
        return f"{number} ({self.difference}); {self.truth} {bounds}"


@register_figure
@dataclass(frozen=True, eq=False)
class Systems(SessionFigure):
    """The newest estimates of runs on one pair with one seed as points, their truths as bands.

    The runs are of one suite, or of none and trained for equally many steps on equally large batches.
    """

    name: ClassVar[str] = "systems"
    position: ClassVar[int] = 140

    runs: tuple[int, ...]
    rows: tuple[EstimateRow, ...]
    """Rows from top to bottom."""
    summary: str
    x_range: Range
    y_range: Range

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True where another solver was trained on the same pair."""
        return any(
            other.solver.name() != experiment.solver.name() and other.pair == experiment.pair
            for other in among
        )

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the figure of all runs with the pair and seed of a run; None if they share one solver."""
        family = family_of(record, among, _shared)
        if len({other.experiment.solver.name() for other in family}) < 2:
            return None
        rows = tuple(row for other in family if _is_distance(other) for row in _rows(other))
        if not rows:
            return None
        rows = _short_labels(rows)
        high = max(max(row.value + WIDTH * row.error, row.upper) for row in rows)
        low = min(min(row.value - WIDTH * row.error, row.lower) for row in rows)
        margin = 0.08 * (high - low) or 1.0
        return cls(
            runs=tuple(other.run for other in family),
            rows=rows,
            summary=_summary(family, rows),
            title="Estimates of the solvers",
            caption=(
                f"Estimates (points, ± {WIDTH} standard errors), bounds of the true costs (green), and on "
                f"the right the deviations; in units of distance (square root of squared costs). "
                f"{'Open points: incomplete runs. ' if any(row.progress for row in rows) else ''}"
                f"{'. '.join(row.summary for row in rows)}. Pair: {describe_kind(record.experiment.pair)}. "
                f"Seed {record.experiment.training.seed}."
            ),
            x_range=(low - margin, high + margin),
            y_range=(-0.6, len(rows) - 0.4),
        )

    @property
    def heights(self) -> list[float]:
        """Vertical position of each row."""
        return [len(self.rows) - 1.0 - place for place in range(len(self.rows))]

    def pick(self, y: float) -> EstimateRow | None:
        """Return the row at a height; None outside."""
        place = len(self.rows) - 1 - round(y)
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def tables(self) -> dict[str, Table]:
        """Return one line per estimate."""
        keys = ("run", "label", "name", "value", "error", "truth", "lower", "upper", "progress")
        return {"": {key: np.array([getattr(row, key) for row in self.rows]) for key in keys}}


def _short_labels(rows: tuple[EstimateRow, ...]) -> tuple[EstimateRow, ...]:
    """Return the rows without the parts at the end of the labels that all have in common."""
    parts = [row.label.removesuffix(f", {row.name}").split(", ") for row in rows]
    common = 0
    while all(len(part) > common + 1 for part in parts) and len({part[-1 - common] for part in parts}) == 1:
        common += 1
    tails = [f", {row.name}" if row.label.endswith(f", {row.name}") else "" for row in rows]
    return tuple(
        replace(row, label=", ".join(part[: len(part) - common]) + tail)
        for row, part, tail in zip(rows, parts, tails, strict=True)
    )


def _shared(experiment: Experiment) -> object:
    training = experiment.training
    common = [getattr(experiment, group) for group in COMMON_GROUPS]
    return common, training.seed, None if suite_of(experiment) else (experiment.steps, training.batch)


def _summary(family: Sequence[RunRecord], rows: Sequence[EstimateRow]) -> str:
    """Return what is incomplete or not drawn, in words."""
    drawn = {row.run for row in rows}
    progress = {row.run: row.progress for row in rows if row.progress}
    rest = [other for other in family if other.run not in drawn]
    parts = {
        "open": [f"{other.name} ({progress[other.run]})" for other in family if other.run in progress],
        "no estimate": [f"{other.name} ({progress_text(other)})" for other in rest if _is_distance(other)],
        "not drawn because their costs are in other units": [
            other.name for other in rest if not _is_distance(other)
        ],
    }
    return "; ".join(f"{title}: {', '.join(names)}" for title, names in parts.items() if names)


def _progress(record: RunRecord, name: str) -> str:
    """Return the reason why a run is incomplete, with the step of its newest estimate."""
    progress, (steps, _) = progress_text(record), record.curve(name)
    if record.ended is not None or not len(steps):
        return progress
    return f"{progress}, estimate at step {int(steps[-1]):,} of {record.steps:,}"


def _is_distance(record: RunRecord) -> bool:
    """Return True where the cost, or its square root, is a length."""
    ground = record.experiment.solver.ground
    return ground is None or (ground.cost != "cosine" and not ground.normalized and ground.features == "none")


def _rows(record: RunRecord) -> list[EstimateRow]:
    estimates = {} if record.ended is None else record.ended.estimates
    ground = record.experiment.solver.ground
    squared = ground is not None and ground.cost == "squared"
    rows = []
    for name, quantities in COMPARED.items():
        value = estimates.get(name, record.last(name))
        if value is None:
            continue
        error = estimates.get(f"{name}_se", record.last(f"{name}_se")) or 0.0
        truth = next((record.truths[quantity] for quantity in quantities if quantity in record.truths), None)
        ends = (value, value) if truth is None else (truth.lower, truth.upper)
        if squared:
            value = float(np.sqrt(max(value, 0.0)))
            error = error / (2 * value) if value > 0 else 0.0
            ends = float(np.sqrt(max(ends[0], 0.0))), float(np.sqrt(max(ends[1], 0.0)))
        several = "value" in estimates or record.last("value") is not None
        label = f"{record.name}, {name}" if several else record.name
        cost = "" if truth is None else _cost_text(truth.quantity, ground.description if ground else "")
        rows.append(EstimateRow(record.run, label, name, value, error, cost, *ends, _progress(record, name)))
    return rows


def _cost_text(quantity: Any, ground: str) -> str:
    return f"cost of {ground}" if ground else NAMES[quantity]
