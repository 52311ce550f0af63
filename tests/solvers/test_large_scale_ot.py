"""LS: the objective against a loop, and its primal problem."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

Make = Streams = Callable[..., Any]


def test_the_objective_agrees_with_a_loop(make: Make, streams: Streams) -> None:
    solver = make("ls", epsilon=0.3)
    p, q = streams()
    x, y = p(64), q(64)
    with torch.no_grad():
        u, g = solver.critic(x).tolist(), solver.partner(y).tolist()  # type: ignore[attr-defined]
    total = 0.0
    for k in range(64):
        excess = u[k] + g[k] - float(np.linalg.norm(x[k].numpy() - y[k].numpy()))
        total += u[k] + g[k] - (excess * excess / (4 * 0.3) if excess > 0 else 0.0)
    assert float(solver.step(*streams())) == pytest.approx(total / 64, rel=1e-5)


def test_both_networks_learn_and_start_apart(make: Make, streams: Streams) -> None:
    solver = make("ls")
    networks = [solver.critic, solver.partner]  # type: ignore[attr-defined]
    first, second = ([w.detach().clone() for w in network.parameters()] for network in networks)
    assert not torch.equal(first[0], second[0])
    solver.step(*streams())
    for network, before in zip(networks, (first, second), strict=True):
        assert all(not torch.equal(w, b) for w, b in zip(network.parameters(), before, strict=True))


def test_the_exact_plan_of_two_points_solves_it(make: Make) -> None:
    """P = delta_0, Q = delta_d: max u + g - (u + g - d)_+^2 / (4 eps) is d + eps, at u + g = d + 2 eps."""
    solver = make("ls", epsilon=0.1, learning_rate=3e-3, batch=4)
    zero, there = torch.zeros(4, 3), torch.tensor([[2.0, 0.0, 0.0]]).repeat(4, 1)
    for _ in range(1500):
        objective = solver.step(lambda count: zero, lambda count: there)  # type: ignore[arg-type]
    assert float(objective) == pytest.approx(2.1, abs=2e-3)
