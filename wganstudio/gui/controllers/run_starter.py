"""RunStarter: starts runs of the form's experiment and passes the user's commands on to the run."""

from PySide6.QtCore import QObject, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.notifier import RUNNING, Notifier
from wganstudio.session.document import SessionError
from wganstudio.training.memory_estimate import NotEnoughMemory, require_memory_here


class RunStarter(QObject):
    """The Run, Pause and Step actions."""

    started = Signal(int)
    """The number of a run that was started."""

    def __init__(
        self, reader: FormReader, session: OpenSession, controller: RunController, notifier: Notifier
    ) -> None:
        super().__init__()
        self._reader = reader
        self._session = session
        self._controller = controller
        self._notifier = notifier
        self._refused: Experiment | None = None
        """The last experiment that needed too much memory."""

    @property
    def can_start(self) -> bool:
        """True if no run is under way and the session can be written."""
        return not self._controller.busy and not self._session.following

    @Slot()
    def start_form(self) -> bool:
        """Start the experiment of the form; return whether it was started."""
        if obstacle := self._session.obstacle:
            self._notifier.show_error(f"No run was started: {obstacle}", cause=RUNNING)
            return False
        experiment = self._reader.read()
        return experiment is not None and self.can_start and self.start(experiment)

    def start(self, experiment: Experiment, *, ignore_memory: bool = False) -> bool:
        """Start a run of the session; return whether it was started.

        What needs more memory than is available is started with `ignore_memory` alone.
        """
        try:
            if not ignore_memory:
                require_memory_here(experiment)
            run = self._controller.start(experiment, ignore_memory=ignore_memory)
        except NotEnoughMemory as error:
            self.offer_to_run_anyway(experiment, str(error))
            return False
        except SessionError as error:
            self._notifier.show_error(str(error), cause=RUNNING)
            return False
        self._notifier.resolve(RUNNING)
        self.started.emit(run)
        return True

    @Slot(object, str)
    def offer_to_run_anyway(self, experiment: Experiment, message: str) -> None:
        """Tell why an experiment was not started, and offer to start it all the same."""
        self._refused = experiment
        self._notifier.offer(message, [("Run anyway", self.run_anyway)], cause=RUNNING)

    @Slot()
    def run_anyway(self) -> None:
        """Start the experiment that needs too much memory."""
        if self._refused is not None and self.can_start:
            self.start(self._refused, ignore_memory=True)

    def resume(self, run: int, steps: int | None) -> bool:
        """Continue a run of the session to the end of its plan, or to `steps`; return whether it goes on."""
        try:
            note = self._controller.resume(run, steps)
        except SessionError as error:
            self._notifier.show_error(str(error), cause=RUNNING)
            return False
        self._notifier.resolve(RUNNING)
        if note:
            self._notifier.warn(note)
        self.started.emit(run)
        return True

    @Slot()
    def pause_or_resume(self) -> None:
        """Pause a running run, resume a paused one."""
        self._controller.pause_or_resume()

    def take_steps(self, count: int) -> None:
        """Take steps and pause; start a run if none is under way."""
        if self._controller.busy or self.start_form():
            self._controller.step(count)
