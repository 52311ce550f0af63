"""Tables as CSV; every number reads back exactly."""

import numpy as np

from wganstudio.experiment.text_tables import csv_lines
from wganstudio.figures.types import Table


def to_csv(table: Table, delimiter: str = ",") -> bytes:
    """Return a header and one line per row in UTF-8; a missing number is an empty cell.

    No cell is a formula of a spreadsheet.
    """
    rows = zip(*map(_texts, table.values()), strict=True)
    return csv_lines([list(table), *rows], delimiter).encode()


def _texts(column: np.ndarray) -> list[str]:
    if column.dtype.kind != "f":
        return [str(value) for value in column]
    # numpy's str is the shortest text that reads back as the same float32 or float64.
    return ["" if np.isnan(value) else str(value) for value in column]
