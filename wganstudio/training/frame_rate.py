"""When the next live frame and the next word on progress are due."""

import time

LIVE_SHARE = 0.2
"""Share of the time that live frames may take."""
LIVE_PERIOD = 0.04
PROGRESS_PERIOD = 0.1


class FrameLimiter:
    """When the next live frame and the next word on progress are due."""

    def __init__(self) -> None:
        self._progress = self._asked = self._frame_after = 0.0
        self._marks = [(time.monotonic(), 0)]

    def frame_due(self) -> bool:
        self._asked = time.monotonic()
        return self._asked >= self._frame_after

    def frame_made(self) -> None:
        """The next one is due when this one's cost is LIVE_SHARE of the time."""
        now = time.monotonic()
        self._frame_after = now + max(LIVE_PERIOD, (now - self._asked) * (1 / LIVE_SHARE - 1))

    def progress_due(self) -> bool:
        return time.monotonic() - self._progress >= PROGRESS_PERIOD

    def rate(self, step: int) -> float:
        """Steps per second over about the last five seconds."""
        self._progress = now = time.monotonic()
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[0][0] > 5.0:
            self._marks.pop(0)
        (then, before), (_, present) = self._marks[0], self._marks[-1]
        return (present - before) / (now - then) if now > then else 0.0
