"""Sweep: experiments that differ in one or two fields, of any group, and in the seed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import numpy as np

from wganstudio.experiment.differences import COMPARED_GROUPS, ComparedField, apply_differences
from wganstudio.experiment.experiment import Experiment
from wganstudio.experiment.naming import named, names_among
from wganstudio.experiment.options import Options, extra
from wganstudio.experiment.parsing import checked, group_options
from wganstudio.experiment.problem import BadExperiment, Problem
from wganstudio.experiment.registry import kinds
from wganstudio.experiment.value_texts import lower_title, short_kind, value_text

MAX_RUNS = 1000
"""Runs of one sweep."""
SEED, STEPS = "training.seed", "training.steps"
DIGITS = 4
"""Digits of the values between the ends of a range."""


@dataclass(frozen=True)
class SweepField:
    """A field of an experiment that a sweep can vary: a number, a choice, true or false, or the kind."""

    path: str
    title: str
    """Group and title, such as "Solver: Penalty lambda"."""
    label: str
    """The sign or the title in the fewest letters, such as "λ"."""
    options: type[Options]
    settings: tuple[tuple[str, Any], ...]
    """The present settings of the group."""

    @property
    def group(self) -> str:
        """The group of the field."""
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the field in its group."""
        return self.path.partition(".")[2]

    @property
    def choices(self) -> tuple[Any, ...]:
        """All values of a choice; empty for a number."""
        if self.name == "kind":
            return tuple(kinds(self.group))
        accepted = _accepted(self.options, self.name)
        if accepted == [bool]:
            return False, True
        return tuple(value for kind in accepted if get_origin(kind) is Literal for value in get_args(kind))

    @property
    def is_whole(self) -> bool:
        """True if the numbers are integers."""
        return float not in _accepted(self.options, self.name)

    @property
    def value(self) -> Any:
        """The present value; None for `auto`."""
        return dict(self.settings).get(self.name, self.options.model_fields[self.name].default)

    def text(self, value: Any) -> str:
        """Return a value as text."""
        return short_kind(self.group, value) if self.name == "kind" else value_text(value)

    def validated(self, value: Any) -> Any:
        """Return a value as the field holds it; BadExperiment with a sentence if it does not accept it."""
        if self.name == "kind":
            group_options(self.group, value)
            return value
        try:
            group = checked(self.group, self.options, dict(self.settings) | {self.name: value})
        except BadExperiment as error:
            own = [problem for problem in error.problems if problem.path == self.path]
            raise BadExperiment(*(own or error.problems)) from error
        return getattr(group, self.name)


Axis = tuple[SweepField, Sequence[Any]]
"""A field and the values that it takes in turn."""


def sweep_fields(experiment: Experiment) -> list[SweepField]:
    """Return the fields of an experiment that a sweep can vary, in the order of the form."""
    fields = []
    for group in COMPARED_GROUPS:
        options = getattr(experiment, group)
        settings = tuple(options.settings().items())
        for name, info in type(options).model_fields.items():
            if name == "kind" and len(kinds(group)) < 2:
                continue
            if name != "kind" and not _can_vary(type(options), name):
                continue
            title = "Kind" if name == "kind" else info.title or name
            label = group if name == "kind" else extra(info, "symbol") or lower_title(title)
            fields.append(
                SweepField(
                    f"{group}.{name}", f"{group.capitalize()}: {title}", label, type(options), settings
                )
            )
    return fields


def listed_values(field: SweepField, values: Iterable[Any]) -> list[Any]:
    """Return distinct values as the field holds them; BadExperiment for the first that is not accepted."""
    return list(dict.fromkeys(field.validated(value) for value in values))


def linear_values(low: float, high: float, count: int, whole: bool = False) -> list[float]:
    """Return distinct values at equal distances from low to high; those between the ends have few digits."""
    return _rounded(np.linspace(low, high, count), low, high, whole)


def geometric_values(low: float, high: float, count: int, whole: bool = False) -> list[float]:
    """Return distinct values at equal ratios from low to high, both of one sign, rounded to few digits."""
    if not low * high > 0:
        raise ValueError("A geometric range needs two ends above 0.")
    return _rounded(np.geomspace(low, high, count), low, high, whole)


def sweep(experiment: Experiment, axes: Sequence[Axis], seeds: Sequence[int] = ()) -> list[Experiment]:
    """Return the experiment with each combination of values, named by what differs.

    A kind keeps the settings that both kinds have, and the number of steps: all else is the same.

    Raises
    ------
    BadExperiment
        If a combination is not possible, or if there are too many.
    """
    fields = [field for field, _ in axes]
    lists = [list(values) for _, values in axes]
    if seeds and SEED not in [field.path for field in fields]:
        fields.append(next(field for field in sweep_fields(experiment) if field.path == SEED))
        lists.append(list(seeds))
    count = int(np.prod([len(values) for values in lists], dtype=float))
    if count > MAX_RUNS:
        message = f"{count:,} runs are too many for one sweep; choose at most {MAX_RUNS:,}"
        raise BadExperiment(Problem("", message))
    if any(field.name == "kind" for field in fields) and STEPS not in [field.path for field in fields]:
        experiment = apply_differences(experiment, [_single(STEPS, experiment.steps)], 0)
    paths = [field.path for field in fields]
    experiments = [
        apply_differences(experiment, map(_single, paths, values), 0) for values in product(*lists)
    ]
    names = names_among(experiments) if len(experiments) > 1 else [experiment.about.name]
    return [named(one, name) for one, name in zip(experiments, names, strict=True)]


def _single(path: str, value: Any) -> ComparedField:
    return ComparedField(path, "", "", "", (value,))


def _can_vary(options: type[Options], name: str) -> bool:
    accepted = _accepted(options, name)
    numbers = {int, float}
    choice = all(get_origin(kind) is Literal or kind is bool for kind in accepted)
    return bool(accepted) and (
        choice or set(accepted) <= numbers or any(kind in numbers for kind in accepted)
    )


def _accepted(options: type[Options], name: str) -> list[Any]:
    """Return the types that a field accepts, without None."""
    annotation = options.model_fields[name].annotation
    alternatives = (annotation,) if get_origin(annotation) is Literal else get_args(annotation)
    is_union = annotation is not None and get_origin(annotation) not in (tuple, list, Literal)
    accepted = alternatives if is_union and alternatives else (annotation,)
    return [kind for kind in accepted if kind is not NoneType]


def _rounded(values: Any, low: float, high: float, whole: bool) -> list[float]:
    inner = [float(f"{value:.{DIGITS}g}") for value in values[1:-1]]
    numbers = [low, *inner, high] if len(values) > 1 else [low]
    return list(dict.fromkeys(round(number) if whole else float(number) for number in numbers))
