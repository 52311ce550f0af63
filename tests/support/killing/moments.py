"""Moments: a process counts what it does to files, and stands still at a chosen point, to be killed there.

Installed once, in a process that is going to be killed.
"""

import os
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from killing.notes import Notes

STATEMENTS = {
    "BEGIN": "begin",
    "COMMIT": "commit",
    "INSERT INTO training_state": "state",
    "INSERT INTO run": "run",
    "INSERT INTO event": "event",
    "DELETE FROM": "delete",
    "CREATE TABLE": "table",
    "PRAGMA user_version =": "version",
}
"""How the statements begin that are moments, and the names of these."""
FILE_EVENTS = {"os.rename": "rename", "os.remove": "remove", "os.link": "link"}
"""Audit events that are moments; they come before what they announce."""
STATEMENT_START = 300
SMALL_CACHE = 8
"""Pages of a database that are held back until its transaction is committed; others are written before."""


@dataclass(frozen=True)
class Moment:
    """The n-th time that a process does something: statements, file events, "create", "started", "ended"."""

    name: str = ""
    count: int = 1

    def __str__(self) -> str:
        return f"{self.name} {self.count}" if self.name else ""


NEVER = Moment()


class Standstill:
    """Counts what happens in a folder, and stands still at a moment until the process is killed."""

    def __init__(self, moment: Moment, folder: Path, notes: Notes) -> None:
        self._moment = moment
        self._folder = str(folder)
        self._notes = notes
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def install(self, *, small_cache: bool) -> None:
        """Watch this process; with a small cache, transactions write to files before they are committed."""
        sys.addaudithook(self._audit)
        connect = sqlite3.connect

        def watched(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = connect(database, *arguments, **options)
            if small_cache and ".lock" not in str(database):
                with suppress(sqlite3.Error):
                    connection.execute(f"PRAGMA cache_size = {SMALL_CACHE}")
            connection.set_trace_callback(self._trace)
            return connection

        sqlite3.connect = watched  # type: ignore[assignment]

    def reach(self, name: str) -> None:
        """Count a moment; do not return from the chosen one."""
        with self._lock:
            self._counts[name] += 1
            count = self._counts[name]
        if Moment(name, count) == self._moment:
            self._notes.add("moment", name=name, count=count)
            time.sleep(3600)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str) and flags & (os.O_WRONLY | os.O_RDWR) and self._is_ours(path):
                self.reach("create")
        elif event in FILE_EVENTS and self._is_ours(os.fspath(arguments[0])):
            self.reach(FILE_EVENTS[event])

    def _is_ours(self, path: str | bytes) -> bool:
        return os.fsdecode(path).startswith(self._folder)

    def _trace(self, statement: str) -> None:
        start = statement[:STATEMENT_START].lstrip()
        for words, name in STATEMENTS.items():
            if start.startswith(words):
                if name == "event":
                    self._reach_event(start)
                self.reach(name)

    def _reach_event(self, statement: str) -> None:
        for kind in ("started", "ended"):
            if f"'{kind}'" in statement:
                self.reach(kind)
