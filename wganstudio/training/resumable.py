"""ResumableRun: the state of a run, made by the clock, and its way back into a run."""

import contextlib
import json
from collections.abc import Iterator
from typing import Literal

import numpy as np
import torch
from torch import nn

from wganstudio.critics.base import Critic
from wganstudio.critics.training_state import State, Stateful, capture
from wganstudio.experiment import BadExperiment, Experiment, Problem
from wganstudio.pairs.base import Pair, Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training.events import Checkpoint, TrainingState
from wganstudio.training.generator_training import GENERATOR, NoGenerator
from wganstudio.training.memory_peak import MemoryPeak
from wganstudio.training.packed_state import pack, unpack
from wganstudio.training.producers import RunContext
from wganstudio.training.run_clock import RunClock, StateClock
from wganstudio.training.stopping import StoppingCriterion

UNUSABLE = "the saved state is of another experiment or another version of WGAN Studio; start the run anew"
OTHER_DATA = "the samples are not those that the run was trained on; restore the data, or start the run anew"
MEANS_AGREE = 1e-3
"""Relative difference of means up to which samples count as the same: other machines round differently."""


class ResumableRun(Stateful):
    """Base of a run: returns its state, and continues from one.

    A state belongs to a step. That of the last step of the plan precedes the report of the step, which a
    longer run does not make.
    """

    state_names = ("_step", "_reported", "_clock", "_criterion", "_streams", "_measures", "_measure_rng")
    device: torch.device
    pair: Pair
    experiment: Experiment
    """With every `auto` filled in."""
    solver: Solver
    _generator: NoGenerator
    _clock: RunClock
    _memory: MemoryPeak
    _criterion: StoppingCriterion
    _seed: int
    _finite: Checkpoint
    """The critic at the last step whose metrics were finite."""
    _streams: tuple[Sampler, Sampler]
    _measures: tuple[Sampler, Sampler]
    _measure_rng: torch.Generator

    def __init__(self, state_period: float | None) -> None:
        self._step = 0
        self._samples: int | None = 0
        """Samples that the steps have drawn; None after a state of an older version."""
        self._reported = False
        """The events of the present step have been yielded."""
        self._state_clock = StateClock(state_period)

    def state(self) -> TrainingState:
        """Return everything that the run continues from."""
        body, arrays = pack(self.training_state())
        return TrainingState(step=self._step, body=body, arrays=arrays)

    def training_state(self) -> State:
        """Return the state of all parts, and what identifies the experiment and its pair."""
        parts = capture({"solver": self.solver, "generator": self._generator, "memory": self._memory})
        origin = {
            "samples": self._samples,
            "experiment": self._identity(),
            "means": self._means,
            "device": self.device.type,
        }
        weights = {name: torch.from_numpy(array) for name, array in self._finite.arrays.items()}
        finite = {"finite": {"step": self._finite.step, "weights": weights}}
        return super().training_state() | parts | origin | finite

    def load_networks(self, checkpoint: Checkpoint) -> tuple[Critic, nn.Module | None]:
        """Return the critic and the generator, if there is one, with the weights of a checkpoint.

        The run was constructed with the experiment of the checkpoint, and is of no further use.
        """
        weights = {name: torch.from_numpy(array.copy()) for name, array in checkpoint.arrays.items()}
        p, q = self._stream("p"), self._generator.stream(self._stream("q"))
        of_critic = {name: weight for name, weight in weights.items() if not name.startswith(GENERATOR)}
        self.solver.load_critic(of_critic, p, q)
        rest = {name.removeprefix(GENERATOR): weights[name] for name in weights.keys() - of_critic.keys()}
        generator = self._generator.load_weights(rest, self.solver)
        return self.solver.critic.eval(), None if generator is None else generator.eval()

    def _stream(self, name: Literal["p", "q"], purpose: str = "") -> Sampler:
        """Return a sampler of P or Q as it is transported."""
        raise NotImplementedError

    def _kept_state(self, *, at_once: bool) -> Iterator[TrainingState]:
        """Yield the present state if one is due."""
        if self._state_clock.due(self._step, at_once=at_once):
            yield self.state()

    def _restore(self, resume: TrainingState) -> None:
        """Continue from a state, without drawing a sample; BadExperiment if it is of something else."""
        try:
            state = unpack(resume.body, resume.arrays, self.device)
            same_experiment = _same_but_device(state["experiment"], self._identity())
            same_data = torch.allclose(state["means"], self._means, rtol=MEANS_AGREE, atol=MEANS_AGREE)
            if same_experiment and same_data:
                self._load(state)
                return
        except (LookupError, ValueError, TypeError, AttributeError, RuntimeError) as error:
            raise BadExperiment(Problem("", UNUSABLE)) from error
        raise BadExperiment(Problem("pair", OTHER_DATA) if same_experiment else Problem("", UNUSABLE))

    def _load(self, state: State) -> None:
        stage = self._generator.solver_stage(state["generator"])
        if stage:
            self.solver = self._make_solver_of_stage(stage)
        self.solver.load_training_state(state["solver"])
        self._generator.begin(self.pair, self.solver, self._seed)
        self._generator.resume(state["generator"], self.solver)
        self.load_training_state(state)
        if "memory" in state:  # states of older versions have none
            self._memory.load_training_state(state["memory"])
        self._samples = state.get("samples")
        finite = state["finite"]
        weights = {name: weight.numpy() for name, weight in finite["weights"].items()}
        self._finite = Checkpoint(step=finite["step"], arrays=weights)

    def _make_solver_of_stage(self, stage: int) -> Solver:
        """Return the solver of a stage of a composite, not set up."""
        raise NotImplementedError

    def _identify(self, context: RunContext) -> None:
        """Remember the pair, by the means of its samples before training."""
        self._means = torch.tensor(np.array([context.samples_p.mean(0), context.samples_q.mean(0)]))

    def _identity(self) -> str:
        """Return the settings that the numbers of a step depend on, other than the number of steps."""
        settings = self.experiment.settings()
        del settings["about"], settings["training"]["steps"], settings["evaluation"]["frame_memory"]
        return json.dumps(settings, sort_keys=True)


def device_of(state: TrainingState) -> str | None:
    """Return the kind of device that a state was made on; None where an older version made it."""
    with contextlib.suppress(ValueError, LookupError, TypeError, RecursionError):
        return str(dict(json.loads(state.body)["items"])["device"])
    return None


def _same_but_device(one: str, other: str) -> bool:
    first, second = json.loads(one), json.loads(other)
    for settings in (first, second):
        settings["training"].pop("device", None)
    return bool(first == second)
