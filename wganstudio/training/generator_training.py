"""The generator's side of a run: its steps against the critic, and the law that is measured and shown."""

from collections.abc import Iterator
from copy import deepcopy
from typing import ClassVar

import torch
from torch import Tensor

from wganstudio.critics.generators import Generator
from wganstudio.experiment.options import GeneratorOptions
from wganstudio.pairs.base import Pair, Sampler, SampleSource
from wganstudio.solvers.base import Solver
from wganstudio.training.generator_metrics import GeneratorMetrics


class NoGenerator:
    """No generator: Q stays as it is."""

    moves: ClassVar[bool] = False

    @property
    def filled(self) -> dict[str, GeneratorOptions]:
        """The generator's options, every `auto` filled in, where there is one."""
        return {}

    def stream(self, of_q: Sampler) -> Sampler:
        """What the solver is trained on, given the stream of the pair's Q."""
        return of_q

    def begin(self, pair: Pair, solver: Solver, seed: int) -> None:
        """The solver has begun on the pair."""

    def follow(self, solver: Solver, done: int) -> Solver:
        """The critic is about to take its next step, after `done`; the solver that takes it."""
        return solver

    def turns(self, done: int) -> bool:
        """Whether what is seen after so many steps is to be kept."""
        return False

    def finish(self, solver: Solver, done: int) -> bool:
        """The last step is done; whether Q moves once more."""
        return False

    def distil(self) -> Iterator[float]:
        """What is left to do when the solver is done with, as the share of it that is done."""
        return iter(())

    def look(self) -> dict[str, float]:
        """How near Q has come to P."""
        return {}

    def state(self) -> dict[str, Tensor]:
        """Weights to be kept beside the critic's."""
        return {}


class GeneratorTrainer(NoGenerator):
    """Q is moved, and compared with P as it goes."""

    moves: ClassVar[bool] = True
    shown: SampleSource
    """The law that is measured and shown."""

    def begin(self, pair: Pair, solver: Solver, seed: int) -> None:
        """The solver has begun on the pair: it is known what its cost is a cost of."""
        self._likeness = GeneratorMetrics(pair, solver.options.ground, solver.scale, seed, solver.features)


class AdversarialTrainer(GeneratorTrainer):
    """Trains a generator by the gradient of the solver's cost at the points that it makes.

    That is E[(d_theta g)^T grad_x cost(g(z))] with the critic held fixed (arXiv 2102.05542, Theorem 3; by the
    envelope theorem for every other critic): nothing is differentiated through the critic's own steps.
    """

    shown: "_Still"

    def __init__(self, generator: Generator, batch: int, rng: torch.Generator) -> None:
        options = generator.options
        self.generator, self._batch, self._rng = generator, batch, rng
        self._every, self._decay = options.critic_steps, options.ema_decay
        self.shown = _Still(generator if not self._decay else deepcopy(generator))
        self._weights = list(generator.parameters())
        self._taken, self._squares = 0, torch.zeros((), device=self._weights[0].device)
        self._adam = torch.optim.Adam(
            self._weights, lr=options.learning_rate, betas=(options.beta1, options.beta2)
        )

    @property
    def filled(self) -> dict[str, GeneratorOptions]:
        """The generator's options, every `auto` filled in."""
        return {"generator": self.generator.options}

    def stream(self, of_q: Sampler) -> Sampler:
        """Samples of what the generator makes, while it is trained."""
        return of_q.of(self.generator)

    def look(self) -> dict[str, float]:
        """Return the generator metrics on held-out data (`GeneratorMetrics.look`) and `grad2`, the mean
        squared norm of the generator's gradients so far (arXiv 1802.08249, Theorem 4.2)."""
        steep = {"grad2": float(self._squares) / self._taken} if self._taken else {}
        return self._likeness.look(self.shown) | steep

    def state(self) -> dict[str, Tensor]:
        """The weights of the generator that is shown."""
        found: dict[str, Tensor] = self.shown.generator.state_dict(prefix="generator.")
        return found

    def follow(self, solver: Solver, done: int) -> Solver:
        """Before the critic's next step, after `done`: the generator's, where it is due.

        So whoever looks after a step of the critic sees one that was trained on what the generator makes.
        """
        if done == 0 or done % self._every:
            return solver
        points = self.generator(self.generator.latent(self._batch, self._rng))
        gradients = solver.cost_gradient(points.detach())
        self._adam.zero_grad(set_to_none=True)
        points.backward(gradients / len(points))
        self._taken += 1
        self._squares += sum(w.grad.detach().square().sum() for w in self._weights if w.grad is not None)
        self._adam.step()
        solver.on_q_changed()
        if self._decay:
            self._average()
        return solver

    @torch.no_grad()
    def _average(self) -> None:
        shown = self.shown.generator
        for average, new in zip(shown.parameters(), self.generator.parameters(), strict=True):
            average.lerp_(new, 1 - self._decay)
        for seen, now in zip(shown.buffers(), self.generator.buffers(), strict=True):
            seen.copy_(now)


class _Still:
    """The law of a generator, looked at without changing it: its normalizations as they stand."""

    def __init__(self, generator: Generator) -> None:
        self.generator, self.dim = generator, generator.dim

    @torch.no_grad()
    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D] on the chance's device, wherever the generator is."""
        here = next(self.generator.parameters()).device
        self.generator.eval()
        made: Tensor = self.generator(self.generator.latent(count, generator).to(here))
        self.generator.train()
        return made.to(generator.device)
