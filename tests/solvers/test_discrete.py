"""DOT is exact transport between its samples, and its potential solves the dual."""

from collections.abc import Callable
from typing import Any

import numpy as np
import ot
import pytest
import torch

from wganstudio.training.estimates import estimate

Make = Streams = Callable[..., Any]


def test_cost_gradient_and_potential_are_those_of_the_linear_program(make: Make, streams: Streams) -> None:
    solver = make("dot", samples=200)
    solver.setup(*streams())
    p, q = streams()
    x, y = p(200), q(200)
    costs = ot.dist(x.double().numpy(), y.double().numpy(), metric="euclidean")
    plan = ot.emd(np.full(200, 1 / 200), np.full(200, 1 / 200), costs)
    cost = solver.cost(p, q, 200)["gap"]
    assert cost == pytest.approx((plan * costs).sum(), rel=1e-6)
    assert solver.evaluation_points is not None
    assert torch.equal(solver.evaluation_points, x)
    away = x - y[torch.from_numpy(plan.argmax(1))]
    torch.testing.assert_close(
        solver.gradient(solver.evaluation_points), away / away.norm(dim=1, keepdim=True)
    )
    gap = float(solver.critic(x).mean() - solver.critic(y).mean())
    assert gap == pytest.approx(cost, rel=1e-5), "strong duality"


def test_its_estimate_is_the_cost_and_its_error_that_of_repeated_draws(make: Make, streams: Streams) -> None:
    p, q = streams()
    costs, errors = [], []
    for _ in range(60):
        solver = make("dot", samples=50)
        solver.setup(p, q)
        result = estimate(solver, p, q, torch.Generator(), 100)
        assert set(result) == {"gap", "gap_se"}
        costs.append(result["gap"])
        errors.append(result["gap_se"])
    assert np.mean(errors) == pytest.approx(np.std(costs), rel=0.35)


def test_elsewhere_it_knows_no_plan(make: Make, streams: Streams) -> None:
    solver = make("dot", samples=20)
    solver.setup(*streams())
    with pytest.raises(ValueError, match="own samples"):
        solver.gradient(torch.zeros(5, 3))
