"""Parquet files, through pyarrow (the extra `data`): a batch of rows at a time."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.id_columns import ID, named_as_id
from wganstudio.pairs.data.row_filter import RowSelector
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import (
    BLOCK,
    BLOCK_VALUES,
    MAX_COLUMNS,
    RowBlock,
    TableSource,
    choose_columns,
    drop_nonfinite,
    left_out_columns,
)
from wganstudio.pairs.data.untrusted_files import MAX_NUMBERS, check_ratio, fail, open_regular

MAGIC = b"PAR1"
MAX_FOOTER = 1 << 24
"""Bytes of the footer of a file, at most."""


@contextmanager
def open_parquet(path: Path, choice: TableChoice) -> Iterator[TableSource]:
    """Open the rows of the numeric columns of a Parquet file; nested and text columns are left out."""
    with open_regular(path) as file:
        parquet = _pyarrow(path)
        _check_footer(path, file)
        try:
            with parquet.ParquetFile(
                file, thrift_string_size_limit=MAX_FOOTER, thrift_container_size_limit=MAX_COLUMNS * 16
            ) as table:
                yield _source(path, table, choice)
        except BadExperiment:
            raise
        except Exception:  # the reader may raise anything on a hostile file
            fail(f"{path} is a damaged Parquet file; save it again")


def _source(path: Path, table: Any, choice: TableChoice) -> TableSource:
    import pyarrow.types as types

    if len(table.schema_arrow) > MAX_COLUMNS:
        fail(f"{path} has {len(table.schema_arrow):,} columns; at most {MAX_COLUMNS:,} can be read")
    schema = table.schema_arrow
    names = list(schema.names)
    real = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal)
    numeric = [k for k, field in enumerate(schema) if any(is_kind(field.type) for is_kind in real)]
    split = None if choice.rows is None else RowSelector(path, choice.rows, names)
    counts = Counter(names)
    if any(counts[names[k]] > 1 for k in numeric) or (split is not None and counts[split.column] > 1):
        fail(f"two columns of {path} have the same name; rename one of them")
    ids = {k for k in numeric if types.is_integer(schema[k].type) and named_as_id(names[k])}
    usual = [n for n, k in enumerate(numeric) if split is None or k != split.place]
    usual = [n for n in usual if numeric[n] not in ids] or usual
    chosen_numeric = choose_columns(path, [names[k] for k in numeric], choice.columns, usual)
    places = [numeric[n] for n in chosen_numeric]
    chosen = tuple(names[k] for k in places)
    rows = table.metadata.num_rows
    if rows * len(places) > MAX_NUMBERS:
        fail(f"{path} has {rows:,} rows, more than {MAX_NUMBERS:,} numbers in all; choose fewer columns")
    check_ratio(path, path.stat().st_size, max(_encoded(table.metadata), 8 * rows * len(places)))
    words = set(range(len(names))).difference(numeric)
    reasons = {**dict.fromkeys(words, "not numeric"), **dict.fromkeys(ids, ID)}
    left_out = left_out_columns(names, places, reasons, words, None if split is None else split.place)
    blocks = _blocks(table, chosen, split)
    return TableSource(
        "Parquet file", chosen, left_out, rows if split is None else None, blocks, selector=split
    )


def _encoded(metadata: Any) -> int:
    """Return the declared size of all pages after decompression, in bytes."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    return sum(group.total_byte_size for group in groups)


def _blocks(table: Any, names: tuple[str, ...], split: RowSelector | None) -> Iterator[RowBlock]:
    import pyarrow

    first, step = 1, max(1, min(BLOCK, BLOCK_VALUES // len(names)))
    read = list(names) if split is None else [*names, split.column]
    for batch in table.iter_batches(step, columns=list(dict.fromkeys(read)), use_threads=False):
        columns = [batch.column(name).cast(pyarrow.float64(), safe=False).fill_null(np.nan) for name in names]
        values = np.stack([column.to_numpy(zero_copy_only=False) for column in columns], axis=1)
        numbers = np.arange(first, first + len(values))
        first += len(values)
        if split is not None:
            selected = split.mask(batch.column(split.column).to_pylist())
            values, numbers = values[selected], numbers[selected]
        yield drop_nonfinite(values, numbers, names)
    if split is not None:
        split.require_rows()


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
