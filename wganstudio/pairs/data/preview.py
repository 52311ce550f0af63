"""A preview of a data file: its kind, columns and first rows, without reading the rest."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data.arrays import array_names
from wganstudio.pairs.data.data_set import ImageShape, holds_images
from wganstudio.pairs.data.images import read_images
from wganstudio.pairs.data.table import ARCHIVE, KEPT, open_table
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import BLOCK, BadRow, LeftOutColumn, TableSource
from wganstudio.pairs.data.text_format import TextFormat
from wganstudio.pairs.data.untrusted_files import is_folder, open_regular

Floats = NDArray[np.float64]
FIRST = 10
"""Rows, or images, in a preview."""


class ColumnRange(NamedTuple):
    """The range of one column over the rows that were read; nan if none of them can be used."""

    name: str
    low: float
    high: float
    unit: str = ""


class DataPreview(NamedTuple):
    """The beginning of a file of data."""

    kind: str
    """Description of the file and its format."""
    rows: int | None
    """Number of rows; None where only reading the whole file would tell."""
    looked: int
    """Number of rows that were read, bad ones included."""
    columns: tuple[ColumnRange, ...]
    """The chosen columns; none where they are pixels."""
    left_out: tuple[LeftOutColumn, ...]
    """The other columns, and why they are left out."""
    first: NDArray[np.float32] | Floats
    """The first rows [k, D] that can be used."""
    bad: tuple[BadRow, ...]
    """The first bad rows among those that were read."""
    shape: ImageShape | None = None
    """Channels, height and width of images."""
    arrays: tuple[str, ...] = ()
    """The arrays of an .npz file; the first one is shown by default."""
    unit: str = "row"
    """Unit of the numbers of bad rows."""
    text_format: TextFormat | None = None
    """The format of a text table: as guessed, or as chosen."""
    points: Floats = np.empty((0, 0))
    """The first few thousand rows [n, D] that can be used; of tables only."""
    num_bad: int = 0
    """Number of bad rows among those that were read."""
    split_values: tuple[tuple[str, int], ...] = ()
    """The values of the column that divides the rows, in order, and how many of the rows read have each."""


def preview(
    path: Path, choice: TableChoice | None = None, size: int | None = None, whole: bool = False
) -> DataPreview:
    """Return a preview of a table or of images.

    A few thousand rows of a table are read, or all of them if `whole`; and ten images, resampled to `size`.
    An array in Fortran order is read completely. Raises BadExperiment if the file is neither.
    """
    choice = choice or TableChoice()
    if holds_images(path):
        images = read_images(str(path), size, most=FIRST)
        what = "a folder of images" if is_folder(path) else "images"
        _, height, width = images.shape
        kind = f"{what}, {height} x {width} pixels, {'gray' if images.shape[0] == 1 else 'in color'}"
        kind = ", ".join((kind, *images.notes))
        return DataPreview(kind, images.total, len(images.pixels), (), (), images.pixels, (), images.shape)
    arrays: tuple[str, ...] = ()
    with open_regular(path) as file:
        archive = file.read(len(ARCHIVE)) == ARCHIVE
    if archive:
        arrays = array_names(path)
        if choice.array is None and arrays:
            choice = replace(choice, array=arrays[0])
    with open_table(path, choice) as source:
        return _preview_table(source, arrays, whole)


def _preview_table(source: TableSource, arrays: tuple[str, ...], whole: bool) -> DataPreview:
    width = len(source.names)
    parts, bad_rows = [np.empty((0, width))], list[BadRow]()
    ranges, looked, num_bad, rows = [_ranges(parts[0])], 0, 0, source.rows
    for block in source.blocks:
        if not whole and looked >= BLOCK:
            break
        if looked < BLOCK:
            parts.append(block.values)
        ranges.append(_ranges(block.values))
        bad_rows += block.bad[: KEPT - len(bad_rows)]
        num_bad += len(block.bad)
        looked += len(block.values) + len(block.bad)
    else:
        rows = looked
    points = np.concatenate(parts)
    low = np.fmin.reduce([low for low, _ in ranges]).tolist()
    high = np.fmax.reduce([high for _, high in ranges]).tolist()
    units = source.units or ("",) * width
    return DataPreview(
        source.kind,
        rows,
        looked,
        tuple(map(ColumnRange, source.names, low, high, units)),
        source.left_out,
        points[:FIRST].copy(),
        tuple(bad_rows),
        arrays=arrays,
        unit=source.unit,
        text_format=source.text_format,
        points=points,
        num_bad=num_bad,
        split_values=() if source.selector is None else tuple(source.selector.counts.items()),
    )


def _ranges(values: Floats) -> tuple[Floats, Floats]:
    """Return the smallest and the largest value of each column; nan if there is none."""
    if not len(values):
        return np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    return values.min(axis=0), values.max(axis=0)
