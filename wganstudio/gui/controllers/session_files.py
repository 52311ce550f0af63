"""Session files: what the window opens, in any thread, and the working files in which its sessions grow."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wganstudio import folders
from wganstudio.session import (
    Document,
    FileStamp,
    Owner,
    SessionError,
    SessionLock,
    SessionLocked,
    file_stamp,
    owner_of,
)

PROGRAM = "window"
"""The name of this program in the locks of its files."""
Progress = Callable[[float], None]


@dataclass(frozen=True)
class SessionFile:
    """A session that was read, for `OpenSession.adopt`."""

    document: Document
    path: Path | None = None
    """The file of the user; the document is a working copy of it, unless it is read-only."""
    lock: SessionLock | None = None
    """The lock of the user's file; None if it is read-only, or in a folder that cannot be written."""
    stamp: FileStamp | None = None
    """The file of the user before it was read."""
    owner: Owner | None = None
    """The process that writes a read-only session."""


def no_progress(_: float) -> None:
    """Show nothing."""


def read_session(path: Path, progress: Progress, held: SessionLock | None = None) -> SessionFile:
    """Lock a saved session and return a working copy; one that another process writes is read only.

    `held` is the lock of the file where this window has it already.
    """
    lock = held
    if held is None:
        try:
            lock = _locked(path)
        except SessionLocked:
            return follow_session(path, progress)
    try:
        stamp = file_stamp(path)
        document = Document.working_copy(path, new_working_file(), program=PROGRAM, progress=progress)
    except BaseException:
        if lock is not None and held is None:
            lock.release()
        raise
    return SessionFile(document, path, lock, stamp)


def follow_session(path: Path, progress: Progress) -> SessionFile:
    """Read a session that another program writes."""
    owner, stamp = owner_of(path), file_stamp(path)
    return SessionFile(Document.open(path, progress=progress), path, None, stamp, owner)


def recover_session(working_file: Path, progress: Progress) -> SessionFile:
    """Read the session of a window that ended without closing it."""
    return SessionFile(Document.open(working_file, read_only=False, program=PROGRAM, progress=progress))


def orphaned_sessions() -> list[Path]:
    """Return the sessions of windows that ended without closing, newest first."""
    with suppress(OSError):
        files = [file for file in folders.state().glob("*.wgs") if owner_of(file) is None]
        return sorted(files, key=_modified, reverse=True)
    return []


def new_working_file() -> Path:
    """Return the path of a working file that does not exist."""
    stamp = f"{time.strftime('%Y-%m-%d-%H%M%S')}-{os.getpid()}"
    try:
        folder = folders.state()
        for number in range(1000):
            if not (file := folder / f"{stamp}-{number}.wgs").exists():
                return file
    except OSError as error:
        reason = error.strerror or error
        raise SessionError(
            f"Unsaved sessions cannot be kept: {reason}; make the home folder writable."
        ) from error
    raise SessionError(f"{folder} has no room for another session; remove old sessions from it.")


def discard(working_file: Path) -> None:
    """Remove a working file and the files that SQLite may have left beside it."""
    for file in working_file.parent.glob(f"{working_file.name}*"):
        with suppress(OSError):
            file.unlink()


def _locked(path: Path) -> SessionLock | None:
    """Return the lock of a file; None where it cannot be made: then the file cannot be written either."""
    lock = SessionLock(path, PROGRAM)
    try:
        lock.acquire()
    except SessionLocked:
        raise
    except SessionError:
        return None
    return lock


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
