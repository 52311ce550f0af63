"""Columns that number the rows instead of measuring something."""

import re
from collections.abc import Sequence
from itertools import pairwise

_IDS = re.compile(
    r"id|idx|index|rowid|row[ _.]?(id|nr|no|num|number|names?)|uid|uuid|guid|unnamed(: ?\d+)?"
    r"|__index_level_\d+__|.*[ _.-]id",
    re.IGNORECASE,
)
_CAMEL_ID = re.compile(r".*[a-z]I[dD]")
_COUNTERS = re.compile(
    r"#|row|rows|n|no\.?|nr\.?|num|number|i|obs|observation|record|sample|case|subject|item|entry|line",
    re.IGNORECASE,
)
ID, ROW_NAMES = "looks like an id", "row names"
ENOUGH = 5
"""Rows from which on consecutive integers look like row numbers in a table without names."""


def named_as_id(name: str) -> bool:
    """Return True for names such as id, index or customer_id."""
    return bool(_IDS.fullmatch(name) or _CAMEL_ID.fullmatch(name))


def looks_like_id(name: str, fields: Sequence[str], first: bool, header: bool) -> bool:
    """Return True if a column of numbers looks like row numbers or ids.

    Consecutive integers alone are no ids: they may be times, years or positions. The name of the column must
    say so, or it must be the first one and have no name.

    Parameters
    ----------
    name
        The name in the header, "" if it has none.
    fields
        The first fields of the column.
    first
        True for the first column.
    header
        True if other columns have names.
    """
    if not all(re.fullmatch(r"[0-9]{1,18}", field.strip()) for field in fields):
        return False
    if named_as_id(name):
        return True
    numbers = list(map(int, fields))
    consecutive = all(b - a == 1 for a, b in pairwise(numbers))
    if not consecutive or len(numbers) < 2:
        return False
    if not name:
        return first and (header or len(numbers) >= ENOUGH)
    return bool(_COUNTERS.fullmatch(name))
