"""Desk: the session that lies open. It is written down as it grows, in a place of its own."""

import time
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal

from wganstudio.experiment import Experiment
from wganstudio.gui import paths
from wganstudio.session.document import Document, SessionError
from wganstudio.session.record import RunRecord
from wganstudio.training.events import Event, is_coalescible


class OpenSession(QObject):
    """One document at a time: new, opened, followed while another program writes it, or recovered."""

    changed = Signal()
    """Another document, another path, saved or no longer saved, runs added or removed."""
    trouble = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        """Where the user saved or opened it."""
        self.modified = False
        self._document: Document | None = None
        self._lock: QLockFile | None = None
        self._told = False

    @property
    def following(self) -> bool:
        """Whether another program writes the session and this one only reads."""
        return self._document is not None and self._document.read_only

    @property
    def title(self) -> str:
        """What the session is called in the window's title."""
        return self.path.name if self.path else "New session"

    def records(self) -> list[RunRecord]:
        """The runs, oldest first."""
        return self._document.records() if self._document else []

    def record(self, run: int) -> RunRecord | None:
        """One run."""
        return next((record for record in self.records() if record.run == run), None)

    def add_run(self, experiment: Experiment) -> int:
        """Begin a run; its number."""
        run = self._written().add_run(experiment)
        self._touch()
        return run

    def append(self, run: int, event: Event) -> None:
        """Take in what a run said. What cannot be written is kept in memory, and said once."""
        assert self._document is not None
        try:
            self._document.append(run, event)
        except SessionError as error:
            if not self._told:
                self._told = True
                self.trouble.emit(str(error))
        if not is_coalescible(event) and not self.modified:
            self._touch()

    def rename(self, run: int, name: str) -> None:
        """Give a run another name."""
        self._written().rename(run, name)
        self._touch()

    def delete(self, run: int) -> None:
        """Remove a run and all it said."""
        self._written().delete(run)
        self._touch()

    def new(self) -> None:
        """Put this session away and begin an empty one."""
        self._put_away()
        self.changed.emit()

    def open(self, path: Path) -> None:
        """Open a copy of a saved session to work on; `save` writes it back."""
        source = Document.open(path)
        try:
            place, lock = _free_place()
            source.save_as(place)
        finally:
            source.close()
        self._take(Document.open(place, read_only=False), lock, path)

    def follow(self, path: Path) -> None:
        """Read a session that another program is writing."""
        self._take(Document.open(path), None, path)

    def catch_up(self) -> bool:
        """Take in what was added to a followed session; whether there was anything."""
        assert self._document is not None
        return self._document.follow()

    def recover(self, place: Path) -> None:
        """Take over a session that a window left behind."""
        lock = _locked(place)
        if lock is None:
            raise SessionError("Another window has opened that session already.")
        try:
            document = Document.open(place, read_only=False)
        except SessionError:
            lock.unlock()
            raise
        self._take(document, lock, None)
        self._touch()

    def save(self, path: Path) -> None:
        """Write the whole session to a file of the user's."""
        if self.following and self.path and path.resolve() == self.path.resolve():
            raise SessionError(f"{path} is being written by another program; save a copy under another name.")
        (self._document or self._written()).save_as(path)
        if not self.following:
            self.path = path
            self.modified = False
        self.changed.emit()

    def close(self) -> None:
        """Put the session away; what was not saved is gone."""
        self._put_away()

    def _written(self) -> Document:
        if self._document is None:
            place, self._lock = _free_place()
            self._document = Document.create(place)
        return self._document

    def _take(self, document: Document, lock: QLockFile | None, path: Path | None) -> None:
        self._put_away()
        self._document, self._lock, self.path = document, lock, path
        self.changed.emit()

    def _put_away(self) -> None:
        if self._document is not None:
            self._document.close()
            if not self._document.read_only:
                discard(self._document.path)
        if self._lock is not None:
            self._lock.unlock()
        self._document = self._lock = self.path = None
        self.modified = self._told = False

    def _touch(self) -> None:
        self.modified = True
        self.changed.emit()


def left_behind() -> list[Path]:
    """The sessions of windows that ended without closing, the newest first."""
    found = []
    for place in paths.state().glob("*.wgs"):
        lock = _locked(place)
        if lock is not None:
            lock.unlock()
            found.append(place)
    return sorted(found, key=lambda place: place.stat().st_mtime, reverse=True)


def discard(place: Path) -> None:
    """Remove a session's file and what SQLite may have left beside it."""
    for file in place.parent.glob(place.name + "*"):
        if not file.name.endswith(".lock"):
            file.unlink(missing_ok=True)


def _free_place() -> tuple[Path, QLockFile]:
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    for number in range(1000):
        place = paths.state() / f"{stamp}-{number}.wgs"
        if not place.exists() and (lock := _locked(place)):
            return place, lock
    raise SessionError(f"There is no room for another session in {paths.state()}; remove old ones there.")


def _locked(place: Path) -> QLockFile | None:
    """The lock of a session's file, or None where a window that is alive holds it."""
    lock = QLockFile(str(place) + ".lock")
    lock.setStaleLockTime(0)  # stale only when the process that made it is gone
    return lock if lock.tryLock(0) else None
