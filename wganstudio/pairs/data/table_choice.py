"""The part of a table to read, and how to read it."""

import csv
from dataclasses import dataclass

from wganstudio.experiment.data import DataPairOptions, Decimal, Delimiter, Encoding, Thousands


@dataclass(frozen=True)
class RowFilter:
    """Selects the rows with certain values, or with all others, in one column."""

    column: str
    values: tuple[str, ...]
    inverted: bool = False

    def describe(self) -> str:
        """Return the selection as a phrase, such as " with species setosa"."""
        return f" with {self.column[:40]} {'other than ' * self.inverted}{' or '.join(self.values)[:80]}"


@dataclass(frozen=True)
class TableChoice:
    """The part of a table to read, and how to read it: options of the pair; None guesses from the file."""

    columns: str | None = None
    """Names or numbers from 1, separated by commas; None for all numeric columns but ids."""
    array: str | None = None
    """Name of an array of an .npz file; None for the only one."""
    header: bool | None = None
    units_row: bool | None = None
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    decimal: Decimal | None = None
    thousands: Thousands | None = None
    skip_rows: int | None = None
    comment: str | None = None
    rows: RowFilter | None = None
    """None for all rows."""

    @classmethod
    def from_options(cls, options: DataPairOptions, side: str) -> "TableChoice":
        """Return the choice for the file of P or Q; `side` is "p" or "q"."""
        answers = {"yes": True, "no": False, None: None}
        return cls(
            options.columns,
            options.array,
            answers[options.header],
            answers[options.units_row],
            options.encoding,
            options.delimiter,
            options.decimal,
            options.thousands,
            options.skip_rows,
            options.comment,
            _row_filter(options, side),
        )


def list_values(text: str) -> tuple[str, ...]:
    """Return the entries of a list with commas; an entry with a comma stands in double quotes."""
    return tuple(filter(None, map(str.strip, split_fields(text, ","))))


def _row_filter(options: DataPairOptions, side: str) -> RowFilter | None:
    if options.split_column is None:
        return None
    own, other = options.p_values, options.q_values
    if side == "q":
        own, other = other, own
    return RowFilter(options.split_column, list_values(own or other or ""), inverted=not own)


def split_fields(text: str, delimiter: str) -> list[str]:
    """Return the fields of a line; delimiters within double quotes do not count."""
    if '"' in text:
        try:
            return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
        except csv.Error:
            pass  # stray quotation marks have no meaning
    return text.split(delimiter)
