"""A generator that is composed of the solver's maps, stage by stage, and distilled into one network."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from wganstudio.critics.composite import Composite, compose
from wganstudio.experiment.generators import MLPGeneratorOptions
from wganstudio.experiment.options import GeneratorOptions
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training.generator_training import GeneratorTrainer
from wganstudio.training.metrics import unexplained

BLOCK = 16
"""Batches that go through all maps at once while a network learns them."""
JUDGED = 4096
"""Fresh points on which it is then compared with them."""


class CompositeTrainer(GeneratorTrainer):
    """G_k+1 = grad f_k* o G_k: the solver's map from the present law to P, appended after so many steps.

    It is grad f*#Q that matches the moments of P, not grad f#P those of Q (arXiv 1902.07197, equation 9), so
    f is the potential on the data. Nothing is differentiated through the maps.
    """

    shown: Composite

    def __init__(
        self,
        composite: Composite,
        steps: int,
        batch: int,
        rng: torch.Generator,
        renewed: Callable[[int], Solver],
    ) -> None:
        """`steps`: of the run; `renewed`: a solver that begins on the present law, for the k-th stage."""
        options = composite.options
        self._length = options.stage_length(steps)
        self.shown, self._batch, self._rng, self._renewed = composite, batch, rng, renewed
        self._options = options.model_copy(update={"stage_steps": self._length})
        self._pool = None if options.points is None else _Pool(composite.latent(options.points, rng))
        self._said: tuple[object, dict[str, float]] = None, {}

    @property
    def filled(self) -> dict[str, GeneratorOptions]:
        """The generator's options, every `auto` filled in."""
        return {"generator": self._options}

    def stream(self, of_q: Sampler) -> Sampler:
        """The points that are carried along, or fresh samples of the composite."""
        return of_q.of(self.shown if self._pool is None else self._pool)

    def turns(self, done: int) -> bool:
        """Whether a stage has just ended, or a new law been seen for one step."""
        return done % self._length < 2 and 0 < done // self._length <= self._options.stages

    def follow(self, solver: Solver, done: int) -> Solver:
        """Where a stage is over its map is appended; the solver is told of it, or another one begun."""
        if not self._due(done):
            return solver
        self._append(solver)
        if not self._options.warm_start:
            return self._renewed(len(self.shown.stages))
        solver.on_q_changed()
        return solver

    def finish(self, solver: Solver, done: int) -> bool:
        """The last stage, if the run ended with it."""
        if self._due(done):
            self._append(solver)
            return True
        return False

    def distil(self) -> Iterator[float]:
        """Least squares between a network and the composite at the same fresh points; the share of it done.

        The network takes the composite's place with the last step.
        """
        options = self._options
        if options.distill == "none":
            return
        network = self._network()
        adam = torch.optim.Adam(network.parameters(), lr=options.learning_rate)
        for step, (start, end) in zip(range(options.distill_steps), self._lessons(), strict=False):
            for group in adam.param_groups:
                share = step / options.distill_steps
                group["lr"] = options.learning_rate * 0.5 * (1 + math.cos(math.pi * share))
            adam.zero_grad(set_to_none=True)
            (network(start) - end).square().sum(1).mean().backward()
            adam.step()
            yield (step + 1) / options.distill_steps
        self.shown.network = network.requires_grad_(False).eval()

    def look(self) -> dict[str, float]:
        """How near the law that is shown is to data on which it was not trained (`Likeness.look`), and its
        `stage`; once distilled `unexplained`, what of the composite's variance the network lacks, in percent.
        """
        shown = self.shown
        if self._said[0] != shown.version:
            said = self._likeness.look(shown) | {"stage": float(len(shown.stages))}
            if shown.network is not None:
                start = shown.latent(JUDGED, self._rng)
                said["unexplained"] = unexplained(shown(start), compose(shown.stages, start))
            self._said = shown.version, said
        return dict(self._said[1])

    def state(self) -> dict[str, Tensor]:
        """The weights of all stages, and of the network that learned them."""
        found: dict[str, Tensor] = self.shown.state_dict(prefix="generator.")
        return found

    def _due(self, done: int) -> bool:
        stages = len(self.shown.stages)
        return stages < self._options.stages and done == (stages + 1) * self._length

    def _append(self, solver: Solver) -> None:
        map = solver.map_to_p()
        assert map is not None  # the options objected to a solver without one
        self.shown.append(map)
        if self._pool is not None:
            self._pool.points = compose(self.shown.stages[-1:], self._pool.points)

    def _network(self) -> nn.Module:
        options = MLPGeneratorOptions(widths=self._options.widths, latent_dim=self.shown.dim)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._rng.initial_seed())
            made: nn.Module = options.build(self.shown.dim)
        return made.to(self._rng.device)

    def _lessons(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Fresh batches [n, D] of the base law, and what the composite makes of them."""
        while True:
            start = self.shown.latent(BLOCK * self._batch, self._rng)
            end = compose(self.shown.stages, start)
            yield from zip(start.split(self._batch), end.split(self._batch), strict=True)


class _Pool:
    """Points of equal weight."""

    def __init__(self, points: Tensor) -> None:
        self.points, self.dim = points, points.shape[1]

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` of them, each as likely at each draw."""
        chosen = torch.randint(len(self.points), (count,), generator=generator, device=generator.device)
        return self.points[chosen]
