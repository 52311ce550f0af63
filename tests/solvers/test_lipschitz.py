"""GP, LP and WC compute their objectives, from samples only."""

import math

import pytest
import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import critics, kinds, solvers
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.solvers.base import Solver, SolverContext


class Normal:
    """N(mean, scale^2 I) in the plane."""

    dim = 2

    def __init__(self, mean: float, scale: float) -> None:
        self.mean, self.scale = mean, scale

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.mean + self.scale * torch.randn((count, 2), generator=rng)


class Affine(Critic):
    """u(x) = slope x_1: |grad u| is `slope` everywhere."""

    dim = 2

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.slope = torch.nn.Parameter(torch.tensor(slope))

    def forward(self, points: Tensor) -> Tensor:
        return self.slope * points[:, 0]


def streams() -> tuple[Sampler, Sampler]:
    return Sampler(Normal(2.0, 1.0), make_rng("cpu", 1)), Sampler(Normal(0.0, 1.0), make_rng("cpu", 2))


def solver(kind: str, critic: Critic, steps: int = 100, **options: object) -> Solver:
    return kinds("solver")[kind](**options).build(SolverContext(critic, steps, 256, make_rng("cpu", 3)))


@pytest.mark.parametrize(
    ("kind", "slope", "penalty"), [("gp", 3.0, 4.0), ("gp", 0.5, 0.25), ("lp", 3.0, 4.0), ("lp", 0.5, 0.0)]
)
def test_the_objective_is_the_gap_minus_lambda_times_the_penalty(
    kind: str, slope: float, penalty: float
) -> None:
    s = solver(kind, Affine(slope), penalty=7.0)
    objective = s.step(*streams())
    p, q = streams()
    gap = slope * float(p(256)[:, 0].mean() - q(256)[:, 0].mean())
    assert float(objective) == pytest.approx(gap - 7.0 * penalty, rel=1e-5)


@pytest.mark.parametrize("kind", ["gp", "lp"])
def test_an_affine_critic_reaches_the_exact_optimum(kind: str) -> None:
    # gap = 2 s and penalty (s - 1)^2 at lambda = 5: s = 1 + 2 / (2 * 5)
    critic = Affine(0.1)
    s = solver(kind, critic, steps=1500, penalty=5.0, learning_rate=0.05, schedule="cosine", beta1=0.5)
    p, q = streams()
    for _ in range(1500):
        s.step(p, q)
    assert critic.slope.item() == pytest.approx(1.2, abs=0.02)


def test_weight_clipping_holds_weights_but_not_biases() -> None:
    critic = MLP(critics.MLPOptions(width=64), 2)
    s = solver("wc", critic, clip=0.01, learning_rate=0.1)
    weights = [w for w in critic.parameters() if w.ndim > 1]
    assert max(w.abs().max().item() for w in weights) <= 0.01, "clipped before the first look"
    p, q = streams()
    for _ in range(5):
        s.step(p, q)
    assert max(w.abs().max().item() for w in weights) <= 0.01
    assert max(b.abs().max().item() for b in critic.parameters() if b.ndim == 1) > 0.01


def test_the_cosine_ends_at_zero() -> None:
    critic = Affine(1.0)
    s = solver("lp", critic, steps=50, schedule="cosine", learning_rate=0.1)
    rates = []
    p, q = streams()
    for _ in range(50):
        s.step(p, q)
        rates.append(s._adam.param_groups[0]["lr"])  # type: ignore[attr-defined]
    assert rates[0] == pytest.approx(0.1) and rates[25] == pytest.approx(0.05)
    assert rates[-1] == pytest.approx(0.05 * (1 + math.cos(math.pi * 49 / 50)))


def test_the_published_settings_are_the_defaults() -> None:
    shared = {"learning_rate": 2e-4, "beta1": 0.0, "beta2": 0.9, "schedule": "constant"}
    assert solvers.GradientPenaltyOptions().settings() == {"kind": "gp", **shared, "penalty": 10.0}
    assert solvers.LipschitzPenaltyOptions().settings() == {"kind": "lp", **shared, "penalty": 10.0}
    assert solvers.WeightClippingOptions().settings() == {"kind": "wc", **shared, "clip": 0.04}
    critic = MLP(critics.MLPOptions(), 2).options
    assert (critic.width, critic.depth, critic.activation) == (128, 2, "relu")
