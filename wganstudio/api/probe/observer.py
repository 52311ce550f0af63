"""Observer: when a probe records, and what."""

import math
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from wganstudio.api.probe.adapters import Draw, ProbedCritic, SampledDistribution, unwrapped
from wganstudio.api.probe.budget import Budget, Clock
from wganstudio.api.probe.isolation import Isolation
from wganstudio.api.probe.measurements import Measurements
from wganstudio.api.probe.reachable import reachable_modules
from wganstudio.experiment import Experiment, read
from wganstudio.experiment.truths import FromSamplesOptions
from wganstudio.ot.exact import exact_transport
from wganstudio.training.device import environment
from wganstudio.training.events import Ended, Event, Metrics, Started
from wganstudio.training.producers import NotFinite

Kind = Literal["curves", "frame", "truth"]
PARTS: dict[Kind, float] = {"curves": 0.5, "frame": 0.3, "truth": 0.2}
"""The part of the budget of each kind of recording."""
GROWTH: dict[Kind, float] = {"curves": 1.0, "frame": 1.2, "truth": 1.5}
"""The least ratio of the steps of two recordings of a kind."""
SAMPLES, FINAL_SAMPLES = 2048, 16_384
"""Fresh samples of a point of the curves, and of the final estimates."""
RESOLUTION = 64
"""Points on the longer side of the plane."""
TRUTH, FINAL_TRUTH = (
    FromSamplesOptions(samples=256, repeats=2),
    FromSamplesOptions(samples=1024, repeats=4),
)
"""W1 between samples, during the loop and at its end."""


class Observer:
    """Records a critic as its loop goes on; everything that it calls is isolated from the loop.

    Parameters
    ----------
    critic : nn.Module
        The critic, perhaps wrapped for parallel training.
    real, fake : callable
        The samplers.
    settings : dict
        Settings of the solver: penalty and one_sided.
    modules : sequence of nn.Module
        Further modules whose buffers to keep.
    every : int
        Steps between two points of the curves.
    budget : float
        Share of the time of the loop.
    seed : int
        Seed of the samples.
    name : str
        Name of the run.
    clock : callable, optional
        Returns the time in seconds.
    """

    def __init__(
        self,
        critic: nn.Module,
        real: Draw,
        fake: Draw,
        settings: dict[str, Any],
        *,
        modules: Sequence[nn.Module],
        every: int,
        budget: float,
        seed: int,
        name: str,
        clock: Clock = time.perf_counter,
    ) -> None:
        self._module, self._every, self._seed = unwrapped(critic), every, seed
        default = torch.get_default_dtype()
        device = ProbedCritic(self._module, (1,), default).device
        self._isolation = Isolation(
            self._module, (*reachable_modules((real, fake)), *_all_modules(modules)), (device,)
        )
        self._clock, self._begun = clock, clock()
        self.budget = Budget(budget, {str(kind): share for kind, share in PARTS.items()}, clock)
        self._recordings = 0
        self._next: dict[Kind, int] = dict.fromkeys(PARTS, 0)
        self._due = 0
        self._recorded: dict[Kind, int] = {}
        self._last = -1
        self._take: Callable[[Event], None] = lambda event: None
        with self._isolation.entered(seed):
            p, q = (SampledDistribution(*named, default) for named in (("real", real), ("fake", fake)))
            if p.shape != q.shape:
                raise ValueError(
                    f"real returns samples of shape {list(p.shape)}, fake of {list(q.shape)}; "
                    "they must have one shape."
                )
            self._critic = ProbedCritic(self._module, p.shape, default)
            self.experiment = _experiment(p.dim, settings, every, seed, name)
            self._measure = Measurements(self.experiment, self._critic, p, q, self._seconds)
        exact_transport(np.zeros((1, 1)))  # POT is imported at the first call
        for kind in PARTS:  # to learn what each costs, and to find mistakes before the loop begins
            self._record(kind, 0)
        self._recorded, self._next = {}, dict.fromkeys(PARTS, 0)
        self._measure = Measurements(self.experiment, self._critic, p, q, self._seconds)

    def begin(self, take: Callable[[Event], None]) -> None:
        """Send all events to `take` from now on."""
        self._take = take
        take(
            Started(
                experiment=self.experiment.settings(),
                environment=environment(self._critic.device, torch.get_num_threads()),
                steps=0,
            )
        )

    def step(self, step: int) -> None:
        """Record what is due and what the budget allows."""
        if step <= self._last:
            if step == self._last:
                return
            raise ValueError(f"step {step:,} comes after step {self._last:,}; the steps must ascend.")
        self.budget.start()
        self._last = step
        if step < self._due:
            return
        for kind in PARTS:
            forced = kind not in self._recorded and kind != "truth"  # the first step is always recorded
            if step >= self._next[kind] and (forced or self.budget.affords(kind)):
                self._record(kind, step)
        self._due = min(self._next.values())

    def close(self, *, interrupted: bool = False) -> None:
        """Record the last step, with the final estimates; only the end of the run if it was interrupted."""
        step, estimates = max(self._last, 0), {}
        if self._last >= 0 and not interrupted:
            for kind in ("curves", "frame"):
                if self._recorded.get(kind) != step:
                    self._record(kind, step)
            estimates = self._final_estimates(step)
        self._take(
            Ended(
                step=step,
                reason="stopped" if interrupted else "done",
                seconds=self._seconds(),
                estimates=estimates,
                gradient={},
            )
        )

    def _record(self, kind: Kind, step: int) -> None:
        """Make a recording and charge its time to the budget."""
        device = self._critic.device
        if device.type != "cpu":  # the time of the loop's own work that is still under way is not charged
            torch.accelerator.synchronize(device)
        with self.budget.charged(kind):
            self._isolated(self._events(kind, step), step)
        self._recorded[kind] = step
        after = max(step + 1, math.ceil(step * GROWTH[kind]))
        self._next[kind] = math.ceil(after / self._every) * self._every

    def _events(self, kind: Kind, step: int) -> Iterator[Event]:
        match kind:
            case "curves":
                return self._measure.curves(step)
            case "frame":
                return self._measure.frame(step)
            case "truth":
                return self._measure.truth(step, TRUTH)

    def _final_estimates(self, step: int) -> dict[str, float]:
        """Record W1 between many samples; return gap, value and the bounds."""
        estimates: dict[str, float] = {}
        self._isolated(self._final_events(step, estimates), step)
        return estimates

    def _final_events(self, step: int, estimates: dict[str, float]) -> Iterator[Event]:
        for event in self._measure.truth(step, FINAL_TRUTH):
            if isinstance(event, Metrics):
                estimates |= event.values
            yield event
        estimates |= self._measure.costs(step, FINAL_SAMPLES)
        estimates.pop("penalty", None)

    def _isolated(self, events: Iterator[Event], step: int) -> None:
        """Make events without a trace in the loop, and take them; warn where a number is not finite."""
        self._recordings += 1
        try:
            with self._isolation.entered(self._seed + self._recordings):
                made = list(events)
        except NotFinite:
            message = f"The critic or its samples are not finite at step {step:,}; it was not recorded."
            warnings.warn(message, RuntimeWarning, stacklevel=5)
            return
        for event in made:
            self._take(event)

    def _seconds(self) -> float:
        return self._clock() - self._begun


def _all_modules(modules: Sequence[nn.Module]) -> list[nn.Module]:
    return [part for module in modules for part in module.modules()]


def _experiment(dim: int, settings: dict[str, Any], every: int, seed: int, name: str) -> Experiment:
    return read(
        {
            "about": {"name": name},
            "pair": {"kind": "external", "dim": dim},
            "critic": {"kind": "external"},
            "solver": {"kind": "external", **settings},
            "generator": {"kind": "external"},
            "truth": {"kind": "samples", "samples": FINAL_TRUTH.samples, "repeats": FINAL_TRUTH.repeats},
            "training": {"seed": seed, "batch": 1},
            "evaluation": {
                "interval": every,
                "samples": SAMPLES,
                "final_samples": FINAL_SAMPLES,
                "resolution": RESOLUTION,
                "descent_steps": 0,
            },
        }
    )
