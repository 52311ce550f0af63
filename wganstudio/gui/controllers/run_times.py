"""RunTimes: measures how long runs take on this machine, and tells how long others will."""

import time

from PySide6.QtCore import QObject, Signal, Slot

from wganstudio.experiment import Experiment
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.settings import Settings
from wganstudio.training.events import Ended, Event, Progress
from wganstudio.training.memory_estimate import estimate_memory
from wganstudio.training.time_estimate import (
    LEAST_STEPS,
    Speeds,
    TimeEstimate,
    benchmark_speed,
    measured,
)

SPEEDS = "speeds"
"""The setting that keeps the speeds of runs."""


class RunTimes(QObject):
    """Notes the steps per second and the time of the final estimates of each run that ends."""

    changed = Signal()
    """More is known than before."""

    def __init__(self, session: OpenSession, controller: RunController, settings: Settings) -> None:
        super().__init__()
        self._session = session
        self._controller = controller
        self._settings = settings
        self._speeds = Speeds.from_json(settings.get(SPEEDS, "[]"))
        self._rates: dict[int, float] = {}
        """The newest steps per second of the runs under way."""
        self._finals: dict[int, float] = {}
        """The times at which they began to compute their final estimates."""
        controller.event_received.connect(self._on_event)
        controller.status_changed.connect(self._on_status)

    def estimate(self, experiment: Experiment) -> TimeEstimate | None:
        """Return how long an experiment will take; None where that is not known."""
        return self._speeds.estimate(experiment)

    def seconds(self, experiment: Experiment) -> float | None:
        """Return the seconds that an experiment will take; None where that is not known."""
        estimate = self.estimate(experiment)
        return None if estimate is None else estimate.seconds

    def needs(self, experiment: Experiment) -> str:
        """Return the time and the memory of an experiment in words, as far as they are known."""
        estimates = (self.estimate(experiment), estimate_memory(experiment))
        return ", ".join(str(estimate) for estimate in estimates if estimate is not None)

    @Slot(int, object)
    def _on_event(self, run: int, event: Event) -> None:
        match event:
            case Progress(final_share=None):
                if event.rate > 0:
                    self._rates[run] = event.rate
            case Progress():
                self._finals.setdefault(run, time.monotonic())
            case Ended():
                rate, since = self._rates.pop(run, 0.0), self._finals.pop(run, None)
                record = self._session.record(run)
                if rate and since is not None and event.estimates and event.step >= LEAST_STEPS and record:
                    self._add(record.experiment, 1 / rate, time.monotonic() - since)

    def _add(self, experiment: Experiment, step_seconds: float, final_seconds: float) -> None:
        speed = measured(experiment, step_seconds, final_seconds)
        if speed is not None:
            self._speeds.add(speed)
            self._settings.put(SPEEDS, self._speeds.to_json())
            self.changed.emit()

    @Slot()
    def _on_status(self) -> None:
        seconds = self._controller.benchmark_seconds
        if seconds is not None and self._speeds.benchmark is None:
            self._speeds.benchmark = benchmark_speed(seconds)
            self.changed.emit()
