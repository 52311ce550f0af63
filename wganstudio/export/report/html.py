"""HTML by construction: every text becomes escaped text, and only elements made here become markup."""

from html import escape

from wganstudio.experiment.text_tables import FileTable
from wganstudio.plain_text import visible

MAX_TEXT = 20_000
"""Characters of one text."""
_VOID = frozenset({"img", "meta"})


class Html(str):
    """Markup; a plain `str` is text, which `element` escapes."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str) -> Html:
    """Return an element; a trailing underscore of an attribute's name is dropped."""
    written = "".join(f' {name.rstrip("_")}="{_escaped(value)}"' for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{''.join(map(markup, children))}</{tag}>")


def markup(child: str) -> str:
    """Return markup as it is, and a text escaped."""
    return child if isinstance(child, Html) else _escaped(child)


def section(title: str, *children: str, name: str) -> Html:
    """Return a section with a heading, to which links lead by its name."""
    return element("section", element("h2", title), *children, id=name)


def table(source: FileTable) -> Html:
    """Return a table that scrolls sideways where the page is too narrow."""
    numeric = [source.is_numeric(column) for column in range(len(source.columns))]
    head = element("tr", *(element("th", title, scope="col") for title in source.columns))
    rows = (
        element("tr", *(_cell(cell.text, right) for cell, right in zip(row, numeric, strict=True)))
        for row in source.rows
    )
    caption = (element("caption", source.caption),) if source.caption else ()
    whole = element("table", *caption, element("thead", head), element("tbody", *rows))
    return element("div", whole, class_="wide", tabindex="0")


def definitions(rows: list[tuple[str, str]]) -> Html:
    """Return a table of two columns without a head: names and values."""
    lines = (element("tr", element("th", name, scope="row"), element("td", value)) for name, value in rows)
    return element("div", element("table", element("tbody", *lines)), class_="wide", tabindex="0")


def code(text: str) -> Html:
    """Return lines of text as they are typed."""
    return element("pre", element("code", text), tabindex="0")


def _cell(text: str, right: bool) -> Html:
    return element("td", text, class_="number") if right else element("td", text)


def _escaped(text: str) -> str:
    return escape(visible(text[:MAX_TEXT]))
