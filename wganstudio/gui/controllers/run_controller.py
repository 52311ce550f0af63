"""RunController: the runs under way. It starts and commands them and records their events in the session."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_process import Process, run_process
from wganstudio.gui.controllers.run_stream import RunStream
from wganstudio.gui.controllers.run_worker import ALIVE, Liveness, RunLink, Trainer
from wganstudio.session.record import RunRecord
from wganstudio.training.commands import Pause, Resume, SkipEstimates, Step, Stop, Watch
from wganstudio.training.events import Event, Failed, Progress, Started
from wganstudio.training.memory import available_memory
from wganstudio.training.topics import live_topics

DISPLAY_MS = 33
"""The shortest time between two updates of the window."""
SPARE_BYTES = 1 << 30
"""Free memory below which no trainer gets ready for the next run before that is started."""


@dataclass(frozen=True)
class RunStatus:
    """The state of the trainers and of the runs under way, derived from worker and records.

    `busy` and `paused` are of the run that commands go to; `finding` counts the runs whose truths are still
    being computed, `finishing` those that compute their final estimates.
    """

    warm: bool = False
    busy: bool = False
    paused: bool = False
    training: int = 0
    finishing: int = 0
    free: bool = True
    """Another run would start at once."""
    finding: int = 0
    liveness: Liveness = ALIVE


class RunController(QObject):
    """Trains up to `slots` runs at once. A run that computes its final estimates takes no slot.

    The state of a run is that of its record; here stand only the requests that it has not answered yet.
    Commands go to the shown run if it trains, otherwise to the newest one that does.
    """

    event_received = Signal(int, object)
    """The number of a run and an event, which the session has recorded."""
    updated = Signal()
    """Events were recorded: time to draw. At most once in DISPLAY_MS."""
    status_changed = Signal()
    """`status` has another value."""
    slot_freed = Signal()
    """A run has stopped to train, or is over: another one may start."""
    run_finished = Signal()
    """A run under way is over."""
    error_occurred = Signal(str, str)

    def __init__(self, session: OpenSession, make_process: Callable[[], Process] = run_process) -> None:
        super().__init__()
        self.slots = 1
        """The number of runs that may train at once."""
        self._session = session
        self._trainer = Trainer(make_process)
        self._trainer.worker.arrived.connect(self._on_arrived)
        self._trainer.worker.broke.connect(self.error_occurred)
        self._streams: list[RunStream] = []
        """The runs under way, newest last, and those whose truths may still arrive."""
        self._shown: int | None = None
        self._watched = live_topics()
        self._announced = RunStatus()
        self._pause = QTimer(self, singleShot=True, interval=DISPLAY_MS)
        self._pause.timeout.connect(self._on_pause_over)
        self._arrived = self._closed = False

    @property
    def record(self) -> RunRecord | None:
        """The record of the run that commands go to, also after its session was closed."""
        return stream.record if (stream := self._target()) is not None else None

    @property
    def run(self) -> int | None:
        """The number of the run that commands go to, if its session is still open."""
        stream = self._target()
        return stream.record.run if stream is not None and stream.kept else None

    @property
    def busy(self) -> bool:
        """True if a run trains."""
        return self._target() is not None

    @property
    def training(self) -> list[RunRecord]:
        """The records of the runs of this session that train, oldest first."""
        return [stream.record for stream in self._streams if stream.kept and stream.training]

    @property
    def finishing(self) -> list[RunRecord]:
        """The records of the runs of this session that compute their final estimates, oldest first."""
        return [stream.record for stream in self._streams if stream.kept and stream.finishing]

    @property
    def skippable(self) -> list[RunRecord]:
        """The records of those whose final estimates were not skipped yet."""
        return [stream.record for stream in self._streams if stream.finishing and not stream.skipping]

    def is_under_way(self, run: int) -> bool:
        """Return True if a run of this session trains or computes its final estimates."""
        return any(record.run == run for record in (*self.training, *self.finishing))

    @property
    def free(self) -> bool:
        """True if another run would start at once: there is a slot, and not too much to finish."""
        training = sum(stream.training for stream in self._streams)
        return training < self.slots and self.free_to_finish

    @property
    def free_to_finish(self) -> bool:
        """True if the final estimates of another run would be computed at once."""
        return sum(stream.finishing for stream in self._streams) <= self.slots

    @property
    def status(self) -> RunStatus:
        """The present state."""
        record = self.record
        return RunStatus(
            warm=self._trainer.warm,
            busy=record is not None,
            paused=record is not None and record.state == "paused",
            training=len(self.training),
            finishing=len(self.finishing),
            free=self.free,
            finding=self._trainer.finding,
            liveness=self._trainer.liveness,
        )

    @property
    def benchmark_seconds(self) -> float | None:
        """The seconds of a step of `time_estimate.BENCHMARK`, once a trainer is ready."""
        return self._trainer.benchmark_seconds

    @property
    def pids(self) -> dict[str, int]:
        """The process ids of the children by task."""
        return self._trainer.pids

    def prepare(self) -> None:
        """Let the trainer get ready in the background."""
        self._trainer.prepare()

    def set_slots(self, count: int) -> None:
        """Set the number of runs that may train at once; what trains goes on."""
        more, self.slots = count > self.slots, count
        self._announce_status()
        if more:
            self.slot_freed.emit()

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

    def estimate(self, run: int) -> None:
        """Compute the final estimates of a run at its last state; SessionError where there is none."""
        resumption = self._session.resume_to_estimate(run)
        record = self._session.record(run)
        complete = record is not None and record.complete  # the way to its end is in its settings
        link = self._trainer.resume(resumption, *(() if complete else (Stop(),)))
        self._begin(run, link, resuming=True, stopping=True)

    def _begin(self, run: int, link: RunLink, *, resuming: bool = False, stopping: bool = False) -> None:
        record = self._session.record(run)
        assert record is not None
        self._streams.append(RunStream(record, link, resuming=resuming, stopping=stopping))
        self._send_watched()
        self._announce_status()

    def pause_or_resume(self) -> None:
        """Pause a running run, resume a paused one."""
        if (stream := self._target()) is not None:
            self._trainer.send(stream.link, Resume() if stream.record.state == "paused" else Pause())

    def step(self, count: int) -> None:
        """Take this many steps, then wait."""
        if (stream := self._target()) is not None:
            self._trainer.send(stream.link, Step(count))

    def stop(self) -> None:
        """End the run that commands go to; its final estimates are computed while others may train."""
        if (stream := self._target()) is not None:
            self._stop(stream)

    def stop_all(self) -> None:
        """End all runs, with final estimates."""
        for stream in self._streams:
            if stream.training:
                self._stop(stream)

    def skip(self, run: int) -> None:
        """Let a run end without the final estimates that it computes."""
        for stream in self._streams:
            if stream.record.run == run and stream.finishing and not stream.skipping:
                stream.skipping = True
                self._trainer.send(stream.link, SkipEstimates())

    def skip_all(self) -> None:
        """Let all runs that compute their final estimates end without them."""
        for record in self.finishing:
            self.skip(record.run)

    def _stop(self, stream: RunStream) -> None:
        stream.stopping = True
        self._trainer.send(stream.link, Stop())
        self._announce_status()
        self.slot_freed.emit()

    def end_silent(self) -> None:
        """End the processes that do not answer; what they have recorded is kept."""
        self._trainer.end_silent()

    def show(self, run: int | None) -> None:
        """Tell which run is shown: it alone sends live events, and commands go to it while it trains."""
        self._shown = run
        self._send_watched()
        self._announce_status()

    def watch(self, kinds: frozenset[str]) -> None:
        """Set the live events that are wanted of the shown run."""
        self._watched = kinds
        self._send_watched()

    def _send_watched(self) -> None:
        for stream in self._streams:
            kinds = self._watched if stream.record.run == self._shown else frozenset()
            if stream.under_way and kinds != stream.watched:
                stream.watched = kinds
                self._trainer.send(stream.link, Watch(kinds))

    def drop(self, run: int) -> None:
        """Stop a run and record no more of it: it is being deleted."""
        for stream in self._streams:
            if stream.record.run == run and stream.kept:
                self._abandon(stream)
        self._announce_status()

    def forget(self) -> None:
        """Stop all runs and record no more of them: their session is being closed."""
        self._trainer.forget_truths()
        for stream in self._streams:
            self._abandon(stream)
        self._announce_status()

    def _abandon(self, stream: RunStream) -> None:
        stream.kept = False
        if stream.training:
            stream.stopping = True
            self._trainer.send(stream.link, Stop())
        if stream.finishing and not stream.skipping:
            stream.skipping = True
            self._trainer.send(stream.link, SkipEstimates())

    def close(self) -> None:
        """End the processes in bounded time, and record their last events."""
        self._trainer.close()
        self._update()
        self._pause.stop()
        self._closed = True

    def _target(self) -> RunStream | None:
        """Return the stream of the run that commands go to."""
        training = [stream for stream in self._streams if stream.training]
        shown = [stream for stream in training if stream.kept and stream.record.run == self._shown]
        chosen = shown or training[-1:]
        return chosen[0] if chosen else None

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
        before, finding = self._counts(), self._trainer.finding
        self._trainer.worker.acknowledge()
        for stream in list(self._streams):
            for event in stream.link.queue.take():
                self._record(stream, event)
        if not finding:  # what the earlier runs waited for has been taken
            self._streams = [stream for stream in self._streams if stream.under_way]
        self._announce_status()
        self.updated.emit()
        training, under_way = self._counts()
        if under_way < before[1]:
            self.run_finished.emit()
        if training < before[0] or under_way < before[1]:
            self.slot_freed.emit()

    def _record(self, stream: RunStream, event: Event) -> None:
        """Record an event of a run, unless the run is no longer in the session."""
        record = stream.record
        if stream.resuming and isinstance(event, Started | Failed):
            stream.resuming = False
            if isinstance(event, Failed):  # the record stays as it was
                self.error_occurred.emit(event.message, event.detail)
                return
        if stream.kept and self._session.record(record.run) is record:
            self._session.append(record.run, event)
            self.event_received.emit(record.run, event)
        else:
            record.apply(event)
        if stream.spare_wanted and isinstance(event, Progress):
            stream.spare_wanted = False
            if available_memory() > SPARE_BYTES:
                self._trainer.keep_spare()

    def _counts(self) -> tuple[int, int]:
        """Return the numbers of runs that train and that are under way."""
        under_way = [stream for stream in self._streams if stream.under_way]
        return sum(stream.training for stream in under_way), len(under_way)

    def _announce_status(self) -> None:
        if self.status != self._announced:
            self._announced = self.status
            self.status_changed.emit()
