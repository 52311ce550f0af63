"""Data sets: the digits included, tables or images from files."""

from codecs import BOM_UTF32_BE
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data.image_files import IMAGE_SUFFIXES
from wganstudio.pairs.data.images import BATCH, DIGITS, IDX, read_images
from wganstudio.pairs.data.table import list_names, read_table
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import default_names
from wganstudio.pairs.data.untrusted_files import decompress, is_folder, open_regular

ImageShape = tuple[int, int, int]


class DataSet(NamedTuple):
    """n rows of D numbers."""

    values: NDArray[np.float32] | NDArray[np.float64]
    """[n, D], finite: float64 of tables, float32 of images."""
    names: tuple[str, ...]
    """Names of the columns; empty for pixels."""
    units: tuple[str, ...]
    """Their units, "" where unknown; empty if none is known."""
    shape: ImageShape | None
    """Channels, height and width of images."""
    description: str
    """The source of the rows, e.g. "490 rows of mine.csv, columns a, b"."""

    def in_order_of(self, other: "DataSet") -> "DataSet":
        """Return the data with the columns in the order of others that have the same names."""
        if self.names == other.names or sorted(self.names) != sorted(other.names):
            return self
        places = [self.names.index(name) for name in other.names]
        units = tuple(self.units[k] for k in places) if self.units else ()
        return self._replace(values=self.values[:, places], names=other.names, units=units)

    def axis_labels(self) -> tuple[str, ...]:
        """Return the names of the columns with their units, such as "height [m]"; empty if none is named."""
        if self.names == default_names(len(self.names)):
            return ()
        units = self.units or ("",) * len(self.names)
        return tuple(
            f"{name} [{unit}]" if unit else name for name, unit in zip(self.names, units, strict=True)
        )


def read_data(source: str, choice: TableChoice, size: int | None, skip_bad: bool) -> DataSet:
    """Return the rows of a file, or the digits included; raise BadExperiment if it cannot be read."""
    if source == DIGITS or holds_images(Path(source).expanduser()):
        images = read_images(source, size)
        return DataSet(images.pixels, (), (), images.shape, images.source)
    table = read_table(Path(source).expanduser(), choice, skip_bad)
    skipped = f", {table.skipped:,} bad rows skipped" if table.skipped else ""
    rows = "" if choice.rows is None else choice.rows.describe()
    ids = "" if choice.columns or not table.ids else f" (ids left out: {list_names(table.ids)})"
    description = (
        f"{len(table.values):,} rows of {Path(source).name}, "
        f"columns {list_names(table.names)}{ids}{rows}{skipped}"
    )
    return DataSet(table.values, table.names, table.units, None, description)


def holds_images(path: Path) -> bool:
    """Return True if a path is to be read as images, by its name and its first bytes."""
    if is_folder(path) or path.suffix.lower() in (BATCH, *IMAGE_SUFFIXES):
        return True
    with open_regular(path) as file, decompress(path, file) as content:
        head = content.read(len(IDX))
    return head[:2] == IDX[:2] and head != BOM_UTF32_BE
