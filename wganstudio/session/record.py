"""RunRecord: the state of one run, live or reopened; views and exports read nothing else."""

from array import array
from collections.abc import Iterable
from copy import copy
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import Experiment, read
from wganstudio.plain_text import one_line
from wganstudio.session.labels import RunLabels, RunMarks
from wganstudio.training.events import (
    Checkpoint,
    Ended,
    Event,
    Failed,
    FlowMissing,
    Metrics,
    Paused,
    Progress,
    Resumed,
    Snapshot,
    Started,
    TruthFound,
    TruthMissing,
)
from wganstudio.training.outcome import outcome_warnings
from wganstudio.training.topics import topic as find_topic
from wganstudio.truths import Quantity, Truth

Effort = Literal["seconds", "samples"]
"""Measures of what a run has taken until a step."""
State = Literal["waiting", "running", "paused", "estimating", "ended", "stopped", "failed", "crashed"]
"""Estimating: it takes no more steps and computes its final estimates. Crashed: it has had no last event, and
no living process writes the session."""


class RunRecord:
    """One run, built by applying its events in order; `version` grows with every one applied."""

    def __init__(
        self, run: int, experiment: Experiment, name: str = "", labels: RunLabels | None = None
    ) -> None:
        self.run = run
        self._name = name
        self.labels = labels or RunLabels()
        self.requested = experiment
        """The experiment as requested, where fields may be left at `auto`."""
        self.experiment = experiment
        """The experiment as requested; once started, with every `auto` filled in."""
        self.state: State = "waiting"
        self.started = False
        self.version = 0
        self.step = 0
        self.environment: dict[str, Any] = {}
        self.truths: dict[Quantity, Truth] = {}
        self.truth_missing = ""
        """The reason why there are no truths, or no more of them."""
        self.truths_failed = False
        """True if their computation ended with an error."""
        self.flow_missing = ""
        """The reason why there is no flow."""
        self.checkpoint: Checkpoint | None = None
        self.progress: Progress | None = None
        self.ended: Ended | None = None
        self.failed: Failed | None = None
        self._curves: dict[str, tuple[array[float], array[float]]] = {}
        """Steps and values of each metric; an array takes 16 bytes a point, and is copied at once."""
        self._efforts: dict[Effort, tuple[array[float], array[float]]] = {}
        """Steps and amounts of each measure of effort, recorded with the metrics."""
        self._newest: dict[str, Snapshot] = {}
        """The newest snapshot of each topic that is not part of the frame."""
        self._frame: dict[str, Snapshot] = {}
        """The newest complete frame."""
        self._next_frame: dict[str, Snapshot] = {}
        """Topics of a frame whose critic has not arrived."""
        self._recorded: dict[str, dict[int, Snapshot]] = {}

    @property
    def name(self) -> str:
        """The user's name for the run, the experiment's, or pair and solver."""
        experiment = self.experiment
        default = experiment.about.name or f"{experiment.pair.name()}, {experiment.solver.name()}"
        return one_line(self._name) or one_line(default)

    @property
    def given_name(self) -> str:
        """The user's name for the run as it is stored; empty if there is none."""
        return self._name

    @property
    def marks(self) -> RunMarks:
        """The name as it is stored, and the labels."""
        return RunMarks(self._name, self.labels)

    def rename(self, name: str) -> None:
        """Name the run; an empty name restores the default."""
        self._name = name
        self.version += 1

    def set_labels(self, labels: RunLabels) -> None:
        """Mark the run."""
        self.labels = labels
        self.version += 1

    @property
    def steps(self) -> int:
        """The requested number of steps; those so far where a program does not tell it."""
        return max(self.experiment.steps, self.step)

    @property
    def over(self) -> bool:
        """True once nothing more comes, unless the run is resumed."""
        return self.state in ("ended", "stopped", "failed", "crashed")

    @property
    def final_share(self) -> float | None:
        """The share of the final estimates that is computed; None unless they are being computed."""
        return self.progress.final_share if self.state == "estimating" and self.progress else None

    @property
    def lacks_estimates(self) -> bool:
        """True if the run is over and its final estimates were never computed, or skipped."""
        return self.over and not self.has_estimates

    @property
    def has_estimates(self) -> bool:
        """True if the final estimates were computed."""
        return self.ended is not None and bool(self.ended.estimates)

    @property
    def complete(self) -> bool:
        """True if the run reached the end of its plan, or met its criterion."""
        return self.ended is not None and self.ended.reason != "stopped"

    @property
    def truths_computed(self) -> bool:
        """True once the computation of the truths is over; the true flow is its last part."""
        return self.flow_missing != "" or self.snapshot("flow") is not None

    @property
    def lacks_truths(self) -> bool:
        """True if the run is complete, but its process was killed before its truths were computed."""
        return self.complete and not self.truths_computed and not self.experiment.about.suite

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on signs that a finished run has not reached its optimum, as far as the truths tell."""
        return () if self.ended is None else outcome_warnings(self.experiment, self.ended, self.truths)

    def mark_crashed(self) -> None:
        """Note that the process that wrote the run has died; a later Started makes it a running one."""
        self.state = "crashed"
        self.version += 1

    def copy(self) -> "RunRecord":
        """Return a copy that later events do not change, for another thread; snapshots are shared."""
        other = copy(self)
        other.truths, other._newest, other._frame = dict(self.truths), dict(self._newest), dict(self._frame)
        other._next_frame = dict(self._next_frame)
        other._curves = {name: (steps[:], values[:]) for name, (steps, values) in self._curves.items()}
        other._efforts = {name: (steps[:], values[:]) for name, (steps, values) in self._efforts.items()}
        other._recorded = {topic: dict(by_step) for topic, by_step in self._recorded.items()}
        return other

    def restart(self, events: Iterable[Event], requested: Experiment | None = None) -> None:
        """Forget all events, and apply these; `requested` replaces the experiment as requested."""
        version = self.version
        vars(self).update(vars(RunRecord(self.run, requested or self.requested, self._name, self.labels)))
        self.version = version
        for event in events:
            self.apply(event)

    def curve(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return steps and values of one metric ("gap", "value_se", ...); empty if there is none."""
        steps, values = self._curves.get(name, (array("d"), array("d")))
        return np.array(steps), np.array(values)  # copies: an array cannot grow while numpy looks at it

    def effort(self, name: Effort) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the steps of the metrics, and the seconds or samples until then; empty in old sessions."""
        steps, values = self._efforts.get(name, (array("d"), array("d")))
        return np.array(steps), np.array(values)

    @property
    def curve_names(self) -> list[str]:
        """The names of the metrics that have values."""
        return list(self._curves)

    @property
    def recorded_topics(self) -> list[str]:
        """The topics of which snapshots are recorded."""
        return list(self._recorded)

    def last(self, name: str) -> float | None:
        """Return the newest value of one metric."""
        return self._curves[name][1][-1] if name in self._curves else None

    def snapshot(self, topic: str, step: int | None = None) -> Snapshot | None:
        """Return the newest snapshot of a topic, or the recorded one at a step; None if there is none.

        The newest snapshots of the frame's topics belong to one step.
        """
        if step is not None:
            return self._recorded.get(topic, {}).get(step)
        return self._frame.get(topic) or self._newest.get(topic)

    def recorded_steps(self, topic: str) -> list[int]:
        """Return the steps at which snapshots of a topic are recorded, ascending."""
        return sorted(self._recorded.get(topic, {}))

    def frame_at(self, step: int) -> dict[str, Snapshot]:
        """Return the snapshots that are recorded at a step, by topic."""
        return {topic: by_step[step] for topic, by_step in self._recorded.items() if step in by_step}

    def apply(self, event: Event) -> None:
        """Add one event; ValueError, and nothing is added, if it does not match the plane."""
        if isinstance(event, Snapshot):
            self._check_plane(event)
        self.version += 1
        self.step = max(self.step, event.step)
        match event:
            case Started():
                self.experiment = read(event.experiment)
                self.requested = self.requested.with_steps(self.experiment.steps)
                self.environment = event.environment
                self.state, self.started = "running", True
            case Snapshot():
                self._add(event)
            case Metrics():
                for name, value in event.values.items():
                    steps, values = self._curves.setdefault(name, (array("d"), array("d")))
                    steps.append(event.step)
                    values.append(value)
                for effort in get_args(Effort):
                    if (amount := getattr(event, effort)) is not None:
                        steps, values = self._efforts.setdefault(effort, (array("d"), array("d")))
                        steps.append(event.step)
                        values.append(amount)
            case Progress():
                self.progress = event
                if event.final_share is not None:
                    self.state = "estimating"
            case TruthFound():
                self.truths[event.truth.quantity] = event.truth
                self.truth_missing, self.truths_failed = "", False
            case TruthMissing():
                self.truth_missing, self.truths_failed = event.message, event.failed
            case FlowMissing():
                self.flow_missing = event.message
            case Checkpoint():
                self.checkpoint = event
            case Paused():
                self.state = "paused"
            case Resumed():
                self.state = "running"
            case Ended():
                self.ended = event
                self.state = "stopped" if event.reason == "stopped" else "ended"
            case Failed():
                self.failed = event
                self.state = "failed"

    def _check_plane(self, snapshot: Snapshot) -> None:
        """Raise ValueError where arrays on the plane differ in shape from those that are there."""
        if snapshot.topic == "plane":
            others = [*self._newest.values(), *self._frame.values()]
        else:
            others = [plane] if (plane := self._newest.get("plane")) is not None else []
        ours = snapshot.dims()
        for other in others:
            theirs = other.dims()
            if any(
                ours.get(dim, theirs.get(dim)) != theirs.get(dim, ours.get(dim)) for dim in ("plane", "K")
            ):
                raise ValueError(f"{snapshot.topic}: arrays do not match the plane")

    def _add(self, snapshot: Snapshot) -> None:
        topic = snapshot.topic
        if snapshot.recorded:
            self._recorded.setdefault(topic, {})[snapshot.step] = snapshot
        if not find_topic(topic).frame:
            if topic not in self._newest or snapshot.step >= self._newest[topic].step:
                self._newest[topic] = snapshot
            return
        if any(pending.step != snapshot.step for pending in self._next_frame.values()):
            self._next_frame.clear()
        self._next_frame[topic] = snapshot
        if topic == "critic":  # the last topic of a frame
            if not self._frame or snapshot.step >= self._frame[topic].step:
                self._frame = dict(self._next_frame)
            self._next_frame.clear()
