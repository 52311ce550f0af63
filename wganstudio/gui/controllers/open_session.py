"""OpenSession: the session that is open. It is written to a working file as it grows."""

import time
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal

from wganstudio.experiment import Experiment
from wganstudio.gui import paths
from wganstudio.session.document import Document, SessionError
from wganstudio.session.record import RunRecord
from wganstudio.session.resuming import Resumption
from wganstudio.training.events import Event, is_coalescible


class OpenSession(QObject):
    """One document at a time: new, opened, followed while another program writes it, or recovered."""

    changed = Signal()
    """The document, its path, `modified` or the list of runs has changed."""
    error_occurred = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        """Path where the user saved or opened the session."""
        self.modified = False
        self._document: Document | None = None
        self._lock: QLockFile | None = None
        self._write_failed = False

    @property
    def following(self) -> bool:
        """True if another program writes the session and this one only reads."""
        return self._document is not None and self._document.read_only

    @property
    def title(self) -> str:
        """The name of the session in the window's title."""
        return self.path.name if self.path else "New session"

    def records(self) -> list[RunRecord]:
        """Return the records of the runs, oldest first."""
        return self._document.records() if self._document else []

    def record(self, run: int) -> RunRecord | None:
        """Return the record of a run, or None if the session has no such run."""
        return next((record for record in self.records() if record.run == run), None)

    def add_run(self, experiment: Experiment) -> int:
        """Add a run and return its number."""
        run = self._ensure_document().add_run(experiment)
        self._mark_modified()
        return run

    def resume(self, run: int, steps: int | None) -> Resumption:
        """Return how a run goes on, to the end of its plan or to `steps`; SessionError if it cannot."""
        resumption = self._ensure_document().resume(run, steps)
        self._mark_modified()
        return resumption

    def append(self, run: int, event: Event) -> None:
        """Record an event of a run. One that cannot be written is kept in memory, with one error message."""
        assert self._document is not None
        try:
            self._document.append(run, event)
        except SessionError as error:
            if not self._write_failed:
                self._write_failed = True
                self.error_occurred.emit(str(error))
        if not is_coalescible(event) and not self.modified:
            self._mark_modified()

    def rename(self, run: int, name: str) -> None:
        """Rename a run."""
        self._ensure_document().rename(run, name)
        self._mark_modified()

    def delete(self, run: int) -> None:
        """Remove a run and its events."""
        self._ensure_document().delete(run)
        self._mark_modified()

    def new(self) -> None:
        """Close this session and begin an empty one."""
        self._release()
        self.changed.emit()

    def open(self, path: Path) -> None:
        """Open a copy of a saved session to work on; `save` writes it back."""
        source = Document.open(path)
        try:
            working_file, lock = _new_working_file()
            source.save_as(working_file)
        finally:
            source.close()
        self._adopt(Document.open(working_file, read_only=False), lock, path)

    def follow(self, path: Path) -> None:
        """Read a session that another program is writing."""
        self._adopt(Document.open(path), None, path)

    def refresh(self) -> bool:
        """Read what was added to a followed session; return whether there was anything."""
        assert self._document is not None
        return self._document.follow()

    def recover(self, working_file: Path) -> None:
        """Open a session whose window ended without closing it."""
        lock = _locked(working_file)
        if lock is None:
            raise SessionError("That session is already open in another window.")
        try:
            document = Document.open(working_file, read_only=False)
        except SessionError:
            lock.unlock()
            raise
        self._adopt(document, lock, None)
        self._mark_modified()

    def save(self, path: Path) -> None:
        """Write the whole session to a file of the user."""
        if self.following and self.path and path.resolve() == self.path.resolve():
            raise SessionError(f"{path} is being written by another program; save a copy under another name.")
        (self._document or self._ensure_document()).save_as(path)
        if not self.following:
            self.path = path
            self.modified = False
        self.changed.emit()

    def close(self) -> None:
        """Close the session; unsaved changes are lost."""
        self._release()

    def leave(self) -> None:
        """Close the session; unsaved changes stay in the working file, which the next start offers."""
        if self.modified and self._document is not None:
            self._document.close()
            self._document = None
        self._release()

    def _ensure_document(self) -> Document:
        if self._document is None:
            working_file, self._lock = _new_working_file()
            self._document = Document.create(working_file)
        return self._document

    def _adopt(self, document: Document, lock: QLockFile | None, path: Path | None) -> None:
        self._release()
        self._document, self._lock, self.path = document, lock, path
        self.changed.emit()

    def _release(self) -> None:
        if self._document is not None:
            self._document.close()
            if not self._document.read_only:
                discard(self._document.path)
        if self._lock is not None:
            self._lock.unlock()
        self._document = self._lock = self.path = None
        self.modified = self._write_failed = False

    def _mark_modified(self) -> None:
        self.modified = True
        self.changed.emit()


def orphaned_sessions() -> list[Path]:
    """Return the sessions of windows that ended without closing, newest first."""
    orphans = []
    for working_file in paths.state().glob("*.wgs"):
        lock = _locked(working_file)
        if lock is not None:
            lock.unlock()
            orphans.append(working_file)
    return sorted(orphans, key=lambda working_file: working_file.stat().st_mtime, reverse=True)


def discard(working_file: Path) -> None:
    """Remove a working file and the files that SQLite may have left beside it."""
    for file in working_file.parent.glob(working_file.name + "*"):
        if not file.name.endswith(".lock"):
            file.unlink(missing_ok=True)


def _new_working_file() -> tuple[Path, QLockFile]:
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for number in range(1000):
        working_file = paths.state() / f"{stamp}-{number}.wgs"
        if not working_file.exists() and (lock := _locked(working_file)):
            return working_file, lock
    raise SessionError(f"{paths.state()} has no room for another session; remove old sessions from it.")


def _locked(working_file: Path) -> QLockFile | None:
    """Return the lock of a working file, or None if a living window holds it."""
    lock = QLockFile(str(working_file) + ".lock")
    lock.setStaleLockTime(0)  # it is stale only once the process that made it has ended
    return lock if lock.tryLock(0) else None
