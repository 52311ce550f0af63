"""OpenSession: the session that is open. It is written to a working file as it grows."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.session_files import (
    PROGRAM,
    SessionFile,
    discard,
    new_working_file,
    no_progress,
    read_session,
)
from wganstudio.session import (
    Document,
    FileStamp,
    Owner,
    RunLabels,
    RunMarks,
    SessionError,
    SessionLock,
    file_stamp,
    owner_of,
)
from wganstudio.session.record import RunRecord
from wganstudio.session.resuming import Resumption
from wganstudio.training.events import Event, TrainingState, is_coalescible


class Change(Enum):
    """A change of a followed session by another program."""

    NOTHING = auto()
    GROWN = auto()
    REPLACED = auto()
    """Its file holds another session, which must be read anew."""


class OpenSession(QObject):
    """One document at a time: new, opened, followed while another program writes it, or recovered."""

    changed = Signal()
    """The document, its path, `modified` or the list of runs has changed."""
    replaced = Signal()
    """Another session is open."""
    saved = Signal()
    removed = Signal(int)
    """The number of a run that was removed for good."""
    error_occurred = Signal(str)
    written_again = Signal(str)
    """A sentence: what could not be written for a while has been written."""

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        """Path where the user saved or opened the session."""
        self.modified = False
        """The session differs from the file of the user: undoing what differs makes it equal again."""
        self._grown = False
        """It differs by more than the marks of runs, which can be undone."""
        self._saved_marks: dict[int, RunMarks] = {}
        self.owner: Owner | None = None
        """The process that writes a followed session, as far as is known."""
        self._document: Document | None = None
        self._lock: SessionLock | None = None
        """The lock of the user's file. The document holds that of the working file."""
        self._stamp: FileStamp | None = None
        """The content of the user's file when it was last read or written."""
        self._detached = False
        """A followed document is closed: its owner, a window, replaces the file when it saves."""
        self._write_failed = False

    @property
    def following(self) -> bool:
        """True if the session is only read, because another program writes it."""
        return self._document is not None and self._document.read_only

    @property
    def title(self) -> str:
        """The name of the session in the window's title."""
        return self.path.name if self.path else "New session"

    @property
    def current_file(self) -> Path | None:
        """A file that holds all runs: the user's, or the working file while that lacks changes."""
        if self.path is not None and not self.modified:
            return self.path
        return None if self._document is None else self._document.path

    @property
    def obstacle(self) -> str:
        """The reason why the session cannot be changed; empty if it can."""
        if not self.following:
            return ""
        match self.owner:
            case None:
                return f"{self.title} is shown read-only. Open it, or save a copy, to change it."
            case Owner(program=program) if program == PROGRAM:
                where = f"is open in {self.owner}"
            case _:
                where = f"is being written by {self.owner}"
        return f"{self.title} {where}; it is shown read-only. Save a copy to change it."

    @property
    def changed_on_disk(self) -> bool:
        """True if another program has written or replaced the user's file since it was read or saved."""
        if self.path is None or self._stamp is None or self.following:
            return False
        now = file_stamp(self.path)
        return now is not None and now != self._stamp

    def records(self) -> list[RunRecord]:
        """Return the records of the runs that are not in the trash, oldest first."""
        return self._document.records() if self._document else []

    def trash(self) -> list[RunRecord]:
        """Return the records of the runs in the trash, oldest first."""
        return self._document.trash() if self._document else []

    def record(self, run: int) -> RunRecord | None:
        """Return the record of a run, also of one in the trash; None if the session has no such run."""
        return self._document.record(run) if self._document else None

    def sizes(self, runs: Iterable[int]) -> dict[int, int]:
        """Return the bytes that runs take in the session."""
        return self._document.sizes(runs) if self._document and not self._detached else {}

    def training_state(self, run: int) -> TrainingState | None:
        """Return the newest training state of a run; None if there is none."""
        return self._document.training_state(run) if self._document else None

    @property
    def suite_document(self) -> Document | None:
        """The document, if a suite fills it."""
        return self._document if self._document and self._document.suite else None

    def add_run(self, experiment: Experiment) -> int:
        """Add a run and return its number."""
        run = self._writable_document().add_run(experiment)
        self._mark_modified()
        return run

    def resume(self, run: int, steps: int | None) -> Resumption:
        """Return how a run goes on, to the end of its plan or to `steps`; SessionError if it cannot."""
        resumption = self._writable_document().resume(run, steps)
        self._mark_modified()
        return resumption

    def resume_to_estimate(self, run: int) -> Resumption:
        """Return how a run goes on with its final estimates; SessionError if it cannot."""
        resumption = self._writable_document().resume_to_estimate(run)
        self._mark_modified()
        return resumption

    def append(self, run: int, event: Event) -> None:
        """Record an event of a run. One that cannot be written is kept in memory, with one error message."""
        document = self._writable_document()
        try:
            document.append(run, event)
        except SessionError as error:
            self._report_failure(document, error)
        else:
            self._report_success(document)
        if not is_coalescible(event) and not self._grown:
            self._mark_modified()

    def rename(self, run: int, name: str) -> None:
        """Rename a run."""
        self._writable_document().rename(run, name)
        self._marks_changed()

    def set_labels(self, run: int, labels: RunLabels) -> None:
        """Label a run: tags, note, star, color, trash."""
        self._writable_document().set_labels(run, labels)
        self._marks_changed()

    def set_marks(self, marks: Mapping[int, RunMarks]) -> None:
        """Name and label several runs, all or none."""
        self._writable_document().set_marks(marks)
        self._marks_changed()

    def delete(self, run: int) -> None:
        """Remove a run and its events for good."""
        self._writable_document().delete(run)
        self._on_removed(run)

    def delete_part(self, run: int, most: int) -> bool:
        """Remove the newest `most` bytes of a run for good; return True once all of it is removed."""
        done = self._writable_document().delete_part(run, most)
        self._grown = self.modified = True
        if done:
            self._on_removed(run)
        return done

    def new(self) -> None:
        """Close this session and begin an empty one."""
        self._release()
        self._announce_replaced()

    def open(self, path: Path) -> None:
        """Open a saved session to work on a copy, or to read it while another process writes it."""
        self.adopt(read_session(path, no_progress, self.lock_of(path)))

    def adopt(self, file: SessionFile, *, modified: bool = False) -> None:
        """Close this session and show one that was read."""
        self._release(kept=file.lock)
        self._document, self._lock, self.path = file.document, file.lock, file.path
        self._stamp, self.owner, self.modified = file.stamp, file.owner, modified
        self._grown, self._saved_marks = modified, self._marks()
        self._detach_from_window()
        self._announce_replaced()

    def lies_at(self, path: Path) -> bool:
        """Return True if this is the user's file of the session."""
        return self.path is not None and path.resolve() == self.path.resolve()

    def lock_of(self, path: Path) -> SessionLock | None:
        """Return the lock of a file if this session holds it."""
        return self._lock if self.lies_at(path) else None

    def refresh(self) -> Change:
        """Look at a followed session; read what was added to it."""
        assert self._document is not None and self.path is not None
        self.owner = owner_of(self.path)
        self._detach_from_window()
        before, now = self._stamp, file_stamp(self.path)
        if before is None or now is None:
            return Change.NOTHING
        self._stamp = now
        if (now.device, now.inode) != (before.device, before.inode) or (self._detached and now != before):
            return Change.REPLACED
        if self._detached:
            unfinished = self.owner is None and any(not record.over for record in self.records())
            return Change.REPLACED if unfinished else Change.NOTHING  # what is unfinished has crashed
        return Change.GROWN if self._document.follow() else Change.NOTHING

    def save(self, path: Path) -> None:
        """Write the whole session to a file of the user, which is locked from then on."""
        if self.following:
            self._save_copy(path)
            return
        document, held = self._writable_document(), self.lock_of(path)
        lock = held or SessionLock(path, PROGRAM)
        if held is None:
            lock.acquire()
        try:
            document.save_as(path, locked=True)
        except BaseException:
            if held is None:
                lock.release()
            raise
        if self._lock is not None and held is None:
            self._lock.release()
        self._lock, self.path, self._stamp = lock, path, file_stamp(path)
        self.modified = self._grown = False
        self._saved_marks = self._marks()
        self.saved.emit()
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

    def _writable_document(self) -> Document:
        if self.following:
            raise SessionError(self.obstacle)
        if self._document is None:
            self._document = Document.create(new_working_file(), program=PROGRAM)
        return self._document

    def _save_copy(self, path: Path) -> None:
        assert self._document is not None and self.path is not None
        if self.lies_at(path):
            raise SessionError(f"{path} is shown read-only; save a copy under another name.")
        if not self._detached:
            self._document.save_as(path)
            return
        with closing(Document.open(self.path)) as source:
            source.save_as(path)

    def _detach_from_window(self) -> None:
        """Close the file of a window, which on Windows could not replace it while it is open here."""
        if self._document is None or self._detached or not self._document.read_only:
            return
        if self.owner is not None and self.owner.program == PROGRAM:
            self._document.close()
            self._detached = True

    def _report_failure(self, document: Document, error: SessionError) -> None:
        if self._write_failed:
            return
        self._write_failed = True
        folder, text = document.path.parent, str(error)
        if "is full" in text:
            reason = "disk full"
        elif error.__cause__ is not None:
            reason = "file removed" if "deleted" in text else str(error.__cause__)
        else:  # an entry that no disk can hold
            self.error_occurred.emit(text)
            return
        self.error_occurred.emit(
            f"The session cannot be written to {folder} ({reason}): the run goes on in memory; "
            "make room, or save it to another disk."
        )

    def _report_success(self, document: Document) -> None:
        if self._write_failed and not document.incomplete:
            self._write_failed = False
            self.written_again.emit(f"The session is written to {document.path.parent} again.")

    def _release(self, kept: SessionLock | None = None) -> None:
        if self._document is not None:
            self._document.close()
            if not self._document.read_only:
                discard(self._document.path)
        if self._lock is not None and self._lock is not kept:
            self._lock.release()
        self._document = self._lock = self.path = self._stamp = self.owner = None
        self.modified = self._grown = self._write_failed = self._detached = False
        self._saved_marks = {}

    def _marks(self) -> dict[int, RunMarks]:
        return {record.run: record.marks for record in (*self.records(), *self.trash())}

    def _marks_changed(self) -> None:
        self.modified = self._grown or self._marks() != self._saved_marks
        self.changed.emit()

    def _mark_modified(self) -> None:
        self.modified = self._grown = True
        self.changed.emit()

    def _on_removed(self, run: int) -> None:
        self.removed.emit(run)
        self._mark_modified()

    def _announce_replaced(self) -> None:
        self.replaced.emit()
        self.changed.emit()
