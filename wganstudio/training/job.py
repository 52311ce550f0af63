"""Job: what a worker is asked to do, and the words in which it answers."""

from dataclasses import dataclass
from typing import Literal

from wganstudio.experiment import Experiment
from wganstudio.training.events import Event

Task = Literal["train", "truths"]


@dataclass(frozen=True)
class Job:
    """What to do: which of the parent's jobs it is, the task, the experiment, what is watched."""

    number: int
    task: Task
    experiment: Experiment
    watched: frozenset[str] = frozenset()
    """The kinds of live events that are wanted at first."""
    seconds: float | None = None
    """After so much processor time since its first steps a run is stopped, as by Stop."""
    told: frozenset[str] | None = None
    """The kinds of events to tell; None: all."""


@dataclass(frozen=True)
class WorkerReady:
    """Sent once everything heavy is imported."""


@dataclass(frozen=True)
class JobDone:
    """Sent when a job is done, after its last event."""

    number: int


@dataclass(frozen=True)
class JobEvent:
    """An event of a job."""

    number: int
    event: Event
