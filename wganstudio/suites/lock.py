"""The inter-process lock of a session: only one process writes to it."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from wganstudio.suites.plan import SuiteError


class SessionLock:
    """Hold `FILE.lock` beside a session; the operating system releases it when the process ends.

    The lock is that of SQLite, which every platform honors.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.with_name(f"{path.name}.lock")

    def __enter__(self) -> None:
        """Take the lock; SuiteError if another process holds it or the folder is not writable."""
        try:
            self._lock = sqlite3.connect(self._file, timeout=0.0, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if "locked" in str(error):
                message = f"Another process is writing to {self._path}; wait for it, or end it first."
            else:
                message = f"{self._path} cannot be written: {error}; choose another place."
            raise SuiteError(message) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(PermissionError):  # Windows cannot delete an open file
            self._file.unlink(missing_ok=True)
        self._lock.close()
