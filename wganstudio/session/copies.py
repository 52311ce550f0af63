"""Whole files of a session: written beside the old one, which is replaced once the new one is complete."""

import filecmp
import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from wganstudio.session.database import (
    APPLICATION_ID,
    BESIDE,
    VERSION,
    OpenFile,
    beside,
    check,
    connect,
    upgrade,
    version,
)
from wganstudio.session.errors import explained
from wganstudio.temporary import unfinished

_PAGES = 2_000
"""Pages that are copied between two reports of progress."""
_MOST_FREE = 0.05
"""The share of unused pages that a copy may take over: without them it takes a little longer."""
Fill = Callable[[sqlite3.Connection], None]


def write_whole(path: Path, fill: Fill) -> None:
    """Write a file by filling an empty database, and replace the one at `path` when that is on the disk."""

    def write(part: Path) -> None:
        with closing(sqlite3.connect(part)) as database:
            database.execute("PRAGMA journal_mode = MEMORY")  # a part that is torn is never used
            database.execute("PRAGMA synchronous = OFF")
            fill(database)

    _replace(path, write)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    part = path.with_name(path.name + ".part")
    with unfinished(part):
        _remove(part)
        try:
            write(part)
            _sync(part)
            for ending in BESIDE:  # SQLite would take them for those of the new file
                beside(path, ending).unlink(missing_ok=True)
            part.replace(path)
        finally:
            _remove(part)
    _sync_folder(path.parent)


def replace_session(path: Path, fill: Fill) -> None:
    """Write a session in place of the file at `path`, which stays whole until the new one is complete.

    One of an older version stays beside it, see `keep_older`.
    """
    if path.exists():
        settle(path)
    write_whole(path, fill)


def copy_content(database: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Write a session into an empty file, without the pages that deleted runs have left if they are many."""
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    if free <= _MOST_FREE * pages:
        database.backup(copy)
        return
    (file,) = (file for _, name, file in copy.execute("PRAGMA database_list") if name == "main")
    database.execute("VACUUM INTO ?", (file,))


def copy_session(source: Path, target: Path, progress: Callable[[float], None] | None = None) -> None:
    """Write a complete copy of a session, upgraded to today's version; messages name the source."""

    def report(status: int, remaining: int, total: int) -> None:
        if progress is not None and total:
            progress(1 - remaining / total)

    def fill(copy: sqlite3.Connection) -> None:
        database = file.database
        database.execute("BEGIN")  # the pages of one moment, however long the copying takes
        try:
            database.backup(copy, pages=_PAGES, progress=report)
        finally:
            database.rollback()
        with copy:
            copy.execute("BEGIN")
            upgrade(copy)

    with explained(source, "read", copy=target), closing(OpenFile(source, read_only=True)) as file:
        check(source, file.database)
        write_whole(target, fill)


def settle(path: Path) -> None:
    """Undo the unfinished transaction of a file that will be replaced, and keep one of an older version."""
    try:
        with closing(connect(path, read_only=False)) as database:
            database.execute("PRAGMA journal_mode = DELETE").fetchone()  # ends a write-ahead log, too
            database.execute("SELECT 1 FROM sqlite_master").fetchone()
            if database.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
                keep_older(path, database)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # it is none
        return


def keep_older(path: Path, database: sqlite3.Connection) -> None:
    """Copy a session of an older version to `NAME.versionN.wgs` beside it, unless that is there."""
    if (number := version(database)) >= VERSION:
        return
    for count in itertools.count(1):
        again = f"-{count}" if count > 1 else ""
        copy = path.with_name(f"{path.stem}.version{number}{again}{path.suffix}")
        if not copy.exists():
            break
        if filecmp.cmp(path, copy, shallow=False):
            return
    _replace(copy, lambda part: shutil.copyfile(path, part))


def _remove(part: Path) -> None:
    for file in (part, *(beside(part, ending) for ending in BESIDE)):
        file.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
