"""Accuracy: how exactly a solver solves its own problem, and the gradient norm of its generator."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.figures.captions import settings_text
from wganstudio.figures.curve_settings import CurveSettings, XAxis, changed_settings
from wganstudio.figures.curves import (
    CurveFigure,
    RunCurve,
    log_range,
    notes_on_axes,
    settings_caption,
    x_range_of,
)
from wganstudio.figures.overlay import overlay_of
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.tracing import Tracing
from wganstudio.figures.types import Float, Table
from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metric, metrics

RATE = "1 / \u221aT"
SEVERAL = "metric value"
"""Label of the axis of several metrics."""
LOG_LOG = CurveSettings(log_x=True, log_y=True)


@dataclass(frozen=True, eq=False)
class AccuracyCurve(RunCurve):
    """One metric over the steps."""

    @property
    def label(self) -> str:
        """The entry of the legend."""
        return metric_label(self.name)

    def text_at(self, index: int) -> str:
        """Return name and value of a point in words."""
        return f"{self.label} {self.values[index]:.2g}"


def metric_label(name: str) -> str:
    """Return the title of a metric, for a legend."""
    return metric(name).title


@register_figure
@dataclass(frozen=True, eq=False)
class Accuracy(CurveFigure):
    """The accuracy metrics over the run, by default on logarithmic axes.

    The line 1 / sqrt(T) is the rate at which theory lets the mean squared gradient fall, down to a floor set
    by the accuracy of the dual (arXiv 1802.08249, Theorem 3.1).
    """

    name: ClassVar[str] = "accuracy"
    several: ClassVar[bool] = True
    position: ClassVar[int] = 120

    curves: tuple[AccuracyCurve, ...]
    rate: Float | None
    """1 / sqrt(T) through the first point of the mean of the squared gradient, as a line [2, k]."""
    summary_lines: tuple[str, ...]

    @classmethod
    def from_records(
        cls,
        records: Sequence[RunRecord],
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        **options: Any,
    ) -> Self | None:
        """Build the figure of the main run, with the curves of the others; None where it has no metric."""
        tracing = Tracing.of(records, changed_settings(LOG_LOG, **options))
        figure = cls._of_run(records[0], tracing)
        if figure is None:
            return None
        overlay = overlay_of(records, tuple(metrics("accuracy")), tracing=tracing)
        if overlay.main is not None:
            figure = replace(
                figure,
                overlay=overlay,
                caption=f"{overlay.caption} {figure.caption}",
                title=_title({c.name for c in figure.curves} | {c.quantity for c in overlay.curves}),
            )
        return figure._with_axes(tracing)

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
        *,
        x: XAxis = "steps",
        log_x: bool = True,
        log_y: bool = True,
        smoothing: float = 0.0,
        hidden: Collection[str] = (),
    ) -> Self | None:
        """Build the figure of a run; None where its solver records no accuracy metric."""
        options = {"x": x, "log_x": log_x, "log_y": log_y, "smoothing": smoothing, "hidden": hidden}
        return cls.from_records([record], step, among, **options)

    @classmethod
    def _of_run(cls, record: RunRecord, tracing: Tracing) -> Self | None:
        """Build the figure of a run without ranges."""
        curves = tuple(c for name in metrics("accuracy") if len((c := _curve(record, name, tracing)).steps))
        if not curves:
            return None
        stages = tracing.stages(record)
        axes = settings_caption(tracing.settings, stages)
        return cls(
            curves=curves,
            rate=next((_rate(curve) for curve in curves if curve.name == "grad2"), None),
            summary_lines=tuple(
                f"{curve.label}: {curve.values[-1]:.2g} at step {curve.steps[-1]:,.0f}" for curve in curves
            ),
            title=_title({curve.name for curve in curves}),
            caption=" ".join(filter(None, (f"{record.name}.", axes, settings_text(record)))),
            settings=tracing.settings,
            abscissa=tracing.abscissa(record),
            stages=stages,
            x_range=(0.0, 1.0),
            y_range=(0.0, 1.0),
        )

    def _with_axes(self, tracing: Tracing) -> Self:
        """Return the figure with the ranges of what it shows, and with notes on what its axes leave out."""
        settings = self.settings
        curves = self.shown_lines
        values = [curve.values for curve in curves]
        places = [float(end) for c in curves for end in (*c.x[c.x > 0][:1], *c.x[-1:])]
        linear = padded(*finite_range(np.concatenate([np.empty(0), *values])))
        return replace(
            self,
            notes=tuple(filter(None, (tracing.note,))) + notes_on_axes(curves, settings),
            x_range=x_range_of(places, log=settings.log_x),
            y_range=log_range(values) if settings.log_y else linear,
        )

    @property
    def run_curves(self) -> Sequence[AccuracyCurve]:
        """The curves of the main run, hidden ones as well."""
        return self.curves

    @property
    def y_label(self) -> str:
        """The label of the vertical axis."""
        names = {curve.name for curve in self.curves} | set(self.overlay.quantities)
        return metric(self.curves[0].name).axis_label if len(names) == 1 else SEVERAL

    def tables(self) -> dict[str, Table]:
        """Return the shown metrics by step."""
        own = {curve.name: self._columns(curve) for curve in self.curves if self.shows(curve.name)}
        return own | replace(self.overlay, curves=self.shown_overlay).tables()

    def _columns(self, curve: AccuracyCurve) -> Table:
        place: Table = {} if self.abscissa.axis == "steps" else {self.abscissa.axis: curve.x}
        smooth = {} if curve.smooth is None else {f"{curve.name}_smoothed": curve.smooth}
        return {"step": curve.steps.astype(int), **place, curve.name: curve.values, **smooth}


def _title(names: set[str]) -> str:
    parts = ["Accuracy of the solver on its own problem"] if names - {"grad2"} else []
    parts += ["squared gradient of the generator"] if "grad2" in names else []
    title = ", and ".join(parts)
    return title[0].upper() + title[1:]


def _curve(record: RunRecord, name: str, tracing: Tracing) -> AccuracyCurve:
    steps, values = record.curve(name)
    places = tracing.places([record], steps) if len(steps) else steps
    return AccuracyCurve(name, steps, places, values, tracing.smooth(record, steps, values))


def _rate(curve: AccuracyCurve) -> Float | None:
    """Return the line in a resolution in which it is straight or curved as the axes demand."""
    positive = curve.x > 0
    if not positive.any():
        return None
    x, steps = curve.x[positive], curve.steps[positive]
    places = np.geomspace(x[0], max(x[-1], x[0]), 40)
    at_steps = np.interp(places, x, steps)
    return np.array([places, curve.values[positive][0] * np.sqrt(at_steps[0] / at_steps)])
