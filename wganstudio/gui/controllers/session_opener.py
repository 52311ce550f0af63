"""SessionOpener: reads sessions with a progress dialog, and shows them in the window."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.session_files import (
    SessionFile,
    follow_session,
    read_session,
    recover_session,
)
from wganstudio.gui.dialogs.file_choice import remember_file
from wganstudio.gui.dialogs.progress import Canceled, Progress, run_with_progress
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.plain_text import one_line
from wganstudio.session import SessionError

OPENING = "opening"
"""The cause of messages about sessions that could not be opened; they go once one is."""


class SessionOpener(QObject):
    """Opens one session at a time. Until it is read, and where it cannot be, the present one stays open."""

    opened_read_only = Signal()
    """A session was to be opened that another program writes."""

    def __init__(self, session: OpenSession, settings: Settings, notifier: Notifier, parent: QWidget) -> None:
        super().__init__()
        self._session = session
        self._settings = settings
        self._notifier = notifier
        self._parent = parent
        self._busy = False

    def open(self, path: Path) -> bool:
        """Open a saved session, read-only if another process writes it; return whether it was opened."""
        read = partial(read_session, path, held=self._session.lock_of(path))
        if not self._try(lambda: self._read("Opening", path, read)):
            return False
        self._notifier.log(f"Opened the session {path}.")
        remember_file(self._settings, path)
        if self._session.following:
            self.opened_read_only.emit()
        else:
            self._report_crashed()
        return True

    def follow(self, path: Path) -> bool:
        """Show a session that another program writes; return whether it was opened."""
        if not self._try(lambda: self._read("Opening", path, partial(follow_session, path))):
            return False
        self._notifier.log(f"Following the session {path}.")
        return True

    def reread(self) -> bool:
        """Read a followed session again, which another program has replaced; return whether it was read."""
        path = self._session.path
        assert path is not None
        return self._try(lambda: self._read("Rereading", path, partial(follow_session, path)))

    def recover(self, working_file: Path) -> None:
        """Open the session of a window that ended without closing it; SessionError if it cannot be read."""
        self._read("Recovering", working_file, partial(recover_session, working_file), modified=True)
        self._notifier.log(f"Recovered the session {working_file.name}.")
        self._report_crashed()

    def _try(self, read: Callable[[], object]) -> bool:
        try:
            read()
            self._notifier.resolve(OPENING)
        except SessionError as error:
            self._notifier.show_error(str(error), cause=OPENING)
            return False
        except Canceled:
            return False
        return True

    def _report_crashed(self) -> None:
        crashed = [record.name for record in self._session.records() if record.state == "crashed"]
        if crashed:
            runs = f"\u201c{crashed[0]}\u201d" if len(crashed) == 1 else f"{len(crashed)} runs"
            self._notifier.warn(
                f"The program ended during {runs}; Run > Continue run goes on from the last saved state."
            )

    def _read(
        self, verb: str, path: Path, read: Callable[[Progress], SessionFile], *, modified: bool = False
    ) -> None:
        if self._busy:  # the system may want another file opened meanwhile
            raise SessionError(f"{path.name} was not opened: another session is still being read; try again.")
        self._busy = True
        adopt = partial(self._session.adopt, modified=modified)
        try:
            run_with_progress(self._parent, f"{verb} {one_line(path.name, 60)}\u2026", read, adopt)
        except Canceled:
            self._notifier.log(f"{verb} {path.name} was canceled.")
            raise
        finally:
            self._busy = False
