"""What every reader of a table hands on: what it found first, then its rows, block by block."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment.pairs import MAX_DIM
from wganstudio.pairs.data.untrusted_files import fail

BLOCK = 4096
"""Rows that are read at once, where a file allows it."""
BLOCK_VALUES = 1 << 20
"""Numbers that are read at once, where a file allows it."""
MAX_COLUMNS = 1 << 16
"""Columns that a file may have, chosen or not."""


class BadRow(NamedTuple):
    """A row that cannot be used."""

    line: int
    """In a text file its line, otherwise its row; both are counted from 1."""
    reason: str


class RowBlock(NamedTuple):
    """Some rows of the chosen columns; those that cannot be used are left out of `values`."""

    values: NDArray[np.float32]
    bad: list[BadRow]


@dataclass(frozen=True)
class TableSource:
    """An opened table. `blocks` can be run through once, while its file is open."""

    kind: str
    """In words: what the file is, and how it is written."""
    names: tuple[str, ...]
    """The chosen columns."""
    left_out: tuple[str, ...]
    """The columns that were not chosen."""
    rows: int | None
    """How many it announces; None where only reading it through would tell."""
    blocks: Iterator[RowBlock]
    unit: str = "row"
    """What its bad rows are counted in."""


def default_names(count: int) -> tuple[str, ...]:
    """Names of columns that have none: x1, x2, ..."""
    return tuple(f"x{k + 1}" for k in range(count))


def split_fields(text: str, delimiter: str) -> list[str]:
    """The fields of a line, in which double quotes hold a delimiter's meaning back."""
    if '"' in text:
        try:
            return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            pass  # stray quotation marks: they hold nothing back
    return text.split(delimiter)


def choose_columns(
    path: object, names: Sequence[str], asked: str | None, otherwise: Sequence[int]
) -> list[int]:
    """The places, from 0, of the columns asked for; `otherwise` where none are.

    Asked for by name, by number from 1 or by a range of numbers, such as "width, 3, 5-8"; a name with a comma
    in it stands in double quotes. BadExperiment where one is not there, comes twice, or there are too many.
    """
    places: list[int] = []
    words = [] if asked is None else split_fields(asked, ",")
    for word in filter(None, map(str.strip, words)):
        if word in names:
            places.append(names.index(word))
        elif (found := re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", word)) is not None:
            first, last = int(found[1]), int(found[2] or found[1])
            if not 1 <= first <= last <= len(names):
                fail(f"{path} has columns 1 to {len(names)}; {word} is out of range", "pair.columns")
            places += range(first - 1, last)
        else:
            shown = ", ".join(name[:40] for name in names[:8]) + (", ..." if len(names) > 8 else "")
            fail(f"{path} has no column {word[:40]!r}; it has {shown}", "pair.columns")
    places = list(otherwise) if asked is None else places
    if len(set(places)) < len(places):
        fail(f"a column appears twice in {str(asked)[:60]!r}; name each column once", "pair.columns")
    if not places:
        fail(f"{path} has no numeric columns; choose another file")
    if len(places) > MAX_DIM:
        fail(f"{path} gives {len(places):,} columns, more than {MAX_DIM:,}; choose fewer", "pair.columns")
    return places


def drop_nonfinite(values: NDArray[np.float32], first: int, names: Sequence[str]) -> RowBlock:
    """A block without its rows that hold a number that is not finite; row `first` is the block's first."""
    fine = np.isfinite(values)
    whole = fine.all(axis=1)
    if whole.all():
        return RowBlock(values, [])
    lost = [
        BadRow(first + int(row), f"{names[int(np.argmin(fine[row]))]} is not finite")
        for row in np.flatnonzero(~whole)
    ]
    return RowBlock(values[whole], lost)
