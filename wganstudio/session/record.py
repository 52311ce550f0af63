"""RunRecord: what is known of one run, live or reopened; the views and the exports draw from it alone."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import Experiment, read
from wganstudio.training.events import (
    Checkpoint,
    Ended,
    Event,
    Failed,
    Fields,
    Flow,
    FlowMissing,
    Paused,
    Progress,
    Promises,
    Resumed,
    Scalars,
    Scene,
    Slopes,
    Started,
    TruthFound,
    TruthMissing,
)
from wganstudio.truths import Quantity, Truth

State = Literal["waiting", "running", "paused", "ended", "stopped", "failed"]


class RunRecord:
    """One run, built by applying its events in order; `version` grows with every one applied."""

    def __init__(self, run: int, experiment: Experiment, name: str = "") -> None:
        self.run = run
        self._name = name
        self.experiment = experiment
        """As asked for; once started, with every `auto` filled in."""
        self.state: State = "waiting"
        self.version = 0
        self.step = 0
        self.environment: dict[str, Any] = {}
        self.scene: Scene | None = None
        self.frame: Fields | None = None
        """The newest frame, kept or not."""
        self.frames: dict[int, Fields] = {}
        """The kept frames by step."""
        self.slopes: Slopes | None = None
        """The newest, kept or not; none where the run is of before they were measured."""
        self.kept_slopes: dict[int, Slopes] = {}
        """The kept ones by step."""
        self.promises: dict[int, Promises] = {}
        """By step, of solvers whose transport is smoothed."""
        self.truths: dict[Quantity, Truth] = {}
        self.truth_missing = ""
        self.flow: Flow | None = None
        self.flow_missing = ""
        """Why there is no flow."""
        self.checkpoint: Checkpoint | None = None
        self.progress: Progress | None = None
        self.ended: Ended | None = None
        self.failed: Failed | None = None
        self._curves: dict[str, tuple[list[int], list[float]]] = {}

    @property
    def name(self) -> str:
        """What the run is called: the user's name for it, the experiment's, or pair and solver."""
        experiment = self.experiment
        return self._name or experiment.about.name or f"{experiment.pair.name()}, {experiment.solver.name()}"

    def rename(self, name: str) -> None:
        """Give the run a name; an empty one brings back its own."""
        self._name = name
        self.version += 1

    @property
    def steps(self) -> int:
        """Steps asked for."""
        return self.experiment.steps

    @property
    def over(self) -> bool:
        """Whether the run says no more."""
        return self.state in ("ended", "stopped", "failed")

    def curve(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Steps and values of one scalar ("gap", "value_se", ...), by step; empty if there is none."""
        steps, values = self._curves.get(name, ([], []))
        return np.asarray(steps, float), np.asarray(values, float)

    def last(self, name: str) -> float | None:
        """The newest value of one scalar."""
        return self._curves[name][1][-1] if name in self._curves else None

    def apply(self, event: Event) -> None:
        """Take in one event; ValueError, and nothing is taken in, if it does not fit the scene."""
        if isinstance(event, Fields | Flow) and self.scene is not None:
            event.fit("u" if isinstance(event, Fields) else "sigma", shape=self.scene.arrays["sigma"].shape)
        if isinstance(event, Scene) and self.flow is not None:
            self.flow.fit("sigma", shape=event.arrays["sigma"].shape)
        self.version += 1
        self.step = max(self.step, event.step)
        match event:
            case Started():
                self.experiment = read(event.experiment)
                self.environment = event.environment
                self.state = "running"
            case Scene():
                self.scene = event
            case Scalars():
                for name, value in event.values.items():
                    steps, values = self._curves.setdefault(name, ([], []))
                    steps.append(event.step)
                    values.append(value)
            case Fields():
                if self.frame is None or event.step >= self.frame.step:
                    self.frame = event
                if event.keep:
                    self.frames[event.step] = event
            case Slopes():
                if self.slopes is None or event.step >= self.slopes.step:
                    self.slopes = event
                if event.keep:
                    self.kept_slopes[event.step] = event
            case Promises():
                self.promises[event.step] = event
            case Progress():
                self.progress = event
            case TruthFound():
                self.truths[event.truth.quantity] = event.truth
            case TruthMissing():
                self.truth_missing = event.message
            case Flow():
                self.flow = event
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
