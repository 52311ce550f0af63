"""Notebooks: scripts in the percent format as .ipynb files."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wganstudio import resources, temporary
from wganstudio.export.files import ExportError

NAME = "congested"
"""The shipped notebook."""
_MARK = re.compile(r"^# %%( \[markdown\])?\n", re.MULTILINE)


@dataclass(frozen=True)
class NotebookCell:
    """Code, or text in Markdown."""

    text: str
    is_code: bool


def shipped_script() -> Path:
    """Return the shipped notebook as a script in the percent format."""
    return resources.path("help", f"{NAME}.py")


def script_cells(script: str) -> list[NotebookCell]:
    """Return the cells of a script, which `# %%` and `# %% [markdown]` begin."""
    before, *parts = _MARK.split(script)
    if before.strip():
        raise ValueError("the script does not begin with a cell")
    cells = []
    for mark, body in zip(parts[::2], parts[1::2], strict=True):
        text = body.strip("\n")
        cells.append(NotebookCell(re.sub(r"^# ?", "", text, flags=re.MULTILINE) if mark else text, not mark))
    return cells


def notebook_json(cells: list[NotebookCell]) -> str:
    """Return a notebook of nbformat 4.5 without outputs; the same cells give the same text."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {
        "cells": [_cell(number, cell) for number, cell in enumerate(cells, 1)],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_notebook(path: Path) -> None:
    """Write the shipped notebook.

    Raises
    ------
    ExportError
        If the file exists, as it may hold the work of the user, or if it cannot be written.
    """
    if path.suffix != ".ipynb":
        raise ExportError(f"{path} is no name of a notebook; choose one that ends in .ipynb.")
    if path.exists():
        raise ExportError(f"{path} exists and may have been changed; choose another name with --out.")
    cells = script_cells(shipped_script().read_text(encoding="utf-8"))
    try:
        temporary.write(path, notebook_json(cells).encode())
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror}; choose another place.") from error


def _cell(number: int, cell: NotebookCell) -> dict[str, Any]:
    kind = "code" if cell.is_code else "markdown"
    of_code: dict[str, Any] = {"execution_count": None, "outputs": []} if cell.is_code else {}
    return {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        **of_code,
        "source": cell.text.splitlines(keepends=True),
    }
