"""Numbers in text: decimal mark and thousands separator are those of a whole column, never of a cell."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

MAX_LENGTH = 400
"""Characters of a number, at most: the digits of the largest one."""
_SPELLINGS = (
    "na n/a n.a. nan -nan null none nil nat missing <na> - -- --- . ? \\n 1.#qnan 1.#ind -1.#ind #n/a #na "
    "#null! #div/0! #value! #ref! #num! #name?"
)
MISSING = frozenset(["", "#n/a n/a", *_SPELLINGS.split()])
"""The spellings of missing values, in lower case."""
_PLAIN_TEXT = re.compile(r"[0-9.eE+\-\n]*")
_NO_THOUSANDS = re.compile(r"[0-9]{4}\.|(?<![0-9.])0[0-9]*\.|\.[0-9]{0,2}(?![0-9])|\.[0-9]{4}")
_INFINITE = re.compile(r"[+-]?(inf|infinity)", re.IGNORECASE)
_SEPARATORS = {"": "", ",": ",", ".": r"\.", " ": "[ \u00a0\u2009\u202f]", "'": "['\u2019]"}
_MINUS = "\u2212"


class NumberFormat(NamedTuple):
    """The characters in the numbers of a column."""

    decimal: str = "."
    thousands: str = ""
    """"" for none."""

    def is_number(self, field: str) -> bool:
        """Return True if a field contains a number in this format."""
        return len(field) <= MAX_LENGTH and _pattern(self).fullmatch(field.strip()) is not None

    def number(self, field: str) -> float:
        """Return the number in a field; raise ValueError with the reason if there is none."""
        text = field.strip()
        if not self.is_number(text):
            raise ValueError(_reason(text))
        if self.thousands:
            text = re.sub(_SEPARATORS[self.thousands], "", text)
        return float(text.replace(self.decimal, ".").replace(_MINUS, "-"))

    def numbers(self, fields: Sequence[str]) -> list[float] | None:
        """Return the numbers of many fields; None if they must be read one by one."""
        if self.thousands:
            return None
        text = "\n".join(fields)
        if len(text) > MAX_LENGTH * len(fields) or "_" in text or not text.isascii():  # which float() accepts
            return None
        if self.decimal == ",":
            if "." in text:
                return None
            fields = text.replace(",", ".").split("\n")
        try:
            return list(map(float, fields))
        except ValueError:
            return None


PLAIN, COMMA = NumberFormat("."), NumberFormat(",")
FORMATS = (
    PLAIN,
    COMMA,
    NumberFormat(".", ","),
    NumberFormat(",", "."),
    NumberFormat(".", " "),
    NumberFormat(",", " "),
    NumberFormat(".", "'"),
    NumberFormat(",", "'"),
)
"""The formats that a column can have, the simplest first."""


class ColumnNumbers(NamedTuple):
    """The numbers of a column, as far as some of its fields tell."""

    format: NumberFormat | None
    """None if the numbers are plain integers, so that any format reads them."""
    share: float
    """Share of numbers among the fields that are not missing; 0 if all are missing."""
    present: float
    """Share of fields that are not missing."""
    example: str = ""
    """A field that another format reads as another number; empty if there is none."""


def is_missing(field: str) -> bool:
    """Return True if a field is empty or spells a missing value."""
    return field.strip().casefold() in MISSING


def inspect_column(
    fields: Sequence[str],
    formats: Sequence[NumberFormat] = FORMATS,
    decimal: str = "",
    grouped: bool = False,
) -> ColumnNumbers:
    """Return the format that most fields of a column have.

    Parameters
    ----------
    fields
        The fields; missing ones do not count.
    formats
        The formats to choose from.
    decimal
        The decimal mark of the other columns, "" if they do not tell.
    grouped
        Read 1,234 as thousands if nothing else tells, as between quotation marks in a file with commas.
    """
    if PLAIN in formats and (plain := _inspect_plain(fields)) is not None:
        return plain
    values = [field.strip() for field in fields if not is_missing(field)]
    present = len(values) / max(1, len(fields))
    if not values:
        return ColumnNumbers(None, 0.0, present)
    formats = _relevant(formats, values)
    counts = {form: sum(map(form.is_number, values)) for form in formats}
    most = max(counts.values())
    best = [form for form in formats if counts[form] == most]
    share = most / len(values)
    numbers = [value for value in values if best[0].is_number(value)]
    if all(map(_is_integer, numbers)):
        return ColumnNumbers(None, share, present)
    if all(form.decimal == best[0].decimal for form in best):
        return ColumnNumbers(best[0], share, present)
    return _ambiguous(numbers, best, share, present, decimal, grouped)


def _inspect_plain(fields: Sequence[str]) -> ColumnNumbers | None:
    """Return the format of plain numbers; None if the fields must be inspected one by one."""
    text = "\n".join(fields)
    if _PLAIN_TEXT.fullmatch(text) is None or PLAIN.numbers(fields) is None:
        return None
    if "." not in text:
        return ColumnNumbers(None, 1.0, 1.0) if fields else None
    return ColumnNumbers(PLAIN, 1.0, 1.0) if _NO_THOUSANDS.search(text) else None


def _relevant(formats: Sequence[NumberFormat], values: Sequence[str]) -> Sequence[NumberFormat]:
    """Leave out formats that read these fields as a simpler one does."""
    text = "\n".join(values)
    kept = [
        form
        for form in formats
        if (not form.thousands or re.search(_SEPARATORS[form.thousands], text))
        and (form.decimal == "." or "," in text or form.thousands == ".")
    ]
    return kept or formats[:1]


def _ambiguous(
    numbers: Sequence[str],
    best: Sequence[NumberFormat],
    share: float,
    present: float,
    decimal: str,
    grouped: bool,
) -> ColumnNumbers:
    """Choose between 1,234 as a decimal and as thousands, by the other columns or by the plain integers."""
    example = next(value for value in numbers if not _is_integer(value))
    mark = "," if "," in example else "."
    as_decimal = next((form for form in best if form.decimal == mark), best[0])
    as_thousands = next((form for form in best if form.thousands == mark), best[0])
    if decimal:
        return ColumnNumbers(as_decimal if mark == decimal else as_thousands, share, present)
    short = [value for value in numbers if _is_integer(value)]
    mixed = bool(short) and all(len(value.lstrip("+-" + _MINUS)) <= 3 for value in short)
    if mixed or (mark == "," and grouped):
        return ColumnNumbers(as_thousands, share, present, example)
    return ColumnNumbers(as_decimal, share, present, example)


@lru_cache
def _pattern(form: NumberFormat) -> re.Pattern[str]:
    mark, separator = re.escape(form.decimal), _SEPARATORS[form.thousands]
    integer = rf"(?:[1-9][0-9]{{0,2}}(?:{separator}[0-9]{{3}})+|[0-9]+)" if separator else "[0-9]+"
    return re.compile(rf"[-+{_MINUS}]?(?:{integer}(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][-+]?[0-9]+)?")


def _is_integer(text: str) -> bool:
    return text.lstrip("+-" + _MINUS).isdecimal()


def _reason(text: str) -> str:
    if not text:
        return "is empty"
    if text.casefold() in MISSING:
        return f"missing value {text!r}"
    if _INFINITE.fullmatch(text):
        return "is not finite"
    return f"{text[:20]!r} is not a number"
