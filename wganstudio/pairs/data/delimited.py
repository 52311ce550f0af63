"""Text tables: .csv, .tsv and files of numpy.savetxt, with any delimiter, with or without a header."""

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from wganstudio.pairs.data.table_choice import split_fields
from wganstudio.pairs.data.table_source import (
    BLOCK,
    BLOCK_VALUES,
    LARGEST,
    MAX_COLUMNS,
    BadRow,
    LeftOutColumn,
    RowBlock,
    TableSource,
    choose_columns,
    default_names,
)
from wganstudio.pairs.data.untrusted_files import MAX_NUMBERS, fail, open_regular

MAX_LINE = 1 << 20
"""Bytes of a line, at most."""
MAX_EMPTY = 1 << 16
"""Consecutive empty lines and comments, at most."""
MAX_BAD = 1000
"""Bad rows from which on a file may be refused."""
SAMPLE = 50
"""Lines from which the delimiter and the header are detected."""
SAMPLE_BYTES = 1 << 21
_BLANK = "blanks"
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", _BLANK: "blanks"}


class TextLine(NamedTuple):
    """A line that is not empty, and its number from 1."""

    number: int
    text: str


@contextmanager
def open_delimited(path: Path, columns: str | None, header: bool | None) -> Iterator[TableSource]:
    """Open the rows of a text file; `header` tells if the first one names the columns, None detects it.

    By default all columns are read that contain numbers in most of the first rows. With semicolons as
    delimiters a number may have a decimal comma. Empty lines, and lines that begin with #, are skipped.
    """
    with open_regular(path) as file:
        lines = _lines(path, file)
        first: list[TextLine] = []
        for line in lines:
            first.append(line)
            if len(first) > SAMPLE or sum(len(line.text) for line in first) > SAMPLE_BYTES:
                break
        if not first:
            fail(f"{path} is empty; choose a table with one row per line")
        split = LineSplitter(_detect_delimiter([line.text for line in first]))
        rows = [split(line.text) for line in first]
        width = Counter(map(len, rows)).most_common(1)[0][0]
        if width > MAX_COLUMNS:
            fail(f"{path} has {width:,} columns; at most {MAX_COLUMNS:,} can be read")
        if header is None:
            header = _is_header(rows, split)
        names = _names(rows[0], width) if header else default_names(width)
        body = [row for row in rows[header:] if len(row) == width]
        numeric = [k for k in range(width) if 2 * sum(split.is_number(row[k]) for row in body) > len(body)]
        places = choose_columns(path, names, columns, numeric)
        how = f"separated by {_DELIMITERS[split.delimiter]}, {'with' if header else 'without'} a header"
        yield TableSource(
            f"text, {how}",
            tuple(names[k] for k in places),
            tuple(
                LeftOutColumn(name, "not chosen" if k in numeric else "not numeric", k in numeric)
                for k, name in enumerate(names)
                if k not in set(places)
            ),
            None,
            _blocks(path, chain(first[header:], lines), split, width, places, names),
            unit="line",
        )


class LineSplitter:
    """Splits a line into fields, and parses a field as a number."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self._comma = delimiter == ";"

    def __call__(self, text: str) -> list[str]:
        if self.delimiter == _BLANK:
            return text.split()
        return split_fields(text, self.delimiter)

    def number(self, field: str) -> float:
        """Return the number in a field; raise ValueError if there is none."""
        return float(field.replace(",", ".") if self._comma else field)

    def is_number(self, field: str) -> bool:
        """Return True if a field contains a number."""
        try:
            self.number(field)
        except ValueError:
            return False
        return True


def _lines(path: Path, file: IO[bytes]) -> Iterator[TextLine]:
    number = last = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            fail(f"line {number} of {path} is longer than 1 MiB; choose a table with one row per line")
        if b"\0" in raw:
            fail(f"{path} is not a text file; choose a .csv, .npy, .npz or .parquet file")
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        text = text.strip("\r\n")
        if text.strip() and not text.startswith("#"):
            last = number
            yield TextLine(number, text)
        elif number - last > MAX_EMPTY:
            fail(
                f"lines {last + 1:,} to {number:,} of {path} are empty; choose a table with one row per line"
            )


def _detect_delimiter(texts: Sequence[str]) -> str:
    """Return the delimiter that gives the most equal and numeric rows; at a tie, the most fields."""

    def score(delimiter: str) -> tuple[float, int]:
        split = LineSplitter(delimiter)
        rows = [split(text) for text in texts]
        width, alike = Counter(map(len, rows)).most_common(1)[0]
        if width == 1 and delimiter != ",":
            return -1.0, 1
        below = [field for row in rows[1:] or rows for field in row]
        numbers = sum(map(split.is_number, below)) / max(len(below), 1)
        return round(numbers * alike / len(rows), 6), width

    return max(_DELIMITERS, key=score)


def _is_header(rows: Sequence[Sequence[str]], split: LineSplitter) -> bool:
    """Return True if the first row has text where the second has numbers."""
    if len(rows) < 2:
        return not any(map(split.is_number, rows[0]))
    pairs = zip(*rows[:2], strict=False)
    return any(not split.is_number(one) and split.is_number(other) for one, other in pairs)


def _names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Return unique names from the header; x1, x2, ... where it has none."""
    unique: dict[str, None] = {}
    for k, numbered_name in enumerate(default_names(width)):
        name = header[k].strip().strip('"') if k < len(header) else ""
        name = name or numbered_name
        while name in unique:
            name = f"{name} ({k + 1})"
        unique[name] = None
    return tuple(unique)


def _blocks(
    path: Path,
    lines: Iterator[TextLine],
    split: LineSplitter,
    width: int,
    places: Sequence[int],
    names: Sequence[str],
) -> Iterator[RowBlock]:
    values, bad_rows = array("d"), list[BadRow]()
    full = min(BLOCK * len(places), BLOCK_VALUES)
    count = num_bad = 0
    for line in lines:
        try:
            values.extend(_row(split, line.text, width, places, names))
        except ValueError as error:
            num_bad += 1
            bad_rows.append(BadRow(line.number, str(error)))
        if len(values) >= full or len(bad_rows) >= BLOCK:
            count += len(values)
            yield RowBlock(_rows(values, places), bad_rows)
            values, bad_rows = array("d"), []
        if count > MAX_NUMBERS:
            fail(f"{path} contains more than {MAX_NUMBERS:,} numbers; choose fewer columns or a smaller file")
        if num_bad > MAX_BAD and num_bad * len(places) > count + len(values):
            fail(
                f"most rows of {path} cannot be used, for example "
                f"line {bad_rows[-1].line}: {bad_rows[-1].reason}"
            )
    yield RowBlock(_rows(values, places), bad_rows)


def _rows(
    values: "array[float]", places: Sequence[int]
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return np.frombuffer(values, dtype=np.float64).reshape(-1, len(places))


def _row(
    split: LineSplitter, text: str, width: int, places: Sequence[int], names: Sequence[str]
) -> list[float]:
    """Return the chosen numbers of a line; raise ValueError with the reason if it has others."""
    values = split(text)
    if len(values) != width:
        raise ValueError(f"{len(values):,} fields instead of {width:,}")
    row = []
    for k in places:
        try:
            number = split.number(values[k])
        except ValueError:
            shown = f"{values[k].strip()[:20]!r} is not a number" if values[k].strip() else "is empty"
            raise ValueError(f"{names[k][:40]}: {shown}") from None
        if not math.isfinite(number) or abs(number) > LARGEST:
            raise ValueError(f"{names[k][:40]} is not finite")
        row.append(number)
    return row
