"""Texts and colors of runs in lists."""

from wganstudio.comparison.columns import STATE_SYMBOLS
from wganstudio.comparison.numbers import with_error
from wganstudio.comparison.seeds import mean_of, one_per_seed
from wganstudio.session.record import RunRecord

STATE_COLORS = {
    "waiting": "#8a939c",
    "running": "#2f8fdd",
    "paused": "#d99a1c",
    "estimating": "#7a6fd0",
    "ended": "#3a9d5d",
    "stopped": "#8a939c",
    "failed": "#d0453b",
    "crashed": "#d0453b",
}
REASONS = {"plateau": " at a plateau", "truth": " at the truth"}


def state_text(record: RunRecord) -> str:
    """Return the state of a run in words."""
    if record.final_share is not None:
        return f"final estimates {100 * record.final_share:.0f} %"
    reason = record.ended.reason if record.ended else ""
    warned = " with a warning" if record.warnings else ""
    skipped = " without final estimates" if record.ended is not None and record.lacks_estimates else ""
    return f"{record.state}{REASONS.get(reason, '')}{skipped}{warned}"


def describe(record: RunRecord) -> str:
    """Return state and steps of a run and, on a second line, its last estimates."""
    numbers = []
    for name in ("gap", "value"):
        number = _estimate(record, name)
        if number is not None:
            numbers.append(f"{name} {number:.4g}")
    state = f"{state_text(record)}, {record.step:,} of {record.steps:,} steps"
    return "\n".join([state, ", ".join(numbers)] if numbers else [state])


def describe_group(records: tuple[RunRecord, ...]) -> str:
    """Return the states of runs that differ only in the seed and, on a second line, their mean estimates."""
    counts = {state: sum(one.state == state for one in records) for state in STATE_SYMBOLS}
    states = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    members, numbers = one_per_seed(records), []
    for name in ("gap", "value"):
        mean = mean_of([number for one in members if (number := _estimate(one, name)) is not None])
        if mean is not None:
            numbers.append(f"{name} {with_error(mean.value, mean.error)}")
    first = f"{len(members)} seeds: {states}"
    return "\n".join([first, ", ".join(numbers)] if numbers else [first])


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a line, which commas separate, each once."""
    return tuple(dict.fromkeys(tag for part in text.split(",") if (tag := part.strip())))


def _estimate(record: RunRecord, name: str) -> float | None:
    estimates = record.ended.estimates if record.ended else {}
    return estimates.get(name, record.last(name))
