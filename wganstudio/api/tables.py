"""DataTable: columns of numbers or texts, for numpy, pandas and notebooks."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wganstudio.api.html import table_html

if TYPE_CHECKING:
    import pandas

MAX_ROWS = 20
"""Rows that a notebook shows."""


class DataTable:
    """Named columns of equal length.

    Examples
    --------
    >>> import numpy as np
    >>> import wganstudio as ws
    >>> table = ws.DataTable({"step": np.array([0, 10]), "gap": np.array([0.0, 0.5])})
    >>> table.columns, len(table)
    (('step', 'gap'), 2)
    >>> float(table["gap"].max())
    0.5
    """

    def __init__(self, columns: Mapping[str, NDArray[Any]]) -> None:
        self._columns = dict(columns)
        lengths = {len(column) for column in self._columns.values()}
        if len(lengths) > 1:
            raise ValueError("The columns of a table have the same length.")
        self._length = lengths.pop() if lengths else 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._columns)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._length

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns."""
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        """Return True if there is a column of that name."""
        return name in self._columns

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a column as an array; KeyError, which lists the columns, if there is none."""
        if name not in self._columns:
            raise KeyError(f"there is no column {name!r}; choose from {', '.join(self._columns) or 'none'}")
        return self._columns[name]

    def to_pandas(self) -> "pandas.DataFrame":
        """Return a pandas data frame; pandas is imported here and has to be installed."""
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_pandas needs pandas: pip install pandas") from error
        return pandas.DataFrame(self._columns)

    def __repr__(self) -> str:
        """Return the size and the names of the columns."""
        return f"<DataTable: {len(self)} rows of {', '.join(self._columns)}>"

    def _repr_html_(self) -> str:
        """Return the first rows for a notebook."""
        count = min(len(self), MAX_ROWS)
        rows = [[_text(column[row]) for column in self._columns.values()] for row in range(count)]
        note = f"the first {count} of {len(self):,} rows" if count < len(self) else ""
        return table_html(self.columns, rows, note)


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.6g}"
    return str(value)
