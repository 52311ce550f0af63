"""Select rows of a table by the values of one column."""

from collections.abc import Sequence

from wganstudio.pairs.data.number_format import PLAIN
from wganstudio.pairs.data.table_choice import RowFilter
from wganstudio.pairs.data.untrusted_files import fail

SHOWN = 6
"""Values listed in an error message."""


class RowSelector:
    """Tells the rows of a filter by the value of its column; `place` is the index of the column."""

    def __init__(self, path: object, rows: RowFilter, names: Sequence[str]) -> None:
        if rows.column not in names:
            shown = ", ".join(name[:40] for name in names[:8]) + (", ..." if len(names) > 8 else "")
            fail(f"{path} has no column {rows.column[:40]!r}; it has {shown}", "pair.split_column")
        self.place = names.index(rows.column)
        self._path, self._rows = path, rows
        self._words = set(rows.values)
        self._numbers = {float(value) for value in rows.values if PLAIN.is_number(value)}
        self._seen = dict[str, None]()
        self._selected = 0

    def __call__(self, value: str | float) -> bool:
        """Return True if a row with this value is selected."""
        text = value.strip() if isinstance(value, str) else f"{value:g}"
        if len(self._seen) <= SHOWN:
            self._seen[text] = None
        is_one = text in self._words or (bool(self._numbers) and self._is_number(value))
        self._selected += is_one != self._rows.inverted
        return is_one != self._rows.inverted

    def require_rows(self) -> None:
        """Refuse a table of which no row was selected."""
        if not self._selected:
            others = ", ".join(text[:40] for text in list(self._seen)[:SHOWN])
            more = ", ..." if len(self._seen) > SHOWN else ""
            wanted = "other than " * self._rows.inverted + " or ".join(self._rows.values)
            fail(
                f"no row of {self._path} has a {self._rows.column[:40]} {wanted[:80]}; it has {others}{more}",
                "pair.split_column",
            )

    def _is_number(self, value: str | float) -> bool:
        if isinstance(value, str):
            return PLAIN.is_number(value) and float(value) in self._numbers
        return value in self._numbers
