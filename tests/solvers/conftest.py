"""Distributions, samplers and solvers for the tests of this folder."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import critics, kinds
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.solvers.base import Solver, SolverContext

Streams = Callable[[], tuple[Sampler, Sampler]]
Make = Callable[..., Solver]


class Normal:
    """N(mean, I) in 3 dimensions."""

    dim = 3

    def __init__(self, mean: float) -> None:
        self.mean = mean

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.mean + torch.randn((count, 3), generator=rng)


@pytest.fixture
def streams() -> Streams:
    """Samplers of two distributions; every call returns fresh ones."""
    return lambda: (Sampler(Normal(1.0), make_rng("cpu", 1)), Sampler(Normal(0.0), make_rng("cpu", 2)))


@pytest.fixture
def make() -> Make:
    """A solver of a kind with a small perceptron, and what it was published with."""

    def made(kind: str, critic: Critic | None = None, batch: int = 64, **options: object) -> Solver:
        torch.manual_seed(0)
        choice = kinds("solver")[kind](**options)
        if critic is None:
            critic = MLP(critics.MLPOptions(width=16, **choice.critic_defaults), 3)
        return choice.build(SolverContext(critic, 100, batch, make_rng("cpu", 3)))

    return made
