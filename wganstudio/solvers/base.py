"""Solver: trains a critic from two streams of samples."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import SolverOptions
from wganstudio.pairs.base import Stream


class Solver:
    """Objective, constraint and optimiser schedule of one critic.

    A solver is handed two independent streams of samples and nothing else of the pair. `generator` is its
    own source of chance, `steps` the length of the whole run (for schedules), `batch` the samples a step.
    """

    options: SolverOptions
    critic: Critic
    penalty: float | None = None
    """lambda, where the objective has a penalty on |grad u| under sigma."""

    def __init__(
        self, options: SolverOptions, critic: Critic, *, steps: int, batch: int, generator: torch.Generator
    ) -> None:
        self.options, self.critic, self.steps, self.batch, self.generator = (
            options,
            critic,
            steps,
            batch,
            generator,
        )

    def step(self, p: Stream, q: Stream) -> Tensor:
        """One step on fresh samples; the objective before it, as a 0-d tensor."""
        raise NotImplementedError

    def penalised(self, lengths: Tensor) -> Tensor:
        """The penalty at each point from |grad u| there; only where `penalty` is given."""
        raise NotImplementedError
