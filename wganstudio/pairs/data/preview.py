"""A preview of a data file: its kind, columns and first rows, without reading the rest."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data.arrays import array_names
from wganstudio.pairs.data.data_set import ImageShape, holds_images
from wganstudio.pairs.data.images import read_images
from wganstudio.pairs.data.table import ARCHIVE, open_table
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import BadRow, LeftOutColumn, RowBlock
from wganstudio.pairs.data.text_format import TextFormat
from wganstudio.pairs.data.untrusted_files import is_folder, open_regular

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
    first: NDArray[np.float32] | NDArray[np.float64]
    """The first rows [k, D] that can be used."""
    bad: tuple[BadRow, ...]
    """Bad rows among those that were read."""
    shape: ImageShape | None = None
    """Channels, height and width of images."""
    arrays: tuple[str, ...] = ()
    """The arrays of an .npz file; the first one is shown by default."""
    unit: str = "row"
    """Unit of the numbers of bad rows."""
    text_format: TextFormat | None = None
    """The format of a text table: as guessed, or as chosen."""
    split_values: tuple[tuple[str, int], ...] = ()
    """The values of the column that divides the rows, and the number of rows of each."""
    points: NDArray[np.float64] = np.empty((0, 0))
    """The rows [n, D] that were read and can be used; of tables only."""


def preview(path: Path, choice: TableChoice | None = None, size: int | None = None) -> DataPreview:
    """Return a preview of a table or of images: a few thousand rows, or ten images resampled to `size`.

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
        nothing = RowBlock(np.empty((0, len(source.names))), [])
        values, bad_rows = next(blocks := iter(source.blocks), nothing)
        low, high = (
            edge(values, axis=0).tolist() if len(values) else [np.nan] * len(source.names)
            for edge in (np.min, np.max)
        )
        units = source.units or ("",) * len(source.names)
        columns = tuple(map(ColumnRange, source.names, low, high, units))
        looked = len(values) + len(bad_rows)
        rows = looked if source.rows is None and next(blocks, None) is None else source.rows
        return DataPreview(
            source.kind,
            rows,
            looked,
            columns,
            source.left_out,
            values[:FIRST].copy(),
            tuple(bad_rows),
            arrays=arrays,
            unit=source.unit,
            text_format=source.text_format,
            points=values,
        )
