"""Claim: one process alone fills a session."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from wganstudio.suites.plan import SuiteError


class SessionLock:
    """Holds `FILE.lock` beside a session; the system lets go of it when the process ends, however it ends.

    The lock is SQLite's own, as that is one that every system keeps to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.with_name(f"{path.name}.lock")

    def __enter__(self) -> None:
        """SuiteError if another process has it, or the folder cannot be written to."""
        try:
            self._lock = sqlite3.connect(self._file, timeout=0.0, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if "locked" in str(error):
                message = f"{self._path} is being filled by another process; wait for it, or end it first."
            else:
                message = f"{self._path} cannot be written: {error}; choose another place."
            raise SuiteError(message) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(PermissionError):  # Windows keeps what is open
            self._file.unlink(missing_ok=True)
        self._lock.close()
