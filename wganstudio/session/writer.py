"""SessionWriter: writes entries in order; those that cannot be written stay in memory and are tried again."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wganstudio.session.copies import keep_older
from wganstudio.session.database import APPLICATION_ID, VERSION, upgrade, version
from wganstudio.session.entries import arrays_blob, experiment_text
from wganstudio.session.errors import SessionError, broken, explained, moved
from wganstudio.session.resuming import TRUTH_KINDS, Resumption
from wganstudio.session.training_states import TrainingStates
from wganstudio.training.events import TERMINAL, Checkpoint, Event, TrainingState

RETRY_SECONDS = 2.0
"""The time after which what could not be written is tried again."""
_CHUNK = 256
"""Entries of one transaction."""
_MAX_NUMBER = 1 << 62


@dataclass(frozen=True)
class NewEvent:
    """A recorded event; writing it again changes nothing."""

    run: int
    number: int
    event: Event
    resumption: Resumption | None = None
    """With a Started that continues a run: what came after the state is dropped."""

    def write(self, database: sqlite3.Connection) -> None:
        """Add the entry within a transaction."""
        states = TrainingStates(database)
        if self.resumption is not None:
            _rewind(database, states, self.resumption)
        if isinstance(self.event, Checkpoint):
            database.execute("DELETE FROM event WHERE run = ? AND kind = 'checkpoint'", (self.run,))
        event = self.event
        database.execute(
            "INSERT OR REPLACE INTO event (id, run, kind, step, body, arrays) VALUES (?, ?, ?, ?, ?, ?)",
            (self.number, self.run, event.name, event.step, event.model_dump_json(), arrays_blob(event)),
        )
        if isinstance(event, TERMINAL):
            states.keep_newest(self.run, 1)

    @property
    def supersedes(self) -> bool:
        """True if earlier entries of its kind need not be written."""
        return isinstance(self.event, Checkpoint)

    def is_superseded_by(self, other: "Entry") -> bool:
        """Return True if this one need not be written before another one that supersedes."""
        return isinstance(self.event, Checkpoint) and isinstance(other, NewEvent) and other.run == self.run


@dataclass(frozen=True)
class NewState:
    """A training state; it replaces the last but one of its run."""

    run: int
    event: TrainingState
    after: int
    """The number of the last entry before it."""

    def write(self, database: sqlite3.Connection) -> None:
        """Add the state within a transaction."""
        TrainingStates(database).add(self.run, self.event, self.after)

    @property
    def supersedes(self) -> bool:
        """True if earlier entries of its kind need not be written."""
        return True

    def is_superseded_by(self, other: "Entry") -> bool:
        """Return True if this one need not be written before another one that supersedes."""
        return isinstance(other, NewState) and other.run == self.run


Entry = NewEvent | NewState


class SessionWriter:
    """The only writer of a file. It numbers the entries, so that repeating a write is harmless."""

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._path = path
        self._database = database
        self._pending: list[Entry] = []
        self._too_large = False
        self._error = ""
        """The sentence that the user was told about what is pending."""
        self._retry_at = 0.0
        with explained(path, "read"):
            self._seen_version, self._contents = _data_version(database), _contents(database)
        self.last = self._contents[0]
        """The number of the newest entry, written or not."""
        if self.last > _MAX_NUMBER:
            raise broken(path, "its entries have numbers too large")

    @property
    def incomplete(self) -> bool:
        """True while something is only in memory."""
        return self._too_large or bool(self._pending)

    def put_event(self, run: int, event: Event, resumption: Resumption | None = None) -> None:
        """Write an event; SessionError, once, if it stays in memory."""
        self._refuse_too_large(event)
        self.last += 1
        self._put(NewEvent(run, self.last, event, resumption))

    def put_state(self, run: int, state: TrainingState) -> None:
        """Write a training state; SessionError, once, if it stays in memory."""
        self._put(NewState(run, state, self.last))

    def flush(self) -> None:
        """Write what is pending; SessionError if some of it stays in memory."""
        while chunk := self._pending[:_CHUNK]:
            try:
                with self._transaction() as database:
                    for entry in chunk:
                        entry.write(database)
            except SessionError:
                self._retry_at = time.monotonic() + RETRY_SECONDS
                raise
            del self._pending[: len(chunk)]
        self._error = ""

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do a change of the runs in one transaction, after all that is pending."""
        self.flush()
        with self._transaction() as database:
            yield database

    def write_pending_into(self, copy: sqlite3.Connection) -> None:
        """Write what is pending into a copy of the file."""
        for entry in self._pending:
            entry.write(copy)

    def is_intact(self) -> bool:
        """Return True if the file still holds what was written to it, wherever it is."""
        try:
            return _contents(self._database) == self._contents
        except sqlite3.Error:
            return False

    def _put(self, entry: Entry) -> None:
        if entry.supersedes:
            self._pending = [one for one in self._pending if not one.is_superseded_by(entry)]
        self._pending.append(entry)
        if self._error and time.monotonic() < self._retry_at:
            return
        try:
            self.flush()
        except SessionError as error:
            if str(error) != self._error:
                self._error = str(error)
                raise

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Do one transaction, which makes a document of an older version one of today's."""
        database = self._database
        with explained(self._path, "written"):
            try:
                older = version(database) < VERSION
                if older and self._path.exists():  # not within the transaction, whose lock it might end
                    keep_older(self._path.resolve(), database)
                with database:
                    database.execute("BEGIN IMMEDIATE")
                    self._refuse_changed()
                    if older:
                        upgrade(database)
                    yield database
                self._seen_version, self._contents = _data_version(database), _contents(database)
            except sqlite3.OperationalError as error:
                if _says_moved(error) or not self._path.exists():
                    raise moved(self._path) from error
                raise

    def _refuse_changed(self) -> None:
        """Raise SessionError if another program has changed the file, against the lock."""
        if _data_version(self._database) != self._seen_version and not self.is_intact():
            raise moved(self._path)

    def _refuse_too_large(self, event: Event) -> None:
        size = sum(array.nbytes for array in event.arrays.values())
        if size > self._database.getlimit(sqlite3.SQLITE_LIMIT_LENGTH) - (1 << 16):
            self._too_large = True
            raise SessionError(
                f"{self._path} cannot hold an entry of {size:,} bytes; record fewer points or pictures."
            )


def _rewind(database: sqlite3.Connection, states: TrainingStates, resumption: Resumption) -> None:
    """Drop what was recorded after the state of a resumption, and Started, which comes anew."""
    database.execute(
        "DELETE FROM event WHERE run = ? AND (kind = 'started' OR (id > ? AND kind NOT IN "
        f"({', '.join('?' * len(TRUTH_KINDS))})))",
        (resumption.run, resumption.event, *TRUTH_KINDS),
    )
    states.remove_after(resumption.run, resumption.number)
    text = experiment_text(resumption.experiment)
    database.execute("UPDATE run SET experiment = ? WHERE id = ?", (text, resumption.run))


def _says_moved(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_DBMOVED"


def _data_version(database: sqlite3.Connection) -> int:
    """Return a number that changes once another connection has changed the file."""
    return int(database.execute("PRAGMA data_version").fetchone()[0])


def _contents(database: sqlite3.Connection) -> tuple[int, ...]:
    """Return the newest number of an entry ever given, and the newest run; nothing if it is no session."""
    if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return ()
    given = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone() or (0,)
    (newest,) = database.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
    (run,) = database.execute("SELECT coalesce(max(id), 0) FROM run").fetchone()
    return max(_whole(given[0]), newest), run


def _whole(value: object) -> int:
    return value if isinstance(value, int) else _MAX_NUMBER + 1
