"""Solver: trains a critic from two streams of samples."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.experiment import SolverOptions
from wganstudio.pairs.base import Sampler, SegmentsSigma, Sigma


class Solver:
    """Objective, constraint and optimizer schedule of one critic.

    A solver is handed two independent streams of samples and nothing else of the pair. `generator` is its
    own source of chance, `steps` the length of the whole run (for schedules), `batch` the samples a step.
    Networks of its own start from torch's global source of chance, as the critic did.
    """

    options: SolverOptions
    critic: Critic
    """What is looked at: after each step a network that needs nothing of the solver."""
    penalty: float | None = None
    """lambda, where the objective has a penalty on |grad u| under sigma."""
    sigma: Sigma = SegmentsSigma()
    """Where that penalty looks."""
    judged: Tensor | None = None
    """Points [n, D] of P to judge `gradient` at, where it knows no others."""
    scale: float | None = None
    """What its cost is divided by, known once it has begun; where that is not W1's."""
    carried: int = 2048
    """Points that its maps are judged on at most: each costs a conjugate, or a row of the plan."""
    features: nn.Module | None = None
    """Between what its cost is taken, where that is not the points."""

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

    def begin(self, p: Sampler, q: Sampler) -> None:
        """What there is to do on samples before the first look: here what the critic wants of them."""
        self.critic.begin(p, q)

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """One step on fresh samples; the objective before it, as a 0-d tensor."""
        raise NotImplementedError

    def moved(self) -> None:
        """The law Q has moved, as a generator's does: what was averaged or scheduled over it begins anew."""

    def cost(self, p: Sampler, q: Sampler, count: int) -> dict[str, float] | None:
        """Its own estimate of its cost from `count` fresh samples, where that is not the critic's gap.

        With the keys gap and gap_se, and whatever else it measures of itself.
        """
        return None

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """The penalty at each point from |grad u| there; only where `penalty` is given."""
        raise NotImplementedError

    def cost_gradient(self, points: Tensor) -> Tensor:
        """The gradient [n, D] of its cost in where points [n, D] of Q lie, times their number: what moves a
        generator. Here that of the gap: -grad u."""
        with torch.no_grad():
            return -self.critic.gradient(points)[1]

    def to_q(self, points: Tensor) -> Tensor | None:
        """Where it moves points [n, D] of P, as [n, D]; None where it knows no map."""
        return None

    def to_p(self, points: Tensor) -> Tensor | None:
        """Where it moves points [n, D] of Q, as [n, D]; None where it knows no map."""
        return None

    def map_to_p(self) -> nn.Module | None:
        """`to_p` as a module that shares its networks with the solver; None where it knows no map."""
        return None

    def gradient(self, points: Tensor) -> Tensor:
        """What it takes for the gradient of the true critic at points [n, D] of P, as [n, D]."""
        return self.critic.gradient(points)[1]
