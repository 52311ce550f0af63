"""Table: a suite's results, solver x pair, with mean and standard error over the seeds."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from wganstudio.session import RunRecord
from wganstudio.suites.plan import Cell
from wganstudio.suites.published import Published
from wganstudio.suites.results import SuiteResults

Metric = Literal[
    "cos", "l2", "w1", "true", "distance", "modes", "near", "recall", "uvp", "uvp_back", "seconds"
]
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
NAMES: Final[dict[Metric, str]] = {
    "cos": "cosine of grad u and the true gradient",
    "l2": "mean squared distance of grad u and the true gradient",
    "w1": "estimate of W1 (the gap)",
    "true": "exact cost between what the generator makes and held-out data, at the solver's ground",
    "distance": "exact cost between what the generator makes and held-out data, at the distance for all",
    "modes": "modes that the generator covers",
    "near": "share of generated samples within three standard deviations of a mode",
    "recall": "share of held-out data within reach of what the generator makes",
    "uvp": "variance of the true map from P to Q that is unexplained, in percent",
    "uvp_back": "variance of the true map from Q to P that is unexplained, in percent",
    "seconds": "seconds of processor time of a run",
}
_GRADIENT: Final = ("cos", "l2", "uvp", "uvp_back")
"""Those that compare with something known."""

_ESTIMATES = {"w1": "gap", "true": "true_upper"}
"""What a run calls them."""


@dataclass(frozen=True)
class TableEntry:
    """One solver on one pair. A number that is not known is NaN."""

    solver: str
    pair: str
    seeds: int
    """Finished runs."""
    failed: int
    """Cells that were tried without success."""
    steps: int
    """Steps of the longest run."""
    mean: float
    error: float
    """Standard error of the mean over seeds; NaN for one."""
    as_published: float
    """The mean as the published tables measure it: for cos and l2 with their gradient's artifact at D = 2
    (see the help on the benchmark), for w1 the mean itself."""
    published: float
    truth: float
    """The true value: W1 for w1, 1 for cos, 0 for l2 and unexplained variance."""
    in_class: bool
    """Whether the critic belongs to the class that the pairs are made of."""

    @property
    def difference(self) -> float:
        """Ours, measured as published, minus the published value."""
        return self.as_published - self.published


@dataclass(frozen=True)
class SuiteTable:
    """A metric of every solver on every pair."""

    title: str
    metric: Metric
    solvers: tuple[str, ...]
    pairs: tuple[str, ...]
    entries: tuple[TableEntry, ...]
    runs: int
    finished: int
    executed: int
    """Runs ever begun, attempts included."""
    repeated: int
    """Runs that finished a second time: 0, or something is wrong."""

    def entry(self, solver: str, pair: str) -> TableEntry | None:
        """One entry; None where the suite has no such run."""
        return next((e for e in self.entries if (e.solver, e.pair) == (solver, pair)), None)

    def score(self, entry: TableEntry) -> float:
        """How good a result is, from 0 to 1."""
        if self.metric == "w1":
            return max(0.0, 1 - abs(1 - entry.mean / self.truth(entry.pair)))
        if self.metric == "modes":
            return entry.mean / max(1.0, *(e.mean for e in self.entries if e.seeds))
        if self.metric in ("uvp", "uvp_back"):
            return max(0.0, 1 - entry.mean / 100)
        if self.metric == "seconds":
            return min(e.mean for e in self.entries if e.pair == entry.pair and e.seeds) / entry.mean
        return min(max(1 - entry.mean if self.metric in ("l2", "true", "distance") else entry.mean, 0.0), 1.0)

    def truth(self, pair: str) -> float:
        """The true value on a pair, NaN where it is not known."""
        known = (e.truth for e in self.entries if e.pair == pair and not math.isnan(e.truth))
        return next(known, math.nan)


def suite_table(results: SuiteResults, metric: Metric, published: Published | None = None) -> SuiteTable:
    """The results so far; SuiteError where a published table is none."""
    plan, finished = results.plan, results.finished()
    entries = []
    for pair in plan.pairs:
        for solver in plan.solvers:
            cells = [cell for cell in plan.cells if (cell.solver, cell.pair) == (solver, pair)]
            if cells:
                records = [finished[cell] for cell in cells if cell in finished]
                failed = sum(cell not in finished and _failed(results, cell) for cell in cells)
                entries.append(_entry(solver, pair, records, failed, metric, published))
    return SuiteTable(
        title=plan.title,
        metric=metric,
        solvers=tuple(plan.solvers),
        pairs=tuple(plan.pairs),
        entries=tuple(entries),
        runs=len(plan.cells),
        finished=len(finished),
        executed=results.executed,
        repeated=results.repeated,
    )


def _failed(results: SuiteResults, cell: Cell) -> bool:
    """Whether the last attempt failed, and no other is under way."""
    runs = results.runs(cell)
    return bool(runs) and runs[-1].failed is not None


def _entry(
    solver: str,
    pair: str,
    records: Sequence[RunRecord],
    failed: int,
    metric: Metric,
    published: Published | None,
) -> TableEntry:
    values = [v for record in records if not math.isnan(v := _value(record, metric))]
    as_published = [v for record in records if not math.isnan(v := _value(record, metric, "_published"))]
    known = [published.value(record.experiment, metric) for record in records] if published else []
    truths = [record.truths["w1"].value for record in records if "w1" in record.truths]
    ideal = {"cos": 1.0, "l2": 0.0, "uvp": 0.0, "uvp_back": 0.0, "w1": truths[0] if truths else math.nan}
    return TableEntry(
        solver=solver,
        pair=pair,
        seeds=len(values),
        failed=failed,
        steps=max((record.step for record in records), default=0),
        mean=_mean(values),
        error=statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan,
        as_published=_mean(as_published),
        published=next((value for value in known if value is not None), math.nan),
        truth=ideal.get(metric, math.nan),
        in_class=any(r.experiment.solver.uses_critic and r.experiment.critic.in_class for r in records),
    )


def _value(record: RunRecord, metric: Metric, suffix: str = "") -> float:
    assert record.ended is not None
    if metric == "seconds":
        return record.ended.processor_seconds or math.nan
    if metric in _GRADIENT:
        return record.ended.gradient.get(metric + suffix, math.nan)
    return record.ended.estimates.get(_ESTIMATES.get(metric, metric), math.nan)


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else math.nan
