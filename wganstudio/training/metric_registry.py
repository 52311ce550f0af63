"""The registry of metrics: titles, units and how to read each number that a run reports.

A declaration beside each producer (`training.declarations`) registers its metrics; tables, the window and the
command line list what is registered.
"""

from dataclasses import dataclass
from typing import Literal

from wganstudio.training.discovery import discover
from wganstudio.truths import Quantity


@dataclass(frozen=True)
class Metric:
    """One number that a run reports."""

    name: str
    """The name that users type and that file names contain."""
    title: str
    """For lists and legends, with the unit where there is one."""
    unit: str
    description: str
    """Part of a sentence, for headings of tables and tooltips."""
    ideal: float | Quantity | Literal["own-cost"] | None
    """The best possible value, the quantity whose truth is the ideal value, or the truth of the run's own
    cost; None if there is none."""
    higher_is_better: bool | None
    """None where the metric is to match a truth."""
    source: str
    """Place of the number in a run: "gradient.KEY" or "estimates.KEY" of its final results, "run.KEY" of the
    final event itself, or "curve.KEY" of the curves only."""
    scale: float | None = 1.0
    """Distance from the worst to the best score; None: scores are relative to the best result."""
    color_range: tuple[float, float | None] = (0.0, 1.0)
    """Range of a heat map; None: the largest value."""
    usage: str = "table"
    """Either "table", for suites, or "accuracy", for what a solver measures of itself."""
    axis: str = ""
    """A short title for an axis; empty for the title."""

    @property
    def axis_label(self) -> str:
        """The label of an axis that shows this number alone."""
        return self.axis or self.title

    @property
    def group(self) -> str:
        """The part of a run's results that holds the number."""
        return self.source.partition(".")[0]

    @property
    def is_cost(self) -> bool:
        """True where the ideal value is a truth, which is another one on every pair."""
        return isinstance(self.ideal, str)

    @property
    def key(self) -> str:
        """The name of the number there."""
        return self.source.partition(".")[2]


_metrics: dict[str, Metric] = {}


def register_metric(metric: Metric) -> Metric:
    """Register a metric for tables, window and command line; return it."""
    if metric.name in _metrics and _metrics[metric.name] != metric:
        raise ValueError(f"The metric {metric.name!r} is already registered.")
    _metrics[metric.name] = metric
    return metric


def forget_metric(name: str) -> None:
    """Undo `register_metric` (for tests)."""
    _metrics.pop(name, None)


def metrics(usage: str = "table") -> dict[str, Metric]:
    """Return the metrics of one usage by name: first the comparisons with known gradients and maps."""
    discover()
    groups = ("gradient", "estimates", "run", "curve")
    chosen = [metric for metric in _metrics.values() if metric.usage == usage]
    return {metric.name: metric for metric in sorted(chosen, key=lambda metric: groups.index(metric.group))}


def metric(name: str) -> Metric:
    """Return the metric of a name; ValueError if there is none."""
    discover()
    if name not in _metrics:
        raise ValueError(f"There is no metric {name!r}; registered are {', '.join(_metrics)}.")
    return _metrics[name]
