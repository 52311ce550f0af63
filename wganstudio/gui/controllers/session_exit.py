"""SessionExit: asks before a run or unsaved changes would be lost, when the session is about to be closed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.run_queue import RunQueue
from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.gui.dialogs.questions import ask_about_run, ask_about_session
from wganstudio.gui.notifier import Notifier
from wganstudio.session import SessionError

STOP_MS = 6000
"""The time that a stopped run may take for its final estimates while its session is being closed."""


class SessionExit(QObject):
    """Everything that closes the session (New, Open, Quit, ...) goes through `leave`."""

    def __init__(
        self,
        session: OpenSession,
        controller: RunController,
        queue: RunQueue,
        saver: SessionSaver,
        notifier: Notifier,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._session = session
        self._controller = controller
        self._queue = queue
        self._saver = saver
        self._notifier = notifier
        self._parent = parent
        self._proceed: Callable[[], object] | None = None
        self._timeout = QTimer(self, singleShot=True, interval=STOP_MS)
        self._timeout.timeout.connect(self._on_stopped)
        controller.run_finished.connect(self._check_stopped)
        controller.status_changed.connect(self._check_stopped)

    def leave(self, proceed: Callable[[], object]) -> None:
        """Call `proceed` once run and session are safe or discarded; never if the user cancels."""
        run = self._controller.run
        record = None if run is None else self._session.record(run)
        if record is None:
            self._queue.clear()
            self._leave_session(proceed)
            return
        match ask_about_run(self._parent, record.name):
            case "keep":
                self._queue.clear()
                self._proceed = proceed
                self._controller.stop()
                self._timeout.start()
                self._check_stopped()  # the run may have ended while the question was open
            case "discard":
                self._queue.clear()
                self._controller.forget()
                if self._delete(record.run):
                    self._leave_session(proceed)

    @Slot()
    def _check_stopped(self) -> None:
        status = self._controller.status
        if self._proceed is not None and (not status.busy or not status.liveness.answering):
            self._on_stopped()

    @Slot()
    def _on_stopped(self) -> None:
        self._timeout.stop()
        proceed, self._proceed = self._proceed, None
        if proceed is not None:
            self._controller.forget()
            self._leave_session(proceed)

    def _delete(self, run: int) -> bool:
        try:
            self._session.delete(run)
        except SessionError as error:
            self._notifier.show_error(str(error))
            return False
        return True

    def _leave_session(self, proceed: Callable[[], object]) -> None:
        session = self._session
        if session.modified and (session.records() or session.trash() or session.path):
            match ask_about_session(self._parent, session.title):
                case "keep":
                    if not self._saver.save():
                        return
                case "cancel":
                    return
        proceed()
