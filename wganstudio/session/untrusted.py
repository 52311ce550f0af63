"""A session from a stranger: no statement of its schema is trusted, and no step of SQLite may take long."""

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

MAX_SECONDS = 10.0
"""The longest time that SQLite may take to check the schema, or to find one row."""
MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)
"""Exceptions of reading an entry that no version of the program has written."""
MAX_NUMBERS = 1 << 24
"""Characters of the numbers of one event, or of an experiment."""
_OPCODES = 100_000
"""Virtual machine instructions of SQLite between two looks at the clock: less than a millisecond."""
_Entry = tuple[str, str, str, str]
"""An entry of the schema: type, name, table and statement."""


def harden(database: sqlite3.Connection) -> None:
    """Switch off what a file may bring along: functions in its schema, triggers and views."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    if sys.version_info >= (3, 12):
        database.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False)


@contextmanager
def bounded(database: sqlite3.Connection, seconds: float = MAX_SECONDS) -> Iterator[None]:
    """Interrupt the statements of the block after a time, with sqlite3.OperationalError."""
    end = time.monotonic() + seconds
    database.set_progress_handler(lambda: time.monotonic() > end, _OPCODES)
    try:
        yield
    finally:
        database.set_progress_handler(None, 0)


def has_known_schema(database: sqlite3.Connection, schema: str, required: set[str]) -> bool:
    """Return True if every table and index is written as in `schema`, and the required ones exist.

    Constraints, defaults, collations and generated columns are parts of the statements, so that no others
    can be present. Nothing is read but the schema.
    """
    entries = set(_entries(database))
    return entries <= _known(schema) and required <= {name for _, name, _, _ in entries}


def read_json(text: str) -> Any:
    """Return what a JSON text of bounded length holds; one of MALFORMED if it is none."""
    if len(text) > MAX_NUMBERS:
        raise ValueError("too long")
    return json.loads(text)


@cache
def _known(schema: str) -> frozenset[_Entry]:
    database = sqlite3.connect(":memory:")
    try:
        database.executescript(schema)
        return frozenset(_entries(database))
    finally:
        database.close()


def _entries(database: sqlite3.Connection) -> Iterator[_Entry]:
    for kind, name, table, statement in database.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
    ):
        yield str(kind), str(name), str(table), " ".join(str(statement).split())
