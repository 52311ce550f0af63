"""Deleting runs for good: what they take in the file, and how it is freed in small parts."""

import sqlite3
from itertools import accumulate

_ROWS = 512
"""Entries that are looked at for one part."""


def run_bytes(database: sqlite3.Connection, run: int) -> int:
    """Return the bytes of the entries and training states of a run."""
    size = "SELECT coalesce(sum(length(body) + coalesce(length(arrays), 0)), 0) FROM"
    (events,) = database.execute(f"{size} event WHERE run = ?", (run,)).fetchone()
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'training_state'").fetchone():
        return int(events)  # a document of an older version
    (states,) = database.execute(f"{size} training_state WHERE run = ?", (run,)).fetchone()
    return int(events) + int(states)


def shorten(database: sqlite3.Connection, run: int, most: int) -> bool:
    """Remove training states and the newest entries of a run; return False if there is nothing left of it.

    About `most` bytes are removed, and at least one row, within the transaction of the caller.
    """
    for table in ("training_state", "event"):
        rows = database.execute(
            f"SELECT id, length(body) + coalesce(length(arrays), 0) FROM {table} WHERE run = ? "
            "ORDER BY id DESC LIMIT ?",
            (run, _ROWS),
        ).fetchall()
        if rows:
            ends = accumulate(size for _, size in rows)
            number = sum(end < most for end in ends)
            last, _ = rows[min(number, len(rows) - 1)]
            database.execute(f"DELETE FROM {table} WHERE run = ? AND id >= ?", (run, last))
            return True
    return False
