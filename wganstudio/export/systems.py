"""Systems: what the solvers of a session compute on one pair, each estimate beside its own truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.export.costs import COMPARED, WIDTH, with_error
from wganstudio.export.plane import Range, Table, named
from wganstudio.session import RunRecord
from wganstudio.truth.certificate import NAMES

X_LABEL = "cost in units of distance (of squared costs the root)"
APART = ("about", "critic", "solver", "training", "evaluation")
"""Groups in which the runs may differ; of the training all but the seed."""


@dataclass(frozen=True)
class Row:
    """One estimate and the truth it should come to, in units of distance."""

    run: int
    label: str
    name: str
    """gap or value."""
    value: float
    error: float
    """Standard error."""
    truth: str
    """What is true of it in words; empty where nothing is known."""
    lower: float
    upper: float

    @property
    def remark(self) -> str:
        """How far the two are apart."""
        number = f"{self.label}: {with_error(self.value, self.error)}"
        if not self.truth:
            return f"{number}; its truth is not known"
        if self.lower <= self.value <= self.upper:
            return f"{number}, within the bounds of its truth, the {self.truth}"
        bound = self.upper if self.value > self.upper else self.lower
        share = (self.value - bound) / bound if bound > 0 else np.inf
        side = "above" if self.value > self.upper else "below"
        width = "" if self.upper - self.lower < 1e-3 * self.upper else "the bounds of "
        return f"{number}, {abs(share):.1%} {side} {width}its truth, the {self.truth} ({bound:.4g})"


@dataclass(frozen=True, eq=False)
class Systems:
    """The newest estimates of runs on one pair from one seed: a point each, and its truth as a band."""

    name: ClassVar[str] = "systems"

    runs: tuple[int, ...]
    rows: tuple[Row, ...]
    """From above."""
    remarks: tuple[str, ...]
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord, among: Sequence[RunRecord]) -> Self | None:
        """The runs that share a run's pair and seed; None where they are all of one kind of solver."""
        family = [other for other in among if _rest(other) == _rest(record)]
        if len({other.experiment.solver.name() for other in family}) < 2 or record not in family:
            return None
        rows = tuple(row for other in family if _in_distance(other) for row in _rows(other))
        if not rows:
            return None
        left_out = [other.name for other in family if not _in_distance(other)]
        remarks = [row.remark for row in rows]
        if left_out:
            remarks.append(f"not drawn, as their costs are in other units: {', '.join(left_out)}")
        high = max(max(row.value + WIDTH * row.error, row.upper) for row in rows)
        low = min(min(row.value - WIDTH * row.error, row.lower) for row in rows)
        margin = 0.08 * (high - low) or 1.0
        return cls(
            runs=tuple(other.run for other in family),
            rows=rows,
            remarks=tuple(remarks),
            title="What each system computes",
            caption=(
                f"Estimates (points, ± {WIDTH} standard errors) and what each should come to (bands between "
                f"bounds), in units of distance; of squared costs the root. Pair: "
                f"{named(record.experiment.pair)}. Seed {record.experiment.training.seed}."
            ),
            x_range=(low - margin, high + margin),
            y_range=(-0.6, len(rows) - 0.4),
        )

    def heights(self) -> list[tuple[float, str]]:
        """Where each row stands, and its label."""
        return [(len(self.rows) - 1.0 - place, row.label) for place, row in enumerate(self.rows)]

    def tables(self) -> dict[str, Table]:
        """A line an estimate."""
        keys = ("run", "label", "name", "value", "error", "truth", "lower", "upper")
        return {"": {key: np.array([getattr(row, key) for row in self.rows]) for key in keys}}


def _rest(record: RunRecord) -> dict[str, Any]:
    settings = record.experiment.settings()
    rest: dict[str, Any] = {name: group for name, group in settings.items() if name not in APART}
    return rest | {"seed": settings["training"]["seed"]}


def _in_distance(record: RunRecord) -> bool:
    """Whether its cost, or the root of it, is a length."""
    ground = record.experiment.solver.ground
    return ground is None or (ground.cost != "cosine" and not ground.normalised and ground.features == "none")


def _rows(record: RunRecord) -> list[Row]:
    known = {} if record.ended is None else record.ended.estimates
    ground = record.experiment.solver.ground
    squared = ground is not None and ground.cost == "squared"
    found = []
    for name, quantities in COMPARED.items():
        value = known.get(name, record.last(name))
        if value is None:
            continue
        error = known.get(f"{name}_se", record.last(f"{name}_se")) or 0.0
        truth = next((record.truths[one] for one in quantities if one in record.truths), None)
        ends = (value, value) if truth is None else (truth.lower, truth.upper)
        if squared:
            value = float(np.sqrt(max(value, 0.0)))
            error = error / (2 * value) if value > 0 else 0.0
            ends = float(np.sqrt(max(ends[0], 0.0))), float(np.sqrt(max(ends[1], 0.0)))
        several = "value" in known or record.last("value") is not None
        label = f"{record.name}, {name}" if several else record.name
        words = "" if truth is None else _words(truth.quantity, ground.words if ground else "")
        found.append(Row(record.run, label, name, value, error, words, *ends))
    return found


def _words(quantity: Any, ground: str) -> str:
    return f"cost of {ground}" if ground else NAMES[quantity]
