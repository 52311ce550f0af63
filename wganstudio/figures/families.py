"""Families: the runs of a session that belong together, and how far each of them came."""

from collections.abc import Callable, Sequence

from wganstudio.experiment import Experiment
from wganstudio.session import RunRecord


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
    few = record.step < record.steps
    return f"{record.step:,} of at most {record.steps:,} steps" if few else f"{record.step:,} steps"


def incomplete_text(records: Sequence[RunRecord]) -> str:
    """Return the incomplete ones of several runs with their progress, in words; empty if there are none."""
    return ", ".join(f"{one.name} ({text})" for one in records if (text := progress_text(one)))


def _position(record: RunRecord) -> str:
    return f"step {record.step:,} of {record.steps:,}"


def _is_same(one: Experiment, other: Experiment) -> bool:
    groups = (name for name in Experiment.model_fields if name != "about")
    return all(getattr(one, name) == getattr(other, name) for name in groups)
