"""Compared settings as text tables: separated by tabs for spreadsheets, and in Markdown."""

from collections.abc import Sequence

from wganstudio.experiment.differences import ComparedField
from wganstudio.experiment.plain_text import cell, one_line

HEAD = ("Setting", "Title")


def to_tsv(fields: Sequence[ComparedField], names: Sequence[str]) -> str:
    """Return a header and one line per setting; no cell is a formula of a spreadsheet."""
    rows = ([cell(one_line(text, len(text) + 1)) for text in row] for row in _rows(fields, names))
    return "".join("\t".join(row) + "\n" for row in rows)


def to_markdown(fields: Sequence[ComparedField], names: Sequence[str]) -> str:
    """Return a table in Markdown."""
    head, *rows = ([_markdown_cell(text) for text in row] for row in _rows(fields, names))
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rows))


def _rows(fields: Sequence[ComparedField], names: Sequence[str]) -> list[list[str]]:
    return [
        [*HEAD, *names],
        *([field.path, field.label, *map(field.text, range(len(names)))] for field in fields),
    ]


def _markdown_cell(text: str) -> str:
    """Return a text for a cell: on one line, with the signs of Markdown and HTML taken literally."""
    line = one_line(text, len(text) + 1)
    return "".join(f"\\{sign}" if sign in "\\|*_`<>[]" else sign for sign in line)
