"""Tables of numbers from files: .npy, .npz, text such as .csv, .parquet."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data import columnar
from wganstudio.pairs.data.arrays import open_npy, open_npz
from wganstudio.pairs.data.columnar import open_parquet
from wganstudio.pairs.data.delimited import open_delimited
from wganstudio.pairs.data.id_columns import ID, ROW_NAMES
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import BadRow, TableSource
from wganstudio.pairs.data.untrusted_files import MAX_NUMBERS, fail, open_regular

ARCHIVE = b"PK"
LISTED = 3
"""Bad rows listed in an error message."""
KEPT = 1000
"""Bad rows that are recorded; the others are only counted."""


class NumericTable(NamedTuple):
    """n rows of numbers."""

    values: NDArray[np.float64]
    """[n, D], finite."""
    names: tuple[str, ...]
    """The D columns."""
    units: tuple[str, ...]
    """Their units, "" where unknown; empty if none is known."""
    bad: tuple[BadRow, ...]
    """The first rows that were skipped."""
    skipped: int
    """Number of rows that were skipped."""
    ids: tuple[str, ...]
    """Columns that were left out because they look like ids or row names."""


def open_table(path: Path, choice: TableChoice) -> AbstractContextManager[TableSource]:
    """Open the table of a file; its first bytes tell the format. Raise BadExperiment if it is not a table."""
    with open_regular(path) as file:
        head = file.read(8)
    if head.startswith(b"\x93NUMPY"):
        return open_npy(path, choice)
    if head.startswith(ARCHIVE):
        return open_npz(path, choice)
    if head.startswith(columnar.MAGIC):
        return open_parquet(path, choice)
    return open_delimited(path, choice)


def read_table(path: Path, choice: TableChoice, skip_bad: bool = False) -> NumericTable:
    """Return all rows of the chosen columns of a table.

    `skip_bad` skips rows that cannot be used; otherwise BadExperiment tells their number and the first ones.
    It is also raised if the file is damaged, or if fewer than two rows are left.
    """
    content, bad_rows, skipped = bytearray(), list[BadRow](), 0
    with open_table(path, choice) as source:
        for block in source.blocks:
            bad_rows += block.bad[: KEPT - len(bad_rows)]
            skipped += len(block.bad)
            content += block.values.tobytes()
            if len(content) > 8 * MAX_NUMBERS:
                fail(
                    f"{path} contains more than {MAX_NUMBERS:,} numbers; "
                    "choose fewer columns or a smaller file"
                )
    values = np.frombuffer(content, dtype=np.float64).reshape(-1, len(source.names))
    if bad_rows and not skip_bad:
        listed = "; ".join(f"{source.unit} {row.line}: {row.reason}" for row in bad_rows[:LISTED])
        more = f"; and {skipped - LISTED:,} more" if skipped > LISTED else ""
        fail(f"{path} has bad rows ({listed}{more}); correct them or skip bad rows")
    if len(values) < 2:
        fail(
            f"{path} contains {len(values)} row{'s' * (len(values) != 1)} of numbers; "
            "a distribution needs at least 2"
        )
    ids = tuple(column.name for column in source.left_out if column.reason in (ID, ROW_NAMES))
    return NumericTable(values, source.names, source.units, tuple(bad_rows), skipped, ids)


def list_names(names: tuple[str, ...]) -> str:
    """Return the names of the columns as text; the middle of many is left out."""
    short = [name[:40] for name in names]
    return ", ".join(short if len(short) <= 6 else [*short[:3], "...", short[-1]])
