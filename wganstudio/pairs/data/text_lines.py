"""Text files as lines and rows of fields, whatever their encoding, line ends and quotation marks."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from wganstudio.pairs.data.untrusted_files import Readable, fail

MAX_LINE = 1 << 20
"""Characters of a line, at most."""
MAX_EMPTY = 1 << 16
"""Consecutive empty lines and comments, at most."""
Row = tuple[int, list[str]]
"""The number of the first line of a row, from 1, and its fields."""
_STEP = 1 << 18
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_DELIMITER = "\x1f"
_NOT_COMMENTS = re.compile(r"#(n/?a|null!|div/0!|value!|ref!|num!|name\?)", re.IGNORECASE)
_TOKENS = re.compile(r'("[^"]*"?)|[ \t]+')


def guess_encoding(head: bytes) -> str:
    """Return the encoding of a text that begins with these bytes: Unicode, or else cp1252."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if zeros := head.count(0):
        odd = head[1::2].count(0) / zeros
        if zeros > len(head) / 8 and not 0.1 < odd < 0.9:
            return "utf-16-le" if odd > 0.5 else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def is_comment(line: str, mark: str) -> bool:
    """Return True if a line begins with the mark of comments; #N/A is none."""
    return bool(mark) and line.startswith(mark) and not _NOT_COMMENTS.match(line)


def read_lines(path: Path, file: Readable, encoding: str) -> Iterator[str]:
    """Return the lines of a file without their ends, which may be CR, LF or both."""
    rest, number = "", 0
    for text in _decoded(path, file, encoding):
        if "\0" in text:
            fail(f"{path} is not a text file; choose a .csv, .npy, .npz or .parquet file")
        lines = (rest + text).split("\n")
        if number == 0:
            lines[0] = lines[0].removeprefix("\ufeff")
        rest = lines.pop()
        number += len(lines)
        if len(rest) > MAX_LINE:
            fail(f"line {number + 1} of {path} is longer than 1 MiB; choose a table with one row per line")
        yield from lines
    if rest:
        yield rest


def _decoded(path: Path, file: Readable, encoding: str) -> Iterator[str]:
    # Bytes that are not of an 8-bit encoding or UTF-8 become Latin-1 letters: they are part of some word.
    lenient = encoding.startswith(("utf-8", "cp", "mac"))
    decoder = codecs.getincrementaldecoder(encoding)("wganstudio.latin-1" if lenient else "strict")
    newlines = io.IncrementalNewlineDecoder(decoder, translate=True)
    try:
        while raw := file.read(_STEP):
            yield newlines.decode(raw)
        yield newlines.decode(b"", final=True)
    except UnicodeDecodeError:
        fail(f"{path} is not encoded in {encoding}; choose another encoding", "pair.encoding")


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("wganstudio.latin-1", _as_latin)


class RowReader:
    """Splits lines into rows of fields; leaves out empty lines and comments.

    A quoted field may contain line ends. If a row of several lines has the wrong width, or contains line ends
    in a column of numbers, its quotation mark is a stray one: each line is then a row of its own.
    """

    def __init__(
        self,
        path: Path,
        lines: Iterable[str],
        delimiter: str,
        quote: str = '"',
        comment: str = "#",
        skip: int = 0,
    ) -> None:
        self.width: int | None = None
        """Number of fields; None if unknown."""
        self.numeric: tuple[int, ...] = ()
        """The columns of numbers."""
        self.size = 0
        """Number of characters of the rows so far."""
        self._path, self._lines = path, iter(lines)
        self._delimiter, self._quote = delimiter or _NO_DELIMITER, quote
        self._comment, self._skip = comment, skip
        self._number = 0  # of the last line
        self._returned = deque[str]()
        self._taken = list[str]()  # the lines of a row with quotation marks
        self._begins = False
        self._csv = self._reader(self._feed())

    def __iter__(self) -> Iterator[Row]:
        delimiter, quote, comment = self._delimiter, self._quote, self._comment
        blank, empty = None if delimiter == " " else delimiter, 0
        while (line := self._next_line()) is not None:
            if (
                not line
                or line.isspace()
                or self._number <= self._skip
                or (comment and line.startswith(comment) and is_comment(line, comment))
            ):
                empty += 1
                if empty > MAX_EMPTY:
                    self._refuse_empty(empty)
                continue
            empty = 0
            number = self._number
            self.size += len(line)
            yield number, self._quoted_row(line) if quote in line else line.split(blank)

    def _next_line(self) -> str | None:
        line = self._returned.popleft() if self._returned else next(self._lines, None)
        self._number += line is not None
        return line

    def _quoted_row(self, line: str) -> list[str]:
        """Return the fields of a row that begins with this line and contains quotation marks."""
        taken, self._begins = [line], True
        self._taken = taken
        try:
            fields = next(self._csv)
            if len(taken) == 1 or self._is_sound(taken, fields):
                return fields
        except csv.Error:  # a field that is too long, as behind a stray quotation mark
            pass
        self._csv = self._reader(self._feed())  # the former one may have come to the end of the file
        self._returned.extendleft(reversed(taken[1:]))
        self._number -= len(taken) - 1
        return line.split(self._delimiter)

    def _is_sound(self, lines: list[str], fields: list[str]) -> bool:
        """Return True if the line ends of a row of several lines are where they can be."""
        if self.width is not None and len(fields) != self.width:
            return False
        if any("\n" in fields[k] for k in self.numeric):
            return False
        again = self._reader(map(self._collapsed, lines), strict=True)
        return len(next(again)) == len(fields)  # raises csv.Error at a mark that is not closed

    def _feed(self) -> Iterator[str]:
        """Yield the first line of a row with quotation marks, and further ones until it is complete."""
        while True:
            self._begins = False
            yield self._collapsed(self._taken[-1])
            if not self._begins:
                if (line := self._next_line()) is None:
                    return
                self._taken.append(line)

    def _reader(self, lines: Iterable[str], strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self._delimiter,
            quotechar=self._quote,
            skipinitialspace=self._delimiter != " ",
            strict=strict,
        )

    def _collapsed(self, line: str) -> str:
        """Return a line with its end, and with one blank between fields that blanks separate."""
        if self._delimiter == " ":
            line = _TOKENS.sub(lambda match: match[1] or " ", line.strip())
        return f"{line}\n"

    def _refuse_empty(self, count: int) -> None:
        fail(
            f"lines {self._number - count + 1:,} to {self._number:,} of {self._path} are empty; "
            "choose a table with one row per line"
        )
