"""RunControl: the run under way as the window sees it: its state, its commands, and what it says, in time."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.run_worker import Process, Trainer, run_process
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Pause, Resume, Step, Stop, Watch
from wganstudio.training.events import TERMINAL, Event, Failed, Paused, Resumed, Started
from wganstudio.training.topics import live_topics

READ_MS = 33


class RunController(QObject):
    """Starts one run at a time and hands on what it says at the window's pace."""

    said = Signal(int, object)
    """A run's number and an event of it."""
    read = Signal()
    """Everything that waited has been said: time to draw."""
    changed = Signal()
    """Busy, paused, stopping or warm is no longer what it was."""
    trouble = Signal(str, str)

    def __init__(self, make: Callable[[], Process] = run_process) -> None:
        super().__init__()
        self._trainer = Trainer(make)
        self._trainer.worker.warmed.connect(self._warmed)
        self._trainer.worker.broke.connect(self.trouble)
        self._boxes: list[tuple[int | None, CoalescingQueue]] = []
        """The mailboxes of the last run and the one before it, with the runs' numbers in the session."""
        self.warm = self.busy = self.paused = self.stopping = False
        self._watching = live_topics()
        self._timer = QTimer(self, interval=READ_MS)
        self._timer.timeout.connect(self._read)

    @property
    def pids(self) -> dict[str, int]:
        """The children's process ids by task."""
        return self._trainer.pids

    @property
    def run(self) -> int | None:
        """The number of the run under way, if the session still has it."""
        return self._boxes[-1][0] if self.busy else None

    def prepare(self) -> None:
        """Let the trainer get ready in the background."""
        self._trainer.warm()
        self._timer.start()

    def start(self, run: int, experiment: Experiment) -> None:
        """Start a run of the session."""
        self.busy, self.paused, self.stopping = True, False, False
        self._watching = live_topics()
        self._boxes = [*self._boxes[-1:], (run, self._trainer.start(experiment))]
        self._timer.start()
        self.changed.emit()

    def pause_or_resume(self) -> None:
        """Pause what runs, resume what is paused."""
        if self.busy:
            self._trainer.send(Resume() if self.paused else Pause())

    def step(self, count: int) -> None:
        """Take so many steps, then wait."""
        if self.busy:
            self._trainer.send(Step(count))

    def stop(self) -> None:
        """End the run with estimates of what was reached."""
        if self.busy and not self.stopping:
            self.stopping = True
            self._trainer.send(Stop())
            self.changed.emit()

    def watch(self, kinds: frozenset[str]) -> None:
        """Say which live events are wanted; a run begins with all."""
        if self.busy and kinds != self._watching:
            self._watching = kinds
            self._trainer.send(Watch(kinds))

    def forget(self) -> None:
        """The session is put away: stop the run and drop what it still says."""
        self.stop()
        self._boxes = [(None, box) for _, box in self._boxes]

    def close(self) -> None:
        """End the processes in bounded time."""
        self._timer.stop()
        self._trainer.close()
        self._read()

    @Slot(bool)
    def _warmed(self, warm: bool) -> None:
        self.warm = warm
        self.changed.emit()

    @Slot()
    def _read(self) -> None:
        for run, box in list(self._boxes):
            for event in box.take():
                if run is not None:
                    self.said.emit(run, event)  # first: who hears that the run is over may save it at once
                if box is self._boxes[-1][1]:
                    self._note(event)
        self.read.emit()

    def _note(self, event: Event) -> None:
        match event:
            case Paused():
                self.paused = True
            case Resumed() | Started():
                self.paused = False
            case _ if isinstance(event, TERMINAL):
                self.busy = self.paused = self.stopping = False
                if isinstance(event, Failed):
                    self.warm = self.warm and event.cause != "died"
            case _:
                return
        self.changed.emit()
