"""Shown: the run that the views show, and what can be done with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu

from wganstudio.gui.actions import RUN_MENU, fill_menu
from wganstudio.session.document import SessionError
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.window import MainWindow


class RunSelection(QObject):
    """Works on the window: follows what is chosen in the list of runs."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.record: RunRecord | None = None
        window.runs.chosen.connect(self.choose)
        window.runs.renamed.connect(self._renamed)
        window.runs.menu_wanted.connect(self._menu)

    @property
    def over(self) -> bool:
        """Whether there is one, and it is not under way."""
        return self.record is not None and self.record.run != self._window.control.run

    @Slot(object)
    def choose(self, run: int | None) -> None:
        """Show another run, or none."""
        window = self._window
        record = None if run is None else window.desk.record(run)
        if record is not self.record:
            self.record = record
            window.area.set_record(record)
        window.show_state()

    @Slot()
    def use_settings(self) -> None:
        """Put its settings into the form."""
        if self.record:
            name = self.record.name
            self._window.form.load(self.record.experiment.settings(), f"As in \u201c{name}\u201d")

    @Slot()
    def rename(self) -> None:
        """Let the user type another name for it."""
        self._window.runs.edit_name()

    @Slot()
    def delete(self) -> None:
        """Remove it from the session."""
        window = self._window
        if self.record is None or not self.over:
            return
        name = self.record.name
        try:
            window.desk.delete(self.record.run)
        except SessionError as error:
            window.fault(str(error))
        else:
            window.note(f"\u201c{name}\u201d was deleted from the session.")

    @Slot()
    def export(self) -> None:
        """Ask what of it to export, and export it on another thread."""
        window = self._window
        if self.record is not None:
            window.exporter.export(window, self.record, window.area.views)

    @Slot(int, str)
    def _renamed(self, run: int, name: str) -> None:
        try:
            self._window.desk.rename(run, name)
        except SessionError as error:
            self._window.fault(str(error))

    @Slot(QPoint)
    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill_menu(menu, RUN_MENU, self._window.actions_)
        menu.popup(place)
