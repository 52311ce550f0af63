"""Accuracy: how exactly a solver solves its own problem, and how still its generator has come to stand."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.figures.plane import Float, Range, Table, settings_text
from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metric, metrics

RATE = "1 / \u221aT"
Y_LABEL = "error"


@dataclass(frozen=True, eq=False)
class Measure:
    """One of the measures over the steps, where it is above 0."""

    name: str
    steps: Float
    values: Float

    @property
    def label(self) -> str:
        """What the legend says."""
        return metric(self.name).title


@dataclass(frozen=True, eq=False)
class Accuracy:
    """The measures over the steps on logarithmic axes.

    Beside the mean of the squared gradient stands 1 / sqrt(T), as fast as it falls in theory, to a floor that
    the dual's accuracy sets (arXiv 1802.08249, Theorem 3.1).
    """

    name: ClassVar[str] = "accuracy"

    measures: tuple[Measure, ...]
    rate: Float | None
    """1 / sqrt(T) through the first point of the mean of the squared gradient, as a line [2, 2]."""
    remarks: tuple[str, ...]
    title: str
    caption: str
    x_range: Range
    y_range: Range

    @classmethod
    def of(cls, record: RunRecord) -> Self | None:
        """What a run has to show by now; None where its solver measures nothing of the kind."""
        measures = tuple(one for name in metrics("accuracy") if len((one := _measure(record, name)).steps))
        if not measures:
            return None
        values = np.concatenate([one.values for one in measures])
        last = max(one.steps[-1] for one in measures)
        first = min(one.steps[0] for one in measures)
        return cls(
            measures=measures,
            rate=next((_rate(one) for one in measures if one.name == "grad2"), None),
            remarks=tuple(
                f"{one.label}: {one.values[-1]:.2g} at step {one.steps[-1]:,.0f}" for one in measures
            ),
            title="How exactly the solver solves its own problem",
            caption=f"{record.name}. {settings_text(record)}",
            x_range=(float(first) / 1.2, float(max(last, 2 * first)) * 1.2),
            y_range=(float(values.min()) / 1.6, float(values.max()) * 1.6),
        )

    def tables(self) -> dict[str, Table]:
        """The measures by step."""
        return {one.name: {"step": one.steps.astype(int), one.name: one.values} for one in self.measures}


def _measure(record: RunRecord, name: str) -> Measure:
    steps, values = record.curve(name)
    seen = (steps > 0) & (values > 0)
    return Measure(name, steps[seen], values[seen])


def _rate(measure: Measure) -> Float:
    ends = measure.steps[[0, -1]]
    return np.array([ends, measure.values[0] * np.sqrt(ends[0] / ends)])
