"""SessionFollower: shows what another program does to a read-only session, and who that is."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from wganstudio.gui.controllers.open_session import Change, OpenSession
from wganstudio.gui.controllers.session_exit import SessionExit
from wganstudio.gui.controllers.session_opener import SessionOpener
from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.widgets.banner import Offer
from wganstudio.session import Owner, SessionError

FOLLOW_MS = 500


class SessionFollower(QObject):
    """Looks at the file every FOLLOW_MS while the session is read-only."""

    grew = Signal()
    """The session has new runs or events."""

    def __init__(
        self,
        session: OpenSession,
        opener: SessionOpener,
        saver: SessionSaver,
        leaving: SessionExit,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._session = session
        self._opener = opener
        self._saver = saver
        self._exit = leaving
        self._notifier = notifier
        self._path: Path | None = None
        self._owner: Owner | None = None
        self._message = ""
        self._timer = QTimer(self, interval=FOLLOW_MS)
        self._timer.timeout.connect(self._look)
        session.changed.connect(self._session_changed)
        opener.opened_read_only.connect(self.announce)

    @property
    def active(self) -> bool:
        """True while a session is followed."""
        return self._timer.isActive()

    def close(self) -> None:
        """Look no more: the window is being closed."""
        self._timer.stop()

    @Slot()
    def announce(self) -> None:
        """Show who writes the session, and what can be done."""
        self._show(self._session.obstacle, (("Save a copy\u2026", self.save_copy),))

    @Slot()
    def save_copy(self) -> None:
        """Ask for a name, save a copy of the session and open it."""
        path = self._saver.ask_for_path()
        if path is not None and self._saver.save_to(path) and self._session.following:
            self._opener.open(path)

    @Slot()
    def open_to_write(self) -> None:
        """Open the session that no other program writes any more."""
        path = self._session.path
        if self._session.following and path is not None:
            self._exit.leave(lambda: self._opener.open(path))

    @Slot()
    def _session_changed(self) -> None:
        session = self._session
        if not session.following:
            self._timer.stop()
            self._show("", ())
        elif not self._timer.isActive() or session.path != self._path:
            self._path, self._owner = session.path, session.owner
            self._timer.start()

    @Slot()
    def _look(self) -> None:
        try:
            change = self._session.refresh()
        except SessionError as error:
            self._timer.stop()
            self._notifier.show_error(str(error))
            return
        self._report_owner()
        if change is Change.REPLACED:
            self._timer.stop()  # while a progress dialog may be open
            if not self._opener.reread():
                self._timer.start()
        if change is not Change.NOTHING:
            self.grew.emit()

    def _report_owner(self) -> None:
        before, self._owner = self._owner, self._session.owner
        if before == self._owner:
            return
        if self._owner is None:
            text = f"{self._session.title} is no longer open in another program; it can be changed now."
            self._show(text, (("Open for writing", self.open_to_write),))
        else:
            self.announce()

    def _show(self, message: str, offers: tuple[Offer, ...]) -> None:
        """Show a message in place of the one before."""
        self._notifier.withdraw(self._message)
        self._message = message
        if message:
            self._notifier.offer(message, offers)
