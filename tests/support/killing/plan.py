"""The plan of the kills by number: the activity, the moment, and the process that is killed."""

import random
from dataclasses import dataclass, replace

from killing.materials import ENDLESS, EXPERIMENTS
from killing.moments import NEVER, Moment

KINDS = ("run", "save", "resume", "export", "suite", "migrate", "window", "recover")
MOMENTS: dict[str, dict[str, int]] = {
    "run": {
        "commit": 40,
        "state": 6,
        "run": 1,
        "started": 1,
        "ended": 1,
        "table": 4,
        "create": 3,
        "event": 30,
    },
    "resume": {"commit": 20, "state": 4, "started": 1, "ended": 1, "delete": 6},
    "save": {"commit": 4, "rename": 3, "remove": 5, "create": 3, "link": 1},
    "export": {"create": 30, "rename": 30},
    "suite": {"commit": 60, "run": 4, "started": 4, "ended": 4, "delete": 2, "table": 4},
    "migrate": {"commit": 4, "rename": 2, "remove": 2, "create": 2, "version": 2, "table": 2, "begin": 4},
    "window": {"commit": 40, "state": 6, "started": 2, "ended": 1, "rename": 4, "remove": 6, "create": 4},
    "recover": {"commit": 1, "begin": 1},
}
"""Of each kind the moments at which it may be killed, and the greatest number of a moment."""
DELAYS = {
    "run": 3.0,
    "save": 0.5,
    "resume": 3.0,
    "export": 6.0,
    "suite": 5.0,
    "migrate": 0.08,
    "window": 5.0,
    "recover": 0.05,
}
"""The longest time in seconds after which a process is killed that does not stand still at a moment."""
EARLIEST = 0.001
RECOVERIES = 3
"""Processes that are killed one after the other while they recover the same session."""
WITH_CHILDREN = ("run", "resume", "suite", "window")
LONG = 0.15
"""The share of runs that train for up to LONG_SECONDS, with states as far apart as in everyday use."""
LONG_SECONDS = 14.0


@dataclass(frozen=True)
class Kill:
    """One kill; the same for the same seed and number."""

    seed: int
    number: int
    kind: str
    experiment: str
    delay: float
    """Seconds after the process has begun; with a moment, how long it is waited for."""
    moment: Moment
    victim: str
    """"parent", "children" or "both"."""
    small_cache: bool
    state_seconds: float
    over_hot: bool
    """Save over a file with a leftover journal."""
    resumed: bool
    """The run is resumed to its end and compared with one that was never interrupted."""

    @property
    def delays(self) -> list[float]:
        """The delays of the kills that follow one another: the recovery from a kill is killed as well."""
        return (
            [self.delay / RECOVERIES * (k + 1) for k in range(RECOVERIES)]
            if self.kind == "recover"
            else [self.delay]
        )

    def earlier(self) -> "Kill | None":
        """Return a kill after a shorter time, for a process that has ended before; None below EARLIEST."""
        delay = DELAYS[self.kind] / 2 if self.moment.name else self.delay / 2
        if self.victim == "children" or delay < EARLIEST:
            return None
        return replace(self, moment=NEVER, delay=delay)

    def __str__(self) -> str:
        when = f"at {self.moment}" if self.moment.name else f"after {self.delay:.3f} s"
        return f"{self.seed}-{self.number}: {self.kind} of {self.experiment} {when}, {self.victim}"


def planned(
    seed: int,
    number: int,
    kinds: tuple[str, ...] = KINDS,
    experiments: tuple[str, ...] = tuple(EXPERIMENTS),
    resumed: float = 0.5,
) -> Kill:
    """Return a kill; `resumed` is the share of runs that are resumed."""
    rng = random.Random(f"{seed} {number}")
    kind = kinds[number % len(kinds)]
    long = kind in ("run", "window") and ENDLESS in experiments and rng.random() < LONG
    experiment = ENDLESS if long else rng.choice([name for name in experiments if name != ENDLESS])
    moment = NEVER
    if rng.random() < 0.6 and not long:
        name = rng.choice(list(MOMENTS[kind]))
        moment = Moment(name, rng.randint(1, MOMENTS[kind][name]))
    victim = "parent"
    if kind in WITH_CHILDREN:
        victim = rng.choice(("parent", "both") if moment.name else ("parent", "parent", "both", "children"))
    return Kill(
        seed=seed,
        number=number,
        kind=kind,
        experiment=experiment,
        delay=10.0 if moment.name else rng.uniform(0, LONG_SECONDS if long else DELAYS[kind]),
        moment=moment,
        victim=victim,
        small_cache=rng.random() < 0.5,
        state_seconds=4.0 if long else rng.choice((0.15, 4.0)),
        over_hot=kind == "save" and rng.random() < 0.5,
        resumed=rng.random() < resumed,
    )
