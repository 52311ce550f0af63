"""Metrics of runs: the last, the best and the final value of a number that runs report, with its error."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metrics
from wganstudio.truths import Quantity

COMPARED: dict[str, tuple[Quantity, ...]] = {"value": ("congested",), "gap": ("gap-limit", "w1", "transport")}
"""The truths that each estimate converges to; the gap is often taken for W1 as well."""
FIRST = ("gap", "value", "penalty")
"""The metrics that a list begins with."""


class Measured(NamedTuple):
    """A number, its standard error (NaN where it has none), and the step at which it was measured."""

    value: float
    error: float
    step: int


def metric_names(records: Iterable[RunRecord]) -> list[str]:
    """Return the metrics that some run has reported, without standard errors."""
    names: dict[str, None] = {}
    for record in records:
        names |= dict.fromkeys(record.curve_names)
        if record.ended is not None:
            names |= dict.fromkeys((*record.ended.estimates, *record.ended.gradient))
    plain = [name for name in names if not name.endswith("_se")]
    return [name for name in FIRST if name in names] + [name for name in plain if name not in FIRST]


def last(record: RunRecord, name: str) -> Measured | None:
    """Return the newest point of a curve."""
    value = record.last(name)
    if value is None:
        return None
    error = record.last(f"{name}_se")
    return Measured(value, math.nan if error is None else error, record.step)


def at_step(record: RunRecord, name: str, step: int) -> Measured | None:
    """Return the last point of a curve up to a step; None before its first one."""
    steps, values = record.curve(name)
    index = int(np.searchsorted(steps, step, side="right")) - 1
    return None if index < 0 else _measured(record, name, index, steps, values)


def best(record: RunRecord, name: str) -> Measured | None:
    """Return the best point of a curve; None where nothing says what is better.

    The best point is the largest or smallest one, or that closest to the truth which the number estimates.
    """
    steps, values = record.curve(name)
    if not len(steps) or (loss := _loss(record, name)) is None:
        return None
    center, sign = loss
    scores = np.abs(values - center) if sign == 0 else sign * values
    if not np.isfinite(scores).any():
        return None
    return _measured(record, name, int(np.nanargmin(scores)), steps, values)


def final(record: RunRecord, name: str) -> Measured | None:
    """Return a final estimate; None while the run is not over."""
    if record.ended is None:
        return None
    numbers = record.ended.estimates | record.ended.gradient
    if name not in numbers:
        return None
    return Measured(numbers[name], numbers.get(f"{name}_se", math.nan), record.ended.step)


def newest(record: RunRecord, name: str) -> Measured | None:
    """Return the final estimate, or before it the newest point of the curve."""
    return final(record, name) or last(record, name)


def metric_title(name: str) -> str:
    """Return the title of a registered metric in the middle of a sentence, else its name."""
    for metric in (metrics() | metrics("accuracy")).values():
        if metric.key == name and not metric.is_cost:
            return metric.title
    return name


def _loss(record: RunRecord, name: str) -> tuple[float, int] | None:
    """Return the ideal value and 0, or 0 and the sign that makes smaller better; None if nothing is known."""
    if name in COMPARED:
        truth = next((record.truths[one] for one in COMPARED[name] if one in record.truths), None)
        return None if truth is None else (truth.value, 0)
    for metric in (metrics() | metrics("accuracy")).values():
        if metric.key == name and metric.higher_is_better is not None:
            return 0.0, -1 if metric.higher_is_better else 1
    return None


def _measured(record: RunRecord, name: str, index: int, steps: np.ndarray, values: np.ndarray) -> Measured:
    error_steps, errors = record.curve(f"{name}_se")
    place = int(np.searchsorted(error_steps, steps[index]))
    known = place < len(error_steps) and error_steps[place] == steps[index]
    return Measured(float(values[index]), float(errors[place]) if known else math.nan, int(steps[index]))
