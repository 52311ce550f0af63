"""SessionReader: replays the rows of a file into records of runs, from the beginning and as it grows."""

import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

from safetensors import SafetensorError

from wganstudio.session.entries import EntryReader, stored_experiment
from wganstudio.session.errors import broken
from wganstudio.session.labels import RunLabels, read_labels
from wganstudio.session.memory_guard import MemoryGuard
from wganstudio.session.record import RunRecord
from wganstudio.session.untrusted import MALFORMED, read_json
from wganstudio.training.events import Event, Started

MAX_RUNS = 20_000
_CHUNK = 256
"""Entries that are read at a time: meanwhile no other program can write."""
Progress = Callable[[float], None]


class SessionReader:
    """The records, and how far the file has been read."""

    def __init__(self, path: Path) -> None:
        """`path` is the file that messages name."""
        self._path = path
        self._entries = EntryReader(path)
        self._guard = MemoryGuard(path)
        self.records: dict[int, RunRecord] = {}
        self.seen = 0
        """The number of the last entry that was read or written."""

    def read(self, database: sqlite3.Connection, progress: Progress | None = None) -> bool:
        """Read what was added; return True if there was anything. `progress` gets fractions from 0 to 1."""
        before = self.seen, len(self.records), [record.labels for record in self.records.values()]
        if not self.seen:
            self._guard.require_room(database)
        self._read_runs(database, progress)
        self._read_labels(database)
        (last,) = database.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
        while self._replay(database):
            if progress is not None and last > before[0]:
                progress(min((self.seen - before[0]) / (last - before[0]), 1.0))
        return before != (self.seen, len(self.records), [record.labels for record in self.records.values()])

    def earlier(
        self, database: sqlite3.Connection, run: int, entry: int, kinds: Collection[str] = ()
    ) -> list[Event]:
        """Return the events of a run up to an entry, and all of some kinds, without Started."""
        rows = database.execute(
            "SELECT body, arrays FROM event WHERE run = ? AND kind != 'started' "
            f"AND (id <= ? OR kind IN ({', '.join('?' * len(kinds))})) ORDER BY id",
            (run, entry, *kinds),
        )
        return [event for row in rows for event in self._entries.events(*row)]

    def _read_runs(self, database: sqlite3.Connection, progress: Progress | None = None) -> None:
        last = 0
        for run, name, text in database.execute("SELECT id, name, experiment FROM run ORDER BY id"):
            if run <= last:  # a damaged tree may yield rows for ever
                raise broken(self._path, "its runs are out of order")
            if len(self.records) >= MAX_RUNS and run not in self.records:
                raise broken(self._path, f"it has more than {MAX_RUNS:,} runs")
            last = run
            if run not in self.records:
                self.records[run] = RunRecord(int(run), stored_experiment(self._path, text), str(name))
                if progress is not None and len(self.records) % _CHUNK == 0:
                    progress(0.0)  # it may end the opening

    def _read_labels(self, database: sqlite3.Connection) -> None:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'run_labels'").fetchone():
            return  # a document of an older version
        stored: dict[int, RunLabels] = {}
        last = -1
        for run, body in database.execute("SELECT run, body FROM run_labels ORDER BY run"):
            if run <= last:  # a damaged tree may yield rows for ever
                raise broken(self._path, "its labels are out of order")
            last = run
            try:
                stored[run] = read_labels(read_json(body))
            except MALFORMED as error:
                raise broken(self._path, f"the labels of run {run} cannot be understood") from error
        for run, record in self.records.items():
            if record.labels != (labels := stored.get(run, RunLabels())):
                record.set_labels(labels)

    def _replay(self, database: sqlite3.Connection) -> bool:
        """Apply the next entries; False if there are none."""
        rows = database.execute(
            "SELECT id, run, body, arrays FROM event WHERE id > ? ORDER BY id LIMIT ?", (self.seen, _CHUNK)
        )
        before = self.seen
        for number, run, body, blob in rows:
            if number <= self.seen:  # a damaged tree may yield rows for ever
                raise broken(self._path, "its entries are out of order")
            if run not in self.records:  # it was added after the runs were read
                self._read_runs(database)
            try:
                self._guard.count(body, blob)
                record = self.records[run]
                for event in self._entries.events(body, blob):
                    if isinstance(event, Started) and record.started:  # it was resumed
                        record.restart([event, *self.earlier(database, run, number)])
                    else:
                        record.apply(event)
            except (SafetensorError, *MALFORMED) as error:
                raise broken(self._path, f"entry {number} cannot be understood") from error
            self.seen = number
        return self.seen > before
