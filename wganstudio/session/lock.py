"""The inter-process lock of a session: only one process writes to it, and others can read who does.

The lock is a transaction of SQLite on `FILE.lock`, which every platform ends with its process. While it is
held, others can read the one row of the file: who holds it. No attempt to take it changes that row.
"""

import getpass
import os
import random
import secrets
import socket
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from wganstudio.plain_text import one_line
from wganstudio.session.errors import SessionError, error_name
from wganstudio.session.untrusted import bounded, harden, has_known_schema

ATTEMPTS = 50
"""Attempts to take a lock that others take and release at the same time."""
_BUSY_SECONDS = 0.2
"""The time that others may take to write their row, or to look whether the lock is held."""
_READ_SECONDS = 1.0
_DELETES_ONLY_CLOSED = os.name == "nt"
_TABLE = "CREATE TABLE owner (token TEXT, user TEXT, host TEXT, pid INTEGER, program TEXT, since REAL)"
_MAX_NAME = 80


@dataclass(frozen=True)
class Owner:
    """The process that writes a session; without a process id one that could not write its name."""

    user: str = ""
    host: str = ""
    pid: int = 0
    program: str = ""

    def __str__(self) -> str:
        if not self.pid:
            return "another program"
        match self.program:
            case "":
                program = "a program"
            case "window":
                program = "the window"
            case _:
                program = f"`wganstudio {self.program}`"
        return f"{program} of {self.user} (process {self.pid} on {self.host})"


class SessionLocked(SessionError):
    """Another process writes the session."""

    def __init__(self, path: Path, owner: Owner | None) -> None:
        super().__init__(
            f"{path} is being written by {owner or Owner()}; wait for it, or choose another file."
        )
        self.owner = owner


class SessionLock:
    """Hold `FILE.lock` beside a session until it is released, or the process ends."""

    def __init__(self, path: Path, program: str) -> None:
        self._path = path
        self._program = program
        self._token = secrets.token_hex(8)
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> "SessionLock":
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock; SessionLocked if a living process holds it, SessionError if it cannot be made."""
        owner: Owner | None = None
        for attempt in range(ATTEMPTS):
            try:
                if self._try():
                    return
                owner = owner_of(self._path)
            except (sqlite3.Error, OSError) as error:
                raise SessionError(
                    f"{self._path} cannot be written: {error}; choose another place."
                ) from error
            if owner is not None and owner.pid:
                break
            time.sleep(random.uniform(0, 0.001) * attempt)
        raise SessionLocked(self._path, owner)

    def release(self) -> None:
        """Let others take the lock, and remove its file."""
        if self._database is None:
            return
        database, self._database = self._database, None
        file = _lock_file(self._path)
        if _token(file) != self._token:  # somebody removed the file: the one there now is another's
            database.close()
            return
        with suppress(OSError):  # before it is free: who opened it by then finds that it is gone, and retries
            file.unlink(missing_ok=True)
        database.close()
        if _DELETES_ONLY_CLOSED:
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def _try(self) -> bool:
        """Return True if the lock is ours now, False if it is another's at this moment."""
        file = _lock_file(self._path)
        if file.is_symlink() or (file.exists() and not file.is_file()):
            raise SessionError(f"{file} is in the way of a lock; remove it.")
        database = _connect(file, "rwc", _BUSY_SECONDS)
        try:
            if self._hold(database) and _token(file) == self._token:
                self._database = database
                return True
        except sqlite3.DatabaseError as error:
            if error_name(error) == "SQLITE_FULL":
                self._token = ""  # no room for our name: the lock does without
            elif _is_garbage(error):  # left by a process that was killed, or by another program
                os.truncate(file, 0)
            elif not _is_busy(error) and not _is_gone(error):
                raise
        finally:
            if self._database is None:
                database.close()
        return False

    def _hold(self, database: sqlite3.Connection) -> bool:
        """Write our row and begin the transaction that is the lock; False if it was not free for that."""
        database.execute("PRAGMA page_size = 512")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA journal_mode = MEMORY")  # no second file; what a crash tears is begun anew
        database.execute("BEGIN IMMEDIATE")
        if not self._token:
            return True
        if not has_known_schema(database, _TABLE, set()):
            raise sqlite3.DatabaseError("malformed: other tables")
        if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
            database.execute(_TABLE)
        owner = _this_process(self._program)
        row = (self._token, owner.user, owner.host, owner.pid, owner.program, time.time())
        database.execute("DELETE FROM owner")
        database.execute("INSERT INTO owner VALUES (?, ?, ?, ?, ?, ?)", row)
        database.execute("COMMIT")
        database.execute("BEGIN IMMEDIATE")  # another may have come in between: the token tells
        return True


def owner_of(path: Path) -> Owner | None:
    """Return the living process that writes a session; None if there is none."""
    file = _lock_file(path)
    if not file.is_file():
        return None
    with suppress(sqlite3.Error), closing(_connect(file, "rw", 0.0)) as database:
        if not _is_held(database):
            return None
        owner = _owner(database)
        if owner.host == socket.gethostname() and owner.pid and not psutil.pid_exists(owner.pid):
            database.execute(f"PRAGMA busy_timeout = {round(1000 * _BUSY_SECONDS)}")
            return owner if _is_held(database) else None  # somebody else only looked, too
        return owner
    return None


def _is_held(database: sqlite3.Connection) -> bool:
    try:
        database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if _is_busy(error):
            return True
        owner = _owner(database)  # in a folder that we cannot write
        here = owner.host == socket.gethostname()
        return psutil.pid_exists(owner.pid) if here else bool(owner.pid)
    database.execute("ROLLBACK")
    return False


def _owner(database: sqlite3.Connection) -> Owner:
    """Return the name in a lock file; an empty one if there is none."""
    database.execute(f"PRAGMA busy_timeout = {round(1000 * _READ_SECONDS)}")
    try:
        with bounded(database, _READ_SECONDS):
            if not has_known_schema(database, _TABLE, {"owner"}):
                return Owner()
            row = database.execute("SELECT user, host, pid, program FROM owner").fetchone()
            user, host, pid, program = row
            user, host, program = (one_line(str(name), _MAX_NAME) for name in (user, host, program))
            return Owner(user, host, int(pid), program)
    except (sqlite3.Error, ValueError, TypeError):
        return Owner()


def _token(file: Path) -> str:
    """Return the token of the holder of a lock file; empty if it has none."""
    if not file.exists():
        return "no file"
    with suppress(sqlite3.Error), closing(_connect(file, "ro", _READ_SECONDS)) as database:
        row = database.execute("SELECT token FROM owner").fetchone()
        return str(row[0]) if row else ""
    return ""


def _this_process(program: str) -> Owner:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # of a user without a name
        user = "somebody"
    return Owner(user, socket.gethostname(), os.getpid(), program)


def _connect(file: Path, mode: str, timeout: float) -> sqlite3.Connection:
    database = sqlite3.connect(
        f"{file.as_uri()}?mode={mode}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        harden(database)
    except BaseException:
        database.close()
        raise
    return database


def _lock_file(path: Path) -> Path:
    path = path.resolve()
    return path.with_name(f"{path.name}.lock")


def _is_busy(error: sqlite3.Error) -> bool:
    return error_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _is_gone(error: sqlite3.Error) -> bool:
    """Return True if the holder removed the file after we opened it."""
    return error_name(error) == "SQLITE_READONLY_DBMOVED"


def _is_garbage(error: sqlite3.Error) -> bool:
    return any(word in str(error) for word in ("not a database", "malformed"))
