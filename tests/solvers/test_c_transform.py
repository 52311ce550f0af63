"""MM:B and MM:Bv2: the c-transform against a loop, and the rule of the three branches."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.ot.distances import distances
from wganstudio.pairs.base import make_rng
from wganstudio.solvers.c_transform import c_transform

Make = Streams = Callable[..., Any]


class Cone(Critic):
    """u(x) = -slope |x|."""

    dim = 3

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.slope = torch.nn.Parameter(torch.tensor(slope))

    def forward(self, points: Tensor) -> Tensor:
        return -self.slope * torch.linalg.vector_norm(points, dim=1)


def by_loop(values: list[float], x: np.ndarray, y: np.ndarray) -> list[float]:
    return [min(float(np.linalg.norm(a - b)) - u for a, u in zip(x, values, strict=True)) for b in y]


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(1, 40),
    m=st.integers(1, 40),
    dim=st.sampled_from([1, 2, 8, 9, 40]),
    seed=st.integers(0, 10**6),
)
def test_the_c_transform_agrees_with_a_loop(n: int, m: int, dim: int, seed: int) -> None:
    rng = make_rng("cpu", seed)
    x, y = torch.randn(n, dim, generator=rng), torch.randn(m, dim, generator=rng)
    values = torch.randn(n, generator=rng)
    expected = by_loop(values.tolist(), x.double().numpy(), y.double().numpy())
    costs = distances(y, x)
    for part in (*(slice(j, j + 1) for j in range(m)), slice(None)):  # each point of Q, and all of them
        weights, length = c_transform(values, x, y[part], costs[part])
        mean = np.mean(expected[part])
        assert float(length - torch.dot(weights, values)) == pytest.approx(mean, rel=1e-5, abs=1e-5)


def test_each_chosen_point_has_the_share_of_those_that_choose_it() -> None:
    x, y = torch.tensor([[0.0], [10.0]]), torch.tensor([[1.0], [2.0], [11.0]])
    weights, length = c_transform(torch.zeros(2), x, y, distances(y, x))
    torch.testing.assert_close(weights, torch.tensor([2 / 3, 1 / 3]))
    assert float(length) == pytest.approx(4 / 3)


def test_mm_b_is_the_dual_with_the_batch_transform(make: Make, streams: Streams) -> None:
    solver = make("mm-b")
    p, q = streams()
    x, y = p(64), q(64)
    with torch.no_grad():
        u = solver.critic(x).tolist()
    expected = np.mean(u) + np.mean(by_loop(u, x.double().numpy(), y.double().numpy()))
    assert float(solver.step(*streams())) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0, 3.0, -1.0, -3.0])
def test_mm_bv2_follows_its_rule(slope: float, make: Make, streams: Streams) -> None:
    solver = make("mm-bv2", Cone(slope))
    p, q = streams()
    x, y = p(64), q(64)
    with torch.no_grad():
        u, v = solver.critic(x).tolist(), solver.critic(y).tolist()
    a, b = x.double().numpy(), y.double().numpy()
    gap = np.mean(u) - np.mean(v)
    forward = np.mean(u) + np.mean(by_loop(u, a, b))
    backward = np.mean(by_loop([-value for value in v], b, a)) - np.mean(v)
    expected = forward if forward < gap else backward if backward < gap else gap
    assert float(solver.step(*streams())) == pytest.approx(expected, rel=1e-4, abs=1e-5)


class Spike(Critic):
    """u is `height` at one point of the line and 0 elsewhere."""

    dim = 1

    def __init__(self, at: float, height: float) -> None:
        super().__init__()
        self.at, self.height = at, torch.nn.Parameter(torch.tensor(height))

    def forward(self, points: Tensor) -> Tensor:
        return self.height * (points[:, 0] == self.at)


@pytest.mark.parametrize(
    ("at", "height", "y", "objective"),
    [
        (0.5, 4.0, [0.5, 1.5], -2.0),  # the gap: no pair x, y is overcharged
        (0.0, 4.0, [0.5, 1.5], -1.0),  # L2: both y go to the spike at x = 0, (.5 - 4 + 1.5 - 4) / 2 + 2
        (0.5, -1.0, [0.5, 10.0], 0.0),  # L3: both x go to the pit at y = .5; over y, L2 lies above the gap
    ],
)
def test_mm_bv2_takes_each_branch(
    at: float, height: float, y: list[float], objective: float, make: Make
) -> None:
    batches = torch.tensor([[0.0], [1.0]]), torch.tensor(y)[:, None]
    solver = make("mm-bv2", Spike(at, height), batch=2)
    result = solver.step(lambda count: batches[0], lambda count: batches[1])
    assert float(result) == pytest.approx(objective)
