"""Select rows of a table by the values of one column."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data.number_format import PLAIN
from wganstudio.pairs.data.table_choice import RowFilter
from wganstudio.pairs.data.untrusted_files import fail

SHOWN = 6
"""Values listed in an error message."""
KEPT = 1000
"""Different values that are counted."""


class RowSelector:
    """Tells the rows of a filter by the value of its column; `place` is the index of the column."""

    def __init__(self, path: object, rows: RowFilter, names: Sequence[str]) -> None:
        if rows.column not in names:
            shown = ", ".join(name[:40] for name in names[:8]) + (", ..." if len(names) > 8 else "")
            fail(f"{path} has no column {rows.column[:40]!r}; it has {shown}", "pair.split_column")
        self.place, self.column = names.index(rows.column), rows.column
        self._path, self._rows = path, rows
        self._words = set(rows.values)
        self._numbers = {float(value) for value in rows.values if PLAIN.is_number(value)}
        self.counts = Counter[str]()
        """Rows of each value, in the order of their first rows."""
        self._selected = 0

    def mask(self, values: Iterable[object]) -> NDArray[np.bool_]:
        """Return for each row with these values if it is selected."""
        return np.fromiter(map(self, values), dtype=np.bool_)

    def __call__(self, value: object) -> bool:
        """Return True if a row with this value is selected; the value is a text, a number or None."""
        text = "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value).strip()
        if len(self.counts) < KEPT or text in self.counts:
            self.counts[text] += 1
        is_one = text in self._words or (
            bool(self._numbers) and PLAIN.is_number(text) and float(text) in self._numbers
        )
        self._selected += is_one != self._rows.inverted
        return is_one != self._rows.inverted

    def require_rows(self) -> None:
        """Refuse a table of which no row was selected."""
        if not self._selected:
            others = ", ".join(text[:40] for text in list(self.counts)[:SHOWN])
            more = ", ..." if len(self.counts) > SHOWN else ""
            fail(
                f"{self._path} has no row{self._rows.describe()}; the column contains {others}{more}",
                "pair.split_column",
            )
