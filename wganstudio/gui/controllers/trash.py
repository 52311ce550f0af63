"""Trash: shows the deleted runs of the session, restores them, and deletes them for good."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.commands.texts import runs_text
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.dialogs.questions import ask_to_delete
from wganstudio.gui.dialogs.trash import TrashDialog
from wganstudio.gui.notifier import Notifier
from wganstudio.session import SessionError
from wganstudio.training.memory import size_text

PART_BYTES = 2_000_000
"""Bytes that are deleted at a time: between two parts the window draws and answers."""


class Trash(QObject):
    """One dialog at a time. Runs are deleted one after the other, in parts."""

    def __init__(self, session: OpenSession, undo: Undo, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._session = session
        self._undo = undo
        self._notifier = notifier
        self._parent = parent
        self._waiting: list[int] = []
        """Runs that are being deleted for good, the present one first."""
        self._count = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._delete_part)
        self.dialog: TrashDialog | None = None
        session.changed.connect(self._refresh)
        session.replaced.connect(self.close)

    @property
    def busy(self) -> bool:
        """True while runs are being deleted for good."""
        return self._timer.isActive()

    @Slot()
    def show(self) -> None:
        """Open the dialog."""
        if self.dialog is None:
            self.dialog = dialog = TrashDialog(self._parent)
            dialog.restore_wanted.connect(self._restore)
            dialog.deletion_wanted.connect(self.delete)
            dialog.cancel_wanted.connect(self._cancel)
            dialog.finished.connect(self._on_finished)
            self._refresh()
            dialog.open()

    @Slot()
    def close(self) -> None:
        """Close the dialog: the session is another one, or will be."""
        self._timer.stop()
        self._waiting = []
        if self.dialog is not None:
            self.dialog.done(0)

    @Slot(object)
    def delete(self, runs: Sequence[int]) -> None:
        """Delete runs of the trash for good, after a question."""
        records = [record for record in self._session.trash() if record.run in set(runs)]
        if not records or self.busy:
            return
        size = size_text(sum(self._session.sizes(runs).values()))
        if ask_to_delete(self.dialog or self._parent, runs_text(records), size):
            self._waiting = [record.run for record in records]
            self._count = len(records)
            self._notifier.log(f"Deleting {runs_text(records)} for good ({size}).")
            self._timer.start()

    @Slot(object)
    def _restore(self, runs: Sequence[int]) -> None:
        self._undo.restore(runs)

    @Slot()
    def _cancel(self) -> None:
        """Delete no more than the run that is being deleted."""
        del self._waiting[1:]

    @Slot()
    def _delete_part(self) -> None:
        try:
            if self._session.delete_part(self._waiting[0], PART_BYTES):
                del self._waiting[0]
        except SessionError as error:
            self._waiting = []
            self._notifier.show_error(str(error))
        self._show_progress()
        if not self._waiting:
            self._timer.stop()
            self._refresh()

    def _show_progress(self) -> None:
        if self.dialog is not None:
            done = self._count - len(self._waiting)
            self.dialog.show_progress(f"Deleting {done + 1} of {self._count} runs", done, self._count)

    @Slot()
    def _refresh(self) -> None:
        if self.dialog is not None and not self.busy:
            records = self._session.trash()
            sizes = self._session.sizes(record.run for record in records)
            self.dialog.show_records(records, sizes, read_only=self._session.following)

    @Slot()
    def _on_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        assert dialog is not None
        dialog.deleteLater()
