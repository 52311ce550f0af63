"""SessionExit: asks before runs or unsaved changes would be lost, when the session is about to be closed."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.gui.controllers.waiting_runs import WaitingRuns, runs_text
from wganstudio.gui.dialogs.questions import ask_about_runs, ask_about_session
from wganstudio.gui.notifier import Notifier
from wganstudio.session import SessionError

STOP_MS = 6000
"""The time that stopped runs may take for their final estimates while their session is being closed."""
SKIP_MS = 2000
"""The time that they may take to end without them."""


class SessionExit(QObject):
    """Everything that closes the session (New, Open, Quit, ...) goes through `leave`."""

    def __init__(
        self,
        session: OpenSession,
        controller: RunController,
        waiting: WaitingRuns,
        saver: SessionSaver,
        notifier: Notifier,
        parent: QWidget,
    ) -> None:
        super().__init__()
        self._session = session
        self._controller = controller
        self._waiting = waiting
        self._saver = saver
        self._notifier = notifier
        self._parent = parent
        self._proceed: Callable[[], object] | None = None
        self._was_held = False
        self._timeout = QTimer(self, singleShot=True)
        self._timeout.timeout.connect(self._on_timeout)
        controller.run_finished.connect(self._check_stopped)
        controller.status_changed.connect(self._check_stopped)

    def leave(self, proceed: Callable[[], object]) -> None:
        """Call `proceed` once runs and session are safe or discarded; never if the user cancels.

        The queue is held meanwhile, and stays so in the next session.
        """
        runs, self._was_held = self._controller.training, self._waiting.held
        if runs:
            match ask_about_runs(self._parent, [record.name for record in runs], len(self._waiting)):
                case "cancel":
                    return
                case "discard":
                    self._waiting.hold(True)
                    if not all([self._discard(record.run) for record in runs]):
                        self._waiting.hold(self._was_held)
                        return
        stopping = bool(self._controller.training)  # a run may have ended while the question was open
        self._waiting.hold(len(self._waiting) > 0)
        self._proceed = proceed
        self._controller.stop_all()
        if stopping:
            self._timeout.start(STOP_MS)
        else:
            self._skip()
        self._check_stopped()

    @Slot()
    def _check_stopped(self) -> None:
        under_way = self._controller.training or self._controller.finishing
        if self._proceed is not None and not (under_way and self._controller.status.liveness.answering):
            self._on_stopped()

    @Slot()
    def _on_timeout(self) -> None:
        """Do without the final estimates, which can be made up for later, and then without the runs' ends."""
        if any(self._controller.skippable):
            self._skip()
        else:
            self._on_stopped()

    def _skip(self) -> None:
        self._controller.skip_all()
        self._timeout.start(SKIP_MS)

    def _on_stopped(self) -> None:
        self._timeout.stop()
        proceed, self._proceed = self._proceed, None
        if proceed is not None and self._leave_session(proceed):
            return
        self._waiting.hold(self._was_held)

    def _discard(self, run: int) -> bool:
        self._controller.drop(run)
        return self._delete(run)

    def _delete(self, run: int) -> bool:
        try:
            self._session.delete(run)
        except SessionError as error:
            self._notifier.show_error(str(error))
            return False
        return True

    def _leave_session(self, proceed: Callable[[], object]) -> bool:
        """Call `proceed` unless the user cancels; return whether it was called."""
        session = self._session
        if session.modified and (session.records() or session.trash() or session.path):
            match ask_about_session(self._parent, session.title):
                case "keep":
                    if not self._saver.save():
                        return False
                case "cancel":
                    return False
        self._controller.forget()
        self._waiting.forget_runs()
        if number := len(self._waiting):
            self._notifier.log(f"{runs_text(number)} in the queue: press Start there.")
        proceed()
        return True
