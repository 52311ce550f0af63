"""Differences: the settings of several experiments side by side, and which of them differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from wganstudio.experiment.experiment import Experiment
from wganstudio.experiment.options import Kind, Options, extra
from wganstudio.experiment.parsing import group_options, read
from wganstudio.experiment.value_texts import full_text, kind_title, short_kind

COMPARED_GROUPS = tuple(name for name in Experiment.model_fields if name != "about")
"""The groups that decide what a run computes; `about` only describes it."""


class Absent(Enum):
    """The value of a field that an experiment does not have, because its kind has no such field."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True)
class ComparedField:
    """One field, and its plain value in each experiment: None for `auto`, ABSENT if it has no such field."""

    path: str
    """Group and name, such as "solver.penalty"."""
    title: str
    unit: str
    symbol: str
    """The sign of the field in formulas, such as "λ"; empty if there is none."""
    values: tuple[Any, ...]
    owners: tuple[str, ...] = ()
    """Short titles of the kinds that have the field, where some of the compared ones have not."""

    @property
    def group(self) -> str:
        """The group of the field."""
        return self.path.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the field in its group."""
        return self.path.partition(".")[2]

    @property
    def differs(self) -> bool:
        """True if two of the experiments have different values, or only some of them have the field."""
        return any(value != self.values[0] for value in self.values[1:])

    @property
    def label(self) -> str:
        """The title, with the kinds that have the field where others have not."""
        return f"{self.title} ({', '.join(self.owners)} only)" if self.owners else self.title

    def text(self, column: int = 0) -> str:
        """Return the value in one experiment as text, with its unit; a dash where there is none."""
        value = self.values[column]
        if value is ABSENT:
            return "\u2013"
        return kind_title(self.group, value) if self.name == "kind" else full_text(value, self.unit)


def compare(experiments: Sequence[Experiment]) -> tuple[ComparedField, ...]:
    """Return all fields of the experiments, in the order of the form; `about` is left out."""
    return tuple(
        field
        for group in COMPARED_GROUPS
        for field in _fields(group, [getattr(experiment, group) for experiment in experiments])
    )


def differing_fields(experiments: Sequence[Experiment]) -> tuple[ComparedField, ...]:
    """Return the fields in which some of the experiments differ, in the order of the form."""
    fields: list[ComparedField] = []
    for group in COMPARED_GROUPS:
        options = [getattr(experiment, group) for experiment in experiments]
        if any(one is not options[0] and one != options[0] for one in options[1:]):
            fields += (field for field in _fields(group, options) if field.differs)
    return tuple(fields)


def apply_differences(experiment: Experiment, fields: Iterable[ComparedField], column: int = 1) -> Experiment:
    """Return the experiment with the values that the fields have in one column.

    Applied to the first of two experiments, their differing fields give the second one; `about` stays.
    """
    settings = experiment.settings()
    for field in sorted(fields, key=lambda field: field.name != "kind"):
        group, value = settings[field.group], field.values[column]
        if field.name == "kind":
            settings[field.group] = {"kind": value} | _common_values(experiment, field.group, value)
        elif value is ABSENT or value is None:
            group.pop(field.name, None)
        else:
            group[field.name] = value
    return read(settings)


def _common_values(experiment: Experiment, group: str, kind: str) -> dict[str, Any]:
    """Return the values of a group that another kind has as well."""
    fields = group_options(group, kind).model_fields
    values = getattr(experiment, group).settings()
    return {name: value for name, value in values.items() if name in fields and name != "kind"}


def _fields(group: str, options: Sequence[Options]) -> Iterator[ComparedField]:
    plain = {id(one): _plain_values(one) for one in options}
    columns = [plain[id(one)] for one in options]
    infos = {name: info for one in options for name, info in type(one).model_fields.items()}
    if "kind" in infos:
        infos = {"kind": infos["kind"]} | infos
    for name, info in infos.items():
        values = tuple(column.get(name, ABSENT) for column in columns)
        yield ComparedField(
            path=f"{group}.{name}",
            title=group.capitalize() if name == "kind" else info.title or name,
            unit=extra(info, "unit"),
            symbol=extra(info, "symbol"),
            values=values,
            owners=_owners(group, options, values) if ABSENT in values else (),
        )


def _owners(group: str, options: Sequence[Options], values: Sequence[Any]) -> tuple[str, ...]:
    having = (one for one, value in zip(options, values, strict=True) if value is not ABSENT)
    return tuple(dict.fromkeys(short_kind(group, one.name()) for one in having if isinstance(one, Kind)))


def _plain_values(options: Options) -> Mapping[str, Any]:
    return {name: _immutable(value) for name, value in options.model_dump(mode="json").items()}


def _immutable(value: Any) -> Any:
    return tuple(map(_immutable, value)) if isinstance(value, list) else value
