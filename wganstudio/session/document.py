"""Document: the .wgs file, an SQLite database of the events of runs.

An event is a row: its numbers as JSON, its arrays as a safetensors blob; `kind` is the event's name, of a
snapshot its topic. Reading a document replays its rows; nothing in it is ever executed or unpickled. Rows of
older versions are upgraded when they are read, and never changed. While one process writes a document, which
it locks, others may open it read-only and follow.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path

from wganstudio.experiment import Experiment
from wganstudio.session.copies import copy_content, copy_session, replace_session, write_whole
from wganstudio.session.database import OpenFile, check, suite, upgrade, write_empty
from wganstudio.session.entries import experiment_text, stored_experiment
from wganstudio.session.errors import SessionError as SessionError
from wganstudio.session.errors import explained
from wganstudio.session.labels import RunLabels, RunMarks, write_labels
from wganstudio.session.lock import SessionLock, SessionLocked, owner_of
from wganstudio.session.purge import run_bytes, shorten
from wganstudio.session.reader import Progress, SessionReader
from wganstudio.session.record import RunRecord
from wganstudio.session.record_copy import write_records
from wganstudio.session.resuming import TRUTH_KINDS, Resumption, obstacle, resumption
from wganstudio.session.training_states import TrainingStates
from wganstudio.session.writer import SessionWriter
from wganstudio.training.events import Event, Started, TrainingState, is_coalescible

_COPIED = 0.2
"""The part of the progress of a working copy that is its copying."""


class Document:
    """A session on disk, and its records in memory."""

    def __init__(
        self, path: Path, lock: SessionLock | None = None, *, name: Path | None = None, program: str = ""
    ) -> None:
        """Open a file, to write if it is locked; messages about reading call it `name`."""
        self.path = path
        self.read_only = lock is None
        self._name = name or path
        self._program = program
        self._lock = lock
        self._reader = SessionReader(self._name)
        self._resumptions: dict[int, tuple[Resumption, list[Event]]] = {}
        """How a run will go on, and the events that it keeps."""
        self._file = OpenFile(path, read_only=self.read_only)
        try:
            check(self._name, self._file.database)
            self.suite = suite(self._file.database)
            """The plan given to `begin_suite`; empty where no suite fills the document."""
            self._writer = None if lock is None else SessionWriter(path, self._file.database)
        except BaseException:
            self._file.close()
            raise

    @classmethod
    def create(cls, path: Path, program: str = "") -> "Document":
        """Create an empty document and lock it; SessionError if there is a file at `path`."""
        return cls._locked(path, program, lambda: _create(path))

    @classmethod
    def open(
        cls, path: Path, *, read_only: bool = True, program: str = "", progress: Progress | None = None
    ) -> "Document":
        """Open a document and replay it; SessionError if it is not a valid one.

        To write, it is locked until it is closed: SessionLocked if another process writes it. `progress` gets
        fractions from 0 to 1; what it raises ends the opening.
        """
        _require_file(path)
        if read_only:
            return cls._replayed(path, None, program, path, progress)
        return cls._locked(path, program, lambda: _require_file(path), progress=progress)

    @classmethod
    def open_or_create(cls, path: Path, program: str = "") -> "Document":
        """Open a document to write; create it if there is no file at `path`."""
        return cls._locked(path, program, lambda: None if _has_content(path) else _create(path))

    @classmethod
    def working_copy(
        cls, source: Path, target: Path, *, program: str = "window", progress: Progress | None = None
    ) -> "Document":
        """Copy a document to `target`, upgrade the copy, and open it to write; messages name the source."""
        _require_file(source)
        copying = None if progress is None else _share(progress, 0.0, _COPIED)
        reading = None if progress is None else _share(progress, _COPIED, 1.0)
        try:
            return cls._locked(
                target, program, lambda: copy_session(source, target, copying), name=source, progress=reading
            )
        except SessionLocked:
            raise
        except BaseException:
            with suppress(OSError):
                target.unlink(missing_ok=True)
            raise

    @property
    def incomplete(self) -> bool:
        """True while events are only in memory, because they could not be written."""
        return self._writer is not None and self._writer.incomplete

    def records(self) -> list[RunRecord]:
        """Return the runs that are not in the trash, oldest first; the same objects from call to call."""
        return [record for record in self._reader.records.values() if not record.labels.trashed]

    def trash(self) -> list[RunRecord]:
        """Return the runs that are in the trash, oldest first."""
        return [record for record in self._reader.records.values() if record.labels.trashed]

    def record(self, run: int) -> RunRecord | None:
        """Return the record of a run, also of one in the trash; None if there is no such run."""
        return self._reader.records.get(run)

    def add_run(self, experiment: Experiment, name: str = "") -> int:
        """Add a run and return its number."""
        with self._to_write().transaction() as database:
            text = experiment_text(experiment)
            cursor = database.execute("INSERT INTO run (name, experiment) VALUES (?, ?)", (name, text))
            run = int(cursor.lastrowid or 0)
        self._reader.records[run] = RunRecord(run, experiment, name)
        return run

    def append(self, run: int, event: Event) -> None:
        """Add an event to the record and, unless it is only live, to the file.

        SessionError (disk full, file gone) leaves the record in memory complete. What could not be written
        stays in memory as well; later calls try again and raise nothing but another reason.
        """
        writer, record = self._to_write(), self._reader.records[run]
        resumption = None
        if isinstance(event, Started) and run in self._resumptions:
            resumption, kept = self._resumptions.pop(run)
            record.restart([event, *kept], resumption.experiment)
        else:
            record.apply(event)
            if run in self._resumptions and event.name in TRUTH_KINDS:
                self._resumptions[run][1].append(event)
        if isinstance(event, TrainingState):
            writer.put_state(run, event)
        elif not is_coalescible(event):
            try:
                writer.put_event(run, event, resumption)
            finally:
                self._reader.seen = writer.last

    def flush(self) -> None:
        """Write what is only in memory; SessionError if that is not possible."""
        if self._writer is not None:
            self._writer.flush()

    def resume(self, run: int, steps: int | None = None) -> Resumption:
        """Return how a run goes on, to the end of its plan or to `steps`; SessionError if it cannot.

        What was recorded after the state is dropped when its next Started is appended, not before.
        """
        if run not in self._reader.records:
            numbers = ", ".join(str(record.run) for record in self.records()) or "none"
            raise SessionError(f"{self.path} has no run {run}; its runs: {numbers}.")
        record = self._reader.records[run]
        self.flush()
        with explained(self.path, "read"):
            database = self._file.database
            states = TrainingStates(database)
            saved, has_just_begun = states.newest(run), states.has_just_begun(run)
            (text,) = database.execute("SELECT experiment FROM run WHERE id = ?", (run,)).fetchone()
            if why := obstacle(record, saved, has_just_begun, steps, bool(self.suite)):
                raise SessionError(why)
            planned = resumption(record, stored_experiment(self.path, text), saved, steps)
            kept = self._reader.earlier(database, run, planned.event, TRUTH_KINDS)
        self._resumptions[run] = planned, kept
        return planned

    def training_state(self, run: int) -> TrainingState | None:
        """Return the newest training state of a run; None if the file has none that is whole."""
        self.flush()
        with explained(self.path, "read"):
            saved = TrainingStates(self._file.database).newest(run)
        return None if saved is None else saved.state

    def resume_to_estimate(self, run: int) -> Resumption:
        """Return how a run goes on with its final estimates at its last state; SessionError without one."""
        planned = self.resume(run)
        if planned.saved is None:
            raise SessionError(
                f"Run {run} has no saved training state, from which its final estimates could be computed; "
                "start it anew."
            )
        return planned

    def begin_suite(self, plan: str) -> None:
        """Store the plan of the suite that fills this document, replacing another one."""
        with self._to_write().transaction() as database:
            database.execute("DELETE FROM suite")
            database.execute("INSERT INTO suite (body) VALUES (?)", (plan,))
        self.suite = plan

    def rename(self, run: int, name: str) -> None:
        """Store the user's name for a run."""
        self.set_marks({run: self._reader.records[run].marks._replace(name=name)})

    def set_labels(self, run: int, labels: RunLabels) -> None:
        """Store the user's labels of a run."""
        self.set_marks({run: self._reader.records[run].marks._replace(labels=labels)})

    def set_marks(self, marks: Mapping[int, RunMarks]) -> None:
        """Store the names and labels of several runs, of all or of none."""
        with self._to_write().transaction() as database:
            for run, (name, labels) in marks.items():
                database.execute("UPDATE run SET name = ? WHERE id = ?", (name, run))
                write_labels(database, run, labels)
        for run, (name, labels) in marks.items():
            self._reader.records[run].rename(name)
            self._reader.records[run].set_labels(labels)

    def sizes(self, runs: Iterable[int]) -> dict[int, int]:
        """Return the bytes that runs take in the file."""
        with explained(self.path, "read"):
            return {run: run_bytes(self._file.database, run) for run in runs}

    def delete_part(self, run: int, most: int) -> bool:
        """Remove the newest `most` bytes of a run for good; return True once all of it is removed.

        What a run loses in parts it loses from its end, so that the rest is a run that was interrupted.
        """
        with self._to_write().transaction() as database:
            if shorten(database, run, most):
                return False
        self.delete(run)
        return True

    def delete(self, run: int) -> None:
        """Remove a run and its events for good."""
        with self._to_write().transaction() as database:
            database.execute("DELETE FROM event WHERE run = ?", (run,))
            database.execute("DELETE FROM run_labels WHERE run = ?", (run,))
            database.execute("DELETE FROM run WHERE id = ?", (run,))
        del self._reader.records[run]
        self._resumptions.pop(run, None)

    def drop_states(self, run: int) -> None:
        """Remove the training states of a run, which then cannot be extended."""
        with self._to_write().transaction() as database:
            TrainingStates(database).keep_newest(run, 0)

    def follow(self) -> bool:
        """Read what was added since the last call; return True if anything has changed."""
        with explained(self.path, "read"):
            grown = self._reader.read(self._file.database)
            return (self.read_only and self._mark_crashed()) or grown

    def save_as(self, path: Path, *, locked: bool = False) -> None:
        """Write the whole document to `path`, also what could not be written to its own file.

        A file there is replaced only when the new one is complete and on the disk; one of an older version
        stays beside it. SessionLocked if another process writes it; `locked`: the caller holds its lock.
        """
        with explained(path, "written"):
            if self._lock is not None and path.resolve() == self.path.resolve():
                self._restore_file()
                return
            with nullcontext() if locked else SessionLock(path, self._program):
                replace_session(path.resolve(), self._fill)

    def close(self) -> None:
        """Try to write what is only in memory, and close the file; the records stay usable."""
        with suppress(SessionError):
            self.flush()
        self._file.close()
        if self._lock is not None:
            self._lock.release()

    @classmethod
    def _locked(
        cls,
        path: Path,
        program: str,
        prepare: Callable[[], None],
        *,
        name: Path | None = None,
        progress: Progress | None = None,
    ) -> "Document":
        """Lock a file, prepare it and open it to write."""
        with explained(path, "written"):
            path.parent.mkdir(parents=True, exist_ok=True)
        lock = SessionLock(path, program)
        lock.acquire()
        try:
            prepare()
            return cls._replayed(path, lock, program, name or path, progress)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _replayed(
        cls, path: Path, lock: SessionLock | None, program: str, name: Path, progress: Progress | None
    ) -> "Document":
        with explained(name, "read"):
            document = cls(path, lock, name=name, program=program)
            try:
                document._reader.read(document._file.database, progress)
                document._mark_crashed()
            except BaseException:
                document._file.close()
                raise
        return document

    def _mark_crashed(self) -> bool:
        """Mark the runs that are not over if nobody writes them; return True if there are any."""
        unfinished = [record for record in self._reader.records.values() if not record.over]
        if not unfinished or (self.read_only and owner_of(self.path) is not None):
            return False
        if self.read_only:  # what the writer wrote between our last look and its end
            self._reader.read(self._file.database)
        crashed = [record for record in unfinished if not record.over]
        for record in crashed:
            record.mark_crashed()
        return bool(crashed)

    def _to_write(self) -> SessionWriter:
        if self._writer is None:
            raise SessionError(f"{self.path} was opened to read only; save it under another name.")
        return self._writer

    def _fill(self, copy: sqlite3.Connection) -> None:
        """Write everything into an empty file."""
        writer = self._writer
        if writer is not None and not writer.is_intact():
            with copy:
                write_records(copy, self._reader.records.values(), self.suite)
            return
        copy_content(self._file.database, copy)
        with copy:
            copy.execute("BEGIN")
            upgrade(copy)
            if writer is not None:
                writer.write_pending_into(copy)

    def _restore_file(self) -> None:
        """Write what is only in memory to the file of this document, which is made anew if it is gone."""
        if self.path.exists():
            self.flush()
            return
        write_whole(self.path.resolve(), self._fill)
        self._file.close()
        self._file = OpenFile(self.path, read_only=False)
        self._writer = SessionWriter(self.path, self._file.database)


def _require_file(path: Path) -> None:
    with explained(path, "read"):
        if not path.is_file():
            raise SessionError(f"There is no session {path}; choose a .wgs file.")


def _has_content(path: Path) -> bool:
    with explained(path, "read"):
        return path.exists() and path.stat().st_size > 0


def _create(path: Path) -> None:
    if _has_content(path):
        raise SessionError(f"{path} exists; choose another name.")
    with explained(path, "written"):
        write_whole(path, write_empty)


def _share(progress: Progress, low: float, high: float) -> Progress:
    return lambda fraction: progress(low + (high - low) * fraction)
