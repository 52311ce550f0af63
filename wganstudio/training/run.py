"""Run: trains the critic of one experiment and says what happens, event by event."""

import math
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from wganstudio.experiment import Experiment
from wganstudio.fields.critic import see
from wganstudio.fields.plane import Plane, plane_of
from wganstudio.fields.sigma import sigma_on
from wganstudio.pairs.base import Pair, Stream, generator
from wganstudio.solvers.base import Solver
from wganstudio.training.commands import Command, Pause, Resume, Step, Stop, Watch
from wganstudio.training.device import choose, environment
from wganstudio.training.estimates import GradientJudge, estimate
from wganstudio.training.events import (
    Checkpoint,
    Ended,
    Event,
    Failed,
    Fields,
    Paused,
    Progress,
    Resumed,
    Scalars,
    Scene,
    Slopes,
    Started,
    as_float32,
)
from wganstudio.training.flow import flow_error
from wganstudio.training.goal import Goal
from wganstudio.training.slopes import SlopeGauge
from wganstudio.truth.best import refuse_closed

SHOWN_SAMPLES = 1000
LIVE_SHARE = 0.2
"""Share of the time that live frames may take."""
LIVE_PERIOD = 0.04
PROGRESS_PERIOD = 0.1

Inbox = SimpleQueue[Command]


class NotFinite(Exception):
    """The objective left the finite numbers."""


class Run:
    """One training: `events()` yields everything it says, from Started to Ended or Failed.

    Commands are put into `inbox` by another thread, or beforehand. What is recorded depends on the
    experiment alone, never on the clock: the curves are measured and the frames kept at fixed steps, from
    sources of chance of their own, so that looking changes nothing. `watched` names the live events that are
    wanted.
    """

    def __init__(
        self, experiment: Experiment, inbox: Inbox | None = None, *, watched: frozenset[str] = frozenset()
    ) -> None:
        training = experiment.training
        self.device = choose(training)
        torch.set_num_threads(training.threads)
        self.pair: Pair = experiment.build_pair(self.device)
        refuse_closed(self.pair)
        self.steps = experiment.steps
        self._seed = training.seed
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(training.seed)
            critic = experiment.network.build(self.pair.dim).to(self.device)
            self.solver: Solver = experiment.solver.build(
                critic, steps=self.steps, batch=training.batch, generator=self._chance("solver")
            )
        self.solver.sigma = self.pair.sigma
        filled = {"pair": self.pair.options, "critic": critic.options}
        filled["training"] = training.model_copy(update={"steps": self.steps})
        self.experiment = experiment.model_copy(update=filled)
        self._goal = Goal(experiment)
        self._inbox: Inbox = SimpleQueue() if inbox is None else inbox
        self._done = 0
        self._paused = self._stopped = self._reached = False
        self._watched = watched
        self._pause_at = -1

    def events(self) -> Iterator[Event]:
        """The whole run, event by event; the caller's pace is the run's pace."""
        began = time.monotonic()
        yield Started(
            experiment=self.experiment.settings(),
            environment=environment(self.device, self.experiment.training.threads),
            steps=self.steps,
        )
        yield self._scene()
        self._streams = self._stream("p"), self._stream("q")
        self.solver.begin(*self._streams)
        sigma, count = self.pair.sigma, self.experiment.evaluation.samples
        of_p, of_q = self._stream("p", "slopes "), self._stream("q", "slopes ")
        self._gauge = SlopeGauge(of_p, of_q, sigma, self._chance("slopes sigma"), count)
        yield from self._pictures(keep=True)
        self._measures = self._stream("p", "measure "), self._stream("q", "measure ")
        self._measure_chance = self._chance("measure sigma")
        self._judge = self._gradient_judge("judge")
        good = self._weights()
        try:
            for event in self._train():
                if isinstance(event, Scalars):
                    good = self._weights()
                yield event
            final, slopes = self._final(), self._slopes(keep=True)
        except NotFinite:
            yield good
            message = f"The critic left the finite numbers at step {self._done}; step {good.step} is kept. "
            message += "Lower the learning rate or the penalty."
            yield Failed(step=self._done, message=message, cause="numbers")
            return
        yield self._fields(keep=True)
        yield slopes
        yield self._weights()
        last = {"seconds": time.monotonic() - began, "lipschitz": slopes.lipschitz}
        yield final.model_copy(update=last)

    def _train(self) -> Iterator[Event]:
        clock = _Clock()
        yield self._scalars()
        while self._done < self.steps:
            for command in self._commands():
                yield from self._obey(command)
            if self._stopped:
                return
            objective = self.solver.step(*self._streams)
            self._done += 1
            if self.device.type == "cpu" and not math.isfinite(objective):
                raise NotFinite
            yield from self._look(clock)
            if self._reached:
                return
            if self._done == self._pause_at:
                yield from self._obey(Pause())

    def _look(self, clock: "_Clock") -> Iterator[Event]:
        """What there is to say after a step: at fixed steps to be recorded, now and then to be shown."""
        kept = is_logarithmic(self._done)
        if kept or self._done % self.experiment.evaluation.every == 0 or self._done == self.steps:
            yield self._scalars()
        if kept and self._done < self.steps:
            yield from self._pictures(keep=True)
            yield self._weights()
        elif self._watched and clock.frame_due():
            yield from self._pictures(keep=False)
            clock.frame_made()
        if clock.progress_due() or self._done == self.steps:
            rate = clock.rate(self._done)
            eta = (self.steps - self._done) / rate if rate else 0.0
            yield Progress(step=self._done, steps=self.steps, rate=rate, eta=eta)

    def _commands(self) -> Iterator[Command]:
        """What was said meanwhile; while paused, waits for it."""
        while True:
            try:
                yield self._inbox.get(block=self._paused)
            except Empty:
                return
            if self._stopped:
                return

    def _obey(self, command: Command) -> Iterator[Event]:
        match command:
            case Pause() if not self._paused:
                self._paused, self._pause_at = True, -1
                yield from self._pictures(keep=False)
                yield Progress(step=self._done, steps=self.steps, rate=0.0, eta=0.0)
                yield Paused(step=self._done)
            case Resume() if self._paused:
                self._paused = False
                yield Resumed(step=self._done)
            case Step(count) if count > 0:
                self._pause_at = self._done + count
                if self._paused:
                    self._paused = False
                    yield Resumed(step=self._done)
            case Stop():
                self._stopped, self._paused = True, False
            case Watch(kinds):
                self._watched = kinds
                if self._paused:
                    yield from self._pictures(keep=False)

    def _scene(self) -> Scene:
        cpu = torch.device("cpu")
        here = self.pair if self.device == cpu else self.experiment.build_pair(cpu)
        self.plane: Plane
        self.plane, of_p, of_q = plane_of(here, self.experiment.evaluation, self._seed)
        self._points, self._axes = (
            torch.as_tensor(array, dtype=torch.float32, device=self.device)
            for array in (self.plane.points(), self.plane.axes)
        )
        sigma, method = sigma_on(self.plane, self.pair, self._seed, self.device)
        arrays = {
            "origin": self.plane.origin, "axes": self.plane.axes, "x": self.plane.x, "y": self.plane.y,
            "sigma": sigma,
            "samples_p": self.plane.project(of_p[:SHOWN_SAMPLES]),
            "samples_q": self.plane.project(of_q[:SHOWN_SAMPLES]),
        }  # fmt: skip
        if self.pair.potential is not None:
            gradient = self.pair.potential.gradient(self._points)
            arrays["potential"] = self._on_plane(self.pair.potential.value(self._points))
            arrays["potential_slope"] = self._on_plane(torch.linalg.vector_norm(gradient, dim=1))
        arrays = {name: as_float32(array) for name, array in arrays.items()}
        return Scene(arrays=arrays, labels=self.plane.labels, sigma_method=method)

    def _pictures(self, *, keep: bool) -> Iterator[Event]:
        """What the critic looks like: all of it to be kept, otherwise what is watched."""
        if keep or "fields" in self._watched:
            yield self._fields(keep=keep)
        if keep or "slopes" in self._watched:
            yield self._slopes(keep=keep)

    def _slopes(self, *, keep: bool) -> Slopes:
        arrays, lipschitz = self._gauge.read(self.solver.critic)
        if keep and not math.isfinite(lipschitz.empirical + lipschitz.largest_slope):
            raise NotFinite
        return Slopes(step=self._done, arrays=arrays, lipschitz=lipschitz, keep=keep)

    def _fields(self, *, keep: bool) -> Fields:
        seen = see(self.solver.critic, self._points, self._axes)
        arrays = {name: self._on_plane(values) for name, values in seen._asdict().items()}
        return Fields(step=self._done, arrays=arrays, keep=keep)

    def _on_plane(self, values: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        """Values [..., n] of the points, shaped like the plane."""
        return as_float32(values.cpu().numpy().reshape(*values.shape[:-1], *self.plane.shape))

    def _scalars(self) -> Scalars:
        count = self.experiment.evaluation.samples
        values = estimate(self.solver, *self._measures, self._measure_chance, count)
        if self._judge is not None:
            values |= self._judge.judge(self.solver)
        if not all(map(math.isfinite, values.values())):
            raise NotFinite
        self._reached = self._goal.reached(values)
        return Scalars(step=self._done, values=values)

    def _final(self) -> Ended:
        """The final estimates, on samples no other number has seen."""
        p, q = self._stream("p", "final "), self._stream("q", "final ")
        chance = self._chance("final sigma")
        estimates = estimate(self.solver, p, q, chance, self.experiment.evaluation.final_samples)
        estimates.pop("penalty", None)
        judge = self._gradient_judge("final judge")
        gradient = judge.judge(self.solver) if judge is not None else {}
        if not all(map(math.isfinite, (*estimates.values(), *gradient.values()))):
            raise NotFinite
        reason = "stopped" if self._stopped else self._goal.rule if self._reached else "done"
        flow = flow_error(self.pair, self.solver, self.device)
        return Ended(
            step=self._done, reason=reason, seconds=0.0, estimates=estimates, gradient=gradient, flow=flow
        )

    def _gradient_judge(self, purpose: str) -> GradientJudge | None:
        if self.pair.potential is None:
            return None
        points = self.solver.judged
        if points is None:
            points = self.pair.p.sample(self.experiment.evaluation.samples, self._chance(purpose))
        return GradientJudge(self.pair, points)

    def _weights(self) -> Checkpoint:
        state = self.solver.critic.state_dict()
        arrays = {name: as_float32(weight.cpu().numpy()).copy() for name, weight in state.items()}
        return Checkpoint(step=self._done, arrays=arrays)

    def _stream(self, law: Literal["p", "q"], purpose: str = "") -> Stream:
        """One of the laws as it is transported."""
        confined = self.pair.sigma.confined(getattr(self.pair, law))
        return Stream(confined, self._chance(purpose + law))

    def _chance(self, purpose: str, k: int = 0) -> torch.Generator:
        return generator(self.device, self._seed, k, *purpose.encode())


class _Clock:
    """When the next live frame and the next word on progress are due."""

    def __init__(self) -> None:
        self._progress = self._asked = self._frame_after = 0.0
        self._marks = [(time.monotonic(), 0)]

    def frame_due(self) -> bool:
        self._asked = time.monotonic()
        return self._asked >= self._frame_after

    def frame_made(self) -> None:
        """The next one is due when this one's cost is LIVE_SHARE of the time."""
        now = time.monotonic()
        self._frame_after = now + max(LIVE_PERIOD, (now - self._asked) * (1 / LIVE_SHARE - 1))

    def progress_due(self) -> bool:
        return time.monotonic() - self._progress >= PROGRESS_PERIOD

    def rate(self, step: int) -> float:
        """Steps per second over about the last five seconds."""
        self._progress = now = time.monotonic()
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[0][0] > 5.0:
            self._marks.pop(0)
        (then, before), (_, present) = self._marks[0], self._marks[-1]
        return (present - before) / (now - then) if now > then else 0.0


def is_logarithmic(step: int) -> bool:
    """Whether a step is 1, 2 or 5 times a power of ten: the steps whose frames are kept."""
    return step > 0 and step in (10 ** int(math.log10(step) + 1e-9) * k for k in (1, 2, 5))
