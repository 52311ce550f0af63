"""Clocks of a run: the time it has taken over all its parts, and when its next state is due."""

import math
import time

from wganstudio.critics.training_state import State


class RunClock:
    """The time that a run has taken, interruptions left out."""

    def __init__(self) -> None:
        self._started_at, self._processor_before = time.monotonic(), time.process_time()

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._started_at

    @property
    def processor_seconds(self) -> float:
        """CPU time of all threads of the process so far."""
        return time.process_time() - self._processor_before

    def training_state(self) -> State:
        """Return both times."""
        return {"seconds": self.seconds, "processor_seconds": self.processor_seconds}

    def load_training_state(self, state: State) -> None:
        """Add the times of the run before it was interrupted."""
        self._started_at -= state["seconds"]
        self._processor_before -= state["processor_seconds"]


class StateClock:
    """Tells when to keep the state of a run: every `period` seconds, never for None."""

    def __init__(self, period: float | None) -> None:
        self._period = math.inf if period is None else period
        self._kept_at, self._kept_step = time.monotonic(), -1

    def due(self, step: int, *, at_once: bool) -> bool:
        """Return True if a state is to be made now; with `at_once`, unless this step has one."""
        if self._period == math.inf or (at_once and step == self._kept_step):
            return False
        now = time.monotonic()
        if not at_once and now - self._kept_at < self._period:
            return False
        self._kept_at, self._kept_step = now, step
        return True
