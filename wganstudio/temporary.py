"""Temporary files of this process, in one folder that a later start removes if the process is killed.

The folder is `wganstudio-PID-*` in the system's folder of temporary files. A lock in it tells whether its
process still lives: that of SQLite, which the system releases however the process ends. The folder also names
the unfinished files that the process is writing beside files of the user.
"""

import atexit
import contextlib
import os
import re
import secrets
import shutil
import sqlite3
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

PREFIX = "wganstudio-"
FORMER_SECONDS = 7 * 24 * 3600.0
"""The age at which single files, as earlier versions left them, are removed."""
MAKING_SECONDS = 60.0
"""The time that a process may take between making its folder and locking it."""
_LOCK, _UNFINISHED, _PART = "lock", ".unfinished", ".part"
_FOLDER = re.compile(re.escape(PREFIX) + r"(\d+)-\w+")
_guard = threading.Lock()
_own: tuple[Path, sqlite3.Connection] | None = None


def folder() -> Path:
    """Return the folder of this process, made at the first call; OSError where that is impossible."""
    global _own
    with _guard:
        if _own is None or not _own[0].is_dir():  # a cleaner of old files has removed it
            _forget()
            path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
            lock = _lock(path)
            if lock is None:
                raise OSError(f"{path} cannot be locked")
            _own = path, lock
            atexit.register(remove)
        return _own[0]


def file(suffix: str) -> Path:
    """Return a new, empty temporary file."""
    handle, name = tempfile.mkstemp(suffix=suffix, dir=folder())
    os.close(handle)
    return Path(name)


@contextlib.contextmanager
def unfinished(part: Path) -> Iterator[None]:
    """Announce a file beside one of the user's: if this process is killed, the next start removes it.

    Its name ends in `.part`. Where it cannot be announced, it is written all the same.
    """
    note = None
    with contextlib.suppress(OSError):
        note = file(_UNFINISHED)
        note.write_bytes(os.fsencode(part.absolute()))
    try:
        yield
    finally:
        if note is not None:
            with contextlib.suppress(OSError):
                note.unlink()


def write(path: Path, content: bytes) -> None:
    """Write a file atomically: on failure, such as a full disk, the previous file stays as it was."""
    part = path.with_name(f".{path.name[:40]}-{secrets.token_hex(4)}{_PART}")
    with unfinished(part):
        try:
            with open(part, "xb") as file:
                file.write(content)
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise


def remove() -> None:
    """Remove the folder of this process."""
    with _guard:
        _forget()


def sweep() -> None:
    """Remove what killed processes of this user have left, as far as that is possible."""
    with contextlib.suppress(OSError):
        for entry in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError, OverflowError):  # a number that is no process id
                _sweep(entry)


def _sweep(entry: Path) -> None:
    status = entry.lstat()
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return
    if stat.S_ISREG(status.st_mode) and entry.suffix == ".log":
        if status.st_mtime < time.time() - FORMER_SECONDS:
            entry.unlink()
        return
    match = _FOLDER.fullmatch(entry.name)
    if match is None or not stat.S_ISDIR(status.st_mode) or (_own is not None and entry == _own[0]):
        return
    if psutil.pid_exists(int(match[1])) and status.st_mtime > time.time() - MAKING_SECONDS:
        return
    lock = _lock(entry)
    if lock is None:
        return
    try:
        for note in entry.glob(f"*{_UNFINISHED}"):
            _remove_unfinished(note)
    finally:
        lock.close()
    shutil.rmtree(entry, ignore_errors=True)


def _remove_unfinished(note: Path) -> None:
    name = note.read_bytes()
    others = Path(tempfile.gettempdir()).glob(f"{PREFIX}*/*{_UNFINISHED}")
    part = Path(os.fsdecode(name))
    with contextlib.suppress(OSError, ValueError):
        if any(other.parent != note.parent and other.read_bytes() == name for other in others):
            return  # a living process writes it anew, or another killed one has left it, too
        if part.is_absolute() and part.suffix == _PART and stat.S_ISREG(part.lstat().st_mode):
            part.unlink()


def _lock(path: Path) -> sqlite3.Connection | None:
    """Return the held lock of a folder; None if another process holds it, or it cannot be made."""
    lock = None
    try:
        lock = sqlite3.connect(path / _LOCK, timeout=0.0, isolation_level=None, check_same_thread=False)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        if lock is not None:
            lock.close()
        return None
    return lock


def _forget() -> None:
    global _own
    if _own is None:
        return
    path, lock = _own
    _own = None
    lock.close()
    shutil.rmtree(path, ignore_errors=True)
