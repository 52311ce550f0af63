"""Run: trains the critic of one experiment and says what happens, event by event."""

import math
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Literal

import torch

from wganstudio.critics.composite import Composite
from wganstudio.critics.generators import Generator
from wganstudio.experiment import Experiment
from wganstudio.experiment.options import Options
from wganstudio.pairs.base import Pair, Sampler, make_rng
from wganstudio.solvers.base import Solver
from wganstudio.training.commands import Command, Pause, Resume, Step, Stop, Watch
from wganstudio.training.composite_training import CompositeTrainer
from wganstudio.training.device import choose, environment
from wganstudio.training.estimates import estimate
from wganstudio.training.events import (
    Checkpoint,
    Ended,
    Event,
    Failed,
    Paused,
    Progress,
    Resumed,
    Scalars,
    Started,
    as_float32,
)
from wganstudio.training.flow import flow_error
from wganstudio.training.frame_rate import FrameLimiter
from wganstudio.training.frames import FrameSampler, NotFinite
from wganstudio.training.generator_training import AdversarialTrainer, GeneratorTrainer, NoGenerator
from wganstudio.training.metrics import Evaluator, MomentEvaluator, evaluators
from wganstudio.training.regularization_checks import RegularizationChecks
from wganstudio.training.stopping import StoppingCriterion
from wganstudio.truths.best import refuse_closed

Inbox = SimpleQueue[Command]


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
            self.experiment = experiment
            self.solver = self._solver()
            self._generating = self._generator_of(experiment)
        filled: dict[str, Options] = {"pair": self.pair.options, "critic": self.solver.critic.options}
        filled |= self._generating.filled | {"training": training.model_copy(update={"steps": self.steps})}
        self.experiment = experiment.model_copy(update=filled)
        self._goal = StoppingCriterion(experiment)
        self._inbox: Inbox = SimpleQueue() if inbox is None else inbox
        self._done = 0
        self._paused = self._stopped = self._reached = False
        self._watched = watched
        self._pause_at = -1

    def events(self) -> Iterator[Event]:
        """The whole run, event by event; the caller's pace is the run's pace."""
        began, busy = time.monotonic(), time.process_time()
        yield Started(
            experiment=self.experiment.settings(),
            environment=environment(self.device, self.experiment.training.threads),
            steps=self.steps,
        )
        self.pictures = FrameSampler(
            self.pair, self.experiment, self.device, self._rng, self._generating.moves
        )
        self._study = RegularizationChecks(self.pair, self._seed)
        yield self.pictures.scene()
        self._streams = self._stream("p"), self._generating.stream(self._stream("q"))
        self.solver.begin(*self._streams)
        self._generating.begin(self.pair, self.solver, self._seed)
        yield from self._views(keep=True)
        self._measures = self._stream("p", "measure "), self._stream("q", "measure ")
        self._measure_rng = self._rng("measure sigma")
        self._judges = self._judges_of("")
        good = self._weights()
        try:
            for event in self._train():
                if isinstance(event, Scalars):
                    good = self._weights()
                yield event
            numbers = self._estimates()
            yield from self._finish()
            final = self._final(*numbers)
            fields = self.pictures.fields(self.solver, self._done, keep=True)
            slopes = self.pictures.slopes(self.solver.critic, self._done, keep=True)
            promises = self._study.look(self.solver, self._done, last=True)
        except NotFinite:
            yield good
            message = f"The critic left the finite numbers at step {self._done}; step {good.step} is kept. "
            message += "Lower the learning rate or the penalty."
            yield Failed(step=self._done, message=message, cause="numbers")
            return
        yield fields
        yield slopes
        if promises is not None:
            yield promises
        yield self._weights()
        last: dict[str, object] = {"seconds": time.monotonic() - began, "lipschitz": slopes.lipschitz}
        yield final.model_copy(update=last | {"processor_seconds": time.process_time() - busy})

    def _train(self) -> Iterator[Event]:
        clock = FrameLimiter()
        yield self._scalars()
        while self._done < self.steps:
            for command in self._commands():
                yield from self._obey(command)
            if self._stopped:
                return
            self.solver = self._generating.follow(self.solver, self._done)
            objective = self.solver.step(*self._streams)
            self._done += 1
            if self.device.type == "cpu" and not math.isfinite(objective):
                raise NotFinite
            yield from self._look(clock)
            if self._reached:
                return
            if self._done == self._pause_at:
                yield from self._obey(Pause())

    def _look(self, clock: "FrameLimiter") -> Iterator[Event]:
        """What there is to say after a step: at fixed steps to be recorded, now and then to be shown."""
        kept = is_logarithmic(self._done) or self._generating.turns(self._done)
        if kept or self._done % self.experiment.evaluation.interval == 0 or self._done == self.steps:
            yield self._scalars()
        if kept and self._done < self.steps:
            yield from self._views(keep=True)
            yield self._weights()
        elif self._watched and clock.frame_due():
            yield from self._views(keep=False)
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
                yield from self._views(keep=False)
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
                    yield from self._views(keep=False)

    def _views(self, *, keep: bool) -> Iterator[Event]:
        """What the critic looks like: all of it to be kept, otherwise what is watched."""
        if keep or "fields" in self._watched:
            yield self.pictures.fields(self.solver, self._done, keep=keep)
        if keep or "slopes" in self._watched:
            yield self.pictures.slopes(self.solver.critic, self._done, keep=keep)
        if keep and (promises := self._study.look(self.solver, self._done)) is not None:
            yield promises

    def _scalars(self) -> Scalars:
        count = self.experiment.evaluation.samples
        values = estimate(self.solver, *self._measures, self._measure_rng, count)
        for judge in self._judges:
            values |= judge.judge(self.solver)
        values |= self._generating.look()
        if not all(map(math.isfinite, values.values())):
            raise NotFinite
        self._reached = self._goal.reached(values)
        return Scalars(step=self._done, values=values)

    def _estimates(self) -> tuple[dict[str, float], dict[str, float]]:
        """The solver's final estimates, and how near its gradient and its maps have come, on samples no other
        number has seen."""
        p, q = self._stream("p", "final "), self._stream("q", "final ")
        rng = self._rng("final sigma")
        estimates = estimate(self.solver, p, q, rng, self.experiment.evaluation.final_samples)
        estimates.pop("penalty", None)
        gradient: dict[str, float] = {}
        for judge in self._judges_of("final "):
            (estimates if isinstance(judge, MomentEvaluator) else gradient).update(judge.judge(self.solver))
        return estimates, gradient

    def _finish(self) -> Iterator[Event]:
        """What the generator still has to do: a last stage, and the network that learns all of them."""
        if self._generating.finish(self.solver, self._done):
            yield Scalars(step=self._done, values=self._generating.look())
        clock, began = FrameLimiter(), time.monotonic()
        for share in self._generating.distil():
            for command in self._commands():
                yield from self._obey(command)
            if self._stopped:
                return
            if clock.progress_due():
                eta = (time.monotonic() - began) * (1 / share - 1)
                yield Progress(step=self._done, steps=self.steps, rate=clock.rate(self._done), eta=eta)

    def _final(self, estimates: dict[str, float], gradient: dict[str, float]) -> Ended:
        """Those, and how near its flow and the generator have come."""
        estimates |= self._generating.look()
        if not all(map(math.isfinite, (*estimates.values(), *gradient.values()))):
            raise NotFinite
        reason = "stopped" if self._stopped else self._goal.rule if self._reached else "done"
        flow = {} if self._generating.moves else flow_error(self.pair.clean, self.solver, self.device)
        return Ended(
            step=self._done, reason=reason, seconds=0.0, estimates=estimates, gradient=gradient, flow=flow
        )

    def _judges_of(self, purpose: str) -> list[Evaluator]:
        count = self.experiment.evaluation.samples
        return evaluators(self.pair, self.solver, count, lambda name: self._rng(purpose + name))

    def _weights(self) -> Checkpoint:
        state = self.solver.critic.state_dict() | self._generating.state()
        arrays = {name: as_float32(weight.cpu().numpy()).copy() for name, weight in state.items()}
        return Checkpoint(step=self._done, arrays=arrays)

    def _solver(self, stage: int = 0) -> Solver:
        """A critic as torch's global source of chance has it, and what is to train it."""
        e = self.experiment
        made: Solver = e.solver.build(
            e.network.build(self.pair.dim).to(self.device),
            steps=e.generator.solver_steps(self.steps),
            batch=e.training.batch,
            generator=self._rng("solver", stage),
        )
        made.sigma = self.pair.sigma
        return made

    def _renewed(self, stage: int) -> Solver:
        """Another critic and solver, which begin on what Q has become."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._rng("stage", stage).initial_seed())
            made = self._solver(stage)
        made.begin(*self._streams)
        return made

    def _generator_of(self, experiment: Experiment) -> NoGenerator:
        """What trains the generator, if there is one; Q is then what that makes."""
        made: Generator | Composite | None = experiment.generator.build(self.pair.dim)
        if made is None:
            return NoGenerator()
        batch, rng = experiment.training.batch, self._rng("generator")
        made.to(self.device)
        if isinstance(made, Composite):
            made.begin(self.pair.q)
            found: GeneratorTrainer = CompositeTrainer(made, self.steps, batch, rng, self._renewed)
        else:
            made.begin(self._stream("q", "generator start "))
            found = AdversarialTrainer(made, batch, rng)
        self.pair.q, self.pair.potential, self.pair.move = found.shown, None, None
        return found

    def _stream(self, law: Literal["p", "q"], purpose: str = "") -> Sampler:
        """One of the laws as it is transported."""
        confined = self.pair.sigma.confined(getattr(self.pair, law))
        return Sampler(confined, self._rng(purpose + law))

    def _rng(self, purpose: str, k: int = 0) -> torch.Generator:
        return make_rng(self.device, self._seed, k, *purpose.encode())


def is_logarithmic(step: int) -> bool:
    """Whether a step is 1, 2 or 5 times a power of ten: the steps whose frames are kept."""
    return step > 0 and step in (10 ** int(math.log10(step) + 1e-9) * k for k in (1, 2, 5))
