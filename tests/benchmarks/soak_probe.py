"""Probes of the soak: how late a timer is, and what the main thread does while it is late."""

import gc
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot

PERIOD = 0.005
STALL = 0.03
"""Seconds of lateness from which the main thread is watched."""
LOOK = 0.01
WAITING = "(waiting for a processor)"


@dataclass
class Lateness:
    """Delays of a 5 ms timer and pauses by the garbage collector since the last sample, in ms."""

    delays: list[float] = field(default_factory=list)
    collections: list[float] = field(default_factory=list)

    def take(self) -> dict[str, float]:
        """Return quantiles, maxima and counts, and begin anew."""
        delays, collections = sorted(self.delays) or [0.0], self.collections
        self.delays, self.collections = [], []
        return {
            "late_p50_ms": delays[len(delays) // 2],
            "late_p99_ms": delays[int(0.99 * len(delays))],
            "late_max_ms": delays[-1],
            "ticks": len(delays),
            "stalls": sum(delay > 1e3 * STALL for delay in delays),
            "gc_max_ms": max(collections, default=0.0),
            "gc_ms": sum(collections),
        }


class LatenessProbe(QObject):
    """Measures lateness, and names the causes of stalls.

    A thread looks at the main thread each 10 ms while the timer is late. It adds the time to the innermost
    function of WGAN Studio that is running, or to WAITING where the main thread has used no processor time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lateness = Lateness()
        self.causes: Counter[str] = Counter()
        """Seconds of stalls by cause."""
        self._main = threading.main_thread().ident or 0
        self._due = 0.0
        self._began = 0.0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="soak watcher", daemon=True)
        self._timer = QTimer(self, interval=int(1e3 * PERIOD), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        gc.callbacks.append(self._collecting)
        self._timer.start()
        self._watcher.start()

    def stop(self) -> None:
        """End the measurement."""
        self._timer.stop()
        self._over.set()
        self._watcher.join()
        gc.callbacks.remove(self._collecting)

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        if self._due:
            self.lateness.delays.append(1e3 * max(0.0, now - self._due))
        self._due = now + PERIOD

    def _collecting(self, phase: str, details: dict[str, Any]) -> None:
        if threading.get_ident() != self._main:
            return
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.lateness.collections.append(1e3 * (time.perf_counter() - self._began))

    def _watch(self) -> None:
        looked, used = time.perf_counter(), self._processor_seconds()
        while not self._over.wait(LOOK):
            now, now_used = time.perf_counter(), self._processor_seconds()
            if self._due and now - self._due > STALL:
                frame = sys._current_frames().get(self._main)
                waited = max(0.0, (now - looked) - (now_used - used))
                self.causes[WAITING] += waited  # type: ignore[assignment]  # seconds, not a count
                self.causes[cause_of(frame)] += now - looked - waited  # type: ignore[assignment]
            looked, used = now, now_used

    def _processor_seconds(self) -> float:
        if sys.platform == "win32" or sys.platform == "darwin":
            return time.perf_counter()  # not known: all time counts as work
        return time.clock_gettime(time.pthread_getcpuclockid(self._main))


def cause_of(frame: FrameType | None) -> str:
    """Return the innermost function of WGAN Studio on a stack, and the innermost of all."""
    innermost = frame
    while frame is not None and "/wganstudio/" not in frame.f_code.co_filename.replace("\\", "/"):
        frame = frame.f_back
    names = [_name(each) for each in (frame, innermost) if each is not None]
    return " > ".join(dict.fromkeys(names)) or "(none)"


def _name(frame: FrameType) -> str:
    module = frame.f_globals.get("__name__", "?")
    return f"{module}.{frame.f_code.co_qualname}"
