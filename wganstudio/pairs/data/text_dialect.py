"""The delimiter and the quotation mark of a text table."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from wganstudio.experiment.data import Delimiter
from wganstudio.pairs.data.number_format import NumberFormat, inspect_column
from wganstudio.pairs.data.text_format import CHARACTER
from wganstudio.pairs.data.text_layout import DECISIVE_COLUMNS, find_layout
from wganstudio.pairs.data.text_lines import Row, RowReader, is_comment

DIALECT_ROWS = 100
"""Rows that determine the delimiter."""
DIALECT_SIZE = 1 << 15
"""Characters that CleverCSV reads."""
FEW_CHARACTERS = 1 << 18
"""Characters that determine the delimiter, beyond the first three lines."""
ODD_HEADER = 0.9
"""Factor of the score if the header is one name short, or contains delimiters."""
CLOSE = 0.02
"""Difference of scores up to which two delimiters are equally good."""
_LONG_FIELD = re.compile(r"[^,;\t| \n]{1000}")  # on which CleverCSV takes minutes
NAMES: dict[str, Delimiter] = {CHARACTER[name]: name for name in get_args(Delimiter)}


class Dialect:
    """Delimiter and quotation mark of some lines."""

    def __init__(
        self, path: Path, lines: Sequence[str], comment: str, skip: int, formats: Sequence[NumberFormat]
    ) -> None:
        self._path, self._lines, self._comment, self._skip = path, lines, comment, skip
        self._formats = formats
        self._first = self._first_lines()
        self.quote = '"'
        self._clever = self._ask_clevercsv()

    def rows(self, delimiter: Delimiter) -> list[Row]:
        """Return the rows of the lines with this delimiter."""
        return list(
            RowReader(self._path, self._lines, CHARACTER[delimiter], self.quote, self._comment, self._skip)
        )

    def delimiters(self) -> list[Delimiter]:
        """Return the delimiters that give the most numbers in rows of equal width, CleverCSV's first."""
        scores = {name: self._score(name) for name in get_args(Delimiter)}
        most = max(scores.values())
        close = [name for name, score in scores.items() if score >= most - CLOSE]
        return sorted(close, key=lambda name: (name != self._clever, -scores[name]))

    def _first_lines(self) -> list[str]:
        """Return the lines that determine the delimiter, without empty ones and comments."""
        lines, size = list[str](), 0
        for line in self._lines[self._skip :]:
            if line.strip() and not is_comment(line, self._comment):
                lines.append(line)
                size += len(line)
                if len(lines) >= DIALECT_ROWS or (size > FEW_CHARACTERS and len(lines) >= 3):
                    break
        return lines

    def _score(self, delimiter: Delimiter) -> float:
        character = CHARACTER[delimiter]
        if 3 * sum(character in line for line in self._first) < len(self._first):
            return -1.0
        rows = list(RowReader(self._path, self._first, character, self.quote, ""))
        if not rows:
            return -1.0
        layout = find_layout(rows, self._formats)
        if layout.width == 1 and delimiter != "none":
            return -1.0
        body = [row for _, row in rows[layout.data :]]
        whole = [row for row in body if len(row) == layout.width]
        shares = []
        for k in range(min(layout.width, DECISIVE_COLUMNS)):
            column = inspect_column([row[k] for row in whole], self._formats)
            shares.append(column.share * (4 + column.present) / 5)
        if delimiter == "comma":  # 00 and 05 are decimals rather than integers
            padded = sum(len(f) > 1 and f[0] == "0" and f.isdecimal() for row in whole for f in row)
            shares.append(-padded / max(1, len(whole)) / 2)
        score = sum(shares) / min(layout.width, DECISIVE_COLUMNS)
        others = (layout.header is not None) + (layout.units is not None)
        header = [] if layout.header is None else rows[layout.header][1]
        odd = layout.row_names or any(re.search(r"[,;|\t]", name) for name in header)
        return score * len(whole) / max(1, len(rows) - others) * (ODD_HEADER if odd else 1)

    def _ask_clevercsv(self) -> Delimiter | None:
        """Return CleverCSV's delimiter, if it finds one of ours; keep its quotation mark."""
        from clevercsv.detect import Detector  # here: the import takes a third of a second

        text = "\n".join(self._first)[:DIALECT_SIZE]
        if _LONG_FIELD.search(text):
            return None
        try:
            dialect = Detector().detect(text, delimiters=[",", ";", "\t", "|", " "])
        except Exception:  # it may raise anything on text that is no table
            return None
        if dialect is None:
            return None
        if dialect.quotechar == "'":
            self.quote = "'"
        return NAMES.get(dialect.delimiter or "")
