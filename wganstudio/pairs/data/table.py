"""Tables of numbers from files: .npy, .npz, text such as .csv, .parquet."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data import columnar
from wganstudio.pairs.data.arrays import open_npy, open_npz
from wganstudio.pairs.data.columnar import open_parquet
from wganstudio.pairs.data.delimited import open_delimited
from wganstudio.pairs.data.table_source import BadRow, TableSource
from wganstudio.pairs.data.untrusted_files import MAX_VALUES, fail, open_regular

ARCHIVE = b"PK"
TEXTS = (".csv", ".tsv", ".txt", ".dat")
LISTED = 3
"""Bad rows that a refusal names."""
KEPT = 1000
"""Bad rows that are kept; of others only how many there are."""


@dataclass(frozen=True)
class TableChoice:
    """What of a file is wanted, and how it is read."""

    columns: str | None = None
    """Names or numbers from 1, with commas between them; None for all columns of numbers."""
    array: str | None = None
    """Which array of an .npz file; None for the only one."""
    header: bool | None = None
    """Whether a text file's first row names its columns; None looks."""


class NumericTable(NamedTuple):
    """n rows of numbers."""

    values: NDArray[np.float32]
    """[n, D], finite."""
    names: tuple[str, ...]
    """The D columns."""
    bad: tuple[BadRow, ...]
    """The first of the rows that were skipped."""
    skipped: int
    """How many were."""


def open_table(path: Path, choice: TableChoice) -> AbstractContextManager[TableSource]:
    """The table of a file by what it begins with; BadExperiment where it is no table."""
    with open_regular(path) as file:
        head = file.read(8)
    if head.startswith(b"\x93NUMPY"):
        return open_npy(path, choice.columns)
    if head.startswith(ARCHIVE):
        return open_npz(path, choice.columns, choice.array)
    if head.startswith(columnar.MAGIC):
        return open_parquet(path, choice.columns)
    if head.startswith(b"\x1f\x8b"):
        fail(f"{path} is compressed with gzip; decompress it first")
    return open_delimited(path, choice.columns, choice.header)


def read_table(path: Path, choice: TableChoice, skip_bad: bool = False) -> NumericTable:
    """All rows of a table's chosen columns.

    Rows that cannot be used are skipped with `skip_bad`; otherwise BadExperiment says how many there are and
    names the first. It also says what else is wrong, in one sentence, and where fewer than two rows are left.
    """
    held, lost, skipped = bytearray(), list[BadRow](), 0
    with open_table(path, choice) as source:
        for block in source.blocks:
            lost += block.bad[: KEPT - len(lost)]
            skipped += len(block.bad)
            held += block.values.tobytes()
            if len(held) > 4 * MAX_VALUES:
                fail(
                    f"{path} contains more than {MAX_VALUES:,} numbers; choose fewer columns or a smaller file"
                )
    values = np.frombuffer(held, dtype=np.float32).reshape(-1, len(source.names))
    if lost and not skip_bad:
        listed = "; ".join(f"{source.unit} {one.line}: {one.reason}" for one in lost[:LISTED])
        more = f"; and {skipped - LISTED:,} more" if skipped > LISTED else ""
        fail(f"{path} has bad rows ({listed}{more}); correct them or skip bad rows")
    if len(values) < 2:
        fail(
            f"{path} contains {len(values)} row{'s' * (len(values) != 1)} of numbers; a distribution needs at least 2"
        )
    return NumericTable(values, source.names, tuple(lost), skipped)


def list_names(names: tuple[str, ...]) -> str:
    """Columns' names, the middle of many left out."""
    short = [name[:40] for name in names]
    return ", ".join(short if len(short) <= 6 else [*short[:3], "...", short[-1]])
