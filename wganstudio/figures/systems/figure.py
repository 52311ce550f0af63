"""Systems: what the solvers of a session compute on one pair, each estimate beside its own truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.figures.costs.figure import COMPARED, WIDTH, with_error
from wganstudio.figures.plane import Range, Table, named
from wganstudio.session import RunRecord
from wganstudio.truths.certificate import NAMES

X_LABEL = "cost as a distance (of squared costs the root)"
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
    def difference(self) -> str:
        """How far it is from its truth, in a few characters."""
        if not self.truth:
            return "?"
        if self.lower <= self.value <= self.upper:
            return "within"
        bound = self.upper if self.value > self.upper else self.lower
        return f"{100 * (self.value - bound) / bound:+.1f} %" if bound > 0 else f"{self.value - bound:+.3g}"

    @property
    def remark(self) -> str:
        """Both numbers, on one line."""
        number = f"{self.label}: {with_error(self.value, self.error)}"
        if not self.truth:
            return f"{number}; its truth is not known"
        exact = self.upper - self.lower <= 1e-3 * abs(self.upper)
        known = f"= {self.upper:.5g}" if exact else f"in [{self.lower:.4g}, {self.upper:.4g}]"
        return f"{number} ({self.difference}); {self.truth} {known}"


@dataclass(frozen=True, eq=False)
class Systems:
    """The newest estimates of runs on one pair from one seed: a point each, and its truth as a band."""

    name: ClassVar[str] = "systems"

    runs: tuple[int, ...]
    rows: tuple[Row, ...]
    """From above."""
    remark: str
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
        rows = _shortened(rows)
        left_out = ", ".join(other.name for other in family if not _in_distance(other))
        high = max(max(row.value + WIDTH * row.error, row.upper) for row in rows)
        low = min(min(row.value - WIDTH * row.error, row.lower) for row in rows)
        margin = 0.08 * (high - low) or 1.0
        return cls(
            runs=tuple(other.run for other in family),
            rows=rows,
            remark=f"not drawn, as their costs are in other units: {left_out}" if left_out else "",
            title="What each system computes",
            caption=(
                f"Estimates (points, ± {WIDTH} standard errors), what each should come to (green, between "
                f"bounds), and on the right how far it is from there; in units of distance, of squared costs "
                f"the root. {'. '.join(row.remark for row in rows)}. Pair: {named(record.experiment.pair)}. "
                f"Seed {record.experiment.training.seed}."
            ),
            x_range=(low - margin, high + margin),
            y_range=(-0.6, len(rows) - 0.4),
        )

    @property
    def heights(self) -> list[float]:
        """Where each row stands."""
        return [len(self.rows) - 1.0 - place for place in range(len(self.rows))]

    def at(self, y: float) -> Row | None:
        """The row at a height."""
        place = len(self.rows) - 1 - round(y)
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def tables(self) -> dict[str, Table]:
        """A line an estimate."""
        keys = ("run", "label", "name", "value", "error", "truth", "lower", "upper")
        return {"": {key: np.array([getattr(row, key) for row in self.rows]) for key in keys}}


def _shortened(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The labels without the parts at their end that all have in common, as a suite's have."""
    parts = [row.label.removesuffix(f", {row.name}").split(", ") for row in rows]
    common = 0
    while all(len(one) > common + 1 for one in parts) and len({one[-1 - common] for one in parts}) == 1:
        common += 1
    tails = [f", {row.name}" if row.label.endswith(f", {row.name}") else "" for row in rows]
    return tuple(
        replace(row, label=", ".join(one[: len(one) - common]) + tail)
        for row, one, tail in zip(rows, parts, tails, strict=True)
    )


def _rest(record: RunRecord) -> dict[str, Any]:
    settings = record.experiment.settings()
    rest: dict[str, Any] = {name: group for name, group in settings.items() if name not in APART}
    return rest | {"seed": settings["training"]["seed"]}


def _in_distance(record: RunRecord) -> bool:
    """Whether its cost, or the root of it, is a length."""
    ground = record.experiment.solver.ground
    return ground is None or (ground.cost != "cosine" and not ground.normalized and ground.features == "none")


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
        words = "" if truth is None else _words(truth.quantity, ground.description if ground else "")
        found.append(Row(record.run, label, name, value, error, words, *ends))
    return found


def _words(quantity: Any, ground: str) -> str:
    return f"cost of {ground}" if ground else NAMES[quantity]
