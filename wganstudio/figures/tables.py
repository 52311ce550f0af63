"""Tables as CSV; every number reads back exactly."""

import csv
import io

import numpy as np

from wganstudio.experiment.plain_text import cell
from wganstudio.figures.types import Table


def to_csv(table: Table, delimiter: str = ",") -> bytes:
    """Return a header and one line per row in UTF-8; a missing number is an empty cell.

    No cell is a formula of a spreadsheet.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(map(cell, table))
    writer.writerows(zip(*map(_texts, table.values()), strict=True))
    return out.getvalue().encode()


def _texts(column: np.ndarray) -> list[str]:
    if column.dtype.kind != "f":
        return [cell(str(value)) for value in column]
    # numpy's str is the shortest text that reads back as the same float32 or float64.
    return ["" if np.isnan(value) else str(value) for value in column]
