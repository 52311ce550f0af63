"""Abscissa: the horizontal axis of curves, as steps, seconds or samples."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from wganstudio.figures.curve_settings import XAxis
from wganstudio.figures.types import Float
from wganstudio.session import RunRecord

_MISSING = {"seconds": "times", "samples": "numbers of samples"}
_NO_TABLE = np.empty(0)


@dataclass(frozen=True, eq=False)
class Abscissa:
    """The places of the steps of one run on the axis."""

    axis: XAxis = "steps"
    steps: Float = field(default_factory=lambda: _NO_TABLE)
    """Steps at which the amount is recorded; empty for an axis of steps."""
    amounts: Float = field(default_factory=lambda: _NO_TABLE)
    """Seconds or samples until these steps."""

    @classmethod
    def of(cls, record: RunRecord, axis: XAxis) -> Self:
        """Return the abscissa of a run that has this axis (`axis_of`)."""
        return cls() if axis == "steps" else cls(axis, *record.effort(axis))

    def at(self, steps: Float) -> Float:
        """Return the places of ascending steps; beyond the recorded ones at the mean rate of the run."""
        return _carried_on(steps, self.steps, self.amounts) if len(self.steps) else np.asarray(steps, float)

    def step_at(self, place: float) -> float:
        """Return the step at a place."""
        if not len(self.steps):
            return place
        return float(_carried_on(np.array([place]), self.amounts, self.steps)[0])


STEPS = Abscissa()
"""The axis of steps."""


def axis_of(records: Sequence[RunRecord], wanted: XAxis) -> tuple[XAxis, str]:
    """Return the axis that all runs have, and a sentence where it is not the wanted one."""
    if wanted == "steps":
        return wanted, ""
    lacking = [record for record in records if not _has(record, wanted)]
    if not lacking:
        return wanted, ""
    name = "This run" if len(records) == 1 else lacking[0].name
    return "steps", f"{name} was recorded without {_MISSING[wanted]}; the axis shows steps."


def _has(record: RunRecord, axis: XAxis) -> bool:
    """Return True if the amount is recorded from the first point of the curves on."""
    if axis == "steps":
        return True
    steps = record.effort(axis)[0]
    return bool(len(steps)) and steps[0] <= min(
        (record.curve(n)[0][0] for n in record.curve_names), default=0
    )


def _carried_on(x: Float, xs: Float, ys: Float) -> Float:
    """Return the linear interpolant of (xs, ys), and beyond the last point its mean slope."""
    span = float(xs[-1] - xs[0])
    slope = float(ys[-1] - ys[0]) / span if span > 0 else 0.0
    return np.asarray(np.interp(x, xs, ys) + slope * np.maximum(np.asarray(x, float) - xs[-1], 0.0))
