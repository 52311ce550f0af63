"""The SQLite file of a session: its tables, its version, and connections to it."""

import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from wganstudio.session.errors import SessionError, broken, error_name
from wganstudio.session.lock import SessionLock, SessionLocked
from wganstudio.session.training_states import TABLE
from wganstudio.session.untrusted import bounded, harden, has_known_schema

APPLICATION_ID = 0x57474153  # "WGAS"
VERSION = 8
MAX_ENTRY = 1 << 29
"""Bytes of one event's numbers or arrays; SQLite itself refuses more before allocating."""
TABLES = {
    "run": """
CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '', experiment TEXT NOT NULL);""",
    "event": """
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    kind TEXT NOT NULL, step INTEGER NOT NULL, body TEXT NOT NULL, arrays BLOB
);""",
    "event_run": "CREATE INDEX event_run ON event (run, kind);",
    "suite": "CREATE TABLE suite (body TEXT NOT NULL);",
    "training_state": TABLE,
    "run_labels": """
CREATE TABLE run_labels (
    run INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE, body TEXT NOT NULL
);""",
}
SCHEMA = "\n".join(TABLES.values())
_REQUIRED = {"run", "event"}
"""Tables of every version."""
BESIDE = ("-journal", "-wal", "-shm")
"""Endings of the files that SQLite keeps beside a database."""
_WAIT_SECONDS = 10.0
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.05
_REFUSED = ("SQLITE_READONLY", "SQLITE_CANTOPEN")
"""Errors of a connection that may only read and finds an unfinished transaction."""


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open an existing file."""
    mode = "ro" if read_only else "rw"
    database = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_WAIT_SECONDS, check_same_thread=False
    )
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_ENTRY)
        harden(database)
        if not read_only:
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        database.close()
        raise
    return database


def write_empty(database: sqlite3.Connection) -> None:
    """Fill an empty file with a session without runs."""
    database.executescript(
        f"BEGIN; {SCHEMA} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
    )


def check(path: Path, database: sqlite3.Connection) -> None:
    """Raise SessionError for a file that is not a session, or that holds more than its tables."""
    with bounded(database):
        if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise SessionError(f"{path} is not a WGAN Studio session; choose a .wgs file that it saved.")
        if version(database) > VERSION:
            raise SessionError(f"{path} was saved by a newer WGAN Studio; update the program to open it.")
        if not has_known_schema(database, SCHEMA, _REQUIRED):
            raise broken(path, "its tables are not those of a session")


def version(database: sqlite3.Connection) -> int:
    """Return the version of a session's tables."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def suite(database: sqlite3.Connection) -> str:
    """Return the plan of the suite that a session holds; empty if it holds none."""
    with bounded(database):
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'suite'").fetchone():
            return ""  # a document of version 1
        row = database.execute("SELECT body FROM suite").fetchone()
    return str(row[0]) if row else ""


class OpenFile:
    """A connection to a file, also to one whose writer was killed in a transaction."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self.database = self._reader(path) if read_only else connect(path, read_only=False)

    def close(self) -> None:
        """Close the connection, and remove the copy that it may have read."""
        self.database.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _reader(self, path: Path) -> sqlite3.Connection:
        for _ in range(_ATTEMPTS):
            try:
                return _readable(path)
            except sqlite3.OperationalError as error:
                if not error_name(error).startswith(_REFUSED) or not has_rest(path):
                    raise
            try:
                roll_back(path)
            except SessionLocked:  # another reader does it
                time.sleep(_PAUSE_SECONDS)
            except (SessionError, sqlite3.Error, OSError):
                break
        return self._copy(path)

    def _copy(self, path: Path) -> sqlite3.Connection:
        """Return a connection to a copy of a file in a place that cannot be written."""
        self._folder = TemporaryDirectory(prefix="wganstudio-", ignore_cleanup_errors=True)
        copy = Path(self._folder.name) / "copy.wgs"
        try:
            shutil.copyfile(path, copy)
            for ending in BESIDE[:2]:
                with suppress(FileNotFoundError):
                    shutil.copyfile(beside(path, ending), beside(copy, ending))
            roll_back(copy)
            return _readable(copy)
        except BaseException:
            self._folder.cleanup()
            raise


def roll_back(path: Path) -> None:
    """Undo the unfinished transaction of a process that was killed; SessionLocked if a living one writes."""
    with SessionLock(path, ""), closing(connect(path, read_only=False)) as database:
        database.execute("SELECT 1 FROM sqlite_master").fetchone()


def upgrade(database: sqlite3.Connection) -> None:
    """Make a session of an older version one of today's, within the transaction of the caller."""
    for name, statement in TABLES.items():
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone():
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {VERSION}")


def _readable(path: Path) -> sqlite3.Connection:
    database = connect(path, read_only=True)
    try:
        database.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        database.close()
        raise
    return database


def has_rest(path: Path) -> bool:
    """Return True if a transaction on a file may be unfinished."""
    return any(beside(path, ending).exists() for ending in BESIDE)


def beside(path: Path, ending: str) -> Path:
    """Return a file that SQLite may keep beside a database."""
    path = path.resolve()
    return path.with_name(path.name + ending)


class FileStamp(NamedTuple):
    """The identity of the content of a file on disk: differs once a program has written or replaced it."""

    device: int
    inode: int
    size: int
    modified: int
    """In nanoseconds."""
    changes: bytes
    """The counter in which SQLite counts transactions."""


def file_stamp(path: Path) -> FileStamp | None:
    """Return the stamp of a session that this process does not write; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            status, header = os.fstat(file.fileno()), file.read(28)
    except OSError:
        return None
    return FileStamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, header[24:])
