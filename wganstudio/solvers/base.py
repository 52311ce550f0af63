"""Solver: trains a critic from two streams of samples."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import SolverOptions
from wganstudio.pairs.base import Segments, Sigma, Stream


class Solver:
    """Objective, constraint and optimiser schedule of one critic.

    A solver is handed two independent streams of samples and nothing else of the pair. `generator` is its
    own source of chance, `steps` the length of the whole run (for schedules), `batch` the samples a step.
    Networks of its own start from torch's global source of chance, as the critic did.
    """

    options: SolverOptions
    critic: Critic
    """What is looked at: after each step a network that needs nothing of the solver."""
    penalty: float | None = None
    """lambda, where the objective has a penalty on |grad u| under sigma."""
    sigma: Sigma = Segments()
    """Where that penalty looks."""
    cost: tuple[float, float] | None = None
    """Its estimate of W1 and the standard error, where that is not the critic's gap."""
    judged: Tensor | None = None
    """Points [n, D] of P to judge `gradient` at, where it knows no others."""

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

    def begin(self, p: Stream, q: Stream) -> None:
        """What there is to do on samples before the first look: here what the critic wants of them."""
        self.critic.begin(p, q)

    def step(self, p: Stream, q: Stream) -> Tensor:
        """One step on fresh samples; the objective before it, as a 0-d tensor."""
        raise NotImplementedError

    def penalised(self, lengths: Tensor) -> Tensor:
        """The penalty at each point from |grad u| there; only where `penalty` is given."""
        raise NotImplementedError

    def gradient(self, points: Tensor) -> Tensor:
        """What it takes for the gradient of the true critic at points [n, D] of P, as [n, D]."""
        return self.critic.gradient(points)[1]
