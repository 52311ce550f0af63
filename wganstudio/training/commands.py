"""Commands to a run that is under way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pause:
    """Wait after the current step."""


@dataclass(frozen=True)
class Resume:
    """Continue."""


@dataclass(frozen=True)
class Step:
    """Take this many steps, then wait."""

    count: int


@dataclass(frozen=True)
class Stop:
    """End now, with final estimates of the current critic."""


@dataclass(frozen=True)
class SkipEstimates:
    """End the run without final estimates, once it takes no more steps."""


@dataclass(frozen=True)
class Watch:
    """Send live snapshots of these topics (`topics.live_topics`) from now on, and no others."""

    topics: frozenset[str]


Command = Pause | Resume | Step | Stop | SkipEstimates | Watch
