"""SessionError, and the sentences for errors of SQLite and the file system."""

import sqlite3
from pathlib import Path

from wganstudio.bad_input import BadInput
from wganstudio.plain_text import one_line


class SessionError(BadInput):
    """A document cannot be read or written: one sentence with advice."""


def broken(path: Path, why: str) -> SessionError:
    """Return the error of a file that is no valid session."""
    return SessionError(f"{path} is damaged ({why}); open another copy of it.")


class explained:
    """Turns errors of SQLite and the file system into one sentence."""

    def __init__(self, path: Path, what: str, *, copy: Path | None = None) -> None:
        """`what` is "read" or "written"; `copy` is a file that the block writes."""
        self._path, self._what = path, what
        self._copy = copy or path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case sqlite3.OperationalError() if "full" in str(error):
                raise SessionError(
                    f"The disk is full: {self._copy} could not be written; make room and save again."
                ) from error
            case sqlite3.OperationalError() if "interrupted" in str(error):
                raise broken(self._path, "it takes too long to read") from error
            case sqlite3.OperationalError() if "decode" in str(error):
                raise broken(self._path, "its text cannot be decoded") from error
            case UnicodeDecodeError():
                raise broken(self._path, "its text cannot be decoded") from error
            case sqlite3.DataError():
                raise broken(self._path, "an entry is too large") from error
            case sqlite3.DatabaseError() if "not a database" in str(error) or "malformed" in str(error):
                raise broken(self._path, one_line(str(error))) from error
            case sqlite3.Error() | OSError():
                raise SessionError(
                    f"{self._path} cannot be {self._what}: {one_line(str(error))}; choose another place."
                ) from error


def error_name(error: BaseException) -> str:
    """Return the name of SQLite for an error, such as SQLITE_BUSY; empty for others."""
    return str(getattr(error, "sqlite_errorname", ""))


def moved(path: Path) -> SessionError:
    """Return the error of a file that has another name, or other content, than when it was opened."""
    return SessionError(
        f"{path} was moved, replaced or deleted while it was being written; "
        "save the session under another name."
    )
