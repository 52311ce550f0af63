"""Probes of the soak: how late a timer is, and what the main thread does while it is late."""

import gc
import signal
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot

PERIOD = 0.005
STALL = 0.03
"""Seconds of lateness from which the main thread is watched."""
LOOK = 0.01
WAITING = "(waiting for a processor)"
IN_QT = "(Qt: layout, painting, window system)"
OWN_MODULES = ("__main__", __name__)
ENTRY = 4
"""Bytes of code at the beginning of a function, before its first own instruction."""


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

    A signal interrupts the main thread each 10 ms; while the timer is late, the time is added to the
    function of WGAN Studio that is running, and to WAITING where the thread got no processor. (Another
    thread could not look: whoever holds a frame may be the last to hold its Qt objects, and frees them.)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lateness = Lateness()
        self.causes: defaultdict[str, float] = defaultdict(float)
        """Seconds of stalls by cause; empty on Windows."""
        self._due = self._looked = self._used = self._began = 0.0
        self._timer = QTimer(self, interval=int(1e3 * PERIOD), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        gc.callbacks.append(self._collecting)
        self._timer.start()
        if sys.platform != "win32":
            signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)

    def stop(self) -> None:
        """End the measurement."""
        self._timer.stop()
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0.0)
        gc.callbacks.remove(self._collecting)

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        if self._due:
            self.lateness.delays.append(1e3 * max(0.0, now - self._due))
        self._due = now + PERIOD

    def _collecting(self, phase: str, details: dict[str, Any]) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.lateness.collections.append(1e3 * (time.perf_counter() - self._began))

    def _look(self, number: int, frame: FrameType | None) -> None:
        now, used = time.perf_counter(), time.thread_time()
        if self._due and now - self._due > STALL:
            passed, worked = now - self._looked, used - self._used
            self.causes[WAITING] += max(0.0, passed - worked)
            self.causes[cause_of(frame)] += min(passed, worked)
        self._looked, self._used = now, used


def cause_of(frame: FrameType | None) -> str:
    """Return the innermost function of WGAN Studio on a stack, and the innermost of all.

    Python sees the signal only when it is running: at the entry of a function it came while Qt was at work.
    """
    innermost = frame
    if frame is None or frame.f_lasti <= ENTRY:  # Qt was at work until it called this function
        return IN_QT
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("wganstudio."):
        frame = frame.f_back
    if frame is None and innermost.f_globals.get("__name__") in OWN_MODULES:
        return IN_QT
    names = [_name(each) for each in (frame, innermost) if each is not None]
    return " > ".join(dict.fromkeys(names))


def _name(frame: FrameType) -> str:
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}"
