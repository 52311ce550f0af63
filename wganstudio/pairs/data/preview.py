"""What a file of data looks like, before it is used: its kind, columns and first rows, read no further."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data.arrays import array_names
from wganstudio.pairs.data.data_set import ImageShape, holds_images
from wganstudio.pairs.data.images import read_images
from wganstudio.pairs.data.table import ARCHIVE, TableChoice, open_table
from wganstudio.pairs.data.table_source import BadRow, RowBlock
from wganstudio.pairs.data.untrusted_files import is_folder, open_regular

FIRST = 10
"""Rows, and images, that are shown."""


class ColumnRange(NamedTuple):
    """One column over the rows that were looked at; nan where none of them can be used."""

    name: str
    low: float
    high: float


class DataPreview(NamedTuple):
    """The beginning of a file of data."""

    kind: str
    """In words: what the file is, and how it is written."""
    rows: int | None
    """How many there are; None where only reading it through would tell."""
    looked: int
    """How many of them were looked at, those that cannot be used among them."""
    columns: tuple[ColumnRange, ...]
    """The chosen columns; none where they are pixels."""
    left_out: tuple[str, ...]
    """The other columns."""
    first: NDArray[np.float32]
    """The first rows [k, D] that can be used."""
    bad: tuple[BadRow, ...]
    """Rows that cannot be used, of those looked at."""
    shape: ImageShape | None = None
    """Channels, height and width of images."""
    arrays: tuple[str, ...] = ()
    """The arrays of an .npz file; without a choice the first of them is shown."""
    unit: str = "row"
    """What its bad rows are counted in."""


def preview(path: Path, choice: TableChoice | None = None, size: int | None = None) -> DataPreview:
    """The beginning of a table or of images: a few thousand rows at most, and ten images, of `size` if any.

    An array in Fortran's order is read whole. BadExperiment, in one sentence, where the file is neither.
    """
    choice = choice or TableChoice()
    if holds_images(path):
        images = read_images(str(path), size, most=FIRST)
        what = "a folder of images" if is_folder(path) else "images"
        _, height, width = images.shape
        kind = f"{what}, {height} x {width} pixels, {'gray' if images.shape[0] == 1 else 'in color'}"
        return DataPreview(kind, images.total, len(images.pixels), (), (), images.pixels, (), images.shape)
    arrays: tuple[str, ...] = ()
    with open_regular(path) as file:
        archive = file.read(len(ARCHIVE)) == ARCHIVE
    if archive:
        arrays = array_names(path)
        if choice.array is None and arrays:
            choice = TableChoice(choice.columns, arrays[0], choice.header)
    with open_table(path, choice) as source:
        nothing = RowBlock(np.empty((0, len(source.names)), np.float32), [])
        values, lost = next(source.blocks, nothing)
        low, high = (
            edge(values, axis=0).tolist() if len(values) else [np.nan] * len(source.names)
            for edge in (np.min, np.max)
        )
        columns = tuple(map(ColumnRange, source.names, low, high))
        looked = len(values) + len(lost)
        rows = looked if source.rows is None and next(source.blocks, None) is None else source.rows
        return DataPreview(
            source.kind,
            rows,
            looked,
            columns,
            source.left_out,
            values[:FIRST].copy(),
            tuple(lost),
            arrays=arrays,
            unit=source.unit,
        )
