"""DataTable: columns of numbers or texts, for numpy, pandas and notebooks."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wganstudio.api.html import table_html
from wganstudio.experiment.files import user_path
from wganstudio.experiment.text_tables import TABLE_FORMATS, FileCell, FileTable
from wganstudio.temporary import write

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
    >>> print(table.to_markdown(), end="")
    | step | gap |
    | ---: | ---: |
    | 0 | 0 |
    | 10 | 0.5 |
    """

    def __init__(self, columns: Mapping[str, NDArray[Any]], printed: FileTable | None = None) -> None:
        """`printed` is the table as it is written for readers, by default each number of each column."""
        self._columns = dict(columns)
        self._printed = printed
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

    def to_csv(self, path: str | Path | None = None) -> str:
        """Return the table as CSV, with numbers that read back exactly, and write it to a file if given."""
        return self._written("csv", path)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """Return the table in Markdown, and write it to a file if given."""
        return self._written("markdown", path)

    def to_latex(self, path: str | Path | None = None) -> str:
        """Return a tabular for LaTeX's package booktabs, and write it to a file if given."""
        return self._written("latex", path)

    def to_text(self, path: str | Path | None = None) -> str:
        """Return aligned columns for a terminal, and write them to a file if given."""
        return self._written("text", path)

    def _written(self, table_format: str, path: str | Path | None) -> str:
        text = self._text(table_format)
        if path is not None:
            write(user_path(path), text.encode())
        return text

    def _text(self, table_format: str) -> str:
        """Return the table in one of `TABLE_FORMATS`."""
        return TABLE_FORMATS[table_format](self._printed or self._plain())

    def _plain(self) -> FileTable:
        rows = zip(*(map(_file_cell, column) for column in self._columns.values()), strict=True)
        return FileTable(self.columns, tuple(rows))

    def __repr__(self) -> str:
        """Return the size and the names of the columns."""
        return f"<DataTable: {len(self)} rows of {', '.join(self._columns)}>"

    def _repr_html_(self) -> str:
        """Return the first rows for a notebook."""
        if self._printed is not None:
            texts = ([cell.text for cell in row] for row in self._printed.rows)
            return table_html(self._printed.columns, texts, self._printed.caption)
        count = min(len(self), MAX_ROWS)
        rows = [[_text(column[row]) for column in self._columns.values()] for row in range(count)]
        note = f"the first {count} of {len(self):,} rows" if count < len(self) else ""
        return table_html(self.columns, rows, note)


def _file_cell(value: Any) -> FileCell:
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return FileCell(_text(value), float(value) if is_number else None)


def _text(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.6g}"
    return str(value)
