"""The layout of a text table: titles, header, units and data, from its first rows."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from wganstudio.pairs.data.id_columns import looks_like_id
from wganstudio.pairs.data.number_format import (
    COMMA,
    FORMATS,
    PLAIN,
    NumberFormat,
    inspect_column,
    is_missing,
)
from wganstudio.pairs.data.table_source import default_names
from wganstudio.pairs.data.text_lines import Row

_UNIT = (
    r"(?:[fpnuµμmcdhkMGT]?(?:m|s|g|A|K|mol|cd|Hz|N|Pa|J|W|V|C|F|ohm|Ω|T|l|L|bar|eV|Wh|B|rad|sec)|min|h|d|days?|hours?|"
    r"years?|yr|a|°C?|°F|deg|degrees?|%|dB|ppm|ppb|px|pixels?|in|ft|mi|lb|kn|USD|EUR|GBP|€|\$|1)(?:\^?[-⁻]?[0-9²³¹])?"
)
_UNITS = re.compile(rf"[\[(<].{{0,20}}[\])>]|{_UNIT}(?:[ */·.]{{1,3}}{_UNIT})*")
DECISIVE_COLUMNS = 500
"""Columns that determine the layout, and the delimiter."""
MAX_UNIT = 40
"""Characters of a unit, at most."""
YEARS = range(1500, 2201)


class Layout(NamedTuple):
    """The places of the first rows."""

    width: int
    """Number of fields of a row."""
    header: int | None
    """Index of the row that names the columns."""
    units: int | None
    """Index of the row of units."""
    data: int
    """Index of the first row of data, bad or not."""
    row_names: bool = False
    """True if the header has no name for the first column."""
    numeric_header: bool = False
    """True if the header consists of numbers, so that it could be data."""


def find_layout(
    rows: Sequence[Row],
    formats: Sequence[NumberFormat] = FORMATS,
    header: bool | None = None,
    units_row: bool | None = None,
    titles: bool = True,
) -> Layout:
    """Return the layout of a table.

    `header` and `units_row` say if there are such rows, None if that is unknown. Without `titles` the first
    row belongs to the table.
    """
    layout = _find_layout(rows, formats, header, units_row)
    if titles or (layout.data if layout.header is None else layout.header) == 0:
        return layout
    if layout.header is None:
        return layout._replace(data=0)
    return layout._replace(header=0, units=1 if units_row else None, data=1 + bool(units_row))


def _find_layout(
    rows: Sequence[Row], formats: Sequence[NumberFormat], header: bool | None, units_row: bool | None
) -> Layout:
    fields = [row for _, row in rows]
    width = Counter(map(len, fields)).most_common(1)[0][0]
    kinds = _Kinds(fields, width, formats)
    first = next((k for k, row in enumerate(fields) if kinds.is_data(row)), 0)
    start = first
    while start > 0 and len(fields[start - 1]) == width:
        start -= 1
    if header is not False and (layout := _with_header(fields, start, first, kinds, header, units_row)):
        return layout
    titles = first > 0 and not any(map(kinds.has_number, fields[:start]))
    return Layout(width, None, None, start if titles else 0)


def _with_header(
    fields: Sequence[Sequence[str]],
    start: int,
    first: int,
    kinds: "_Kinds",
    header: bool | None,
    units_row: bool | None,
) -> Layout | None:
    """Return the layout of a table with a header; None if it has none.

    `first` is the first row of numbers, and `start` the first of the rows above it that are as wide.
    """
    width = kinds.width
    names = [k for k in range(start, first) if kinds.is_text(fields[k])]
    if names:
        last = names[-1]
        above = len(names) > 1 and names[-2] == last - 1
        is_units = above and _are_units(fields[last])
        units_row = is_units if units_row is None else units_row
        place = last - 1 if above and (units_row or is_units) else last
        return Layout(width, place, place + 1 if units_row else None, place + 1 + bool(units_row))
    if (other := _other_header(fields, first, kinds)) is not None:
        return Layout(
            width, other, None, other + 1, len(fields[other]) == width - 1 and kinds.has_row_names()
        )
    if header or start < first or _are_names(fields, first, kinds):
        below = start + 1 if units_row else None
        sure = header or start < first or not fields[start][0].strip()
        return Layout(width, start, below, start + 1 + bool(units_row), numeric_header=not sure)
    return None


def column_names(header: Sequence[str] | None, layout: Layout) -> tuple[str, ...]:
    """Return unique names of the columns: x1, x2, ... where the header has none."""
    numbered = default_names(layout.width)
    names = [] if header is None else [name.strip() for name in header]
    if layout.row_names:
        names.insert(0, "row names")
    unique: dict[str, None] = {}
    for k, name in enumerate(numbered):
        name = (names[k] if k < len(names) else "") or name
        while name in unique:
            name = f"{name} ({k + 1})"
        unique[name] = None
    return tuple(unique)


def unit_of(field: str) -> str:
    """Return the unit in a field of a units row, without brackets; "" for a missing one."""
    return "" if is_missing(field) else re.sub(r"^[\[(<](.*)[\])>]$", r"\1", field.strip())


class _Kinds:
    """Tells rows of data from rows of names, by the columns that consist of numbers."""

    def __init__(self, rows: Sequence[Sequence[str]], width: int, formats: Sequence[NumberFormat]) -> None:
        self.width = width
        body = [row for row in rows if len(row) == width]
        body = body[1:] or body
        columns = [
            inspect_column([row[k] for row in body], formats) for k in range(min(width, DECISIVE_COLUMNS))
        ]
        self.formats = {
            k: column.format or formats[0] for k, column in enumerate(columns) if column.share > 0.5
        }
        self.body = body

    def has_row_names(self) -> bool:
        """Return True if the first column contains words, or integers that count the rows."""
        return not self.ends_empty() and (
            0 not in self.formats or looks_like_id("", [row[0] for row in self.body], True, True)
        )

    def ends_empty(self) -> bool:
        """Return True if the last column is empty, as behind a delimiter too many."""
        return not any(row[-1].strip() for row in self.body)

    def has_number(self, row: Sequence[str]) -> bool:
        """Return True if a field contains a number."""
        return any(form.is_number(field) for field in row for form in (PLAIN, COMMA))

    def is_data(self, row: Sequence[str]) -> bool:
        """Return True if the columns of numbers contain numbers, or missing values, in a row."""
        if len(row) != self.width:
            return False
        kinds = [form.is_number(row[k]) for k, form in self.formats.items()]
        return any(kinds) and all(
            number or is_missing(row[k]) for number, k in zip(kinds, self.formats, strict=True)
        )

    def is_text(self, row: Sequence[str]) -> bool:
        """Return True if the columns of numbers contain words, and no number, in a row."""
        fields = [(form, row[k]) for k, form in self.formats.items()]
        return not any(form.is_number(field) for form, field in fields) and any(
            not is_missing(field) for _, field in fields
        )


def _other_header(rows: Sequence[Sequence[str]], first: int, kinds: _Kinds) -> int | None:
    """Return the place of a header with one name too few, as R writes it, or with a delimiter too many."""
    if first == 0:
        return None
    above, width = rows[first - 1], kinds.width
    if len(above) == width + 1 and not above[-1].strip():
        return first - 1
    if len(above) != width - 1 or width < 2 or not (kinds.has_row_names() or kinds.ends_empty()):
        return None
    words = not any(map(PLAIN.is_number, above))
    return first - 1 if words or _are_labels(above) else None


def _are_names(rows: Sequence[Sequence[str]], first: int, kinds: _Kinds) -> bool:
    """Return True if the first row of numbers consists of names, such as years or column numbers."""
    row = rows[first]
    places = [k for k in kinds.formats if row[k].strip()]
    names = [row[k] for k in places]
    body = [other for other in kinds.body if other is not row]
    if len(row) != kinds.width or len(names) < 2 or len(body) < 2 or not _are_labels(names):
        return False
    if not row[0].strip() and 0 in kinds.formats and all(other[0].strip() for other in body):
        return True  # the index of a data frame has no name
    if int(names[0]) in YEARS:
        years = [row[k].strip().isdecimal() and int(row[k]) in YEARS for row in body for k in places]
        return not all(years) and all(
            _outside(int(row[k]), [other[k] for other in body], kinds.formats[k]) for k in places
        )
    decimals = [re.search(r"[.,eE]", other[k]) is not None for other in body for k in places]
    return int(names[0]) <= 1 and 2 * sum(decimals) > len(decimals)


def _are_labels(fields: Sequence[str]) -> bool:
    """Return True for integers with equal steps."""
    if not all(re.fullmatch("[0-9]{1,4}", field.strip()) for field in fields):
        return False
    numbers = list(map(int, fields))
    steps = {b - a for a, b in pairwise(numbers)}
    return len(steps) == 1 and 0 not in steps


def _outside(number: int, fields: Sequence[str], form: NumberFormat) -> bool:
    values = [form.number(field) for field in fields if form.is_number(field)]
    return bool(values) and not min(values) <= number <= max(values)


def _are_units(row: Sequence[str]) -> bool:
    words = [field.strip() for field in row if not is_missing(field)]
    return bool(words) and all(len(word) <= MAX_UNIT and _UNITS.fullmatch(word) for word in words)
