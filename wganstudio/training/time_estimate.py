"""How long a run will take on this machine, from the speed of earlier runs or of a short benchmark."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from wganstudio.experiment import Experiment, read
from wganstudio.experiment.sizes import Workload
from wganstudio.training.memory_estimate import may_use_gpu

OVERHEAD = 3.5e6
"""The work of a step, in weights times points, that takes as long as what does not grow with it."""
UPDATE = 120
"""Points that take as long to pass through the weights as their update by the optimizer."""
ENTRY = 4.4
"""The work of one number that a step keeps: an activation, or a cost of a table."""
FINAL = 0.36
"""The work of one point through one weight in the final estimates, which need no gradient of the weights."""
SIMILAR = 30.0
"""The largest ratio of the work of two runs of one shape of which one tells the speed of the other."""
MAX_SPEEDS = 100
LEAST_STEPS = 20
"""A run of fewer steps tells no speed."""
BENCHMARKED = ("lp", "gp", "wc")
"""Solvers whose step is a few passes of the critic, as that of the benchmark."""

BENCHMARK: dict[str, Any] = {
    "training": {"steps": 20, "batch": 512},
    "evaluation": {"samples": 16, "final_samples": 1024, "resolution": 8},
}
"""The run that the trainer makes when it gets ready."""


@dataclass(frozen=True)
class Shape:
    """The settings that determine the time of one step."""

    solver: str
    critic: str
    generator: str
    device: str
    threads: int

    @classmethod
    def of(cls, experiment: Experiment) -> Self:
        """Return the shape of an experiment."""
        training = experiment.training
        parts = (experiment.solver, experiment.critic, experiment.generator)
        solver, critic, generator = (str(options.settings()["kind"]) for options in parts)
        device = training.device if may_use_gpu(training.device) else "cpu"
        return cls(solver, critic, generator, device, training.threads)


@dataclass(frozen=True)
class Speed:
    """The measured speed of a run."""

    shape: Shape
    step_work: float
    step_seconds: float
    final_work: float
    final_seconds: float


@dataclass(frozen=True)
class TimeEstimate:
    """Seconds that a run will take, final estimates included; `rough`: no run of its shape was measured."""

    seconds: float
    rough: bool = False

    def __str__(self) -> str:
        return f"about {duration(self.seconds)}{' (rough)' if self.rough else ''}"


class Speeds:
    """The speeds of earlier runs on this machine, newest last, and that of a benchmark."""

    def __init__(self, speeds: Iterable[Speed] = ()) -> None:
        self._speeds = list(speeds)
        self.benchmark: Speed | None = None
        """The speed of a small run that the trainer makes when it gets ready."""

    def add(self, speed: Speed) -> None:
        """Add the speed of a run, in place of the one with the same shape and work."""
        same = (speed.shape, speed.step_work, speed.final_work)
        kept = [one for one in self._speeds if (one.shape, one.step_work, one.final_work) != same]
        self._speeds = [*kept, speed][-MAX_SPEEDS:]

    def estimate(self, experiment: Experiment) -> TimeEstimate | None:
        """Return how long an experiment will take; None where that is not known.

        The speed is that of the run with the same shape whose work is the most similar, within a factor
        SIMILAR; the time of a step grows with its work beyond OVERHEAD.
        """
        work = work_of(experiment)
        if work is None:
            return None
        shape, (step, final) = Shape.of(experiment), work
        known = [one for one in self._speeds if one.shape == shape and _ratio(one.step_work, step) <= SIMILAR]
        if known:
            nearest = min(reversed(known), key=lambda one: _ratio(one.step_work, step))
            return TimeEstimate(_seconds(nearest, experiment.steps, step, final))
        benchmark = self.benchmark
        if benchmark is None or not _is_like_benchmark(shape, benchmark.shape):
            return None
        return TimeEstimate(_seconds(benchmark, experiment.steps, step, final), rough=True)

    def to_json(self) -> str:
        """Return the speeds of runs as text."""
        return json.dumps([asdict(speed) for speed in self._speeds])

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the speeds of such a text; none for any other."""
        try:
            return cls([Speed(**{**one, "shape": Shape(**one["shape"])}) for one in json.loads(text)])
        except (ValueError, TypeError, LookupError, RecursionError):
            return cls()


def work_of(experiment: Experiment) -> tuple[float, float] | None:
    """Return the work of a step and that of the final estimates; None where files tell the size of the pair.

    The unit is one point through one weight, or one number of a table of costs. The live evaluations are a
    part of the steps.
    """
    size = experiment.pair.size()
    if size is None:
        return None
    network, solver, evaluation = experiment.network, experiment.solver, experiment.evaluation
    batch = experiment.training.batch
    critic = network.size(size.dim)
    load = Workload(critic, size, batch, evaluation.final_samples, images=network.convolutional)
    weights = sum(one.weights for one in solver.networks(load)) + experiment.generator.size(size.dim).weights
    reuse = critic.units // max(size.dim, 1) if network.convolutional else 1  # a weight meets many pixels
    step = (batch + UPDATE) * weights * max(1, reuse) + ENTRY * solver.step_size(load)
    live = FINAL * evaluation.samples * critic.weights * max(1, reuse) / evaluation.interval
    final = FINAL * evaluation.final_samples * max(critic.weights, 1) * max(1, reuse)
    return float(step + live), float(final)


def measured(experiment: Experiment, step_seconds: float, final_seconds: float) -> Speed | None:
    """Return the speed of a run; None where its work is not known."""
    work = work_of(experiment)
    if work is None:
        return None
    return Speed(Shape.of(experiment), work[0], step_seconds, work[1], final_seconds)


def benchmark_speed(step_seconds: float) -> Speed | None:
    """Return the speed of the benchmark, whose steps have taken so long each."""
    speed = measured(read(BENCHMARK), step_seconds, 0.0)
    if speed is None:
        return None
    per_unit = step_seconds / (OVERHEAD + speed.step_work)
    return replace(speed, final_seconds=per_unit * speed.final_work)


def duration(seconds: float) -> str:
    """Return a time in words with one or two digits: "20 s", "3 min", "1.5 h"."""
    if seconds < 1.5:
        return "1 s"
    for unit, length in (("s", 1), ("min", 60), ("h", 3600), ("days", 86400)):
        number = seconds / length
        if number < 99 or unit == "days":
            break
    if unit == "s":
        return f"{number:.0f} s" if number < 10 else f"{5 * round(number / 5):.0f} s"
    return f"{number:.1f} {unit}" if number < 9.5 and round(number, 1) % 1 else f"{number:.0f} {unit}"


def _seconds(speed: Speed, steps: int, step: float, final: float) -> float:
    per_step = speed.step_seconds * (OVERHEAD + step) / (OVERHEAD + speed.step_work)
    return steps * per_step + speed.final_seconds * final / speed.final_work


def _ratio(one: float, other: float) -> float:
    return max(one + OVERHEAD, other + OVERHEAD) / (min(one, other) + OVERHEAD)


def _is_like_benchmark(shape: Shape, benchmark: Shape) -> bool:
    return shape.solver in BENCHMARKED and replace(shape, solver=benchmark.solver) == benchmark
