"""Accuracy: how exactly a solver solves its own problem, and the gradient norm of its generator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.figures.base import RunFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.overlay import NO_OVERLAY, Overlay, OverlayCurve, overlay_of
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metric, metrics

RATE = "1 / \u221aT"
SEVERAL = "metric value"
"""Label of the axis of several metrics."""


@dataclass(frozen=True, eq=False)
class AccuracyCurve:
    """One metric over the steps, where it is positive."""

    name: str
    steps: Float
    values: Float

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return metric_label(self.name)


def metric_label(name: str) -> str:
    """Return the title of a metric, for a legend."""
    return metric(name).title


@register_figure
@dataclass(frozen=True, eq=False)
class Accuracy(RunFigure):
    """The accuracy metrics over the steps on logarithmic axes.

    The line 1 / sqrt(T) is the rate at which theory lets the mean squared gradient fall, down to a floor set
    by the accuracy of the dual (arXiv 1802.08249, Theorem 3.1).
    """

    name: ClassVar[str] = "accuracy"
    position: ClassVar[int] = 120
    several: ClassVar[bool] = True

    curves: tuple[AccuracyCurve, ...]
    rate: Float | None
    """1 / sqrt(T) through the first point of the mean of the squared gradient, as a line [2, 2]."""
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range
    overlay: Overlay = NO_OVERLAY
    """The curves of further runs."""

    @classmethod
    def from_records(
        cls,
        records: Sequence[RunRecord],
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        **options: Any,
    ) -> Self | None:
        """Build the figure of the main run, with the curves of the others."""
        figure = cls.from_record(records[0], step, among, **options)
        overlay = overlay_of(records, tuple(metrics("accuracy")), _positive)
        if figure is None or overlay.main is None:
            return figure
        curves: tuple[AccuracyCurve | OverlayCurve, ...] = (*figure.curves, *overlay.curves)
        values = np.concatenate([curve.values for curve in curves])
        return replace(
            figure,
            overlay=overlay,
            caption=f"{overlay.caption} {figure.caption}",
            title=_title({curve.name for curve in figure.curves} | {c.quantity for c in overlay.curves}),
            x_range=(
                min(curve.steps[0] for curve in curves) / 1.2,
                max(figure.x_range[1], 1.2 * max(curve.steps[-1] for curve in curves)),
            ),
            y_range=(float(values.min()) / 1.6, float(values.max()) * 1.6),
        )

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True for solvers of transport, which certify or measure their accuracy."""
        return experiment.solver.ground is not None

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
    ) -> Self | None:
        """Build the figure of a run; None where its solver records no accuracy metric."""
        curves = tuple(curve for name in metrics("accuracy") if len((curve := _curve(record, name)).steps))
        if not curves:
            return None
        values = np.concatenate([curve.values for curve in curves])
        last = max(curve.steps[-1] for curve in curves)
        first = min(curve.steps[0] for curve in curves)
        return cls(
            curves=curves,
            rate=next((_rate(curve) for curve in curves if curve.name == "grad2"), None),
            summary_lines=tuple(
                f"{curve.label}: {curve.values[-1]:.2g} at step {curve.steps[-1]:,.0f}" for curve in curves
            ),
            title=_title({curve.name for curve in curves}),
            caption=f"{record.name}. {settings_text(record)}",
            x_range=(float(first) / 1.2, float(max(last, 2 * first)) * 1.2),
            y_range=(float(values.min()) / 1.6, float(values.max()) * 1.6),
        )

    @property
    def y_label(self) -> str:
        """The label of the vertical axis."""
        names = {curve.name for curve in self.curves} | set(self.overlay.quantities)
        return metric(self.curves[0].name).axis_label if len(names) == 1 else SEVERAL

    def tables(self) -> dict[str, Table]:
        """Return the metrics by step."""
        own: dict[str, Table] = {
            curve.name: {"step": curve.steps.astype(int), curve.name: curve.values} for curve in self.curves
        }
        return own | self.overlay.tables()


def _title(names: set[str]) -> str:
    parts = ["Accuracy of the solver on its own problem"] if names - {"grad2"} else []
    parts += ["squared gradient of the generator"] if "grad2" in names else []
    title = ", and ".join(parts)
    return title[0].upper() + title[1:]


def _curve(record: RunRecord, name: str) -> AccuracyCurve:
    return AccuracyCurve(name, *_positive(record, name))


def _positive(record: RunRecord, name: str) -> tuple[Float, Float]:
    """Return the points of a curve that logarithmic axes can show."""
    steps, values = record.curve(name)
    positive = (steps > 0) & (values > 0)
    return steps[positive], values[positive]


def _rate(curve: AccuracyCurve) -> Float:
    ends = curve.steps[[0, -1]]
    return np.array([ends, curve.values[0] * np.sqrt(ends[0] / ends)])
