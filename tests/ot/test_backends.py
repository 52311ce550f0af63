"""numpy arrays and torch tensors give the same transport."""

from typing import Any

import numpy as np
import pytest
import torch

from wganstudio.experiment import GroundCost
from wganstudio.ot.costs import CostFunction
from wganstudio.ot.distances import distances, unit_vectors
from wganstudio.ot.gaussian import Moments, bures_map, entropic_bures
from wganstudio.ot.regularized import RegularizedOT
from wganstudio.ot.regularizers import EntropyRegularizer, QuadraticRegularizer, Regularizer

GROUNDS = [
    GroundCost("squared"),
    GroundCost("distance"),
    GroundCost("cosine"),
    *(GroundCost("p-norm", p=p) for p in (1, 1.5, 3)),
]
REGULARIZERS = [EntropyRegularizer(0.3), EntropyRegularizer(0.02), QuadraticRegularizer(0.3)]


def points(n: int, m: int, dim: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, dim)), rng.normal(size=(m, dim)) + 0.5
    y[0] = x[0]
    return x, y


def agree(of_numpy: Any, of_torch: torch.Tensor, tolerance: float = 1e-12) -> None:
    assert isinstance(of_numpy, np.ndarray) and isinstance(of_torch, torch.Tensor)
    np.testing.assert_allclose(of_numpy, of_torch.numpy(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dim", [2, 12])
@pytest.mark.parametrize("ground", GROUNDS, ids=lambda ground: f"{ground.cost} {ground.p:g}")
def test_costs_agree(ground: GroundCost, dim: int) -> None:
    x, y = points(5, 7, dim)
    weights = np.random.default_rng(1).random((5, 7))
    weights[0, 0] = 0.0  # the gradient at x = y depends on rounding
    cost, (s, t, w) = CostFunction(ground, 2.0), map(torch.from_numpy, (x, y, weights))
    agree(cost.pairwise(x, y), cost.pairwise(s, t), 1e-7 if dim > 8 else 1e-12)
    agree(cost.pairwise_fast(x, y), cost.pairwise_fast(s, t), 1e-7 if dim > 8 else 1e-12)
    agree(cost.costs_from_origin(y), cost.costs_from_origin(t))
    agree(cost.weighted_gradient(weights, x, y), cost.weighted_gradient(w, s, t))


@pytest.mark.parametrize("dim", [2, 12])
def test_distances_and_unit_vectors_agree(dim: int) -> None:
    x, y = points(5, 7, dim)
    s, t = map(torch.from_numpy, (x, y))
    agree(distances(x, y), distances(s, t), 1e-7 if dim > 8 else 1e-12)
    x[2] = 0.0
    agree(unit_vectors(x), unit_vectors(s))
    assert (unit_vectors(x)[2] == 0).all()


@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=lambda one: f"{type(one).__name__} {one.strength}")
def test_regularized_transport_agrees(regularizer: Regularizer) -> None:
    rng = np.random.default_rng(2)
    costs, a, b = rng.random((9, 6)), rng.random(9) + 0.1, rng.random(6) + 0.1
    a, b = a / a.sum(), b / b.sum()
    problems = [RegularizedOT(f(costs), regularizer, f(a), f(b)) for f in (np.asarray, torch.from_numpy)]
    of_numpy, of_torch = (problem.solve(1e-13) for problem in problems)
    assert of_numpy.gap < 1e-12 and of_numpy.steps == of_torch.steps
    for name in ("lower", "upper", "marginal"):
        assert getattr(of_numpy, name) == pytest.approx(getattr(of_torch, name), abs=1e-9)
    agree(of_numpy.psi, of_torch.psi, 1e-9)
    for one, other in zip(of_numpy.transform, of_torch.transform, strict=True):
        agree(one, other, 1e-9)
    excess = rng.normal(size=(4, 3))
    agree(regularizer.conjugate(excess), regularizer.conjugate(torch.from_numpy(excess)))


def test_symmetric_transport_agrees() -> None:
    x, _ = points(8, 1, 2)
    costs = ((x[:, None] - x) ** 2).sum(-1)
    of_numpy, of_torch = (
        RegularizedOT(f(costs), EntropyRegularizer(0.5)).solve_symmetric(1e-12)
        for f in (np.asarray, torch.from_numpy)
    )
    agree(of_numpy.psi, of_torch.psi, 1e-9)


def test_gaussian_closed_forms_agree() -> None:
    x, y = points(40, 40, 3)
    s, t = map(torch.from_numpy, (x, y))
    p, q = Moments.of_samples(x), Moments.of_samples(y)
    r, u = Moments.of_samples(s), Moments.of_samples(t)
    agree(p.covariance, r.covariance)
    agree(bures_map(p.covariance, q.covariance), bures_map(r.covariance, u.covariance), 1e-9)
    agree(p.with_least_variance(0.9).covariance, r.with_least_variance(0.9).covariance, 1e-9)
    for epsilon in (0.0, 0.7):
        assert entropic_bures(p, q, epsilon) == pytest.approx(entropic_bures(r, u, epsilon), rel=1e-12)
