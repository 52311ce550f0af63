"""RunController: the run under way. It starts and commands it and records its events in the session."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_worker import ALIVE, Liveness, Process, Trainer, run_process
from wganstudio.session.record import RunRecord
from wganstudio.training.coalescing_queue import CoalescingQueue
from wganstudio.training.commands import Pause, Resume, Step, Stop, Watch
from wganstudio.training.events import Failed, Started
from wganstudio.training.topics import live_topics

DISPLAY_MS = 33
"""The shortest time between two updates of the window."""


@dataclass(frozen=True)
class RunStatus:
    """The state of the trainer and of the run under way, derived from worker and record.

    `finding` counts the runs whose truths are still being computed.
    """

    warm: bool = False
    busy: bool = False
    paused: bool = False
    stopping: bool = False
    finding: int = 0
    liveness: Liveness = ALIVE


@dataclass
class _Stream:
    """The record of a run and the queue of its events; `kept` is False once its session was closed."""

    record: RunRecord
    queue: CoalescingQueue
    kept: bool = True
    resuming: bool = False
    """The run is still as it was recorded: the trainer has not yet accepted its state."""


class RunController(QObject):
    """Runs one experiment at a time.

    The state of the run is that of its record; here stand only the requests that it has not answered yet.
    """

    event_received = Signal(int, object)
    """The number of a run and an event, which the session has recorded."""
    updated = Signal()
    """Events were recorded: time to draw. At most once in DISPLAY_MS."""
    status_changed = Signal()
    """`status` has another value."""
    run_finished = Signal()
    """The run under way is over."""
    error_occurred = Signal(str, str)

    def __init__(self, session: OpenSession, make_process: Callable[[], Process] = run_process) -> None:
        super().__init__()
        self._session = session
        self._trainer = Trainer(make_process)
        self._trainer.worker.arrived.connect(self._on_arrived)
        self._trainer.worker.broke.connect(self.error_occurred)
        self._streams: list[_Stream] = []
        """The current or last run, and before it those whose truths may still arrive."""
        self._stop_requested = False
        self._watched = live_topics()
        self._announced = RunStatus()
        self._pause = QTimer(self, singleShot=True, interval=DISPLAY_MS)
        self._pause.timeout.connect(self._on_pause_over)
        self._arrived = self._closed = False

    @property
    def record(self) -> RunRecord | None:
        """The record of the run under way, also after its session was closed."""
        record = self._streams[-1].record if self._streams else None
        if record is not None and (self._streams[-1].resuming or not record.over):
            return record
        return None

    @property
    def run(self) -> int | None:
        """The number of the run under way, if its session is still open."""
        record = self.record
        return record.run if record is not None and self._streams[-1].kept else None

    @property
    def busy(self) -> bool:
        """True if a run is under way."""
        return self.record is not None

    @property
    def status(self) -> RunStatus:
        """The present state."""
        record = self.record
        return RunStatus(
            warm=self._trainer.warm,
            busy=record is not None,
            paused=record is not None and record.state == "paused",
            stopping=record is not None and self._stop_requested,
            finding=self._trainer.finding,
            liveness=self._trainer.liveness,
        )

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the children by task."""
        return self._trainer.pids

    def prepare(self) -> None:
        """Let the trainer get ready in the background."""
        self._trainer.prepare()

    def start(self, experiment: Experiment, *, ignore_memory: bool = False) -> int:
        """Start a run of the session and return its number; SessionError where it cannot be recorded."""
        run = self._session.add_run(experiment)
        self._begin(run, self._trainer.start(experiment, ignore_memory=ignore_memory))
        return run

    def resume(self, run: int, steps: int | None) -> str:
        """Continue a run to the end of its plan, or to `steps`, and return what is to be known about it.

        SessionError where it cannot be continued.
        """
        resumption = self._session.resume(run, steps)
        self._begin(run, self._trainer.resume(resumption), resuming=True)
        return resumption.note

    def _begin(self, run: int, queue: CoalescingQueue, *, resuming: bool = False) -> None:
        record = self._session.record(run)
        assert record is not None
        self._stop_requested, self._watched = False, live_topics()
        self._streams.append(_Stream(record, queue, resuming=resuming))
        self._announce_status()

    def pause_or_resume(self) -> None:
        """Pause a running run, resume a paused one."""
        if self.busy:
            self._trainer.send(Resume() if self.status.paused else Pause())

    def step(self, count: int) -> None:
        """Take this many steps, then wait."""
        if self.busy:
            self._trainer.send(Step(count))

    def stop(self) -> None:
        """End the run with estimates for the current critic."""
        if self.busy and not self._stop_requested:
            self._stop_requested = True
            self._trainer.send(Stop())
            self._announce_status()

    def end_silent(self) -> None:
        """End the processes that do not answer; what they have recorded is kept."""
        self._trainer.end_silent()

    def watch(self, kinds: frozenset[str]) -> None:
        """Set the live events that are wanted; a run starts with all."""
        if self.busy and kinds != self._watched:
            self._watched = kinds
            self._trainer.send(Watch(kinds))

    def forget(self) -> None:
        """Stop the run and record no more of it: its session is being closed."""
        self.stop()
        self._trainer.forget_truths()
        for stream in self._streams:
            stream.kept = False

    def close(self) -> None:
        """End the processes in bounded time, and record their last events."""
        self._trainer.close()
        self._update()
        self._pause.stop()
        self._closed = True

    @Slot()
    def _on_arrived(self) -> None:
        if self._closed:  # the signal was under way
            return
        if self._pause.isActive():
            self._arrived = True
        else:
            self._update()

    @Slot()
    def _on_pause_over(self) -> None:
        if self._arrived:
            self._update()

    def _update(self) -> None:
        """Record the waiting events, and leave the next ones waiting for DISPLAY_MS."""
        self._arrived = False
        self._pause.start()
        was_busy, finding = self.busy, self._trainer.finding
        self._trainer.worker.acknowledge()
        for stream in list(self._streams):
            kept = stream.kept and self._session.record(stream.record.run) is stream.record
            for event in stream.queue.take():
                if stream.resuming and isinstance(event, Started | Failed):
                    stream.resuming = False
                    if isinstance(event, Failed):  # the record stays as it was
                        self.error_occurred.emit(event.message, event.detail)
                        continue
                if kept:
                    self._session.append(stream.record.run, event)
                    self.event_received.emit(stream.record.run, event)
                else:
                    stream.record.apply(event)
        if not finding:  # what the earlier runs waited for has been taken
            del self._streams[:-1]
        self._announce_status()
        self.updated.emit()
        if was_busy and not self.busy:
            self.run_finished.emit()

    def _announce_status(self) -> None:
        if self.status != self._announced:
            self._announced = self.status
            self.status_changed.emit()
