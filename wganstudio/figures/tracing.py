"""Tracing: curves of runs at their places on the chosen axis, and smoothed as chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from wganstudio.figures.abscissa import Abscissa, axis_of
from wganstudio.figures.curve_settings import CurveSettings, XAxis
from wganstudio.figures.samples.stages import stage_starts
from wganstudio.figures.smoothing import smoothed
from wganstudio.figures.types import Float
from wganstudio.session import RunRecord


@dataclass(frozen=True)
class Tracing:
    """How the curves of the selected runs are drawn."""

    settings: CurveSettings
    axis: XAxis = "steps"
    """The axis of all runs: the chosen one, or steps where a run lacks it."""
    note: str = ""
    """The sentence that says so."""

    @classmethod
    def of(cls, records: Sequence[RunRecord], settings: CurveSettings) -> Self:
        """Return the tracing of runs that share an axis."""
        return cls(settings, *axis_of(records, settings.x))

    def abscissa(self, record: RunRecord) -> Abscissa:
        """Return the places of the steps of a run."""
        return Abscissa.of(record, self.axis)

    def places(self, records: Sequence[RunRecord], steps: Float) -> Float:
        """Return the places of steps of a run, or their mean over several runs."""
        if self.axis == "steps":
            return steps
        return np.mean([self.abscissa(record).at(steps) for record in records], axis=0)

    def smooth(self, record: RunRecord, steps: Float, values: Float) -> Float | None:
        """Return the smoothed values; None without smoothing.

        Distances are steps on every axis, so that another axis does not change the curve.
        """
        if self.settings.smoothing <= 0:
            return None
        return smoothed(steps, values, self.settings.smoothing, record.experiment.evaluation.interval)

    def stages(self, record: RunRecord) -> Float:
        """Return the places at which new maps of a composite generator begin."""
        return self.abscissa(record).at(stage_starts(record))
