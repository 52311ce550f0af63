"""SessionSaver: Save and Save as."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.dialogs.file_choice import SESSION, ask_to_save, remember_file
from wganstudio.gui.dialogs.questions import ask_about_changed_file
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.session.document import SessionError

SAVING = "saving"
"""The cause of messages about a session that could not be saved; they go once it is."""


class SessionSaver(QObject):
    """Writes the session to a file of the user."""

    def __init__(self, session: OpenSession, settings: Settings, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._session = session
        self._settings = settings
        self._notifier = notifier
        self._parent = parent

    @Slot()
    def save(self) -> bool:
        """Save the session to its file; return whether it was saved."""
        path = self._session.path
        return self.save_as() if path is None or self._session.following else self.save_to(path)

    @Slot()
    def save_as(self) -> bool:
        """Ask where to save the session; return whether it was saved."""
        path = self.ask_for_path()
        return path is not None and self.save_to(path)

    def ask_for_path(self) -> Path | None:
        """Ask where to save the session."""
        return ask_to_save(self._parent, self._settings, "Save session", "session.wgs", SESSION)

    def save_to(self, path: Path) -> bool:
        """Save the session to a file; return whether it was saved."""
        if self._session.lies_at(path) and self._session.changed_on_disk:
            match ask_about_changed_file(self._parent, path.name):
                case "rename":
                    return self.save_as()
                case "cancel":
                    return False
        try:
            self._session.save(path)
        except SessionError as error:
            self._notifier.show_error(str(error), cause=SAVING)
            return False
        self._notifier.resolve(SAVING)
        self._notifier.log(f"Saved the session to {path}.")
        remember_file(self._settings, path)
        return True
