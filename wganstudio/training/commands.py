"""What a run can be told while it goes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pause:
    """Wait after the present step."""


@dataclass(frozen=True)
class Resume:
    """Go on."""


@dataclass(frozen=True)
class Step:
    """Take this many steps, then wait."""

    count: int


@dataclass(frozen=True)
class Stop:
    """End now, with final estimates of what was reached."""


@dataclass(frozen=True)
class Watch:
    """Send live events of these kinds (`events.LIVE`) from now on, and no others."""

    kinds: frozenset[str]


Command = Pause | Resume | Step | Stop | Watch
