"""Settings of runs: how to find one by what a user calls it, and those in which the runs differ."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from wganstudio.experiment import Experiment
from wganstudio.experiment.differences import ABSENT, COMPARED_GROUPS
from wganstudio.experiment.options import extra
from wganstudio.experiment.registry import kinds
from wganstudio.experiment.value_texts import kind_title, lower_title, value_text
from wganstudio.session import RunRecord


@dataclass(frozen=True)
class Setting:
    """One field of the form."""

    path: str
    """Group and name, such as "solver.penalty"."""
    title: str
    unit: str = ""
    symbol: str = ""

    @cached_property
    def group(self) -> str:
        """The group of the field."""
        return self.path.partition(".")[0]

    @cached_property
    def name(self) -> str:
        """The name of the field in its group."""
        return self.path.partition(".")[2]

    def value(self, experiment: Experiment) -> Any:
        """Return the value in an experiment; ABSENT if its kind has no such field."""
        return vars(getattr(experiment, self.group)).get(self.name, ABSENT)

    def text(self, value: Any) -> str:
        """Return a value as text; empty if it is absent."""
        if value is ABSENT:
            return ""
        return kind_title(self.group, value) if self.name == "kind" else value_text(value, self.unit)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that a user may type, in lower case and without spaces."""
        names = [self.path, self.name, self.symbol, self.title.replace(" ", "-")]
        names += [self.group] if self.name == "kind" else []
        names += ["lambda"] if self.symbol == "\u03bb" else []
        return tuple(dict.fromkeys(name.lower() for name in names if name))


@cache
def all_settings() -> dict[str, Setting]:
    """Return every field of every installed kind by path, in the order of the form."""
    settings: dict[str, Setting] = {}
    for group in COMPARED_GROUPS:
        for name, info in _fields(group):
            title = group.capitalize() if name == "kind" else info.title or name
            path = f"{group}.{name}"
            settings.setdefault(path, Setting(path, title, extra(info, "unit"), extra(info, "symbol")))
    return settings


def header(setting: Setting) -> str:
    """Return a short title: the symbol where there is one, the group where the title alone is not clear."""
    if setting.symbol:
        return setting.symbol
    titles = [other.title for other in all_settings().values()]
    if titles.count(setting.title) == 1 or setting.name == "kind" or setting.group == "training":
        return setting.title
    return f"{setting.group.capitalize()} {lower_title(setting.title)}"


def _fields(group: str) -> Iterator[tuple[str, Any]]:
    try:
        options: list[Any] = [*kinds(group).values()]
    except (KeyError, ValueError):
        options = []
    for one in options or [Experiment.model_fields[group].annotation]:
        yield from sorted(one.model_fields.items(), key=lambda item: item[0] != "kind")


class DifferingSettings:
    """The settings in which runs differ, found a part at a time: there may be many runs."""

    def __init__(self) -> None:
        self._first: Experiment | None = None
        self._examined: dict[int, Experiment] = {}
        self._paths: set[str] = set()

    def examine(self, records: Sequence[RunRecord], seconds: float = 0.02) -> bool:
        """Examine the runs that are new, for a limited time; return True once all have been."""
        if len(records) < len(self._examined) or (records and records[0].experiment is not self._first):
            self._examined, self._paths = {}, set()
            self._first = records[0].experiment if records else None
        end = time.perf_counter() + seconds
        for record in records:
            experiment = record.experiment
            if self._examined.get(record.run) is not experiment:
                self._examined[record.run] = experiment
                self._compare(experiment)
                if time.perf_counter() > end:
                    return record is records[-1]
        return True

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the settings, in the order of the form."""
        return tuple(path for path in all_settings() if path in self._paths)

    def _compare(self, experiment: Experiment) -> None:
        first = self._first
        assert first is not None
        for group in COMPARED_GROUPS:
            ours, theirs = vars(getattr(first, group)), vars(getattr(experiment, group))
            if ours != theirs:
                self._paths |= {
                    f"{group}.{name}"
                    for name, value in theirs.items()
                    if value != ours.get(name, value) or (name == "kind" and name not in ours)
                }
