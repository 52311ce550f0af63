"""Jobs of a worker process, and the messages that it sends back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wganstudio.experiment import Experiment
from wganstudio.experiment.trusted_code import granted
from wganstudio.training.commands import Command
from wganstudio.training.events import Event, TrainingState

Task = Literal["train", "truths"]
STATE_SECONDS = 4.0
"""Seconds between two states of a run: with the time that one takes, at most five are lost."""


@dataclass(frozen=True)
class Job:
    """A task of a worker, with the number that the parent gave it."""

    number: int
    task: Task
    experiment: Experiment
    live_topics: frozenset[str] = frozenset()
    """Topics whose live snapshots are sent from the start."""
    seconds: float | None = None
    """Processor time after the first step at which a run is stopped, as by Stop."""
    resume: TrainingState | None = None
    """The state that a run continues from."""
    state_period: float | None = None
    """Seconds between two states that are sent; None: none are."""
    event_kinds: frozenset[str] | None = None
    """Names of the events to send: kinds, and topics of snapshots; None: all."""
    ignore_memory: bool = False
    """Start a run even if it needs more memory than is available."""
    commands: tuple[Command, ...] = ()
    """Commands that the run finds when it begins."""
    consent: Mapping[str, str] = field(default_factory=granted)
    """The code of the user that may run, by default as this process allows it."""


@dataclass(frozen=True)
class WorkerReady:
    """Sent once everything heavy is imported."""

    step_seconds: float | None = None
    """Seconds of a step of `time_estimate.BENCHMARK`, of a worker that trains."""


@dataclass(frozen=True)
class JobEvent:
    """An event of a job."""

    number: int
    event: Event


@dataclass(frozen=True)
class JobDone:
    """Sent when a job is done, after its last event."""

    number: int


@dataclass(frozen=True)
class Heartbeat:
    """Sent every second while the worker has something to do: it is neither stopped nor stuck."""


WorkerMessage = WorkerReady | JobEvent | JobDone | Heartbeat
