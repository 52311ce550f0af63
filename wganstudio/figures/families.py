"""Families: the runs of a session that belong together, and how far each of them came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from wganstudio.experiment import Experiment
from wganstudio.experiment.differences import ABSENT, COMPARED_GROUPS, ComparedField, differing_fields
from wganstudio.experiment.value_texts import counted, lower_title, short_kind, value_text
from wganstudio.session import RunRecord

SEED = "training.seed"


def family_of(
    record: RunRecord, among: Sequence[RunRecord], shared: Callable[[Experiment], object]
) -> list[RunRecord]:
    """Return the runs that belong with a run, in the order of the session.

    Two runs belong together if they are of one suite or comparison, or of none, and have equal `shared`
    settings. Of the runs of one experiment only one counts: the newest that is complete, else the newest.

    Parameters
    ----------
    record
        The run.
    among
        The runs of the session.
    shared
        Returns the settings that the figure does not vary, in a form that can be compared.
    """
    key = suite_of(record.experiment), shared(record.experiment)
    chosen: list[RunRecord] = []
    for other in among:
        if (suite_of(other.experiment), shared(other.experiment)) != key:
            continue
        twin = next((one for one in chosen if _is_same(one.experiment, other.experiment)), None)
        if twin is None:
            chosen.append(other)
        elif is_complete(other) or not is_complete(twin):
            chosen[chosen.index(twin)] = other
    return sorted(chosen, key=lambda one: one.run)


@dataclass(frozen=True, eq=False)
class FieldFamily:
    """The runs of a session that differ from one of them in a single field, by its value."""

    path: str
    """Group and name of the field, such as "solver.penalty"."""
    title: str
    """A short title, such as "λ"."""
    unit: str
    values: tuple[Any, ...]
    """Distinct values, ascending where they are numbers; the kinds of a group by name."""
    records: tuple[RunRecord, ...]
    """The run of each value."""

    @property
    def is_numeric(self) -> bool:
        """True if the values are numbers."""
        return all(is_number(value) for value in self.values)

    def index(self, record: RunRecord) -> int:
        """Return the index of the value that a run of the family has."""
        return self.values.index(field_value(record.experiment, self.path))

    def text(self, index: int) -> str:
        """Return a value as text."""
        return field_text(self.path, self.values[index])


def field_families(record: RunRecord, among: Sequence[RunRecord]) -> tuple[FieldFamily, ...]:
    """Return a family for each field in which, alone, other runs differ from a run.

    The family with the most values comes first, that of the seeds last. As in `family_of`, only runs of the
    same suite or comparison count, and one of each experiment.
    """
    members: dict[str, tuple[ComparedField, dict[Any, RunRecord]]] = {}
    suite = suite_of(record.experiment)
    for other in among:
        if other is record or suite_of(other.experiment) != suite:
            continue
        field = sole_difference(record.experiment, other.experiment)
        if field is None:
            continue
        own, theirs = field.values
        _, by_value = members.setdefault(field.path, (field, {own: record}))
        twin = by_value.get(theirs)
        if twin is None or is_complete(other) or not is_complete(twin):
            by_value[theirs] = other
    families = [_family(field, by_value) for field, by_value in members.values()]
    return tuple(sorted(families, key=lambda one: (one.path == SEED, -len(one.values), one.path)))


def sole_difference(one: Experiment, other: Experiment) -> ComparedField | None:
    """Return the only field in which two experiments differ; None if they are equal or differ in more."""
    if sum(getattr(one, group) != getattr(other, group) for group in COMPARED_GROUPS) != 1:
        return None
    fields = independent_differences(one, other)
    return fields[0] if len(fields) == 1 else None


def independent_differences(one: Experiment, other: Experiment) -> tuple[ComparedField, ...]:
    """Return the fields in which two experiments differ, without those that only one of two kinds has."""
    fields = differing_fields([one, other])
    renewed = {field.group for field in fields if field.name == "kind"}
    return tuple(field for field in fields if field.group not in renewed or ABSENT not in field.values)


def field_value(experiment: Experiment, path: str) -> Any:
    """Return the plain value of a field, as `ComparedField` holds it; ABSENT if the experiment has none."""
    group, _, name = path.partition(".")
    value = getattr(experiment, group).model_dump(mode="json").get(name, ABSENT)
    return _immutable(value)


def field_text(path: str, value: Any) -> str:
    """Return a value of a field as text: the short title of a kind, a number in a few digits."""
    group, _, name = path.partition(".")
    return short_kind(group, value) if name == "kind" else value_text(value)


def is_number(value: object) -> bool:
    """Return True for a number that is no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _family(field: ComparedField, by_value: dict[Any, RunRecord]) -> FieldFamily:
    numeric = all(map(is_number, by_value))
    order = sorted(by_value, key=(lambda value: value) if numeric else str)
    title = field.symbol or lower_title(field.title)
    records = tuple(by_value[value] for value in order)
    return FieldFamily(field.path, title, field.unit, tuple(order), records)


def _immutable(value: Any) -> Any:
    return tuple(map(_immutable, value)) if isinstance(value, list) else value


def suite_of(experiment: Experiment) -> str:
    """Return the title of the suite or comparison of a run; empty for a run of none."""
    about = experiment.about
    if about.suite or about.tags or about.expected:
        return about.suite
    return about.summary  # where older suites wrote their title


def is_complete(record: RunRecord) -> bool:
    """Return True for a run that took all steps or met its stopping criterion."""
    return record.state == "ended"


def progress_text(record: RunRecord) -> str:
    """Return why a run is incomplete, such as "stopped at step 10 of 100"; empty for a complete one."""
    if is_complete(record):
        return ""
    state = "computing the final estimates" if record.state == "estimating" else record.state
    return f"{state} at {_position(record)}" if record.over else state


def steps_text(record: RunRecord) -> str:
    """Return the steps that a run took, in words; empty for one without steps."""
    if not record.steps or record.state == "waiting":
        return ""
    if not is_complete(record):
        return progress_text(record) if record.over else f"{_position(record)} so far"
    if record.step < record.steps:
        return f"{record.step:,} of at most {counted(record.steps, 'step')}"
    return counted(record.step, "step")


def incomplete_text(records: Sequence[RunRecord]) -> str:
    """Return the incomplete ones of several runs with their progress, in words; empty if there are none."""
    return ", ".join(f"{one.name} ({text})" for one in records if (text := progress_text(one)))


def _position(record: RunRecord) -> str:
    return f"step {record.step:,} of {record.steps:,}"


def _is_same(one: Experiment, other: Experiment) -> bool:
    groups = (name for name in Experiment.model_fields if name != "about")
    return all(getattr(one, name) == getattr(other, name) for name in groups)
