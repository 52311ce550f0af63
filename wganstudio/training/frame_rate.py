"""Rate limits of live frames and of progress events."""

import time

LIVE_SHARE = 0.2
"""Share of the time that live frames may take."""
LIVE_PERIOD = 0.04
PROGRESS_PERIOD = 0.1


class FrameLimiter:
    """Decides when the next live frame and the next progress event are due."""

    def __init__(self, step: int = 0) -> None:
        """`step`: the step at which the run begins."""
        self._last_progress = self._frame_started = self._frame_after = 0.0
        self._marks = [(time.monotonic(), step)]

    def frame_due(self) -> bool:
        """Return True if a live frame may be made now."""
        self._frame_started = time.monotonic()
        return self._frame_started >= self._frame_after

    def frame_made(self) -> None:
        """Schedule the next frame such that frames cost at most LIVE_SHARE of the time."""
        now = time.monotonic()
        self._frame_after = now + max(LIVE_PERIOD, (now - self._frame_started) * (1 / LIVE_SHARE - 1))

    def progress_due(self) -> bool:
        """Return True if a progress event is due."""
        return time.monotonic() - self._last_progress >= PROGRESS_PERIOD

    def rate(self, step: int) -> float:
        """Return the steps per second over about the last five seconds."""
        self._last_progress = now = time.monotonic()
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[0][0] > 5.0:
            self._marks.pop(0)
        (then, before), (_, latest) = self._marks[0], self._marks[-1]
        return (latest - before) / (now - then) if now > then else 0.0
