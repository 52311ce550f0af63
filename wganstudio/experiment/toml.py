"""TOML from users: a document that is nested too deeply is no TOML."""

import re
import tomllib
from typing import Any

MAX_DEPTH = 16
"""Levels of tables and lists in a document, at most; those of a suite have five."""


_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_LONG_KEY = re.compile(rf"(?<![\w-]){_KEY}(?:[ \t]*\.[ \t]*{_KEY}){{{MAX_DEPTH},}}")


def parse_toml(text: str) -> dict[str, Any]:
    """Return the tables of a document; ValueError if it is not one, or nested too deeply."""
    try:
        # on a key of many parts, the parser takes time in the square of their number
        tables = None if _LONG_KEY.search(text) else tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        tables = None
    except ValueError as error:
        raise ValueError("it contains a number of more than 4,300 digits") from error
    if tables is None or _is_deep(tables):
        raise ValueError(f"its tables and lists are nested more than {MAX_DEPTH} levels deep")
    return tables


def _is_deep(tables: dict[str, Any]) -> bool:
    """Tell if tables and lists are nested too deeply, without recursion."""
    level: list[Any] = [tables]
    for _ in range(MAX_DEPTH + 1):
        level = [child for parent in level for child in _children(parent)]
    return any(isinstance(value, dict | list) for value in level)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
