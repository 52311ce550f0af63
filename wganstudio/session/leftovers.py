"""Files that killed processes have left in a folder of sessions of the program's own."""

from contextlib import suppress
from pathlib import Path

from wganstudio.session.errors import SessionError
from wganstudio.session.lock import SessionLock, owner_of

_LOCK = ".lock"
_ENDINGS = (_LOCK, "-journal", "-wal", "-shm", ".part")


def remove_leftovers(folder: Path) -> None:
    """Remove locks that nobody holds, and what stands beside sessions that are gone.

    The journal of a session that is there completes it at its next opening, and stays.
    """
    with suppress(OSError):
        for file in sorted(folder.iterdir()):
            ending = next((ending for ending in _ENDINGS if file.name.endswith(f".wgs{ending}")), None)
            if ending is None:
                continue
            session = file.with_name(file.name.removesuffix(ending))
            if ending in (_LOCK, ".part") or not session.exists():
                with suppress(SessionError, OSError):
                    _remove(file, session)


def remove_session(path: Path) -> None:
    """Remove a session that no process writes, and the files beside it."""
    with suppress(SessionError, OSError):
        if owner_of(path) is not None:
            return
        with SessionLock(path, ""):
            for ending in ("", *_ENDINGS[1:]):
                path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)


def _remove(file: Path, session: Path) -> None:
    if owner_of(session) is not None:
        return
    with SessionLock(session, ""):  # whose file is removed at the end
        if not file.name.endswith(_LOCK):
            file.unlink(missing_ok=True)
