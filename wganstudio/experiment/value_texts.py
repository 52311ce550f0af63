"""Texts of settings: values, titles and kinds as captions, tables and names of runs show them."""

import re
from typing import Any

from wganstudio.experiment.registry import find_kind, kinds
from wganstudio.plain_text import one_line

FAR = 1e4
"""Size from which a number is written in full: a coordinate far from 0, such as a time stamp."""
MAX_TEXT = 1000
"""Characters of a text that is written out."""
MAX_ITEMS = 4
"""Numbers of a list that are written out."""


def value_text(value: object, unit: str = "") -> str:
    """Return a setting as text: short numbers, lists in brackets, files without their folders.

    None is "auto". Whole numbers with a unit have separators of thousands.
    """
    match value:
        case None:
            return "auto"
        case bool():
            return "on" if value else "off"
        case int():
            text = f"{value:,}" if unit else str(value)
        case float():
            text = f"{value:.{15 if abs(value) >= FAR else 6}g}"
        case tuple() | list():
            text = _list_text(value)
        case _:
            text = str(value).replace("\\", "/").rsplit("/", 1)[-1] or "empty"
    return f"{text} {unit}".strip()


def full_text(value: object, unit: str = "") -> str:
    """Return a setting as text that differs where the setting does: all digits, items and folders."""
    match value:
        case float():
            text = f"{value:.15g}"
        case tuple() | list():
            text = f"[{', '.join(map(full_text, value))}]"
        case str() if value:
            text = one_line(value, MAX_TEXT)
        case _:
            return value_text(value, unit)
    return f"{text} {unit}".strip()


def _list_text(values: tuple[Any, ...] | list[Any]) -> str:
    if len(values) <= MAX_ITEMS:
        return f"[{', '.join(map(value_text, values))}]"
    return f"[{', '.join(map(value_text, values[:2]))}, \u2026, {value_text(values[-1])}] ({len(values)})"


def counted(count: int, noun: str) -> str:
    """Return a number of things, such as "1 step" or "2,000 steps"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def lower_title(title: str) -> str:
    """Return the title of a field for the middle of a sentence; "TorchScript" and "MC" stay as they are."""
    first = title.partition(" ")[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]


def kind_title(group: str, name: object) -> str:
    """Return the title of a kind; the name itself where no such kind is installed."""
    options = find_kind(group, name) if isinstance(name, str) else None
    return str(name) if options is None else options.title


def short_kind(group: str, name: object) -> str:
    """Return the shortest title that tells a kind from the others of its group: "GP", "W2: maximin map"."""
    if name == "none":
        return f"no {group}"
    title = kind_title(group, name)
    head = _head(title)
    is_shared = sum(_head(other.title) == head for other in kinds(group).values()) > 1
    return re.sub(r" \(.*\)$", "", title) if is_shared else head


def _head(title: str) -> str:
    return re.sub(r" \(.*\)$", "", title).partition(": ")[0]
