"""Training of the generator: its steps against the critic, and the distribution that is shown."""

from collections.abc import Iterator
from copy import deepcopy
from typing import ClassVar

import torch
from torch import Tensor, nn

from wganstudio.critics.composite import Composite
from wganstudio.critics.generators import Generator
from wganstudio.critics.training_state import State, Stateful
from wganstudio.experiment.options import GeneratorOptions
from wganstudio.pairs.base import Pair, Sampler, SampleSource
from wganstudio.solvers.base import Solver
from wganstudio.training.generator_metrics import GeneratorMetrics

GENERATOR = "generator."
"""The beginning of the names of its weights in a checkpoint."""


class NoGenerator(Stateful):
    """No generator: Q stays as it is. Also the interface of all generator trainers."""

    moves: ClassVar[bool] = False

    @property
    def filled(self) -> dict[str, GeneratorOptions]:
        """The generator's options with every `auto` filled in; empty without a generator."""
        return {}

    def stream(self, of_q: Sampler) -> Sampler:
        """Return the sampler that the solver is trained on, given the one of the pair's Q."""
        return of_q

    def begin(self, pair: Pair, solver: Solver, seed: int) -> None:
        """Prepare the evaluation, once the solver is set up."""

    def solver_stage(self, state: State) -> int:
        """Return the stage of the solver, of those made one after another, that a state belongs to."""
        return 0

    def resume(self, state: State, solver: Solver) -> None:
        """Continue from a state, once the solver has been restored."""
        self.load_training_state(state)

    def before_step(self, solver: Solver, done: int) -> Solver:
        """Update the generator if an update is due; return the solver of the critic's next step.

        Called before each critic step, after `done` of them.
        """
        return solver

    def is_recorded_step(self, done: int) -> bool:
        """Return True if the snapshots after `done` steps are recorded because of the generator."""
        return False

    def finish(self, solver: Solver, done: int) -> bool:
        """Update the generator after the last step; return True if Q has moved."""
        return False

    def distill(self) -> Iterator[float]:
        """Do the work that is left after training; yield the completed fraction."""
        return iter(())

    def evaluate(self) -> dict[str, float]:
        """Return metrics of Q against P."""
        return {}

    def state(self) -> dict[str, Tensor]:
        """Return the weights that are saved beside the critic's."""
        return {}

    def network(self) -> Generator | Composite | None:
        """Return the generator that is shown; None without one."""
        return None

    def load_weights(self, weights: dict[str, Tensor], solver: Solver) -> nn.Module | None:
        """Return the generator with the weights of a checkpoint, without their prefix; None without one."""
        return None


class GeneratorTrainer(NoGenerator):
    """Moves Q, and compares it with P along the run."""

    moves: ClassVar[bool] = True
    shown: SampleSource
    """The distribution that is measured and shown."""

    def begin(self, pair: Pair, solver: Solver, seed: int) -> None:
        """Make the generator metrics: the ground cost and its scale are known now."""
        self._metrics = GeneratorMetrics(pair, solver.options.ground, solver.scale, seed, solver.features)


class AdversarialTrainer(GeneratorTrainer):
    """Trains a generator by the gradient of the solver's cost at the generated points.

    The gradient is E[(d_theta g)^T grad_x cost(g(z))] with the critic held fixed (arXiv 2102.05542,
    Theorem 3; by the envelope theorem for every other critic): the critic's own steps are not differentiated.
    """

    state_names = ("generator", "shown", "_adam", "_rng", "_updates", "_squares", "_metrics")
    shown: "_GeneratorDistribution"

    def __init__(self, generator: Generator, batch: int, rng: torch.Generator) -> None:
        options = generator.options
        self.generator, self._batch, self._rng = generator, batch, rng
        self._every, self._decay = options.critic_steps, options.ema_decay
        self.shown = _GeneratorDistribution(generator if not self._decay else deepcopy(generator))
        self._weights = list(generator.parameters())
        self._updates, self._squares = 0, torch.zeros((), device=self._weights[0].device)
        self._adam = torch.optim.Adam(
            self._weights, lr=options.learning_rate, betas=(options.beta1, options.beta2), fused=True
        )

    @property
    def filled(self) -> dict[str, GeneratorOptions]:
        """The generator's options, every `auto` filled in."""
        return {"generator": self.generator.options}

    def stream(self, of_q: Sampler) -> Sampler:
        """Return a sampler of the generator, while it is trained."""
        return of_q.of(self.generator)

    def evaluate(self) -> dict[str, float]:
        """Return the generator metrics on held-out data (`GeneratorMetrics.evaluate`) and `grad2`, the mean
        squared norm of the generator's gradients so far (arXiv 1802.08249, Theorem 4.2)."""
        norms = {"grad2": float(self._squares) / self._updates} if self._updates else {}
        return self._metrics.evaluate(self.shown) | norms

    def state(self) -> dict[str, Tensor]:
        """Return the weights of the generator that is shown."""
        state: dict[str, Tensor] = self.shown.generator.state_dict(prefix=GENERATOR)
        return state

    def network(self) -> Generator:
        """Return the generator that is shown."""
        return self.shown.generator

    def load_weights(self, weights: dict[str, Tensor], solver: Solver) -> Generator:
        """Return the generator that is shown, with the weights of a checkpoint."""
        self.shown.generator.load_state_dict(weights)
        return self.shown.generator

    def before_step(self, solver: Solver, done: int) -> Solver:
        """Update the generator where an update is due, before the critic's next step.

        So the critic that is shown after a step was trained on the current generator.
        """
        if done == 0 or done % self._every:
            return solver
        points = self.generator(self.generator.latent(self._batch, self._rng))
        gradients = solver.cost_gradient(points.detach())
        self._adam.zero_grad(set_to_none=True)
        points.backward(gradients / len(points))
        self._updates += 1
        self._squares += sum(w.grad.detach().square().sum() for w in self._weights if w.grad is not None)
        self._adam.step()
        solver.on_q_changed()
        if self._decay:
            self._average()
        return solver

    @torch.no_grad()
    def _average(self) -> None:
        shown = self.shown.generator
        for average, weight in zip(shown.parameters(), self.generator.parameters(), strict=True):
            average.lerp_(weight, 1 - self._decay)
        for copy, buffer in zip(shown.buffers(), self.generator.buffers(), strict=True):
            copy.copy_(buffer)


class _GeneratorDistribution(Stateful):
    """The distribution of a generator in evaluation mode: sampling does not change its normalizations."""

    state_names = ("generator",)

    def __init__(self, generator: Generator) -> None:
        self.generator, self.dim = generator, generator.dim

    @torch.no_grad()
    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """Return samples, float32 [count, D], on the device of the random generator."""
        here = next(self.generator.parameters()).device
        self.generator.eval()
        points: Tensor = self.generator(self.generator.latent(count, generator).to(here))
        self.generator.train()
        return points.to(generator.device)
