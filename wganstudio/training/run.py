"""Run: trains the critic of one experiment and yields its events."""

import math
import time
import weakref
from collections.abc import Iterator
from functools import partial
from queue import Empty, SimpleQueue
from typing import Literal

import torch
from torch import Tensor, nn

from wganstudio.critics.composite import Composite
from wganstudio.critics.generators import Generator
from wganstudio.experiment import Experiment
from wganstudio.experiment.options import Options
from wganstudio.pairs.base import GeneratedDistribution, Pair, Sampler, make_rng
from wganstudio.solvers.base import Solver, SolverContext
from wganstudio.training.commands import Command, Pause, Resume, SkipEstimates, Step, Stop, Watch
from wganstudio.training.composite_training import CompositeTrainer
from wganstudio.training.device import choose, environment, require_memory_for
from wganstudio.training.estimates import estimate, estimate_in_parts
from wganstudio.training.events import (
    Arrays,
    Checkpoint,
    Ended,
    Event,
    Failed,
    Metrics,
    Paused,
    Progress,
    Resumed,
    Snapshot,
    Started,
    TrainingState,
)
from wganstudio.training.flow import flow_error
from wganstudio.training.frame_rate import FrameLimiter
from wganstudio.training.frame_schedule import fixed_step, schedule
from wganstudio.training.generator_training import AdversarialTrainer, GeneratorTrainer, NoGenerator
from wganstudio.training.memory_peak import MemoryPeak
from wganstudio.training.metrics import Evaluator, MomentEvaluator, evaluators
from wganstudio.training.producers import NotFinite, Producers, RunContext, final_estimates
from wganstudio.training.resumable import ResumableRun, device_of
from wganstudio.training.run_clock import RunClock
from wganstudio.training.skipping import Told, until_skipped, with_progress
from wganstudio.training.stopping import StoppingCriterion
from wganstudio.training.topics import as_float32
from wganstudio.truths.best import require_open_path

Inbox = SimpleQueue[Command]
FRAME = frozenset({"critic"})
"""The topic that brings the whole frame with it."""


class Run(ResumableRun):
    """One training: `events()` yields all its events, from Started to Ended or Failed.

    Commands are put into `inbox` by another thread, or beforehand. Nothing that a run owns refers to the run,
    so that its memory is free once it is over. The recorded events depend on the
    experiment alone, never on the clock: curves and snapshots are made at fixed steps, from random streams of
    their own, so that observing a run never changes it.

    Parameters
    ----------
    experiment : Experiment
        On resuming the one that the state is of, perhaps with more or fewer steps.
    inbox : SimpleQueue of Command, optional
    live_topics : frozenset of str
        The topics whose live snapshots are wanted.
    resume : TrainingState, optional
        A state of the same experiment to continue from. `events()` then yields Started, and what an
        uninterrupted run would yield after the state.
    state_period : float, optional
        Seconds between two states; None for no states.
    check_memory : bool
        Raise NotEnoughMemory, before anything large is allocated, where too little is available.
    keep_frames : bool
        Record frames between the fixed steps; False where nobody keeps them.
    """

    def __init__(
        self,
        experiment: Experiment,
        inbox: Inbox | None = None,
        *,
        live_topics: frozenset[str] = frozenset(),
        resume: TrainingState | None = None,
        state_period: float | None = None,
        check_memory: bool = False,
        keep_frames: bool = True,
    ) -> None:
        super().__init__(state_period)
        training = experiment.training
        before = None if resume is None else device_of(resume)
        # What was on the CPU stays there: its state does not tell which tensors an accelerator would hold.
        self.device = torch.device("cpu") if before == "cpu" else choose(training)
        self._moved_from = before if before not in (None, self.device.type) else None
        torch.set_num_threads(training.threads)
        self.pair: Pair = experiment.build_pair(self.device)
        if check_memory:
            require_memory_for(experiment, self.pair, self.device)
        require_open_path(self.pair)
        self.steps, self._seed = experiment.steps, training.seed
        self._rng = partial(_make_rng, self.device, training.seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(training.seed)
            self.experiment = experiment
            self.solver = self._make_solver()
            self._generator = self._make_generator_trainer(experiment)
        filled: dict[str, Options] = {"pair": self.pair.options, "critic": self.solver.critic.options}
        filled |= self._generator.filled | {"training": training.model_copy(update={"steps": self.steps})}
        self.experiment = experiment.model_copy(update=filled)
        self._criterion = StoppingCriterion(experiment)
        self._inbox: Inbox = SimpleQueue() if inbox is None else inbox
        self._paused = self._stopped = self._reached = self._skipped = False
        self._live_topics, self._resume = live_topics, resume
        self._keep_frames = keep_frames
        self._frame_steps: frozenset[int] = frozenset()
        self._pause_at = -1

    def events(self) -> Iterator[Event]:
        """Yield the events of the whole run; the run waits while the caller does."""
        self._clock, self._memory = RunClock(), MemoryPeak(self.device)
        if self._resume is None:
            yield self._started()
            yield from self._begin()
            self._finite = self._checkpoint()
        else:
            self._prepare()
            self._restore(self._resume)
            self._plan_frames(self.snapshots(recorded=False, topics=FRAME))
            yield self._started()
        self._evaluators = self._evaluators_for("")
        try:
            for event in self._train():
                if isinstance(event, Metrics):
                    self._finite = self._checkpoint()
                yield event
            estimates, gradient = yield from self._final_estimates()
            yield from self._finish()
            ended = self._ended(estimates, gradient)
            snapshots = self._producers.snapshots(self.solver, self._step, recorded=True, last=True)
        except NotFinite:
            kept = self._finite.step
            yield self._finite
            message = f"The critic is no longer finite at step {self._step}; step {kept} was kept. "
            message += "Lower the learning rate or the penalty."
            yield Failed(step=self._step, message=message, cause="numbers")
            return
        yield from snapshots
        yield self._checkpoint()
        norms = next(snapshot for snapshot in snapshots if snapshot.topic == "gradient-norms")
        yield ended.model_copy(
            update={
                "seconds": self._clock.seconds,
                "processor_seconds": self._clock.processor_seconds,
                "memory_peak": self._memory.bytes,
                "device_memory_peak": self._memory.device_bytes,
                "lipschitz": norms.attributes,
                "estimates": ended.estimates | ({} if self._skipped else final_estimates(snapshots)),
            }
        )

    def networks(self, checkpoint: Arrays) -> dict[str, nn.Module]:
        """Return the networks as the state holds that the run continues from, without training.

        They are the critic, the generator and the map to P, as far as there are such. `checkpoint` are the
        weights at the end of a run, which a composite needs; empty for a run that goes on.
        """
        assert self._resume is not None
        self._clock, self._memory = RunClock(), MemoryPeak(self.device)
        self._prepare()
        self._restore(self._resume)
        prefix = "generator."
        weights = {
            name.removeprefix(prefix): torch.from_numpy(array.copy())
            for name, array in checkpoint.items()
            if name.startswith(prefix)
        }
        if weights and isinstance(self._generator, CompositeTrainer):
            self._generator.load_final(self.solver, self._step, weights)
        networks = {
            "critic": self.solver.critic,
            "generator": self._generator.network(),
            "map": self.solver.map_to_p(),
        }
        return {name: network for name, network in networks.items() if network is not None}

    def latent(self, count: int) -> Tensor:
        """Return latent samples of the generator, or samples of P without one."""
        network = self._generator.network()
        rng = self._rng("latent")
        return self.pair.p.sample(count, rng) if network is None else network.latent(count, rng)

    def _started(self) -> Started:
        here = environment(self.device, self.experiment.training.threads)
        if self._moved_from is not None:
            here["moved_from"] = self._moved_from
        return Started(experiment=self.experiment.settings(), environment=here, steps=self.steps)

    def _begin(self) -> Iterator[Event]:
        """Set everything up for the first step; yield the events before it."""
        self._prepare()
        yield from self._producers.start()
        self.solver.setup(*self._streams)
        self._generator.begin(self.pair, self.solver, self._seed)
        snapshots = self.snapshots(recorded=True)
        self._plan_frames(snapshots)
        yield from snapshots

    def _plan_frames(self, snapshots: list[Snapshot]) -> None:
        """Choose the steps of the recorded frames by what one takes."""
        if self._keep_frames:
            self._frame_steps = schedule(self.experiment, snapshots)

    def _prepare(self) -> None:
        """Lay the plane, around the pair as it is before training, and open the streams of samples."""
        context = RunContext.of_run(self.pair, self.experiment, self.device, self._rng, self._generator.moves)
        self.plane, self._producers = context.plane, Producers(context)
        self._streams = self._stream("p"), self._generator.stream(self._stream("q"))
        self._measures = self._stream("p", "measure "), self._stream("q", "measure ")
        self._measure_rng = self._rng("measure sigma")
        self._identify(context)

    def _train(self) -> Iterator[Event]:
        limiter = FrameLimiter(self._step)
        if self._resume is None:
            yield self._measure()
            self._reported = True
            yield from self._kept_state(at_once=True)
        elif not self._reported:
            yield from self._report(limiter)
        while self._step < self.steps and not self._reached:
            for command in self._commands():
                yield from self._kept_state(at_once=isinstance(command, Pause | Stop))
                yield from self._handle(command)
            if self._stopped:
                return
            self.solver = self._generator.before_step(self.solver, self._step)
            objective = self._take_step()
            self._step += 1
            if self.device.type == "cpu" and not math.isfinite(objective):
                raise NotFinite
            self._reported = False
            yield from self._kept_state(at_once=self._step == self.steps)
            yield from self._report(limiter)
            if self._step == self._pause_at and not self._reached:
                yield from self._kept_state(at_once=True)
                yield from self._handle(Pause())

    def _take_step(self) -> float | torch.Tensor:
        """Take a step of the solver, and count the samples that it draws; return the objective before it."""
        before = [stream.drawn for stream in self._streams]
        objective = self.solver.step(*self._streams)
        if self._samples is not None:
            self._samples += max(s.drawn - drawn for s, drawn in zip(self._streams, before, strict=True))
        return objective

    def _report(self, limiter: FrameLimiter) -> Iterator[Event]:
        """Yield the events after a step: recorded ones at fixed steps, live ones when they are due."""
        self._reported = True
        recorded = fixed_step(self._step) or self._generator.is_recorded_step(self._step)
        kept = self._step in self._frame_steps and self._step < self.steps
        live_due = limiter.frame_due()
        if recorded or self._step % self.experiment.evaluation.interval == 0 or self._step == self.steps:
            yield self._measure()
        if recorded and self._step < self.steps:
            yield from self.snapshots(recorded=True)
            yield self._checkpoint()
        elif kept or (self._live_topics and live_due):
            yield from self.snapshots(recorded=kept, topics=FRAME if kept else self._live_topics)
            limiter.frame_made()
        if limiter.progress_due() or self._step == self.steps:
            rate = limiter.rate(self._step)
            eta = (self.steps - self._step) / rate if rate else 0.0
            yield Progress(step=self._step, steps=self.steps, rate=rate, eta=eta)

    def _commands(self) -> Iterator[Command]:
        """Yield the commands that wait; while paused, wait for more."""
        while True:
            try:
                yield self._inbox.get(block=self._paused)
            except Empty:
                return
            if self._stopped:
                return

    def _handle(self, command: Command) -> Iterator[Event]:
        match command:
            case Pause() if not self._paused:
                self._paused, self._pause_at = True, -1
                yield from self.snapshots(recorded=False)
                yield Progress(step=self._step, steps=self.steps, rate=0.0, eta=0.0)
                yield Paused(step=self._step)
            case Resume() if self._paused:
                self._paused = False
                yield Resumed(step=self._step)
            case Step(count) if count > 0:
                self._pause_at = self._step + count
                if self._paused:
                    self._paused = False
                    yield Resumed(step=self._step)
            case Stop():
                self._stopped, self._paused = True, False
            case SkipEstimates():
                self._skipped = True
            case Watch(topics):
                self._live_topics = topics
                if self._paused:
                    yield from self.snapshots(recorded=False)

    def snapshots(self, *, recorded: bool, topics: frozenset[str] | None = None) -> list[Snapshot]:
        """Return snapshots of this step, by default the recorded ones of all topics, or live watched ones."""
        if topics is None and not recorded:
            topics = self._live_topics
        return self._producers.snapshots(self.solver, self._step, topics, recorded=recorded)

    def _measure(self) -> Metrics:
        count = self.experiment.evaluation.samples
        values = estimate(self.solver, *self._measures, self._measure_rng, count)
        for evaluator in self._evaluators:
            values |= evaluator.evaluate(self.solver)
        values |= self._generator.evaluate()
        if not all(map(math.isfinite, values.values())):
            raise NotFinite
        self._reached = self._criterion.reached(values)
        return self._metrics(values)

    def _metrics(self, values: dict[str, float]) -> Metrics:
        return Metrics(step=self._step, values=values, seconds=self._clock.seconds, samples=self._samples)

    def _final_estimates(self) -> Told[tuple[dict[str, float], dict[str, float]]]:
        """Return the solver's final estimates and the errors of its gradient and maps, on unused samples.

        Both are empty where the user skips them.
        """
        if self._skipped:
            return {}, {}
        p, q = self._stream("p", "final "), self._stream("q", "final ")
        rng = self._rng("final sigma")
        count = self.experiment.evaluation.final_samples
        parts = until_skipped(estimate_in_parts(self.solver, p, q, rng, count), self._inbox)
        estimates = yield from with_progress(parts, self._step, self.steps)
        if estimates is None:
            self._skipped = True
            return {}, {}
        estimates.pop("penalty", None)
        gradient: dict[str, float] = {}
        for evaluator in self._evaluators_for("final "):
            values = evaluator.evaluate(self.solver)
            (estimates if isinstance(evaluator, MomentEvaluator) else gradient).update(values)
        return estimates, gradient

    def _finish(self) -> Iterator[Event]:
        """Finish the generator: a last stage, and the distillation of all stages into one network."""
        if self._generator.finish(self.solver, self._step):
            yield self._metrics(self._generator.evaluate())
        limiter, started_at = FrameLimiter(), time.monotonic()
        for share in self._generator.distill():
            for command in self._commands():
                yield from self._handle(command)
            if self._stopped or self._skipped:
                return
            if limiter.progress_due():
                eta = (time.monotonic() - started_at) * (1 / share - 1)
                rate = limiter.rate(self._step)
                yield Progress(step=self._step, steps=self.steps, rate=rate, eta=eta, final_share=share)

    def _ended(self, estimates: dict[str, float], gradient: dict[str, float]) -> Ended:
        """Return the last event, with the generator's metrics and the error of the critic's flow."""
        if not self._skipped:
            estimates |= self._generator.evaluate()
        if not all(map(math.isfinite, (*estimates.values(), *gradient.values()))):
            raise NotFinite
        reason = "stopped" if self._stopped else self._criterion.rule if self._reached else "done"
        unknown = self._generator.moves or self._skipped
        flow = {} if unknown else flow_error(self.pair.clean, self.solver, self.device)
        return Ended(
            step=self._step, reason=reason, seconds=0.0, estimates=estimates, gradient=gradient, flow=flow
        )

    def _evaluators_for(self, purpose: str) -> list[Evaluator]:
        count, rng = self.experiment.evaluation.samples, self._rng
        return evaluators(self.pair, self.solver, count, lambda name: rng(purpose + name))

    def _checkpoint(self) -> Checkpoint:
        state = self.solver.critic.state_dict() | self._generator.state()
        arrays = {name: as_float32(weight.cpu().numpy()).copy() for name, weight in state.items()}
        return Checkpoint(step=self._step, arrays=arrays)

    def _make_solver(self, stage: int = 0) -> Solver:
        """Return a solver with a critic that torch's global random generator initializes."""
        e = self.experiment
        context = SolverContext(
            critic=e.network.build(self.pair.dim).to(self.device),
            steps=e.generator.solver_steps(self.steps),
            batch=e.training.batch,
            rng=self._rng("solver", stage),
            sigma=self.pair.sigma,
        )
        solver: Solver = e.solver.build(context)
        return solver

    def _fresh_solver(self, stage: int) -> Solver:
        """Return a new critic and solver, set up on the current Q."""
        solver = self._make_solver_of_stage(stage)
        solver.setup(*self._streams)
        return solver

    def _make_solver_of_stage(self, stage: int) -> Solver:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._rng("stage", stage).initial_seed())
            return self._make_solver(stage)

    def _make_generator_trainer(self, experiment: Experiment) -> NoGenerator:
        """Return the trainer of the generator, if there is one, whose distribution then is the pair's Q."""
        generator: Generator | Composite | None = experiment.generator.build(self.pair.dim)
        if generator is None:
            return NoGenerator()
        batch, rng = experiment.training.batch, self._rng("generator")
        generator.to(self.device)
        trainer: GeneratorTrainer
        if isinstance(generator, Composite):
            generator.setup(self.pair.q)
            run = weakref.proxy(self)
            trainer = CompositeTrainer(
                generator, self.steps, batch, rng, lambda stage: run._fresh_solver(stage)
            )
        else:
            generator.setup(self._stream("q", "generator start "))
            trainer = AdversarialTrainer(generator, batch, rng)
        self.pair.q = GeneratedDistribution(trainer.shown)
        self.pair.potential, self.pair.move = None, None
        return trainer

    def _stream(self, name: Literal["p", "q"], purpose: str = "") -> Sampler:
        """Return a sampler of P or Q as it is transported."""
        confined = self.pair.sigma.clamped(getattr(self.pair, name))
        return Sampler(confined, self._rng(purpose + name))


def _make_rng(device: torch.device, seed: int, purpose: str, k: int = 0) -> torch.Generator:
    """Return the random generator of a purpose of a run, the same at every call."""
    return make_rng(device, seed, k, *purpose.encode())
