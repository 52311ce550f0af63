"""Solver: trains a critic from two streams of samples."""

from dataclasses import dataclass, field
from typing import ClassVar

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.critics.parts import Parts, finish
from wganstudio.critics.training_state import Stateful
from wganstudio.experiment import SolverOptions
from wganstudio.pairs.base import Sampler, SegmentsSigma, Sigma


@dataclass(frozen=True, eq=False)
class SolverContext:
    """The parts of a run that every solver is built from, beside its options."""

    critic: Critic
    """The network to train."""
    steps: int
    """Length of the whole run, for schedules."""
    batch: int
    """Samples per step."""
    rng: torch.Generator
    """Random generator of the solver alone."""
    sigma: Sigma = field(default_factory=SegmentsSigma)
    """Distribution of the points at which a gradient penalty is taken."""


class Solver(Stateful):
    """Objective, constraint and optimizer schedule of one critic.

    A solver receives two independent streams of samples and nothing else of the pair. Additional networks are
    initialized from torch's global random generator, like the critic. `state_names` lists every attribute
    that `setup` or `step` changes; a resumed run restores them instead of calling `setup`.

    Parameters
    ----------
    options : SolverOptions
        The settings of this kind of solver.
    context : SolverContext
        Critic, length of the run, batch size and random generator.
    """

    state_names: ClassVar[tuple[str, ...]] = ("critic", "rng")
    options: SolverOptions
    critic: Critic
    """The trained critic; usable on its own after every step."""
    evaluation_points: Tensor | None = None
    """Points [n, D] of P at which to evaluate `gradient`, where it is defined at no others."""
    scale: float | None = None
    """The divisor of the solver's ground cost, set by `setup`; None for W1."""
    max_map_points: int = 2048
    """Largest number of points to evaluate the maps on: each costs a conjugate or a row of the plan."""
    features: nn.Module | None = None
    """The features between which the ground cost is taken; None for the points themselves."""

    def __init__(self, options: SolverOptions, context: SolverContext) -> None:
        self.options = options
        self.critic, self.steps, self.batch = context.critic, context.steps, context.batch
        self.rng, self.sigma = context.rng, context.sigma

    @property
    def penalty(self) -> float | None:
        """Coefficient lambda of the gradient penalty; None for a solver without one."""
        return self.options.gradient_penalty

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize from samples before training. The default initializes the critic."""
        self.critic.setup(p, q)

    def load_critic(self, weights: dict[str, Tensor], p: Sampler, q: Sampler) -> None:
        """Give the critic the weights of a checkpoint; p and q are the samplers that `setup` would get."""
        self.critic.load_state_dict(weights)

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one step on fresh samples; return the objective before it, 0-d."""
        raise NotImplementedError

    def on_q_changed(self) -> None:
        """Restart averages and schedules that depend on Q, which a generator has just moved."""

    def cost(self, p: Sampler, q: Sampler, count: int) -> dict[str, float] | None:
        """Return the solver's own estimate of its cost from `count` fresh samples.

        The keys are gap, gap_se and further metrics of the solver. None where the cost is the critic's gap.
        """
        parts = self.cost_in_parts(p, q, count)
        return None if parts is None else finish(parts)

    def cost_in_parts(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]] | None:
        """Return the computation of `cost`, which may be given up between its parts."""
        return None

    def penalty_of(self, lengths: Tensor) -> Tensor:
        """Return the penalty at each point from |grad u| there; only for solvers with a `penalty`."""
        raise NotImplementedError

    def cost_gradient(self, points: Tensor) -> Tensor:
        """Return n times the gradient [n, D] of the cost in the positions of points [n, D] of Q.

        The gradient moves a generator. The default is the gradient of the gap, -grad u.
        """
        with torch.no_grad():
            return -self.critic.gradient(points)[1]

    def to_q(self, points: Tensor) -> Tensor | None:
        """Map points [n, D] of P to Q, as [n, D]; None for a solver without a map."""
        return None

    def to_p(self, points: Tensor) -> Tensor | None:
        """Map points [n, D] of Q to P, as [n, D]; None for a solver without a map."""
        return None

    def map_to_p(self) -> nn.Module | None:
        """Return `to_p` as a module that shares its networks with the solver; None without a map."""
        return None

    def gradient(self, points: Tensor) -> Tensor:
        """Return the estimate of grad u* [n, D], u* the true critic, at points [n, D] of P."""
        return self.critic.gradient(points)[1]
