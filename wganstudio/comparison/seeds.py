"""Groups by seed: runs that differ only in the seed, and means over them with their standard errors."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import Experiment
from wganstudio.experiment.differences import COMPARED_GROUPS
from wganstudio.session import RunRecord

Float = NDArray[np.floating[Any]]


def seed_key(experiment: Experiment) -> Hashable:
    """Return all settings but the seed, in a form that can be compared."""
    groups = tuple(getattr(experiment, name) for name in COMPARED_GROUPS if name != "training")
    training = tuple(item for item in vars(experiment.training).items() if item[0] != "seed")
    return groups, training


class SeedGroups:
    """Groups many runs again and again: the settings of each run are compared once."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._of_run: dict[int, tuple[Experiment, int]] = {}

    def group(self, records: Sequence[RunRecord]) -> list[tuple[RunRecord, ...]]:
        """Return what `group_by_seed` returns."""
        groups: dict[int, list[RunRecord]] = {}
        for record in records:
            known = self._of_run.get(record.run)
            if known is None or known[0] is not record.experiment:
                number = self._numbers.setdefault(seed_key(record.experiment), len(self._numbers))
                known = self._of_run[record.run] = record.experiment, number
            groups.setdefault(known[1], []).append(record)
        return [tuple(group) for group in groups.values()]


def group_by_seed(records: Sequence[RunRecord]) -> list[tuple[RunRecord, ...]]:
    """Return the runs in groups that differ only in the seed, in the order of their first runs."""
    return SeedGroups().group(records)


def one_per_seed(records: Sequence[RunRecord]) -> tuple[RunRecord, ...]:
    """Return one run for each seed: of repeated ones the newest complete one, else the newest.

    Runs of one seed have the same numbers: counted twice, they would make the standard error too small.
    """
    by_seed: dict[int, RunRecord] = {}
    for record in records:
        seed = record.experiment.training.seed
        if seed not in by_seed or record.complete or not by_seed[seed].complete:
            by_seed[seed] = record
    return tuple(by_seed.values())


@dataclass(frozen=True)
class Mean:
    """The mean of independent numbers, its standard error (NaN for a single one), and how many they are."""

    value: float
    error: float
    count: int


def mean_of(values: Sequence[float]) -> Mean | None:
    """Return the mean of numbers with its standard error; None of none."""
    if not values:
        return None
    numbers = np.asarray(values, float)
    error = float(numbers.std(ddof=1) / np.sqrt(len(numbers))) if len(numbers) > 1 else float("nan")
    return Mean(float(numbers.mean()), error, len(numbers))


@dataclass(frozen=True, eq=False)
class MeanCurve:
    """The mean of several curves at the steps that all of them have, and its standard error."""

    steps: Float
    values: Float
    errors: Float


def mean_curve(curves: Sequence[tuple[Float, Float]]) -> MeanCurve:
    """Return the mean of curves (steps, values) over the steps that all of them have."""
    steps = np.unique(curves[0][0])
    for other, _ in curves[1:]:
        steps = np.intersect1d(steps, other)
    columns = [values[np.searchsorted(own, steps)] for own, values in map(_one_per_step, curves)]
    table = np.array(columns).reshape(len(curves), len(steps))
    errors = (
        table.std(axis=0, ddof=1) / np.sqrt(len(curves)) if len(curves) > 1 else np.full(len(steps), np.nan)
    )
    return MeanCurve(np.unique(steps), table.mean(axis=0), errors)


def _one_per_step(curve: tuple[Float, Float]) -> tuple[Float, Float]:
    """Return a curve with ascending steps; of several values at one step the first."""
    steps, first = np.unique(curve[0], return_index=True)
    return steps, curve[1][first]
