"""RunStarter: starts runs, or lets them wait in the queue, and passes the user's commands on to the runs."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.form_reader import FormReader
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.waiting_runs import Continuation, Estimation, NewRun, WaitingRuns, Work
from wganstudio.gui.notifier import RUNNING, Notifier
from wganstudio.session.document import SessionError
from wganstudio.training.memory import available_memory
from wganstudio.training.memory_estimate import (
    MemoryEstimate,
    NotEnoughMemory,
    estimate_on_host,
    require_memory,
)


class RunStarter(QObject):
    """The Run, Pause and Step actions, and the head of the queue."""

    started = Signal(int)
    """The number of a run that was started because the user asked for it just now."""
    advanced = Signal(int)
    """The number of a run that had waited and was started."""

    def __init__(
        self,
        reader: FormReader,
        session: OpenSession,
        controller: RunController,
        waiting: WaitingRuns,
        notifier: Notifier,
        allows: Callable[[Experiment], bool],
    ) -> None:
        super().__init__()
        self._reader = reader
        self._session = session
        self._controller = controller
        self._waiting = waiting
        self._notifier = notifier
        self._allows = allows
        """Returns True if the code that an experiment names may run, after questions where needed."""
        self._refused: Experiment | None = None
        """The last experiment that needed too much memory."""
        self._starting = False
        controller.slot_freed.connect(self.start_next)
        waiting.changed.connect(self.start_next)

    @property
    def can_start(self) -> bool:
        """True if runs can be added to the session."""
        return not self._session.following

    @Slot()
    def start_form(self) -> bool:
        """Start the experiment of the form, or let it wait; return whether it was started."""
        if obstacle := self._session.obstacle:
            self._notifier.show_error(f"No run was started: {obstacle}", cause=RUNNING)
            return False
        experiment = self._reader.read()
        return experiment is not None and self.can_start and self.submit(NewRun(experiment))

    def submit(self, *works: Work) -> bool:
        """Start works as far as there is room, and let the others wait; return whether any was started.

        A queue that is held is passed by, and final estimates are no part of it where there is room for them.
        """
        if not all(map(self._may_run, works)):
            return False
        first = len(self._waiting) == 0 or self._waiting.held
        left = list(works)
        started = 0
        while left and (first or isinstance(left[0], Estimation)) and self._has_room(left[0]):
            started += self._start(left.pop(0), self.advanced if started else self.started)
        if left:
            self._waiting.add(left)
        return started > 0

    @Slot()
    def start_next(self) -> None:
        """Start what waits, as far as there is room."""
        if self._starting:  # what is taken from the queue tells that it has changed
            return
        self._starting = True
        try:
            while (
                len(self._waiting)
                and not self._waiting.held
                and self._has_room(self._waiting.entries[0].work)
            ):
                self._start(self._waiting.pop(), self.advanced)
        finally:
            self._starting = False

    def _has_room(self, work: Work) -> bool:
        controller = self._controller
        if isinstance(work, Estimation):
            return self.can_start and controller.free_to_finish
        return self.can_start and controller.free and (not controller.busy or self._fits(work))

    def _fits(self, work: Work) -> bool:
        """Return True if there is memory for a run beside those that train."""
        experiment = self._experiment_of(work)
        estimate = None if experiment is None else estimate_on_host(experiment)
        return estimate is None or estimate.bytes <= available_memory() - self._promised()

    def _promised(self) -> int:
        """Return the memory that runs will take which have not taken a step."""
        begun = [record for record in self._controller.training if record.step == 0]
        return sum(_bytes(estimate_on_host(record.experiment)) for record in begun)

    def _may_run(self, work: Work) -> bool:
        experiment = self._experiment_of(work)
        return experiment is None or self._allows(experiment)

    def _experiment_of(self, work: Work) -> Experiment | None:
        if isinstance(work, NewRun):
            return work.experiment
        record = self._session.record(work.run)
        return None if record is None else record.experiment

    def _start(self, work: Work, signal: SignalInstance) -> bool:
        """Start a work, and tell the number of its run; False, and a message, if that is not possible."""
        if not self._may_run(work):  # it has waited, perhaps since another day
            return False
        try:
            match work:
                case NewRun(experiment, ignore_memory):
                    if not ignore_memory:
                        require_memory(estimate_on_host(experiment))
                    run = self._controller.start(experiment, ignore_memory=ignore_memory)
                    note = ""
                case Continuation(run, _, steps):
                    note = self._controller.resume(run, steps)
                case Estimation(run):
                    self._controller.estimate(run)
                    note = ""
        except NotEnoughMemory as error:
            self.offer_to_run_anyway(experiment, str(error))
            return False
        except SessionError as error:
            self._notifier.show_error(str(error), cause=RUNNING)
            return False
        self._notifier.resolve(RUNNING)
        if note:
            self._notifier.warn(note)
        signal.emit(run)
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
            self.submit(NewRun(self._refused, ignore_memory=True))

    @Slot()
    def pause_or_resume(self) -> None:
        """Pause a running run, resume a paused one."""
        self._controller.pause_or_resume()

    def take_steps(self, count: int) -> None:
        """Take steps and pause; start a run if none is under way."""
        if self._controller.busy or self.start_form():
            self._controller.step(count)


def _bytes(estimate: MemoryEstimate | None) -> int:
    return 0 if estimate is None else estimate.bytes
