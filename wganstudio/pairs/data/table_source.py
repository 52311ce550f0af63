"""The common interface of table readers: a description of the table, then its rows in blocks."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment.pairs import MAX_DIM
from wganstudio.pairs.data.row_filter import RowSelector
from wganstudio.pairs.data.table_choice import list_values
from wganstudio.pairs.data.text_format import TextFormat
from wganstudio.pairs.data.untrusted_files import fail

BLOCK = 4096
"""Rows per block, where the format allows it."""
BLOCK_VALUES = 1 << 20
"""Numbers per block, where the format allows it."""
MAX_COLUMNS = 1 << 16
"""Columns of a file at most, chosen or not."""
LARGEST = float(np.finfo(np.float32).max)
"""The largest absolute value, since training computes in float32."""


class LeftOutColumn(NamedTuple):
    """A column that is not read, and why."""

    name: str
    reason: str
    """Such as "not numeric" or "looks like an id"."""
    numeric: bool
    """True if the column can be read when it is named in `TableChoice.columns`."""


class BadRow(NamedTuple):
    """A row that cannot be used."""

    line: int
    """Line number in a text file, row number otherwise; both count from 1."""
    reason: str


class RowBlock(NamedTuple):
    """Some rows of the chosen columns; `values` leaves out the bad ones."""

    values: NDArray[np.float64]
    bad: list[BadRow]


@dataclass(frozen=True)
class TableSource:
    """An open table. `blocks` can be iterated once, while the file is open."""

    kind: str
    """Description of the file and its format."""
    names: tuple[str, ...]
    """The chosen columns."""
    left_out: tuple[LeftOutColumn, ...]
    """The columns that were not chosen."""
    rows: int | None
    """Declared number of rows; None where only reading the whole file would tell."""
    blocks: Iterable[RowBlock]
    unit: str = "row"
    """Unit of the numbers of bad rows."""
    units: tuple[str, ...] = ()
    """Units of the chosen columns, "" where unknown; empty if none is known."""
    text_format: TextFormat | None = None
    """The format of a text table."""
    selector: RowSelector | None = None
    """Selects the rows by the values of one column; None for all rows."""


def default_names(count: int) -> tuple[str, ...]:
    """Return names for columns without names: x1, x2, ..."""
    return tuple(f"x{k + 1}" for k in range(count))


def choose_columns(
    path: object, names: Sequence[str], requested: str | None, otherwise: Sequence[int]
) -> list[int]:
    """Return the indices of the requested columns, or `otherwise` if none are requested.

    A request lists names, numbers from 1 or ranges of numbers, such as "width, 3, 5-8"; a name with a comma
    stands in double quotes. Raises BadExperiment if a column is missing or repeated, or there are too many.
    """
    places: list[int] = []
    for entry in list_values(requested or ""):
        if entry in names:
            places.append(names.index(entry))
        elif (match := re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", entry)) is not None:
            first, last = int(match[1]), int(match[2] or match[1])
            if not 1 <= first <= last <= len(names):
                fail(f"{path} has columns 1 to {len(names)}; {entry} is out of range", "pair.columns")
            places += range(first - 1, last)
        else:
            shown = ", ".join(name[:40] for name in names[:8]) + (", ..." if len(names) > 8 else "")
            fail(f"{path} has no column {entry[:40]!r}; it has {shown}", "pair.columns")
    places = list(otherwise) if requested is None else places
    if len(set(places)) < len(places):
        fail(f"a column appears twice in {str(requested)[:60]!r}; name each column once", "pair.columns")
    if not places:
        fail(f"{path} has no numeric columns; choose another file")
    if len(places) > MAX_DIM:
        fail(f"{path} gives {len(places):,} columns, more than {MAX_DIM:,}; choose fewer", "pair.columns")
    return places


def left_out_columns(
    names: Sequence[str],
    places: Sequence[int],
    reasons: Mapping[int, str],
    unusable: Container[int] = (),
    split: int | None = None,
) -> tuple[LeftOutColumn, ...]:
    """Return the columns that are not among `places`, those that are read.

    `reasons` tells why columns are left out by default, `unusable` contains those that cannot be read, and
    `split` is the column that divides the rows.
    """
    chosen = set(places)
    reasons = {**reasons, **({} if split is None else {split: "divides the rows"})}
    return tuple(
        LeftOutColumn(name, reasons.get(k, "not chosen"), k not in unusable)
        for k, name in enumerate(names)
        if k not in chosen
    )


def drop_nonfinite(values: NDArray[np.float64], rows: NDArray[np.int64], names: Sequence[str]) -> RowBlock:
    """Return a block without rows that contain numbers not finite in float32; `rows` numbers them."""
    is_finite = np.abs(values) <= LARGEST  # False for nan
    complete = is_finite.all(axis=1)
    if complete.all():
        return RowBlock(values, [])
    bad_rows = [
        BadRow(int(rows[row]), f"{names[int(np.argmin(is_finite[row]))]} is not finite")
        for row in np.flatnonzero(~complete)
    ]
    return RowBlock(values[complete], bad_rows)
