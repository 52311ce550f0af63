"""The table of a suite: one metric, solver x pair, with mean and standard error over the seeds."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from wganstudio.comparison.metrics import COMPARED
from wganstudio.figures.costs.texts import cost_name
from wganstudio.plain_text import one_line
from wganstudio.session import RunRecord
from wganstudio.suites.plan import Cell
from wganstudio.suites.published import Published
from wganstudio.suites.results import SuiteResults
from wganstudio.training.metric_registry import Metric, metric, metrics

FIRST_TABLES = ("cos", "uvp", "true", "cost", "w1")
"""Tables that say how good the results are, in the order of preference."""


@dataclass(frozen=True)
class TableEntry:
    """The results of one solver on one pair. A number that is not known is NaN."""

    solver: str
    pair: str
    seeds: int
    """Finished runs."""
    failed: int
    """Cells whose last run failed."""
    steps: int
    """Steps of the longest run."""
    mean: float
    error: float
    """Standard error of the mean over seeds; NaN for one."""
    as_published: float
    """The mean as the published tables measure it: for cos and l2 with their gradient's artifact at D = 2
    (see the help on the benchmark), for other metrics the mean itself."""
    published: float
    truth: float
    """The metric's ideal value for this solver on this pair."""
    cost: str
    """The name of the cost of which `truth` is the value; empty where the ideal value is no cost."""
    warnings: tuple[str, ...]
    """Signs that a run has not reached its optimum (`training.outcome`)."""
    in_class: bool
    """True if the critic belongs to the class that the pair was constructed from."""

    @property
    def difference(self) -> float:
        """Our mean, measured as published, minus the published value."""
        return self.as_published - self.published

    @property
    def ratio(self) -> float:
        """The mean over the truth; NaN where that is 0 or not known."""
        return self.mean / self.truth if self.truth else math.nan


@dataclass(frozen=True)
class SuiteTable:
    """One metric of every solver on every pair."""

    title: str
    metric: Metric
    solvers: tuple[str, ...]
    pairs: tuple[str, ...]
    entries: tuple[TableEntry, ...]
    runs: int
    finished: int
    executed: int
    """All runs that were started, attempts included."""
    repeated: int
    """Runs that finished a second time; not 0 means a bug."""

    def entry(self, solver: str, pair: str) -> TableEntry | None:
        """Return one entry; None where the suite has no such run."""
        return next((e for e in self.entries if (e.solver, e.pair) == (solver, pair)), None)

    def score(self, entry: TableEntry) -> float:
        """Return how good a result is, from 0 to 1.

        A metric without a scale is scored against the best result: the highest of the table, or the lowest
        on the same pair.
        """
        metric = self.metric
        if metric.is_cost:
            return max(0.0, 1 - abs(1 - entry.ratio))
        finished = [other for other in self.entries if other.seeds]
        if metric.scale is None and metric.higher_is_better:
            return entry.mean / max(1.0, *(other.mean for other in finished))
        if metric.scale is None:
            return min(other.mean for other in finished if other.pair == entry.pair) / entry.mean
        share = entry.mean / metric.scale
        return min(max(share if metric.higher_is_better else 1 - share, 0.0), 1.0)

    @property
    def shares_truths(self) -> bool:
        """True if all solvers estimate the same cost, so that there is one truth for each pair."""
        return len({entry.cost for entry in self.entries if entry.cost}) <= 1

    def truth(self, pair: str) -> float:
        """Return the ideal value that all solvers share on a pair, NaN where it is not known."""
        truths = (e.truth for e in self.entries if e.pair == pair and not math.isnan(e.truth))
        return next(truths, math.nan)


def suite_table(results: SuiteResults, name: str, published: Published | None = None) -> SuiteTable:
    """Return the table of a metric from the results so far.

    Raises ValueError for an unknown metric, SuiteError where a published table cannot be read.
    """
    chosen, plan, finished = metric(name), results.plan, results.finished()
    entries = []
    for pair in plan.pairs:
        for solver in plan.solvers:
            cells = [cell for cell in plan.cells if (cell.solver, cell.pair) == (solver, pair)]
            if cells:
                records = [finished[cell] for cell in cells if cell in finished]
                failed = sum(cell not in finished and _has_failed(results, cell) for cell in cells)
                entries.append(_entry(solver, pair, records, failed, chosen, published))
    return SuiteTable(
        title=one_line(plan.title),
        metric=chosen,
        solvers=tuple(plan.solvers),
        pairs=tuple(plan.pairs),
        entries=tuple(entries),
        runs=len(plan.cells),
        finished=len(finished),
        executed=results.executed,
        repeated=results.repeated,
    )


def applicable_tables(results: SuiteResults) -> list[str]:
    """Return the names of the tables with at least one number, the one to show first in front.

    That is the first of FIRST_TABLES with at least half as many numbers as any of them.
    """
    counts = {name: sum(e.seeds for e in suite_table(results, name).entries) for name in metrics()}
    names = [name for name, count in counts.items() if count]
    if counts["cost"] == counts["w1"]:  # every solver estimates W1
        names = [name for name in names if name != "cost"]
    most = max(counts[name] for name in FIRST_TABLES)
    first = next((name for name in FIRST_TABLES if name in names and 2 * counts[name] >= most), "")
    return sorted(names, key=lambda name: name != first)


def _has_failed(results: SuiteResults, cell: Cell) -> bool:
    """Return True if the last attempt failed, and no other is under way."""
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
    values = _values(records, metric)
    truth, cost = next(filter(None, (_ideal(record, metric) for record in records)), (math.nan, ""))
    theirs = [published.value(record.experiment, metric.name) for record in records] if published else []
    return TableEntry(
        solver=solver,
        pair=pair,
        seeds=len(values),
        failed=failed,
        steps=max((record.step for record in records), default=0),
        mean=_mean(values),
        error=statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan,
        as_published=_mean(_values(records, metric, "_published")),
        published=next((value for value in theirs if value is not None), math.nan),
        truth=truth,
        cost=cost,
        warnings=tuple(dict.fromkeys(warning for record in records for warning in record.warnings)),
        in_class=any(r.experiment.solver.uses_critic and r.experiment.critic.in_class for r in records),
    )


def _ideal(record: RunRecord, metric: Metric) -> tuple[float, str] | None:
    """Return the ideal value for a run, and the name of the cost that it is of; None if it is not known."""
    ideal = metric.ideal
    if ideal is None or not isinstance(ideal, str):
        return None if ideal is None else (ideal, "")
    for quantity in COMPARED["gap"] if ideal == "own-cost" else (ideal,):
        if quantity in record.truths and _applies(record, metric):
            return record.truths[quantity].value, cost_name(quantity, record.experiment.solver.ground)
    return None


def _applies(record: RunRecord, metric: Metric) -> bool:
    """Return False where a metric compares with a cost that the solver does not estimate."""
    return metric.ideal != "w1" or record.experiment.solver.ground is None


def _values(records: Sequence[RunRecord], metric: Metric, suffix: str = "") -> list[float]:
    """Return a metric of each run that has it; `suffix` chooses a variant of errors of the gradient."""
    values = [_value(record, metric, suffix) for record in records if _applies(record, metric)]
    return [value for value in values if not math.isnan(value)]


def _value(record: RunRecord, metric: Metric, suffix: str) -> float:
    ended = record.ended
    assert ended is not None
    if metric.group == "run":
        return float(getattr(ended, metric.key) or math.nan)
    if metric.group == "gradient":
        return ended.gradient.get(metric.key + suffix, math.nan)
    return ended.estimates.get(metric.key, math.nan)


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else math.nan
