"""Text tables: .csv, .tsv and other files with one row per line, plain or gzipped."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data.number_format import NumberFormat, inspect_column
from wganstudio.pairs.data.row_filter import RowSelector
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import (
    BLOCK_VALUES,
    LARGEST,
    BadRow,
    RowBlock,
    TableSource,
    choose_columns,
    left_out_columns,
)
from wganstudio.pairs.data.text_format import CHARACTER
from wganstudio.pairs.data.text_guess import TextTable, allowed_formats, guess_table
from wganstudio.pairs.data.text_lines import Row, RowReader, guess_encoding, read_lines
from wganstudio.pairs.data.untrusted_files import MAX_NUMBERS, Readable, decompress_text, fail, open_regular

MAX_BAD = 1000
"""Bad rows from which on a file may be refused."""
SAMPLE_LINES = 1000
"""Lines from which the format is guessed."""
SAMPLE_CHARACTERS = 1 << 21
BLOCK_ROWS = 512
"""Rows per block: few, as their fields are then in the cache."""
BLOCK_CHARACTERS = 1 << 22
"""Characters per block, and one line more."""
_HEAD = 1 << 16
_DELIMITERS = {
    "comma": "separated by commas",
    "semicolon": "separated by semicolons",
    "tab": "separated by tabs",
    "bar": "separated by bars",
    "blank": "separated by blanks",
    "none": "one column",
}


@contextmanager
def open_delimited(path: Path, choice: TableChoice) -> Iterator[TableSource]:
    """Open the rows of a text file; the format is guessed from its first lines where `choice` leaves it open.

    By default all columns are read that contain numbers in most of the first rows, except for those that look
    like ids. Empty lines and comments are skipped.
    """
    with open_regular(path) as file:
        with decompress_text(path, file) as text:
            encoding = choice.encoding or guess_encoding(text.read(_HEAD))
        file.seek(0)
        with decompress_text(path, file) as text:
            table = guess_table(path, _sample(read_lines(path, text, encoding)), encoding, choice)
        file.seek(0)
        with decompress_text(path, file) as text:
            yield _source(path, text, table, choice)


def _sample(lines: Iterator[str]) -> list[str]:
    """Return the first lines, at least one of which is not empty if there is one."""
    sample, size, full = list[str](), 0, 0
    for line in lines:
        sample.append(line)
        size += len(line)
        full += bool(line.strip()) and not line.startswith("#")
        if full > SAMPLE_LINES or size > SAMPLE_CHARACTERS or len(sample) > 1 << 17:
            break
    return sample


def _source(path: Path, file: Readable, table: TextTable, choice: TableChoice) -> TableSource:
    names = [column.name for column in table.columns]
    split = None if choice.rows is None else RowSelector(path, choice.rows, names)
    columns = table.columns
    usual = [
        k for k, column in enumerate(columns) if not column.left_out and (split is None or k != split.place)
    ]
    places = choose_columns(path, names, choice.columns, usual)
    text_format = table.format
    header = "with" if text_format.header else "without"
    return TableSource(
        f"text, {_DELIMITERS[text_format.delimiter]}, {header} a header",
        tuple(names[k] for k in places),
        left_out_columns(
            names,
            places,
            {k: column.left_out for k, column in enumerate(columns) if column.left_out},
            {k for k, column in enumerate(columns) if not column.numeric},
            None if split is None else split.place,
        ),
        None,
        _Blocks(path, file, table, choice, places, split),
        unit="line",
        units=tuple(columns[k].unit for k in places) if any(columns[k].unit for k in places) else (),
        text_format=text_format,
        selector=split,
    )


class _Blocks:
    """The rows of a text table as blocks of numbers."""

    def __init__(
        self,
        path: Path,
        file: Readable,
        table: TextTable,
        choice: TableChoice,
        places: Sequence[int],
        split: RowSelector | None,
    ) -> None:
        self._path, self._places, self._split = path, places, split
        self._names = [table.columns[k].name for k in places]
        self._formats = [table.columns[k].numbers.format for k in places]
        self._allowed = allowed_formats(choice)
        self._decimal = (
            CHARACTER[table.format.decimal] if any(c.numbers.format for c in table.columns) else ""
        )
        self._width = len(table.columns)
        text_format = table.format
        self._rows = RowReader(
            path,
            read_lines(path, file, text_format.encoding),
            CHARACTER[text_format.delimiter],
            text_format.quote,
            text_format.comment,
            table.body_line - 1,
        )
        self._rows.width = self._width
        self._rows.numeric = tuple(places)

    def __iter__(self) -> Iterator[RowBlock]:
        count = num_bad = 0
        for part in self._parts():
            block = self._block(part)
            count += block.values.size
            num_bad += len(block.bad)
            yield block
            if count > MAX_NUMBERS:
                fail(
                    f"{self._path} contains more than {MAX_NUMBERS:,} numbers; "
                    "choose fewer columns or a smaller file"
                )
            if num_bad > MAX_BAD and num_bad * len(self._places) > count:
                line, reason = block.bad[-1] if block.bad else ("?", "?")
                fail(f"most rows of {self._path} cannot be used, for example line {line}: {reason}")
        if self._split is not None:
            self._split.require_rows()

    def _parts(self) -> Iterator[list[Row]]:
        """Return the rows in parts of limited size."""
        most, end = max(1, min(BLOCK_ROWS, BLOCK_VALUES // 8 // self._width)), BLOCK_CHARACTERS
        part = list[Row]()
        for row in self._rows:
            part.append(row)
            if len(part) >= most or self._rows.size > end:
                yield part
                part, end = [], self._rows.size + BLOCK_CHARACTERS
        if part:
            yield part

    def _block(self, rows: list[Row]) -> RowBlock:
        width, split = self._width, self._split
        bad_rows = [
            BadRow(line, _wrong_width(fields, width)) for line, fields in rows if len(fields) != width
        ]
        if bad_rows:
            rows = [row for row in rows if len(row[1]) == width]
        if split is not None:
            rows = [row for row in rows if split(row[1][split.place])]
        values = np.empty((len(rows), len(self._places)))
        for k, place in enumerate(self._places):
            values[:, k] = self._numbers(k, [fields[place] for _, fields in rows])
        complete = (np.abs(values) <= LARGEST).all(axis=1)  # False for nan
        if complete.all():
            return RowBlock(values, bad_rows)
        bad_rows += [self._bad_row(*rows[k]) for k in np.flatnonzero(~complete)]
        return RowBlock(values[complete], sorted(bad_rows))

    def _numbers(self, column: int, fields: list[str]) -> list[float] | NDArray[np.float64]:
        """Return the numbers of a column, nan where there are none."""
        form = self._formats[column]
        if form is None:
            form = self._decide(column, fields)
        numbers = form.numbers(fields)
        if numbers is not None:
            return numbers
        return np.fromiter((_number_or_nan(form, field) for field in fields), np.float64, len(fields))

    def _decide(self, column: int, fields: list[str]) -> NumberFormat:
        """Return the format of a column of which the rows before contain only integers."""
        numbers = inspect_column(fields, self._allowed, self._decimal)
        if numbers.format is None:
            return self._allowed[0]
        if numbers.example:
            fail(
                f"{numbers.example} in column {self._names[column][:40]} of {self._path} may be a decimal "
                "or contain a thousands separator; choose the decimal mark",
                "pair.decimal",
            )
        self._formats[column] = numbers.format
        return numbers.format

    def _bad_row(self, line: int, fields: list[str]) -> BadRow:
        for name, place, form in zip(self._names, self._places, self._formats, strict=True):
            try:
                number = (form or self._allowed[0]).number(fields[place])
            except ValueError as error:
                reason = str(error)
            else:
                if abs(number) <= LARGEST:
                    continue
                reason = "is not finite"
            text = f"{name[:40]} {reason}" if reason.startswith("is ") else f"{name[:40]}: {reason}"
            return BadRow(line, text)
        raise AssertionError(fields)


def _wrong_width(fields: list[str], width: int) -> str:
    count = len(fields)
    return f"{count:,} field{'s' * (count != 1)} instead of {width:,}"


def _number_or_nan(form: NumberFormat, field: str) -> float:
    try:
        return form.number(field)
    except ValueError:
        return np.nan
