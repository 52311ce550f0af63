"""Budget: the share of a loop's time that recordings may take."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

REMEMBERED = 3
"""Recordings of a kind whose largest cost is expected of the next one."""

Clock = Callable[[], float]


class Budget:
    """Decides by the clock if a recording may be made now.

    Each kind of recording has an account of its own: its part of the budget. With the time s that its
    recordings have taken, the largest cost c of the last ones, and the time t of the loop, that of all
    recordings left out, a recording may be made once s + c <= budget * part * t. So all of them together take
    at most the budget's share of t, up to the amount by which the last one exceeds the expectation.

    Parameters
    ----------
    share : float
        The share of the time of the loop that all recordings may take.
    parts : mapping
        The part of the budget of each kind of recording; they add up to 1.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(self, share: float, parts: Mapping[str, float], clock: Clock) -> None:
        self._share, self._parts, self._clock = share, parts, clock
        self._started: float | None = None
        self._spent = dict.fromkeys(parts, 0.0)
        self._costs: dict[str, deque[float]] = {kind: deque(maxlen=REMEMBERED) for kind in parts}

    @property
    def spent(self) -> float:
        """Seconds that the recordings since the start have taken."""
        return sum(self._spent.values())

    @property
    def loop_seconds(self) -> float:
        """Seconds of the loop since the start, without those of the recordings."""
        return 0.0 if self._started is None else self._clock() - self._started - self.spent

    def start(self) -> None:
        """Begin to count the time, at the first call; what was spent before is not counted."""
        if self._started is None:
            self._started = self._clock()
            self._spent = dict.fromkeys(self._parts, 0.0)

    def affords(self, kind: str) -> bool:
        """Return True if a recording may be made now."""
        allowed = self._share * self._parts[kind] * self.loop_seconds
        return self._spent[kind] + max(self._costs[kind], default=0.0) <= allowed

    @contextmanager
    def charged(self, kind: str) -> Iterator[None]:
        """Charge the time of the block to a kind of recording."""
        start = self._clock()
        try:
            yield
        finally:
            cost = self._clock() - start
            self._spent[kind] += cost
            self._costs[kind].append(cost)
