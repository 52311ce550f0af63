"""`wganstudio data`: what a file of data contains, and how it is read."""

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wganstudio.cli.choice import change
from wganstudio.experiment import BadExperiment, Problem, checked, override_texts
from wganstudio.experiment.data import DataPairOptions
from wganstudio.pairs.data.preview import DataPreview, preview
from wganstudio.pairs.data.table_choice import TableChoice

SHOWN_COLUMNS = 8
"""Columns whose first rows are printed."""
LISTED_COLUMNS = 100
"""Columns that are listed."""
LISTED_ROWS = 10
"""Bad rows that are listed."""


def data(options: Namespace) -> int:
    """Print the format of a file, its columns and first rows, and the rows that cannot be used."""
    path: Path = options.file
    changes = [change(text) for text in options.changes]
    if others := [name for name, _ in changes if not name.startswith("pair.")]:
        raise BadExperiment(Problem(others[0], "only settings of the pair say how a file is read"))
    settings = override_texts({"pair": {"kind": "data", "p_file": str(path)}}, changes)
    pair = checked("pair", DataPairOptions, settings["pair"])
    contents = preview(path.expanduser(), TableChoice.from_options(pair, "p"), pair.image_size, whole=True)
    print(json.dumps(_as_json(path, contents), indent=2) if options.json else _as_text(path, contents))
    return 0


def _as_json(path: Path, contents: DataPreview) -> dict[str, Any]:
    text_format = contents.text_format
    table = contents.shape is None
    return {
        "file": str(path),
        "kind": contents.kind,
        "rows": contents.rows,
        "shape": contents.shape,
        "arrays": contents.arrays,
        "format": None if text_format is None else asdict(text_format),
        "columns": [column._asdict() for column in contents.columns],
        "left_out": [column._asdict() for column in contents.left_out],
        "first": contents.first.tolist() if table else [],
        "bad_rows": contents.num_bad,
        "bad": [row._asdict() for row in contents.bad],
    }


def _as_text(path: Path, contents: DataPreview) -> str:
    unit = "rows" if contents.shape is None else "images"
    parts = [f"{path}: {contents.kind}; {contents.rows or contents.looked:,} {unit}"]
    if contents.arrays:
        parts.append(f"  arrays          {', '.join(contents.arrays)}")
    if (text := contents.text_format) is not None:
        answers = {True: "yes", False: "no"}
        parts += _aligned(
            [
                ["encoding", text.encoding],
                ["delimiter", text.delimiter],
                ["decimal mark", text.decimal],
                ["thousands", text.thousands],
                ["skipped lines", str(text.skip_rows)],
                ["header", answers[text.header]],
                ["units row", answers[text.units_row]],
                ["comment mark", text.comment],
            ]
        )
        parts += [f"  ambiguous: {entry.message} (pair.{entry.field})" for entry in text.ambiguities]
    if contents.columns:
        parts += ["", *_columns(contents)]
    if contents.left_out:
        parts += ["", "Columns left out (pair.columns can name those of numbers):", *_left_out(contents)]
    if contents.columns and len(contents.first):
        shown = contents.columns[:SHOWN_COLUMNS]
        rows = [[f"{value:.10g}" for value in row[:SHOWN_COLUMNS]] for row in contents.first]
        parts += ["", "First rows:", *_aligned([[column.name[:20] for column in shown], *rows])]
    if contents.bad:
        parts += ["", *_bad_rows(contents)]
    return "\n".join(parts)


def _columns(contents: DataPreview) -> list[str]:
    rows = [["Column", "Unit", "Minimum", "Maximum"]]
    rows += [
        [column.name[:40], column.unit, f"{column.low:.10g}", f"{column.high:.10g}"]
        for column in contents.columns[:LISTED_COLUMNS]
    ]
    return [*_aligned(rows, indent=""), *_more(len(contents.columns) - LISTED_COLUMNS)]


def _left_out(contents: DataPreview) -> list[str]:
    rows = [[column.name[:40], column.reason] for column in contents.left_out[:LISTED_COLUMNS]]
    return [*_aligned(rows), *_more(len(contents.left_out) - LISTED_COLUMNS)]


def _bad_rows(contents: DataPreview) -> list[str]:
    lines = [
        f"{contents.num_bad:,} of {contents.looked:,} rows cannot be used; "
        "correct them, or leave them out with pair.skip_bad=true:"
    ]
    lines += [f"  {contents.unit} {row.line}: {row.reason}" for row in contents.bad[:LISTED_ROWS]]
    return [*lines, *_more(contents.num_bad - LISTED_ROWS)]


def _more(count: int) -> list[str]:
    return [f"  and {count:,} more"] if count > 0 else []


def _aligned(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Return rows of texts as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        (indent + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]
