"""Undo: what the user changes in the form and about the runs, as commands that can be undone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from wganstudio.gui.commands.form import NEVER_MERGED, FormChange, FormCommand
from wganstudio.gui.commands.runs import Marks, RunsCommand, changed_marks
from wganstudio.gui.commands.texts import form_text, labels_text, quoted, runs_text
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.form.state import FormState
from wganstudio.gui.notifier import Notifier
from wganstudio.session import RunLabels, RunMarks, RunRecord, SessionError

LIMIT = 500
"""Commands that are kept."""
Keep = Callable[[FormCommand | RunsCommand], QUndoCommand | None]


class Undo(QObject):
    """One stack of commands. The form is watched; names, labels and the trash are changed through it.

    Commands about runs belong to the open session; those of the form outlive it.
    """

    changed = Signal()
    """The commands that can be undone or redone are others."""
    typing_ended = Signal()
    """The next keystroke starts a new command."""
    form_wanted = Signal()
    """The form was changed; it may be hidden."""
    run_wanted = Signal(int)
    """The number of a run that was changed."""

    def __init__(
        self, session: OpenSession, form: ExperimentForm, controller: RunController, notifier: Notifier
    ) -> None:
        super().__init__()
        self._session = session
        self._form = form
        self._controller = controller
        self._notifier = notifier
        self._shown = form.state()
        self._typing = 0
        self._typed_path = ""
        self._place: str | int | None = None
        """The path of the field, or the number of the run, that was changed by undoing or redoing."""
        self._pushing = self._rebuilding = self._applied = False
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(LIMIT)
        self.stack.indexChanged.connect(self._index_changed)
        form.changed.connect(self._form_changed)
        session.replaced.connect(self._session_replaced)
        session.saved.connect(self._session_saved)
        session.removed.connect(self._run_removed)

    # -- the Edit menu

    @Slot()
    def undo(self) -> None:
        """Undo the last command, and show what it has changed."""
        self.end_typing()
        self.stack.undo()

    @Slot()
    def redo(self) -> None:
        """Do the last undone command again, and show what it has changed."""
        self.end_typing()
        self.stack.redo()

    def clear(self) -> None:
        """Forget all commands."""
        self.end_typing()
        self.stack.clear()

    @Slot()
    def end_typing(self) -> None:
        """Make what is typed from now on a command of its own."""
        self._typing += 1
        self._typed_path = ""
        self.typing_ended.emit()

    # -- changes of runs

    def rename(self, run: int, name: str) -> bool:
        """Name a run; an empty name restores the default. Return False if it cannot be renamed."""
        record = self._session.record(run)
        if record is None:
            return False
        if name == record.name:
            return True
        text = f"renaming of {quoted(record.name)}"
        return self._push_runs(text, {run: (record.marks, RunMarks(name, record.labels))})

    def set_labels(self, labels: Mapping[int, RunLabels]) -> bool:
        """Label runs; return False if the labels cannot be stored."""
        records = [record for run in labels if (record := self._session.record(run)) is not None]
        changed = [record for record in records if record.labels != labels[record.run]]
        if not changed:
            return True
        marks = {one.run: (one.marks, one.marks._replace(labels=labels[one.run])) for one in changed}
        text = f"marks of {runs_text(changed)}"
        if len(changed) == 1:
            text = labels_text(changed[0], labels[changed[0].run])
        return self._push_runs(text, marks)

    def delete(self, runs: Collection[int]) -> bool:
        """Move runs to the trash, but not one under way; return True if any was moved."""
        records = self._records(runs, trashed=False)
        under_way = [record for record in records if self._controller.is_under_way(record.run)]
        for record in under_way:
            self._notifier.show_error(_under_way(record))
        records = [record for record in records if record not in under_way]
        done = self._set_trashed(f"deletion of {runs_text(records)}" if records else "", records, True)
        if done:
            self._notifier.log(f"Moved {runs_text(records)} to the trash.")
        return done

    def restore(self, runs: Collection[int]) -> bool:
        """Take runs out of the trash; return True if any was restored."""
        records = self._records(runs, trashed=True)
        done = self._set_trashed(f"restoring of {runs_text(records)}" if records else "", records, False)
        if done:
            self._notifier.log(f"Restored {runs_text(records)} from the trash.")
            self.run_wanted.emit(records[-1].run)
        return done

    def _records(self, runs: Collection[int], *, trashed: bool) -> list[RunRecord]:
        records = (self._session.record(run) for run in runs)
        return [record for record in records if record is not None and record.labels.trashed == trashed]

    def _set_trashed(self, text: str, records: Sequence[RunRecord], trashed: bool) -> bool:
        time = datetime.now(UTC).replace(microsecond=0) if trashed else None
        marks = {}
        for record in records:
            labels = record.labels.with_changes(trashed=trashed, trashed_at=time)
            marks[record.run] = record.marks, record.marks._replace(labels=labels)
        return bool(marks) and self._push_runs(text, marks)

    def _push_runs(self, text: str, marks: Marks) -> bool:
        self.end_typing()
        self._pushing = True
        self.stack.push(RunsCommand(text, marks, self._apply_marks))
        self._pushing = False
        return self._applied

    # -- what commands do

    def _apply_marks(self, marks: Marks) -> bool:
        if self._rebuilding:
            return True
        self._applied = False
        changes = {}
        for run, (before, after) in marks.items():
            record = self._session.record(run)
            assert record is not None
            if after.labels.trashed and self._controller.is_under_way(run):
                self._notifier.show_error(_under_way(record))
                return False
            changes[run] = changed_marks(record.marks, before, after)
        try:
            self._session.set_marks(changes)
        except SessionError as error:
            self._notifier.show_error(str(error))
            return False
        self._applied = True
        self._place = None if self._pushing else next(iter(marks))
        return True

    def _show_form(self, state: FormState, path: str) -> None:
        if not self._rebuilding:
            self._shown = state
            self._form.restore(state)
            self._place = path

    @Slot()
    def _index_changed(self) -> None:
        self.changed.emit()
        place, self._place = self._place, None
        match place:
            case int():
                self.run_wanted.emit(place)
            case str():
                self.form_wanted.emit()
                self._form.reveal(place)

    # -- what happens elsewhere

    @Slot()
    def _form_changed(self) -> None:
        before, after, path = self._shown, self._form.state(), self._form.edited_path
        if after == before:
            return
        self._shown = after
        typed = not self._form.change_text and self._form.is_typed(path)
        if not typed or self._typed_path not in ("", path):
            self.end_typing()
        self._typed_path = path if typed else ""
        change = FormChange(before, after, form_text(self._form, after), path)
        self.stack.push(FormCommand(change, self._show_form, self._typing if typed else NEVER_MERGED))

    @Slot()
    def _session_saved(self) -> None:
        self.end_typing()
        self.stack.setClean()

    @Slot()
    def _session_replaced(self) -> None:
        self._rebuild(lambda command: command.copy() if isinstance(command, FormCommand) else None)
        self.stack.setClean()

    @Slot(int)
    def _run_removed(self, run: int) -> None:
        self._rebuild(
            lambda command: command.without(run) if isinstance(command, RunsCommand) else command.copy()
        )
        self.stack.resetClean()

    def _rebuild(self, keep: Keep) -> None:
        """Fill the stack anew with copies of the commands that are kept, in the place where it is."""
        self.end_typing()
        kept: list[QUndoCommand] = []
        index = 0
        for number in range(self.stack.count()):
            command = self.stack.command(number)
            assert isinstance(command, FormCommand | RunsCommand)
            if (copy := keep(command)) is not None:
                kept.append(copy)
                index += number < self.stack.index()
        self._rebuilding = True
        self.stack.clear()
        for copy in kept:
            self.stack.push(copy)
        self.stack.setIndex(index)
        self._rebuilding = False


def _under_way(record: RunRecord) -> str:
    return f"{quoted(record.name)} is still training; stop it before you delete it."
