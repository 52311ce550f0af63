"""Compared settings as a table."""

from collections.abc import Sequence

from wganstudio.experiment.differences import ComparedField
from wganstudio.experiment.text_tables import FileTable

HEAD = ("Setting", "Title")


def difference_table(fields: Sequence[ComparedField], names: Sequence[str]) -> FileTable:
    """Return one row per setting, with its value in each of the compared experiments."""
    rows = ([field.path, field.label, *map(field.text, range(len(names)))] for field in fields)
    return FileTable.of_texts((*HEAD, *names), rows)
