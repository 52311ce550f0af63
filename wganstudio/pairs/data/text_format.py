"""The format of a text table: encoding, delimiter, decimal mark, and the rows above the data."""

from dataclasses import dataclass

from wganstudio.experiment.data import CHARACTERS, Decimal, Delimiter, Thousands

CHARACTER = {"none": "", **{name: character for character, name in CHARACTERS.items()}}
"""The character of each delimiter, decimal mark and thousands separator."""


@dataclass(frozen=True)
class Ambiguity:
    """A guess that could be wrong: the file can be read in another way."""

    field: str
    """The option of the pair that decides, such as "decimal"."""
    message: str
    """A sentence that says what was guessed and how to change it."""


@dataclass(frozen=True)
class TextFormat:
    """The format in which a text table is read; every field but the last ones is an option of the pair."""

    encoding: str
    delimiter: Delimiter
    decimal: Decimal
    """The decimal mark of most columns."""
    thousands: Thousands
    """The thousands separator of the columns that have one."""
    skip_rows: int
    """Number of lines above the table."""
    header: bool
    """True if the first row of the table names the columns."""
    units_row: bool
    """True if the row after the header contains units."""
    comment: str
    """Characters at the beginning of lines that are left out; "" for none."""
    quote: str = '"'
    row_names: bool = False
    """True if the first column contains row names, for which the header has no name."""
    ambiguities: tuple[Ambiguity, ...] = ()
