"""RunReports: messages about the run in the log and the status bar."""

from PySide6.QtCore import QObject, Signal, Slot

from wganstudio.gui.actions import WindowState
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController, RunStatus
from wganstudio.gui.controllers.waiting_runs import runs_text
from wganstudio.gui.notifier import RUNNING, Notifier
from wganstudio.gui.widgets.runs.texts import describe, state_text
from wganstudio.session.record import RunRecord
from wganstudio.training.events import Ended, Event, Failed, Started, TruthFound, TruthMissing, moved_note
from wganstudio.truths.certificate import NAMES, Truth


class RunReports(QObject):
    """Logs the end of a run and the truths of its pair."""

    refused = Signal(object, str)
    """An experiment that the trainer refused because too little memory is available, and why."""

    def __init__(self, session: OpenSession, controller: RunController, notifier: Notifier) -> None:
        super().__init__()
        self._session = session
        self._notifier = notifier
        self._warned: dict[int, tuple[str, ...]] = {}
        controller.event_received.connect(self._report)

    @Slot(int, object)
    def _report(self, run: int, event: Event) -> None:
        record = self._session.record(run)
        match event:
            case Ended() if record is not None:
                self._notifier.log(f"\u201c{record.name}\u201d {', '.join(describe(record).splitlines())}.")
            case Started() if note := moved_note(event):
                self._notifier.warn(note)
            case Failed(cause="memory") if record is not None and not record.environment:
                self.refused.emit(record.experiment, event.message)
            case Failed():
                self._notifier.show_error(event.message, event.detail, RUNNING)
            case TruthMissing():
                self._notifier.warn(event.message, event.detail)
            case TruthFound():
                self._notifier.log(describe_truth(event.truth))
        if record is not None and record.ended is not None:
            self._warn(record)

    def _warn(self, record: RunRecord) -> None:
        """Log the new warnings about the outcome of a run: some need truths that come after its end."""
        reported = self._warned.get(record.run, ())
        for warning in record.warnings:
            if warning not in reported:
                self._notifier.warn(f"\u201c{record.name}\u201d: {warning}")
        self._warned[record.run] = record.warnings


def describe_truth(truth: Truth) -> str:
    """Return a truth with its bounds, its method and the time that it took."""
    bounds = f"[{truth.lower:.5g}, {truth.upper:.5g}]"
    return f"{NAMES[truth.quantity]} = {truth.value:.5g} in {bounds}, {truth.method} ({truth.seconds:.2g} s)"


def status_text(state: WindowState) -> str:
    """Return the text of the status bar."""
    status = state.status
    if state.read_only:
        return "read-only; following what other programs write"
    if any(silence.task == "train" for silence in status.liveness.silences):
        return "the trainer does not answer"
    if not status.warm:
        return "preparing the trainer\u2026" + (" the run starts by itself" if status.busy else "")
    parts = []
    if status.busy:
        parts.append(_training_text(status))
    if status.finishing:
        parts.append(f"final estimates of {runs_text(status.finishing)}")
    if state.queued:
        parts.append(f"{runs_text(state.queued)} {'held in the queue' if state.held else 'queued'}")
    if not parts:
        parts.append("ready")
    if status.finding and not status.busy:
        runs = "the last run" if status.finding == 1 else f"{status.finding} runs"
        parts.append(f"computing the truths of {runs}")
    return "; ".join(parts)


def _training_text(status: RunStatus) -> str:
    if status.paused:
        return "paused"
    text = "training" if status.training < 2 else f"training {runs_text(status.training)}"
    seconds = status.liveness.step_seconds
    return text + (f"; busy with one step for {seconds} s" if seconds else "")


def progress_text(record: RunRecord, status: RunStatus, *, stopping: bool = False) -> str:
    """Return the activity of a run, if it is not training; `stopping`: it takes no more steps."""
    if record.final_share is not None:
        return state_text(record)
    if stopping:
        return "stopping\u2026"
    if record.state == "waiting":
        return "starting\u2026" if status.warm else "preparing the trainer\u2026"
    return "paused" if record.state == "paused" else ""
