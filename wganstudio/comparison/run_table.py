"""A table of runs as a file: one row per run or group of seeds, with the columns of a view or chosen ones."""

from collections.abc import Iterable, Sequence

from wganstudio.comparison.columns import (
    NAME,
    STATE,
    STATE_SYMBOLS,
    STEP,
    TIME,
    WARNING_SYMBOL,
    Column,
    FactColumn,
    TableCell,
    column_of,
)
from wganstudio.comparison.metrics import metric_names
from wganstudio.comparison.seeds import group_by_seed
from wganstudio.comparison.settings import DifferingSettings, Setting, all_settings
from wganstudio.experiment.text_tables import FileCell, FileTable
from wganstudio.session import RunRecord
from wganstudio.truths.certificate import QUANTITIES

Rows = Sequence[Sequence[RunRecord]]
"""The runs of each row; several runs are a group that differs only in the seed."""

_NO_SYMBOLS = str.maketrans("", "", "".join(STATE_SYMBOLS.values()) + WARNING_SYMBOL)


def _run(record: RunRecord) -> TableCell:
    return TableCell(f"{record.run}", f"{record.run}")


RUN = FactColumn("run", "Run", "Number of the run in its session", _run)


def run_table(rows: Rows, columns: Sequence[Column], caption: str = "") -> FileTable:
    """Return a table with these rows and columns."""
    cells = (tuple(_cell(column, row) for column in columns) for row in rows)
    return FileTable(tuple(column.title for column in columns), tuple(cells), caption)


def default_columns(records: Sequence[RunRecord]) -> list[Column]:
    """Return the settings in which runs differ, all final estimates, the truths, and the time."""
    settings = [column_of(f"setting:{setting.path}") for setting in differing_settings(records)]
    estimates = [column_of(f"final:{name}") for name in metric_names(records)]
    truths = [column_of(f"truth:{quantity}") for quantity in QUANTITIES]
    measured = [column for column in (*estimates, *truths) if column is not None and _fills(column, records)]
    return [NAME, *(column for column in settings if column is not None), *measured, STEP, TIME, STATE]


def rows_with_means(records: Sequence[RunRecord]) -> list[Sequence[RunRecord]]:
    """Return one row per run, and after the runs of each group that differ only in the seed their mean."""
    rows: list[Sequence[RunRecord]] = []
    for group in group_by_seed(records):
        rows += [(record,) for record in group]
        rows += [group] if len(group) > 1 else []
    return rows


def differing_settings(records: Sequence[RunRecord]) -> list[Setting]:
    """Return the settings in which runs differ, in the order of the form."""
    differing = DifferingSettings()
    while not differing.examine(records):
        pass
    return [all_settings()[path] for path in differing.paths]


def _fills(column: Column, records: Iterable[RunRecord]) -> bool:
    return any(column.cell(record).text for record in records)


def _cell(column: Column, row: Sequence[RunRecord]) -> FileCell:
    cell = column.group_cell(row) if len(row) > 1 else column.cell(row[0])
    value = cell.value if column.numeric and isinstance(cell.value, float) else None
    text = cell.text.translate(_NO_SYMBOLS).strip() if column is STATE else cell.text
    return FileCell(text, value, cell.parts)
