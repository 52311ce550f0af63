"""Tables in HTML, as notebooks show them."""

from collections.abc import Iterable, Sequence
from html import escape


def table_html(head: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    """Return a table with a head, and a note below it; without a head the note alone."""
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    foot = f"<p>{escape(note)}</p>" if note else ""
    table = f"<table><thead><tr>{_cells('th', head)}</tr></thead><tbody>{body}</tbody></table>"
    return f"{table if head else ''}{foot}"


def _cells(tag: str, texts: Sequence[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
