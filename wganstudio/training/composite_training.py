"""Training of a composite generator: the solver's maps, stage by stage, distilled into one network."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from wganstudio.critics.composite import Composite, compose
from wganstudio.critics.training_state import State, Stateful, capture, restore
from wganstudio.experiment.generators import MLPGeneratorOptions
from wganstudio.experiment.options import GeneratorOptions
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training.generator_training import GENERATOR, GeneratorTrainer
from wganstudio.training.metrics import unexplained_variance

BLOCK = 16
"""Batches that pass all maps at once during distillation."""
EVALUATION_POINTS = 4096
"""Fresh points on which the network is then compared with the maps."""


class CompositeTrainer(GeneratorTrainer):
    """G_k+1 = grad f_k* o G_k: the solver's map from the current Q to P, appended after each stage.

    grad f*#Q matches the moments of P, and not grad f#P those of Q (arXiv 1902.07197, equation 9), so f is
    the potential on the data. The maps are not differentiated.
    """

    state_names = ("_pool", "_metrics")
    shown: Composite

    def __init__(
        self,
        composite: Composite,
        steps: int,
        batch: int,
        rng: torch.Generator,
        fresh_solver: Callable[[int], Solver],
    ) -> None:
        """`steps`: of the run; `fresh_solver`: makes the solver of the k-th stage, set up on this Q."""
        options = composite.options
        self._length = options.stage_length(steps)
        self.shown, self._batch, self._rng, self._fresh_solver = composite, batch, rng, fresh_solver
        self._options = options.model_copy(update={"stage_steps": self._length})
        self._pool = None if options.points is None else _Pool(composite.latent(options.points, rng))
        self._evaluated: tuple[object, dict[str, float]] = None, {}
        """The newest metrics, and the version of the composite that they belong to."""

    @property
    def filled(self) -> dict[str, GeneratorOptions]:
        """The generator's options, every `auto` filled in."""
        return {"generator": self._options}

    def solver_stage(self, state: State) -> int:
        """Return the number of stages; 0 for a warm start, where one solver trains for all."""
        return 0 if self._options.warm_start else len(state["stages"])

    def training_state(self) -> State:
        """Return the stages, the pool and the metrics."""
        return super().training_state() | {"stages": [capture(stage) for stage in self.shown.stages]}

    def resume(self, state: State, solver: Solver) -> None:
        """Continue from a state; each stage is a map like the solver's present one."""
        for saved in state["stages"]:
            self.shown.append(_map_of(solver))
            restore(self.shown.stages[-1], saved)
        super().resume(state, solver)

    def stream(self, of_q: Sampler) -> Sampler:
        """Return a sampler of the pool of carried points, or of the composite."""
        return of_q.of(self.shown if self._pool is None else self._pool)

    def is_recorded_step(self, done: int) -> bool:
        """Return True at the end of a stage, and one step into the next one."""
        return done % self._length < 2 and 0 < done // self._length <= self._options.stages

    def before_step(self, solver: Solver, done: int) -> Solver:
        """Append the map of a stage that is over; notify the solver, or make a fresh one."""
        if not self._due(done):
            return solver
        self._append(solver)
        if not self._options.warm_start:
            return self._fresh_solver(len(self.shown.stages))
        solver.on_q_changed()
        return solver

    def load_final(self, solver: Solver, done: int, weights: State) -> None:
        """Make the composite of the end of a run, which its last training state precedes."""
        self.finish(solver, done)
        if any(name.startswith("network.") for name in weights):
            self.shown.network = self._network().requires_grad_(False).eval()
        self.shown.load_state_dict(weights)

    def finish(self, solver: Solver, done: int) -> bool:
        """Append the map of the last stage, if the run ended with it."""
        if self._due(done):
            self._append(solver)
            return True
        return False

    def distill(self) -> Iterator[float]:
        """Fit a network to the composite by least squares at fresh points; yield the completed fraction.

        The network replaces the composite at the end.
        """
        options = self._options
        if options.distill == "none":
            return
        network = self._network()
        adam = torch.optim.Adam(network.parameters(), lr=options.learning_rate, fused=True)
        for step, (start, end) in zip(
            range(options.distill_steps), self._distillation_batches(), strict=False
        ):
            for group in adam.param_groups:
                share = step / options.distill_steps
                group["lr"] = options.learning_rate * 0.5 * (1 + math.cos(math.pi * share))
            adam.zero_grad(set_to_none=True)
            (network(start) - end).square().sum(1).mean().backward()
            adam.step()
            yield (step + 1) / options.distill_steps
        self.shown.network = network.requires_grad_(False).eval()

    def evaluate(self) -> dict[str, float]:
        """Return the generator metrics on held-out data (`GeneratorMetrics.evaluate`) and the `stage`; after
        distillation also `unexplained`, the variance of the composite that the network lacks, in percent.
        """
        shown = self.shown
        if self._evaluated[0] != shown.version:
            values = self._metrics.evaluate(shown) | {"stage": float(len(shown.stages))}
            if shown.network is not None:
                start = shown.latent(EVALUATION_POINTS, self._rng)
                values["unexplained"] = unexplained_variance(shown(start), compose(shown.stages, start))
            self._evaluated = shown.version, values
        return dict(self._evaluated[1])

    def state(self) -> dict[str, Tensor]:
        """Return the weights of all stages, and of the distilled network."""
        state: dict[str, Tensor] = self.shown.state_dict(prefix=GENERATOR)
        return state

    def network(self) -> Composite:
        """Return the composite, or what it was distilled into."""
        return self.shown

    def load_weights(self, weights: dict[str, Tensor], solver: Solver) -> Composite:
        """Return the composite with the stages and the distilled network of a checkpoint."""
        for _ in {name.split(".")[1] for name in weights if name.startswith("stages.")}:
            self.shown.append(_map_of(solver))
        if any(name.startswith("network.") for name in weights):
            self.shown.network = self._network().requires_grad_(False).eval()
        self.shown.load_state_dict(weights)
        return self.shown

    def _due(self, done: int) -> bool:
        stages = len(self.shown.stages)
        return stages < self._options.stages and done == (stages + 1) * self._length

    def _append(self, solver: Solver) -> None:
        self.shown.append(_map_of(solver))
        if self._pool is not None:
            self._pool.points = compose(self.shown.stages[-1:], self._pool.points)

    def _network(self) -> nn.Module:
        options = MLPGeneratorOptions(widths=self._options.widths, latent_dim=self.shown.dim)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self._rng.initial_seed())
            network: nn.Module = options.build(self.shown.dim)
        return network.to(self._rng.device)

    def _distillation_batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield fresh batches [n, D] of the base distribution, and their images under the composite."""
        while True:
            start = self.shown.latent(BLOCK * self._batch, self._rng)
            end = compose(self.shown.stages, start)
            yield from zip(start.split(self._batch), end.split(self._batch), strict=True)


class _Pool(Stateful):
    """The uniform distribution on a set of points."""

    state_names = ("points",)

    def __init__(self, points: Tensor) -> None:
        self.points, self.dim = points, points.shape[1]

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """Return `count` points, drawn with replacement."""
        chosen = torch.randint(len(self.points), (count,), generator=generator, device=generator.device)
        return self.points[chosen]


def _map_of(solver: Solver) -> nn.Module:
    map = solver.map_to_p()
    assert map is not None  # the options reject solvers without one
    return map
