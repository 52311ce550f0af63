"""HangWatch: tells the user of a trainer that does not answer, and offers to end it."""

from PySide6.QtCore import QObject, QTimer, Slot

from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.notifier import Notifier

WAIT_MS = 60_000
"""The time after which a user who chose to wait is asked again."""


class HangWatch(QObject):
    """Shows one message while a process does not answer, and takes it back when it does."""

    def __init__(self, controller: RunController, notifier: Notifier) -> None:
        super().__init__()
        self._controller = controller
        self._notifier = notifier
        self._shown = ""
        """The message that is shown, or that the user has answered with Wait."""
        self._again = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._again.timeout.connect(self._show)
        controller.status_changed.connect(self._check)

    def close(self) -> None:
        """Ask no more."""
        self._again.stop()

    @Slot()
    def wait(self) -> None:
        """Ask again after a minute, if there is still no answer by then."""
        self._again.start()

    @Slot()
    def end(self) -> None:
        """End what does not answer."""
        self._controller.end_silent()

    @Slot()
    def _check(self) -> None:
        if not self._controller.status.liveness.silences:
            self._again.stop()
            if self._shown:
                self._notifier.withdraw(self._shown)
                self._shown = ""
        elif not self._shown:
            self._show()

    @Slot()
    def _show(self) -> None:
        silences = self._controller.status.liveness.silences
        if not silences:
            return
        what = "run" if silences[0].task == "train" else "computation"
        self._shown = f"{silences[0].message} Wait, or end it: everything recorded is kept."
        self._notifier.warn(silences[0].message)
        self._notifier.offer(self._shown, ((f"End the {what}", self.end), ("Wait", self.wait)))
