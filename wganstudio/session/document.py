"""Document: the .wgs file, an SQLite database of the events of runs.

An event is a row: its numbers as JSON, its arrays as a safetensors blob; `kind` is the event's name, of a
snapshot its topic. Reading a document replays its rows; nothing in it is ever executed or unpickled. Rows of
older versions are upgraded when they are read, and never changed. While a document grows, others may open it
read-only and follow.
"""

import json
import logging
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from wganstudio.experiment import BadExperiment, Experiment, read
from wganstudio.experiment.plain_text import printable
from wganstudio.session.record import RunRecord
from wganstudio.session.resuming import TRUTH_KINDS, Resumption, obstacle, resumption
from wganstudio.session.training_states import TABLE, TrainingStates
from wganstudio.session.untrusted import MALFORMED, bounded, harden, has_known_schema, read_json
from wganstudio.session.upgrade import events_of
from wganstudio.training.events import (
    TERMINAL,
    Arrays,
    Checkpoint,
    Event,
    Started,
    TrainingState,
    is_coalescible,
)
from wganstudio.training.topics import topics

APPLICATION_ID = 0x57474153  # "WGAS"
VERSION = 6
MAX_ENTRY = 1 << 29
"""Bytes of one event's numbers or arrays; SQLite itself refuses more before allocating."""
_SCHEMA = f"""
CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '', experiment TEXT NOT NULL);
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    kind TEXT NOT NULL, step INTEGER NOT NULL, body TEXT NOT NULL, arrays BLOB
);
CREATE INDEX event_run ON event (run, kind);
CREATE TABLE suite (body TEXT NOT NULL);
{TABLE}"""
_REQUIRED = {"run", "event"}
"""Tables of every version."""
MAX_RUNS = 20_000
MAX_TEXT = 20_000
"""Characters of a message or label; of longer ones the beginning is read."""
_DTYPES = {np.dtype(t) for t in ("float32", "float64", "int64", "int32", "uint8", "bool")}


class SessionError(Exception):
    """A document cannot be read or written: one sentence with advice."""


class Document:
    """A session on disk, and its records in memory."""

    def __init__(self, path: Path, database: sqlite3.Connection, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.suite = ""
        """The plan given to `begin_suite`; empty where no suite fills the document."""
        self._database = database
        self._records: dict[int, RunRecord] = {}
        self._seen = 0
        self._unknown_topics: set[str] = set()
        self._states = TrainingStates(database)
        self._resumptions: dict[int, Resumption] = {}

    @classmethod
    def create(cls, path: Path) -> "Document":
        """Create an empty document; a file at `path` is replaced."""
        with _explained(path, "written"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            database = _connect(path, read_only=False)
            database.executescript(_SCHEMA)
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {VERSION}")
            database.commit()
        return cls(path, database, read_only=False)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = True) -> "Document":
        """Open a document and replay it; SessionError if it is not a valid one."""
        with _explained(path, "read"):
            if not path.is_file():
                raise SessionError(f"There is no session {path}; choose a .wgs file.")
            database = _connect(path, read_only=read_only)
            try:
                document = cls(path, database, read_only=read_only)
                with bounded(database):
                    _check(path, database)
                    document.suite = _suite(database)
                document.follow()
            except BaseException:
                database.close()
                raise
        return document

    def records(self) -> list[RunRecord]:
        """Return the runs, oldest first; the same objects from call to call."""
        return list(self._records.values())

    def add_run(self, experiment: Experiment, name: str = "") -> int:
        """Add a run and return its number."""
        with self._writing():
            text = _to_json(experiment)
            cursor = self._database.execute("INSERT INTO run (name, experiment) VALUES (?, ?)", (name, text))
        run = int(cursor.lastrowid or 0)
        self._records[run] = RunRecord(run, experiment, name)
        return run

    def append(self, run: int, event: Event) -> None:
        """Add an event to the record and, unless it is only live, to the file.

        SessionError (disk full, file gone) leaves the record in memory complete.
        """
        resumption = self._resumptions.pop(run, None) if isinstance(event, Started) else None
        if resumption is None:
            self._records[run].apply(event)
        else:
            self._records[run].restart([event, *self._earlier(run, resumption.event, TRUTH_KINDS)])
        if isinstance(event, TrainingState):
            with self._writing():
                self._states.add(run, event)
        if is_coalescible(event):
            return
        blob = (
            save_arrays({name: np.ascontiguousarray(a) for name, a in event.arrays.items()})
            if event.arrays
            else None
        )
        with self._writing():
            if resumption is not None:
                self._rewind(resumption)
            if isinstance(event, Checkpoint):
                self._database.execute("DELETE FROM event WHERE run = ? AND kind = 'checkpoint'", (run,))
            cursor = self._database.execute(
                "INSERT INTO event (run, kind, step, body, arrays) VALUES (?, ?, ?, ?, ?)",
                (run, event.name, event.step, event.model_dump_json(), blob),
            )
            if isinstance(event, TERMINAL):
                self._states.keep_newest(run, 1)
        self._seen = int(cursor.lastrowid or 0)

    def resume(self, run: int, steps: int | None = None) -> Resumption:
        """Return how a run goes on, to the end of its plan or to `steps`; SessionError if it cannot.

        What was recorded after the state is dropped when its next Started is appended, not before.
        """
        if run not in self._records:
            numbers = ", ".join(map(str, self._records)) or "none"
            raise SessionError(f"{self.path} has no run {run}; its runs: {numbers}.")
        record = self._records[run]
        with _explained(self.path, "read"):
            saved = self._states.newest(run)
            (text,) = self._database.execute("SELECT experiment FROM run WHERE id = ?", (run,)).fetchone()
        if why := obstacle(record, saved, steps, bool(self.suite)):
            raise SessionError(why)
        self._resumptions[run] = resumption(record, _from_json(self.path, text), saved, steps)
        return self._resumptions[run]

    def begin_suite(self, plan: str) -> None:
        """Store the plan of the suite that fills this document, replacing another one."""
        with self._writing():
            self._database.execute("DELETE FROM suite")
            self._database.execute("INSERT INTO suite (body) VALUES (?)", (plan,))
        self.suite = plan

    def rename(self, run: int, name: str) -> None:
        """Store the user's name for a run."""
        with self._writing():
            self._database.execute("UPDATE run SET name = ? WHERE id = ?", (name, run))
        self._records[run].rename(name)

    def delete(self, run: int) -> None:
        """Remove a run and its events."""
        with self._writing():
            self._database.execute("DELETE FROM event WHERE run = ?", (run,))
            self._database.execute("DELETE FROM run WHERE id = ?", (run,))
        del self._records[run]

    def drop_states(self, run: int) -> None:
        """Remove the training states of a run, which then cannot be extended."""
        with self._writing():
            self._states.keep_newest(run, 0)

    def follow(self) -> bool:
        """Read what was added since the last call; return True if there was anything."""
        with _explained(self.path, "read"):
            before = self._seen, len(self._records)
            self._read_runs()
            self._replay()
        return before != (self._seen, len(self._records))

    def save_as(self, path: Path) -> None:
        """Copy the whole document to `path`, replacing a file there only when the copy is complete."""
        part = path.with_name(path.name + ".part")
        with _explained(path, "written"):
            part.unlink(missing_ok=True)
            try:
                copy = sqlite3.connect(part)
                try:
                    self._database.backup(copy)
                finally:
                    copy.close()
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; the records stay usable."""
        self._database.close()

    def _rewind(self, resumption: Resumption) -> None:
        """Drop what was recorded after the state of a resumption, and Started, which comes anew."""
        self._database.execute(
            "DELETE FROM event WHERE run = ? AND (kind = 'started' OR (id > ? AND kind NOT IN "
            f"({_marks(TRUTH_KINDS)})))",
            (resumption.run, resumption.event, *TRUTH_KINDS),
        )
        self._states.remove_after(resumption.run, resumption.number)
        text = _to_json(resumption.experiment)
        self._database.execute("UPDATE run SET experiment = ? WHERE id = ?", (text, resumption.run))

    def _earlier(self, run: int, entry: int, kinds: Collection[str] = ()) -> list[Event]:
        """Return the events of a run up to an entry, and all of some kinds, without Started."""
        rows = self._database.execute(
            "SELECT body, arrays FROM event WHERE run = ? AND kind != 'started' "
            f"AND (id <= ? OR kind IN ({_marks(kinds)})) ORDER BY id",
            (run, entry, *kinds),
        )
        return [event for row in rows for event in self._events(*row)]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Do one transaction, which makes a document of an older version one of today's."""
        with _explained(self.path, "written"), self._database:
            if self._database.execute("PRAGMA user_version").fetchone()[0] < VERSION:
                self._database.execute("BEGIN")
                self._states.create()
                self._database.execute(f"PRAGMA user_version = {VERSION}")
            yield

    def _read_runs(self) -> None:
        last = 0
        for run, name, text in self._database.execute("SELECT id, name, experiment FROM run ORDER BY id"):
            if run <= last:  # a damaged tree may yield rows for ever
                raise _broken(self.path, "its runs are out of order")
            if len(self._records) >= MAX_RUNS and run not in self._records:
                raise _broken(self.path, f"it has more than {MAX_RUNS:,} runs")
            last = run
            if run not in self._records:
                self._records[run] = RunRecord(int(run), _from_json(self.path, text), str(name))

    def _replay(self) -> None:
        rows = self._database.execute(
            "SELECT id, run, body, arrays FROM event WHERE id > ? ORDER BY id", (self._seen,)
        )
        for number, run, body, blob in rows:
            if number <= self._seen:  # a damaged tree may yield rows for ever
                raise _broken(self.path, "its entries are out of order")
            try:
                record = self._records[run]
                for event in self._events(body, blob):
                    if isinstance(event, Started) and record.started:  # it was resumed
                        record.restart([event, *self._earlier(run, number)])
                    else:
                        record.apply(event)
            except (SafetensorError, *MALFORMED) as error:
                raise _broken(self.path, f"entry {number} cannot be understood") from error
            self._seen = number

    def _events(self, body: str, blob: bytes | None) -> list[Event]:
        arrays = _checked(load_arrays(blob)) if blob is not None else {}
        numbers = read_json(body)
        if numbers.get("kind") != "started":  # whose paths may contain any character
            numbers = printable(numbers, MAX_TEXT)
        return [] if self._is_unknown_topic(numbers) else events_of(numbers, arrays)

    def _is_unknown_topic(self, body: dict[str, Any]) -> bool:
        """Return True for the snapshots of a plugin that is not installed, which are left out."""
        topic = body["topic"] if body.get("kind") == "snapshot" else None
        if not isinstance(topic, str) or topic in topics():
            return False
        if topic not in self._unknown_topics:
            self._unknown_topics.add(topic)
            message = "%s holds snapshots of %r, which no installed plugin knows; they are not shown."
            logging.getLogger(__name__).warning(message, self.path, topic)
        return True


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    database = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=10.0, check_same_thread=False
    )
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_ENTRY)
    harden(database)
    if not read_only:
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA foreign_keys = ON")
    return database


def _check(path: Path, database: sqlite3.Connection) -> None:
    """Raise SessionError for a file that is not a session, or that holds more than its tables."""
    if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise SessionError(f"{path} is not a WGAN Studio session; choose a .wgs file that it saved.")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise SessionError(f"{path} was saved by a newer WGAN Studio; update the program to open it.")
    if not has_known_schema(database, _SCHEMA, _REQUIRED):
        raise _broken(path, "its tables are not those of a session")


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _suite(database: sqlite3.Connection) -> str:
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'suite'").fetchone():
        return ""  # a document of version 1
    row = database.execute("SELECT body FROM suite").fetchone()
    return str(row[0]) if row else ""


def _checked(arrays: Arrays) -> Arrays:
    for array in arrays.values():
        if array.dtype not in _DTYPES:
            raise ValueError(f"unexpected dtype {array.dtype}")
    return arrays


def _to_json(experiment: Experiment) -> str:
    return json.dumps(experiment.settings())


def _from_json(path: Path, text: str) -> Experiment:
    try:
        return read(read_json(text))
    except BadExperiment as error:
        raise SessionError(f"{path} holds an experiment this version cannot read: {error}") from error
    except MALFORMED as error:
        raise _broken(path, "an experiment cannot be understood") from error


def _broken(path: Path, why: str) -> SessionError:
    return SessionError(f"{path} is damaged ({why}); open another copy of it.")


class _explained:
    """Turns errors of SQLite and the file system into one sentence."""

    def __init__(self, path: Path, what: str) -> None:
        self._path, self._what = path, what

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case sqlite3.OperationalError() if "full" in str(error):
                raise SessionError(
                    f"The disk is full: {self._path} could not be written; make room and save again."
                ) from error
            case sqlite3.OperationalError() if "interrupted" in str(error):
                raise _broken(self._path, "it takes too long to read") from error
            case sqlite3.OperationalError() if "decode" in str(error):
                raise _broken(self._path, "its text cannot be decoded") from error
            case UnicodeDecodeError():
                raise _broken(self._path, "its text cannot be decoded") from error
            case sqlite3.DataError():
                raise _broken(self._path, "an entry is too large") from error
            case sqlite3.DatabaseError() if "not a database" in str(error) or "malformed" in str(error):
                raise _broken(self._path, str(error)) from error
            case sqlite3.Error() | OSError():
                raise SessionError(
                    f"{self._path} cannot be {self._what}: {error}; choose another place."
                ) from error
