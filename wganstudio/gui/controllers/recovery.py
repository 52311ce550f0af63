"""Recovery: offers the unsaved sessions of windows that ended without closing."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from wganstudio.gui.controllers.session_exit import SessionExit
from wganstudio.gui.controllers.session_files import discard, orphaned_sessions
from wganstudio.gui.controllers.session_opener import SessionOpener
from wganstudio.gui.dialogs.progress import Canceled
from wganstudio.gui.notifier import Notifier
from wganstudio.session import SessionError


class Recovery(QObject):
    """One offer at a time, the newest session first."""

    def __init__(self, opener: SessionOpener, leaving: SessionExit, notifier: Notifier) -> None:
        super().__init__()
        self._opener = opener
        self._exit = leaving
        self._notifier = notifier
        self._offered: Path | None = None
        self._kept: set[Path] = set()
        """Sessions that cannot be read, and that the user keeps for now."""

    @Slot()
    def offer(self) -> None:
        """Offer the newest orphaned session, if there is one."""
        orphans = [orphan for orphan in orphaned_sessions() if orphan not in self._kept]
        self._offered = orphans[0] if orphans else None
        if orphans:
            older = f" {len(orphans) - 1} older ones will be offered after it." if len(orphans) > 1 else ""
            self._notifier.offer(
                f"WGAN Studio ended without closing. Its unsaved session can be recovered.{older}",
                (("Recover", self.recover), ("Discard", self.discard)),
            )

    @Slot()
    def recover(self) -> None:
        """Open the session that was offered."""
        if self._offered:
            orphan = self._offered
            self._exit.leave(lambda: self._recover(orphan))

    @Slot()
    def discard(self) -> None:
        """Remove the session that was offered, and offer the next."""
        if self._offered:
            discard(self._offered)
            self.offer()

    @Slot()
    def keep(self) -> None:
        """Leave the session that cannot be read where it is, and offer the next."""
        if self._offered:
            self._kept.add(self._offered)
            self.offer()

    def _recover(self, orphan: Path) -> None:
        try:
            self._opener.recover(orphan)
        except Canceled:
            self.offer()
        except SessionError as error:
            self._notifier.offer(
                f"{error} Keep the file for a later version or for repair, or remove it.",
                (("Keep", self.keep), ("Remove", self.discard)),
            )
