"""Parquet files, through pyarrow (the extra `data`): a batch of rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.table_source import (
    BLOCK,
    BLOCK_VALUES,
    MAX_COLUMNS,
    LeftOutColumn,
    RowBlock,
    TableSource,
    choose_columns,
    drop_nonfinite,
)
from wganstudio.pairs.data.untrusted_files import MAX_NUMBERS, check_ratio, fail, open_regular

MAGIC = b"PAR1"
MAX_FOOTER = 1 << 24
"""Bytes of the footer of a file, at most."""


@contextmanager
def open_parquet(path: Path, columns: str | None) -> Iterator[TableSource]:
    """Open the rows of the numeric columns of a Parquet file; nested and text columns are left out."""
    with open_regular(path) as file:
        parquet = _pyarrow(path)
        _check_footer(path, file)
        try:
            with parquet.ParquetFile(
                file, thrift_string_size_limit=MAX_FOOTER, thrift_container_size_limit=MAX_COLUMNS * 16
            ) as table:
                yield _source(path, table, columns)
        except BadExperiment:
            raise
        except Exception:  # the reader may raise anything on a hostile file
            fail(f"{path} is a damaged Parquet file; save it again")


def _source(path: Path, table: Any, columns: str | None) -> TableSource:
    import pyarrow.types as types

    if len(table.schema_arrow) > MAX_COLUMNS:
        fail(f"{path} has {len(table.schema_arrow):,} columns; at most {MAX_COLUMNS:,} can be read")
    real = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal)
    numeric = [field.name for field in table.schema_arrow if any(is_kind(field.type) for is_kind in real)]
    if len(set(numeric)) < len(numeric):
        fail(f"two columns of {path} have the same name; rename one of them")
    places = choose_columns(path, numeric, columns, range(len(numeric)))
    chosen = tuple(numeric[k] for k in places)
    rows = table.metadata.num_rows
    if rows * len(places) > MAX_NUMBERS:
        fail(f"{path} has {rows:,} rows, more than {MAX_NUMBERS:,} numbers in all; choose fewer columns")
    check_ratio(path, path.stat().st_size, max(_encoded(table.metadata), 8 * rows * len(places)))
    left_out = tuple(
        LeftOutColumn(
            field.name, "not chosen" if field.name in numeric else "not numeric", field.name in numeric
        )
        for field in table.schema_arrow
        if field.name not in chosen
    )
    return TableSource("Parquet file", chosen, left_out, rows, _blocks(table, chosen))


def _encoded(metadata: Any) -> int:
    """Return the declared size of all pages after decompression, in bytes."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    return sum(group.total_byte_size for group in groups)


def _blocks(table: Any, names: tuple[str, ...]) -> Iterator[RowBlock]:
    import pyarrow

    first, step = 1, max(1, min(BLOCK, BLOCK_VALUES // len(names)))
    for batch in table.iter_batches(step, columns=list(names), use_threads=False):
        columns = [batch.column(name).cast(pyarrow.float64(), safe=False).fill_null(np.nan) for name in names]
        values = np.stack([column.to_numpy(zero_copy_only=False) for column in columns], axis=1)
        yield drop_nonfinite(values, first, names)
        first += len(values)


def _check_footer(path: Path, file: IO[bytes]) -> None:
    """Refuse a missing footer, or one far longer than that of some thousand columns."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MAGIC or not 0 < length <= min(MAX_FOOTER, size - 12):
        fail(f"{path} is a damaged Parquet file; save it again")
    file.seek(0)


def _pyarrow(path: Path) -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        fail(
            f"{path} is a Parquet file, which needs pyarrow: pip install wganstudio[data], or save it as .csv"
        )
    return pyarrow.parquet
