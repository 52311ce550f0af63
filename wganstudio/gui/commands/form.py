"""FormCommand: a change of the experiment form."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtGui import QUndoCommand

from wganstudio.gui.commands.texts import command_text
from wganstudio.gui.form.state import FormState

NEVER_MERGED = -1


@dataclass(frozen=True)
class FormChange:
    """The form before and after a change, the name of the change, and the path that was edited."""

    before: FormState
    after: FormState
    text: str
    path: str


class FormCommand(QUndoCommand):
    """A change that the form has made when the command is pushed.

    Commands of one `typing`, a number, are merged: what is typed at a stretch into one field is one command.
    """

    def __init__(
        self, change: FormChange, show: Callable[[FormState, str], None], typing: int = NEVER_MERGED
    ) -> None:
        super().__init__(command_text(change.text))
        self.change = change
        self._show = show
        self._typing = typing
        self._done = True

    def copy(self) -> "FormCommand":
        """Return the command for another stack."""
        return FormCommand(self.change, self._show)

    def id(self) -> int:
        """Return the number of the typing."""
        return self._typing

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Go on to what was typed next; typing that ends where it began is nothing to undo."""
        assert isinstance(other, FormCommand)
        self.change = replace(self.change, after=other.change.after)
        self.setObsolete(self.change.before == self.change.after)
        return True

    def undo(self) -> None:
        """Show the form as it was before."""
        self._show(self.change.before, self.change.path)

    def redo(self) -> None:
        """Show the form as it was after the change."""
        if not self._done:
            self._show(self.change.after, self.change.path)
        self._done = False
