"""Columns of a table of runs: settings, metrics, final estimates, truths, and what the user noted.

A column is found by its key, which settings of the window remember: "setting:solver.penalty", "last:gap",
"best:cos", "at:gap", "final:value", "truth:w1", or the name of a fact such as "time".
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple

from wganstudio.comparison import metrics
from wganstudio.comparison.metrics import Measured
from wganstudio.comparison.numbers import duration_text, with_error
from wganstudio.comparison.seeds import mean_of, one_per_seed
from wganstudio.comparison.settings import Setting, all_settings, header
from wganstudio.experiment.differences import ABSENT
from wganstudio.session import RunRecord
from wganstudio.truths import Quantity
from wganstudio.truths.certificate import NAMES, QUANTITIES

Value = float | str | None
MAX_LISTED = 3
"""Different texts of a group that are written out."""


class TableCell(NamedTuple):
    """One cell of a table, for one run or a group of runs."""

    value: Value
    """The key for sorting the rows; None for an empty cell."""
    text: str
    tooltip: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    """Further numbers by title, for tables as files: a standard error, or bounds."""


EMPTY = TableCell(None, "")


class Column(ABC):
    """One column."""

    key: str
    title: str
    description: str
    numeric: bool = False

    @abstractmethod
    def cell(self, record: RunRecord) -> TableCell:
        """Return the cell of a run."""

    def group_cell(self, records: Sequence[RunRecord]) -> TableCell:
        """Return the cell of runs that differ only in the seed: what they have in common."""
        return common_cell([self.cell(record) for record in records])


def common_cell(cells: Sequence[TableCell]) -> TableCell:
    """Return the one cell of equal ones, else a list of their texts."""
    texts = list(dict.fromkeys(cell.text for cell in cells if cell.text))
    if len(texts) <= 1:
        return next((cell for cell in cells if cell.text), EMPTY)
    listed = ", ".join(texts[:MAX_LISTED])
    more = len(texts) - MAX_LISTED
    text = f"{listed}, {more} more" if more > 0 else listed
    values = [cell.value for cell in cells if cell.value is not None]
    return TableCell(values[0], text, ", ".join(texts))


class SettingColumn(Column):
    """One setting."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.key = f"setting:{setting.path}"
        self.title = header(setting)
        self.description = f"Setting {setting.path}: {setting.title}"
        self.numeric = True

    def cell(self, record: RunRecord) -> TableCell:
        """Return the setting of a run."""
        value = self.setting.value(record.experiment)
        if value is None and self.setting.path == "training.steps":
            value = record.steps
        if value is ABSENT:
            return EMPTY
        text = self.setting.text(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return TableCell(float(value) if is_number else text, text)


class MeasuredColumn(Column):
    """A number with its standard error; of several seeds their mean."""

    numeric = True

    def __init__(
        self, key: str, title: str, description: str, measure: Callable[[RunRecord], Measured | None]
    ) -> None:
        self.key, self.title, self.description = key, title, description
        self._measure = measure

    def cell(self, record: RunRecord) -> TableCell:
        """Return the number of a run."""
        measured = self._measure(record)
        if measured is None or not math.isfinite(measured.value):
            return EMPTY
        text = with_error(measured.value, measured.error)
        suffix = " (standard error)" if "\u00b1" in text else ""
        tooltip = f"{text}{suffix}, at step {measured.step:,}"
        return TableCell(measured.value, text, tooltip, _standard_error(measured.error))

    def group_cell(self, records: Sequence[RunRecord]) -> TableCell:
        """Return the mean over the seeds with its standard error, and their number."""
        values = [value for record in one_per_seed(records) if (value := self.cell(record).value) is not None]
        mean = mean_of([value for value in values if isinstance(value, float)])
        if mean is None:
            return EMPTY
        text = with_error(mean.value, mean.error)
        tooltip = f"{text}: mean ± standard error over {_seeds(mean.count)}"
        return TableCell(mean.value, text, tooltip, _standard_error(mean.error))


class TruthColumn(Column):
    """A reference cost with its bounds."""

    numeric = True

    def __init__(self, quantity: str) -> None:
        self.key, self.title = f"truth:{quantity}", f"true {NAMES[_quantity(quantity)]}"
        self.description = f"{NAMES[_quantity(quantity)]}, known within certified bounds"
        self._quantity = _quantity(quantity)

    def cell(self, record: RunRecord) -> TableCell:
        """Return the truth of a run."""
        truth = record.truths.get(self._quantity)
        if truth is None:
            return EMPTY
        is_narrow = truth.upper - truth.lower <= 1e-3 * abs(truth.value)
        text = f"{truth.value:.5g}" if is_narrow else f"[{truth.lower:.4g}, {truth.upper:.4g}]"
        bounds = f"{truth.value:.6g} in [{truth.lower:.6g}, {truth.upper:.6g}]: {truth.method}"
        return TableCell(truth.value, text, bounds, (("lower", truth.lower), ("upper", truth.upper)))


class FactColumn(Column):
    """A fact about the run itself."""

    def __init__(
        self,
        key: str,
        title: str,
        description: str,
        read: Callable[[RunRecord], TableCell],
        *,
        numeric: bool = False,
        group: Callable[[Sequence[RunRecord]], TableCell] | None = None,
    ) -> None:
        self.key, self.title, self.description, self.numeric = key, title, description, numeric
        self._read, self._group = read, group

    def cell(self, record: RunRecord) -> TableCell:
        """Return the fact."""
        return self._read(record)

    def group_cell(self, records: Sequence[RunRecord]) -> TableCell:
        """Return what the runs have in common."""
        return super().group_cell(records) if self._group is None else self._group(records)


def _standard_error(error: float) -> tuple[tuple[str, float], ...]:
    return (("standard error", error),) if math.isfinite(error) else ()


def _seeds(count: int) -> str:
    return f"{count} seed{'s' * (count != 1)}"


def _name(record: RunRecord) -> TableCell:
    return TableCell(record.name.casefold(), record.name)


def _group_name(records: Sequence[RunRecord]) -> TableCell:
    count = len(one_per_seed(records))
    text = f"{records[0].name} \u00b7 {_seeds(count)}"
    return TableCell(records[0].name.casefold(), text, f"{text}, {len(records)} runs")


STATE_SYMBOLS = {
    "waiting": "\u25cb",
    "running": "\u25b6",
    "paused": "\u2016",
    "estimating": "\u25d4",
    "ended": "\u2713",
    "stopped": "\u25a0",
    "failed": "\u2715",
    "crashed": "\u2715",
}
"""A sign for each state, beside its name: no state is told by color alone."""
WARNING_SYMBOL = "\u26a0"


def _state(record: RunRecord) -> TableCell:
    share = f" {100 * record.step // record.steps} %" if record.state == "running" and record.steps else ""
    warning = f" {WARNING_SYMBOL}" if record.warnings else ""
    text = f"{STATE_SYMBOLS[record.state]} {record.state}{share}{warning}"
    return TableCell(record.state, text, "\n".join([text, *record.warnings]))


def _group_state(records: Sequence[RunRecord]) -> TableCell:
    counts = {state: sum(record.state == state for record in records) for state in STATE_SYMBOLS}
    parts = [f"{STATE_SYMBOLS[state]} {count} {state}" for state, count in counts.items() if count]
    return TableCell(parts[0], ", ".join(parts))


def _step(record: RunRecord) -> TableCell:
    text = f"{record.step:,} of {record.steps:,}" if record.step < record.steps else f"{record.step:,}"
    return TableCell(float(record.step), text)


def _time(record: RunRecord) -> TableCell:
    seconds = None if record.ended is None else record.ended.seconds
    return EMPTY if seconds is None else TableCell(seconds, duration_text(seconds), f"{seconds:.4g} s")


def _group_time(records: Sequence[RunRecord]) -> TableCell:
    seconds = [record.ended.seconds for record in records if record.ended is not None]
    if not seconds:
        return EMPTY
    return TableCell(sum(seconds), duration_text(sum(seconds)), f"sum over {len(seconds)} runs")


def _tags(record: RunRecord) -> TableCell:
    text = ", ".join(record.labels.tags)
    return TableCell(text.casefold() or None, text)


def _group_tags(records: Sequence[RunRecord]) -> TableCell:
    text = ", ".join(dict.fromkeys(tag for record in records for tag in record.labels.tags))
    return TableCell(text.casefold() or None, text)


def _note(record: RunRecord) -> TableCell:
    lines = record.labels.note.split("\n")
    text = lines[0] + (" \u2026" if len(lines) > 1 else "")
    return TableCell(text.casefold() or None, text, record.labels.note)


NAME = FactColumn("name", "Name", "Name of the run", _name, group=_group_name)
STATE = FactColumn("state", "State", "State of the run", _state, group=_group_state)
STEP = FactColumn("step", "Step", "Steps that the run took", _step, numeric=True)
TIME = FactColumn(
    "time", "Time", "Time of the training and the final estimates", _time, numeric=True, group=_group_time
)
TAGS = FactColumn("tags", "Tags", "Your tags, separated by commas", _tags, group=_group_tags)
NOTE = FactColumn("note", "Note", "Your note on the run", _note)
FACTS = {column.key: column for column in (NAME, STATE, STEP, TIME, TAGS, NOTE)}


def column_of(key: str, step: int = 0) -> Column | None:
    """Return the column of a key, "at" columns at a step; None for a key that names none."""
    kind, _, name = key.partition(":")
    if not name:
        return FACTS.get(key)
    title = metrics.metric_title(name)
    match kind:
        case "setting" if name in all_settings():
            return SettingColumn(all_settings()[name])
        case "truth" if name in QUANTITIES:
            return TruthColumn(name)
        case "last":
            return MeasuredColumn(key, name, f"Newest value: {title}", lambda r: metrics.last(r, name))
        case "best":
            text = f"Best value: {title}; of a cost the value closest to its truth"
            return MeasuredColumn(key, f"best {name}", text, lambda r: metrics.best(r, name))
        case "at":
            text = f"Value at step {step:,}, or the last one before: {title}"
            return MeasuredColumn(key, f"{name} at {step:,}", text, lambda r: metrics.at_step(r, name, step))
        case "final":
            text = f"Final estimate on fresh samples: {title}"
            return MeasuredColumn(key, f"final {name}", text, lambda r: metrics.final(r, name))
    return None


def _quantity(name: str) -> Quantity:
    return next(quantity for quantity in QUANTITIES if quantity == name)
