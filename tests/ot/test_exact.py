"""Exact transport between samples, against another algorithm."""

import numpy as np
import pytest
import torch

from wganstudio.ot import exact
from wganstudio.ot.exact import exact_transport, line_cost
from wganstudio.pairs.base import make_rng


def distances(count: int, dim: int) -> np.ndarray:
    x, y = (torch.randn(count, dim, generator=make_rng("cpu", k), dtype=torch.float64) for k in (1, 2))
    return torch.linalg.vector_norm(x[:, None] - 2 * y - 1, dim=2).numpy()


@pytest.mark.parametrize(("count", "dim"), [(50, 1), (300, 2), (200, 30)])
def test_exact_transport_is_the_best_assignment(count: int, dim: int) -> None:
    from scipy.optimize import linear_sum_assignment

    costs = distances(count, dim)
    cost, f, g, plan = exact_transport(costs)
    rows, columns = linear_sum_assignment(costs)
    assert cost == pytest.approx(costs[rows, columns].mean(), rel=1e-9)
    assert f.mean() + g.mean() == pytest.approx(cost, rel=1e-9)
    assert np.all(f[:, None] + g <= costs + 1e-9)
    np.testing.assert_allclose([plan.sum(0), plan.sum(1)], 1 / count, rtol=1e-9)
    assert (plan * costs).sum() == pytest.approx(cost, rel=1e-9)


def test_on_the_line_the_plan_sorts_the_points() -> None:
    from scipy.stats import wasserstein_distance

    x, y = (torch.randn(n, generator=make_rng("cpu", n), dtype=torch.float64).numpy() for n in (30, 50))
    a, b = np.full(30, 1 / 30), np.linspace(1, 2, 50) / 75
    assert line_cost(x, y, a, b) == pytest.approx(wasserstein_distance(x, y, a, b), rel=1e-12)
    costs = (x[:, None] - y) ** 2
    squared = line_cost(x, y, a, b, squared=True)
    assert squared == pytest.approx(exact_transport(costs, b, a).cost, rel=1e-12)


def test_transport_that_does_not_converge_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "MAX_ITERATIONS", 1)
    with pytest.raises(RuntimeError, match="did not converge"):
        exact_transport(distances(100, 2))


def test_a_warm_start_gives_the_same_cost() -> None:
    costs = distances(100, 2)
    first = exact_transport(costs)
    shifted = costs + 1e-3 * np.eye(100)
    warm, cold = exact_transport(shifted, start=first), exact_transport(shifted)
    assert warm.cost == pytest.approx(cold.cost, rel=1e-12)
    assert np.all(warm.f[:, None] + warm.g <= shifted + 1e-9)
