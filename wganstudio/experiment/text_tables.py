"""Tables as files: one writer for CSV, tabs, Markdown, LaTeX and aligned text.

A cell has a text for readers, and where it stands for a number, that number for programs.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wganstudio.plain_text import cell as spreadsheet_cell
from wganstudio.plain_text import one_line

MAX_TEXT = 4000
"""Characters of a cell."""
_LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"\u2013": "--", "\u2026": r"\ldots{}", "\u201c": "``", "\u201d": "''", "<": r"\textless{}"}
    | {">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}"}
    | {
        sign: f"${name}$"
        for sign, name in {
            "\u00b1": r"\pm",
            "\u00b7": r"\cdot",
            "\u00b2": "^2",
            "\u2081": "_1",
            "\u2082": "_2",
            "\u2207": r"\nabla",
            "\u2212": "-",
            "\u2264": r"\le",
            "\u2265": r"\ge",
            "\u2192": r"\to",
            "\u00d7": r"\times",
            "\u03b1": r"\alpha",
            "\u03b2": r"\beta",
            "\u03b5": r"\varepsilon",
            "\u03bb": r"\lambda",
            "\u03c3": r"\sigma",
            "\u03c4": r"\tau",
            "\u03c8": r"\psi",
            "\u03c6": r"\varphi",
        }.items()
    }
)


@dataclass(frozen=True)
class FileCell:
    """One cell."""

    text: str
    value: float | None = None
    """The number that the text stands for; None for a text."""
    parts: tuple[tuple[str, float], ...] = ()
    """Further numbers by title, such as a standard error or bounds; each gets a column of its own in CSV."""


@dataclass(frozen=True)
class FileTable:
    """Columns by title, and rows with a cell for each of them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[FileCell, ...], ...]
    caption: str = ""

    @classmethod
    def of_texts(
        cls, columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str = ""
    ) -> "FileTable":
        """Return a table of texts alone."""
        return cls(tuple(columns), tuple(tuple(map(FileCell, row)) for row in rows), caption)

    def is_numeric(self, column: int) -> bool:
        """Return True if every cell of a column that is not empty stands for a number."""
        cells = [row[column] for row in self.rows if row[column].text]
        return bool(cells) and all(cell.value is not None for cell in cells)


def csv_lines(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Return rows of texts as lines; no cell is a formula of a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([spreadsheet_cell(text) for text in row] for row in rows)
    return out.getvalue()


def to_csv(table: FileTable) -> str:
    """Return a header and one line per row, with numbers that read back exactly."""
    return csv_lines(_exact_rows(table))


def to_tsv(table: FileTable) -> str:
    """Return the texts separated by tabs, for pasting into a spreadsheet."""
    rows = [table.columns, *([cell.text for cell in row] for row in table.rows)]
    return "".join(
        "\t".join(spreadsheet_cell(one_line(text, MAX_TEXT)) for text in row) + "\n" for row in rows
    )


def to_markdown(table: FileTable) -> str:
    """Return a table in Markdown; numbers stand at the right."""
    rule = ["---:" if table.is_numeric(column) else "---" for column in range(len(table.columns))]
    head = [_markdown(title) for title in table.columns]
    rows = [[_markdown(cell.text) for cell in row] for row in table.rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *rows))


def to_latex(table: FileTable) -> str:
    """Return a tabular with the rules of the package booktabs."""
    alignment = "".join("r" if table.is_numeric(column) else "l" for column in range(len(table.columns)))
    rows = [[latex_text(cell.text) for cell in row] for row in table.rows]
    return latex_tabular(alignment, [latex_text(title) for title in table.columns], [rows], table.caption)


def to_text(table: FileTable) -> str:
    """Return aligned columns for a terminal."""
    rows = [[one_line(title, MAX_TEXT) for title in table.columns]]
    rows += [[one_line(cell.text, MAX_TEXT) for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join(
        "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in rows
    )


TABLE_FORMATS: dict[str, Callable[[FileTable], str]] = {
    "text": to_text,
    "csv": to_csv,
    "latex": to_latex,
    "markdown": to_markdown,
}


def latex_tabular(
    alignment: str, head: Sequence[str], groups: Iterable[Sequence[Sequence[str]]], comment: str = ""
) -> str:
    """Return a tabular of cells that are LaTeX already, with a rule between groups of rows."""
    lines = [f"% {latex_text(comment)}"] if comment else []
    lines += [rf"\begin{{tabular}}{{{alignment}}}", r"\toprule", _latex_row(head)]
    for rows in groups:
        lines += [r"\midrule", *map(_latex_row, rows)]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"]) + "\n"


def latex_text(text: str) -> str:
    """Return a text that LaTeX prints as it is."""
    return one_line(text, MAX_TEXT).translate(_LATEX)


def _latex_row(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"


def _markdown(text: str) -> str:
    """Return a text for a cell: on one line, with the signs of Markdown and HTML taken literally."""
    line = one_line(text, MAX_TEXT)
    return "".join(f"\\{sign}" if sign in "\\|*_`<>[]" else sign for sign in line)


def _exact_rows(table: FileTable) -> list[list[str]]:
    """Return all rows with the head, each part of a column in a column of its own."""
    parts = [
        tuple(dict.fromkeys(title for row in table.rows for title, _ in row[column].parts))
        for column in range(len(table.columns))
    ]
    head = [
        text
        for title, own in zip(table.columns, parts, strict=True)
        for text in (title, *(f"{title} {part}" for part in own))
    ]
    rows = [
        [text for one, own in zip(row, parts, strict=True) for text in _exact(one, own)] for row in table.rows
    ]
    return [head, *rows]


def _exact(one: FileCell, parts: Sequence[str]) -> list[str]:
    numbers = dict(one.parts)
    first = one.text if one.value is None else _number(one.value)
    return [first, *(_number(numbers.get(part, math.nan)) for part in parts)]


def _number(value: float) -> str:
    """Return the shortest text that reads back as the same number; empty for NaN."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
