"""Tables as text: .csv, .tsv and what numpy.savetxt writes, whatever the delimiter, header or none."""

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from wganstudio.pairs.data.source import (
    BLOCK,
    BLOCK_VALUES,
    MAX_COLUMNS,
    BadRow,
    Block,
    Source,
    choose,
    fields,
    numbered,
)
from wganstudio.pairs.data.untrusted_files import MAX_VALUES, bad, opened

MAX_LINE = 1 << 20
"""Bytes that a line may have."""
MAX_EMPTY = 1 << 16
"""Empty lines and comments that may follow each other."""
MAX_BAD = 1000
"""Bad rows after which a file counts as none of numbers."""
SAMPLE = 50
"""Lines that tell how a file is written."""
SAMPLE_BYTES = 1 << 21
_LARGEST = float(np.finfo(np.float32).max)
_BLANK = "blanks"
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", _BLANK: "blanks"}


class Line(NamedTuple):
    """A line that holds something, and its number from 1."""

    number: int
    text: str


@contextmanager
def open_delimited(path: Path, columns: str | None, header: bool | None) -> Iterator[Source]:
    """The rows of a text file; `header` says whether the first names the columns, None looks.

    Without a choice all columns are taken that hold a number in most of the first rows. Between semicolons a
    number may have a decimal comma. Empty lines, and lines that begin with #, count as none.
    """
    with opened(path) as file:
        lines = _lines(path, file)
        first: list[Line] = []
        for line in lines:
            first.append(line)
            if len(first) > SAMPLE or sum(len(one.text) for one in first) > SAMPLE_BYTES:
                break
        if not first:
            bad(f"{path} is empty; choose a table with a row a line")
        split = Splitter(_sniffed([line.text for line in first]))
        rows = [split(line.text) for line in first]
        width = Counter(map(len, rows)).most_common(1)[0][0]
        if width > MAX_COLUMNS:
            bad(f"{path} has {width:,} columns; at most {MAX_COLUMNS:,} can be read")
        if header is None:
            header = _is_header(rows, split)
        names = _names(rows[0], width) if header else numbered(width)
        body = [row for row in rows[header:] if len(row) == width]
        numeric = [k for k in range(width) if 2 * sum(split.is_number(row[k]) for row in body) > len(body)]
        places = choose(path, names, columns, numeric)
        how = f"separated by {_DELIMITERS[split.delimiter]}, {'with' if header else 'without'} a header"
        yield Source(
            f"text, {how}",
            tuple(names[k] for k in places),
            tuple(name for k, name in enumerate(names) if k not in set(places)),
            None,
            _blocks(path, chain(first[header:], lines), split, width, places, names),
            unit="line",
        )


class Splitter:
    """Cuts a line into its fields, and reads a field as a number."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self._comma = delimiter == ";"

    def __call__(self, text: str) -> list[str]:
        if self.delimiter == _BLANK:
            return text.split()
        return fields(text, self.delimiter)

    def number(self, field: str) -> float:
        """The number in a field; ValueError where there is none."""
        return float(field.replace(",", ".") if self._comma else field)

    def is_number(self, field: str) -> bool:
        """Whether there is one."""
        try:
            self.number(field)
        except ValueError:
            return False
        return True


def _lines(path: Path, file: IO[bytes]) -> Iterator[Line]:
    number = last = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            bad(f"line {number} of {path} is longer than 1 MiB; choose a table with a row a line")
        if b"\0" in raw:
            bad(f"{path} holds no text; choose a .csv, .npy, .npz or .parquet file")
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        text = text.strip("\r\n")
        if text.strip() and not text.startswith("#"):
            last = number
            yield Line(number, text)
        elif number - last > MAX_EMPTY:
            bad(f"lines {last + 1:,} to {number:,} of {path} hold nothing; choose a table with a row a line")


def _sniffed(texts: Sequence[str]) -> str:
    """The delimiter by which most lines have as many fields, most of them numbers; of equals the widest."""

    def merit(delimiter: str) -> tuple[float, int]:
        split = Splitter(delimiter)
        rows = [split(text) for text in texts]
        width, alike = Counter(map(len, rows)).most_common(1)[0]
        if width == 1 and delimiter != ",":
            return -1.0, 1
        below = [field for row in rows[1:] or rows for field in row]
        numbers = sum(map(split.is_number, below)) / max(len(below), 1)
        return round(numbers * alike / len(rows), 6), width

    return max(_DELIMITERS, key=merit)


def _is_header(rows: Sequence[Sequence[str]], split: Splitter) -> bool:
    """Whether the first row has words where the second has numbers."""
    if len(rows) < 2:
        return not any(map(split.is_number, rows[0]))
    pairs = zip(*rows[:2], strict=False)
    return any(not split.is_number(one) and split.is_number(other) for one, other in pairs)


def _names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """The header's names, each made a name of its own; x1, x2, ... where there is none."""
    found: dict[str, None] = {}
    for k, numbered_name in enumerate(numbered(width)):
        name = header[k].strip().strip('"') if k < len(header) else ""
        name = name or numbered_name
        while name in found:
            name = f"{name} ({k + 1})"
        found[name] = None
    return tuple(found)


def _blocks(
    path: Path,
    lines: Iterator[Line],
    split: Splitter,
    width: int,
    places: Sequence[int],
    names: Sequence[str],
) -> Iterator[Block]:
    values, lost = array("f"), list[BadRow]()
    full = min(BLOCK * len(places), BLOCK_VALUES)
    found = missed = 0
    for line in lines:
        try:
            values.extend(_row(split, line.text, width, places, names))
        except ValueError as error:
            missed += 1
            lost.append(BadRow(line.number, str(error)))
        if len(values) >= full or len(lost) >= BLOCK:
            found += len(values)
            yield Block(_rows(values, places), lost)
            values, lost = array("f"), []
        if found > MAX_VALUES:
            bad(f"{path} holds more than {MAX_VALUES:,} numbers; choose fewer columns, or a part of it")
        if missed > MAX_BAD and missed * len(places) > found + len(values):
            bad(f"most rows of {path} are bad, such as line {lost[-1].line}: {lost[-1].reason}")
    yield Block(_rows(values, places), lost)


def _rows(
    values: "array[float]", places: Sequence[int]
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    return np.frombuffer(values, dtype=np.float32).reshape(-1, len(places))


def _row(split: Splitter, text: str, width: int, places: Sequence[int], names: Sequence[str]) -> list[float]:
    """The chosen numbers of a line; ValueError says what is wrong with it."""
    found = split(text)
    if len(found) != width:
        raise ValueError(f"it has {len(found):,} fields instead of {width:,}")
    row = []
    for k in places:
        try:
            number = split.number(found[k])
        except ValueError:
            shown = f"{found[k].strip()[:20]!r} is no number" if found[k].strip() else "is empty"
            raise ValueError(f"{names[k][:40]}: {shown}") from None
        if not math.isfinite(number) or abs(number) > _LARGEST:
            raise ValueError(f"{names[k][:40]} is not finite")
        row.append(number)
    return row
