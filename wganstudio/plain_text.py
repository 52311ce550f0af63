"""Texts from files, made harmless for terminals, figures and tables."""

import re
from typing import Any

MAX_NAME = 200
"""Characters of a name."""
MAX_SENTENCE = 1000
"""Characters of a path or sentence, which may quote a file."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, marks that change the direction of text, and what no file may contain."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters of cells that a spreadsheet would compute."""


def visible(text: str) -> str:
    """Return a text of one or more lines with a replacement character for each control character."""
    return _INVISIBLE.sub("\ufffd", text)


def one_line(text: str, most: int = MAX_NAME) -> str:
    """Return a text on one line of at most `most` characters, without control characters."""
    line = " ".join(visible(text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}\u2026"


def shortened(text: str, most: int = MAX_SENTENCE) -> str:
    """Return a text, cut where it is far longer than any sentence."""
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


def printable(value: Any, most: int) -> Any:
    """Return plain values with every text in them made visible and cut to `most` characters."""
    if isinstance(value, str):
        return visible(value[:most])
    if isinstance(value, dict):
        return {key: printable(child, most) for key, child in value.items()}
    return [printable(child, most) for child in value] if isinstance(value, list) else value


def cell(text: str) -> str:
    """Return the text for a cell of a table, with an apostrophe if a spreadsheet would compute it."""
    if not text.startswith(_FORMULA) or _is_number(text):
        return visible(text)
    return f"'{visible(text)}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
