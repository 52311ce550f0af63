"""RunsCommand: a change of the names and labels of runs, such as a move to the trash."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QUndoCommand

from wganstudio.gui.commands.texts import command_text
from wganstudio.session import RunLabels, RunMarks

Marks = Mapping[int, tuple[RunMarks, RunMarks]]
"""The marks of each run before and after a change."""


class RunsCommand(QUndoCommand):
    """A change of marks. `apply` goes from the first to the second of each pair, and returns if it could."""

    def __init__(
        self, text: str, marks: Marks, apply: Callable[[Marks], bool], *, done: bool = False
    ) -> None:
        super().__init__(command_text(text))
        self._text = text
        self.marks = marks
        self._apply = apply
        self._done = done

    def copy(self) -> "RunsCommand":
        """Return the command for another stack, on which it has been done."""
        return RunsCommand(self._text, self.marks, self._apply, done=True)

    def without(self, run: int) -> "RunsCommand | None":
        """Return a copy that leaves out a run; None if it is about no other."""
        marks = {number: pair for number, pair in self.marks.items() if number != run}
        return RunsCommand(self._text, marks, self._apply, done=True) if marks else None

    def undo(self) -> None:
        """Restore the former marks; a command that fails is dropped."""
        self.setObsolete(
            not self._apply({run: (after, before) for run, (before, after) in self.marks.items()})
        )

    def redo(self) -> None:
        """Set the marks; a command that fails is dropped."""
        if not self._done:
            self.setObsolete(not self._apply(self.marks))
        self._done = False


def changed_marks(present: RunMarks, before: RunMarks, after: RunMarks) -> RunMarks:
    """Return the present marks with what differs between two others changed to the second of them."""
    changes = {
        field: getattr(after.labels, field)
        for field in RunLabels.model_fields
        if getattr(before.labels, field) != getattr(after.labels, field)
    }
    name = present.name if before.name == after.name else after.name
    return RunMarks(name, present.labels.with_changes(**changes))
