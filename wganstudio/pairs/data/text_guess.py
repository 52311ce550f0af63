"""Guess the format of a text table from its first lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from wganstudio.experiment.data import CHARACTERS, Decimal, Delimiter, Thousands
from wganstudio.pairs.data.id_columns import ID, ROW_NAMES, looks_like_id
from wganstudio.pairs.data.number_format import (
    FORMATS,
    PLAIN,
    ColumnNumbers,
    NumberFormat,
    inspect_column,
)
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import MAX_COLUMNS
from wganstudio.pairs.data.text_dialect import DIALECT_ROWS, NAMES, Dialect
from wganstudio.pairs.data.text_format import CHARACTER, Ambiguity, TextFormat
from wganstudio.pairs.data.text_layout import Layout, column_names, find_layout, unit_of
from wganstudio.pairs.data.text_lines import Row
from wganstudio.pairs.data.untrusted_files import fail

SAMPLE_FIELDS = 200_000
"""Fields that determine the numbers of the columns."""
_COMMENTS = ("#", "%", "//")
_WORDS = {
    "comma": "columns separated by commas",
    "semicolon": "columns separated by semicolons",
    "tab": "columns separated by tabs",
    "bar": "columns separated by bars",
    "blank": "columns separated by blanks",
    "none": "a single column",
}


@dataclass(frozen=True)
class TextColumn:
    """A column of a text table."""

    name: str
    unit: str
    numbers: ColumnNumbers
    left_out: str
    """The reason why it is not read unless it is named; "" for others."""

    @property
    def numeric(self) -> bool:
        """True if most of its fields are numbers."""
        return self.numbers.share > 0.5


@dataclass(frozen=True)
class TextTable:
    """The format and the columns of a text table, guessed from its first lines."""

    format: TextFormat
    columns: tuple[TextColumn, ...]
    body_line: int
    """Number of the first line of data."""


def guess_table(path: Path, lines: Sequence[str], encoding: str, choice: TableChoice) -> TextTable:
    """Return the format and the columns of a text table from its first lines.

    What `choice` states is not guessed. Raises BadExperiment if there is no table.
    """
    separator = _separator(lines[0] if lines else "")
    skip = max(choice.skip_rows or 0, int(bool(separator)))
    comment = choice.comment or _comment(lines[skip:])
    formats = allowed_formats(choice)
    dialect = Dialect(path, lines, comment, skip, formats)
    if choice.delimiter is not None:
        best = [choice.delimiter]
    elif separator and separator in NAMES:
        best = [NAMES[separator]]
    else:
        best = dialect.delimiters()
    rows = dialect.rows(best[0])
    if not rows:
        fail(f"{path} is empty; choose a table with one row per line")
    titles = choice.skip_rows is None
    layout = find_layout(rows[: _most(rows)], formats, choice.header, choice.units_row, titles)
    if layout.width > MAX_COLUMNS:
        fail(f"{path} has {layout.width:,} columns; at most {MAX_COLUMNS:,} can be read")
    columns = _columns(rows, layout, formats, best[0])
    data = rows[min(layout.data, len(rows) - 1)][0]
    top = layout.data if layout.header is None else layout.header
    above = rows[top][0] - 1 if top > 0 else 0
    decimals = [form.decimal for column in columns if (form := column.numbers.format) and column.numeric]
    thousands = [form.thousands for column in columns if (form := column.numbers.format) and form.thousands]
    decimal = _most_common(decimals, CHARACTER[choice.decimal or "point"])
    text_format = TextFormat(
        encoding,
        best[0],
        cast(Decimal, CHARACTERS[decimal]),
        cast(Thousands, CHARACTERS[thousands[0]]) if thousands else "none",
        max(skip, above),
        layout.header is not None,
        layout.units is not None,
        comment,
        dialect.quote,
        layout.row_names,
        tuple(_ambiguities(encoding, best, layout, columns, rows, choice)),
    )
    return TextTable(text_format, columns, data)


def _separator(line: str) -> str:
    """Return the delimiter in a line such as sep=; at the top of a file; "" if there is none."""
    match = re.fullmatch(r'"?sep=(.)"?', line, re.IGNORECASE)
    return match[1] if match else ""


def _comment(lines: Sequence[str]) -> str:
    """Return the comment mark of some lines: #, or another one that the first of them begins with."""
    first = next((line for line in lines if line.strip()), "")
    return next((mark for mark in _COMMENTS if first.startswith(mark)), "#")


def allowed_formats(choice: TableChoice) -> list[NumberFormat]:
    """Return the formats of numbers that the choice allows."""
    decimal = None if choice.decimal is None else CHARACTER[choice.decimal]
    thousands = None if choice.thousands is None else CHARACTER[choice.thousands]
    formats = [
        form
        for form in FORMATS
        if decimal in (None, form.decimal) and (thousands is None or form.thousands in ("", thousands))
    ]
    if thousands:  # a column of integers with separators has no decimal mark
        formats = [form for form in formats if form.thousands or form.decimal != thousands]
    return formats


def _most(rows: Sequence[Row]) -> int:
    """Return the number of rows whose fields are inspected."""
    return max(DIALECT_ROWS, SAMPLE_FIELDS // max(1, len(rows[-1][1])))


def _most_common(marks: Sequence[str], default: str) -> str:
    return max(dict.fromkeys(marks), key=marks.count, default=default)


def _columns(
    rows: Sequence[Row], layout: Layout, formats: Sequence[NumberFormat], delimiter: Delimiter
) -> tuple[TextColumn, ...]:
    body = [row for _, row in rows[layout.data : layout.data + _most(rows)]]
    cells = [[row[k] for row in body if len(row) == layout.width] for k in range(layout.width)]
    grouped = delimiter == "comma"
    numbers = [inspect_column(column, formats, grouped=grouped) for column in cells]
    sure = [c.format.decimal for c in numbers if c.format and not c.example and c.share > 0.5]
    decimal = _most_common(sure, "")
    numbers = [
        inspect_column(column, formats, decimal, grouped) if decimal and found.example else found
        for column, found in zip(cells, numbers, strict=True)
    ]
    header = None if layout.header is None else rows[layout.header][1]
    units = None if layout.units is None else rows[layout.units][1]
    names = column_names(header, layout)
    given = ["row names", *(header or [])] if layout.row_names else list(header or [])
    given += [""] * (layout.width - len(given))
    reasons = [_reason(given[k].strip(), column, cells[k], k, layout) for k, column in enumerate(numbers)]
    if all(reasons):  # a table of ids alone consists of data
        reasons = [
            "" if reason in (ID, ROW_NAMES) and column.share > 0.5 else reason
            for reason, column in zip(reasons, numbers, strict=True)
        ]
    return tuple(
        TextColumn(name, unit_of(units[k]) if units and k < len(units) else "", numbers[k], reasons[k])
        for k, name in enumerate(names)
    )


def _reason(name: str, numbers: ColumnNumbers, fields: Sequence[str], place: int, layout: Layout) -> str:
    if place == 0 and layout.row_names:
        return ROW_NAMES
    if numbers.present == 0:
        return "empty"
    if numbers.share <= 0.5:
        return "not numeric"
    if numbers.present <= 0.5:
        return "most values are missing"
    return ID if looks_like_id(name, fields, place == 0, layout.header is not None) else ""


def _ambiguities(
    encoding: str,
    delimiters: Sequence[Delimiter],
    layout: Layout,
    columns: Sequence[TextColumn],
    rows: Sequence[Row],
    choice: TableChoice,
) -> Iterator[Ambiguity]:
    if encoding == "cp1252" and choice.encoding is None:
        yield Ambiguity(
            "encoding",
            "The text is not Unicode and was read as cp1252 (Western European); change the encoding if its "
            "words look wrong.",
        )
    if len(delimiters) > 1:
        chosen, other = (_WORDS[name] for name in delimiters[:2])
        yield Ambiguity("delimiter", f"The file was read as {chosen}; it may also be read as {other}.")
    for column in columns:
        if column.numbers.example and column.numbers.format not in (None, PLAIN):
            assert column.numbers.format is not None
            value = column.numbers.format.number(column.numbers.example)
            yield Ambiguity(
                "thousands" if column.numbers.format.thousands else "decimal",
                f"{column.numbers.example} in column {column.name[:40]} was read as {value:.10g}; "
                "change the decimal mark or the thousands separator if it means something else.",
            )
    if layout.numeric_header and layout.header is not None:
        shown = ", ".join(rows[layout.header][1][:3])[:40]
        yield Ambiguity(
            "header",
            f"The first row ({shown}, ...) was read as the names of the columns; it may be data.",
        )
