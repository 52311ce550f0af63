"""RunLabeler: stores what the user marks on runs: stars, colors, tags and notes."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.dialogs.labels import LabelsDialog
from wganstudio.gui.notifier import Notifier


class RunLabeler(QObject):
    """Changes the labels of runs of the open session."""

    refused = Signal()
    """The labels stay as they were: what the user typed must be shown as it was."""

    def __init__(
        self,
        session: OpenSession,
        selection: RunSelection,
        undo: Undo,
        notifier: Notifier,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._session, self._selection, self._undo = session, selection, undo
        self._notifier, self._parent = notifier, parent

    @Slot(object, object)
    def change(self, runs: Sequence[int], changes: Mapping[str, Any]) -> None:
        """Change the labels of several runs."""
        self._set({run: changes for run in runs})

    @Slot()
    def star(self) -> None:
        """Star the selected runs, or take the stars away where all have one."""
        records = self._selection.records
        starred = not all(record.labels.starred for record in records)
        self.change([record.run for record in records], {"starred": starred})

    @Slot()
    def edit(self) -> None:
        """Ask for tags and note of the selected runs."""
        records = self._selection.records
        if not records:
            return
        dialog = LabelsDialog(self._parent, records)
        accepted = dialog.exec() == LabelsDialog.DialogCode.Accepted
        changes = dialog.changes()
        dialog.deleteLater()
        if accepted:
            self._set(changes)

    def _set(self, changes: Mapping[int, Mapping[str, Any]]) -> None:
        records = [record for record in self._session.records() if record.run in changes]
        try:
            labels = {one.run: one.labels.with_changes(**changes[one.run]) for one in records}
        except ValueError:
            self._notifier.show_error(
                "A tag has at most 100 characters, a run at most 100 tags, a note 20,000 characters."
            )
            self.refused.emit()
            return
        if not self._undo.set_labels(labels):
            self.refused.emit()
