"""Regularized transport between two lists of points agrees with POT and certifies itself."""

import math
import warnings
from typing import Any

import numpy as np
import ot
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from wganstudio.experiment import GroundCost
from wganstudio.ot.costs import CostFunction
from wganstudio.ot.regularized import RegularizedOT
from wganstudio.ot.regularizers import EntropyRegularizer, QuadraticRegularizer, Regularizer, regularizer_of

REGULARIZERS = {"entropy": EntropyRegularizer, "l2": QuadraticRegularizer}


def costs(n: int, m: int, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    table = ot.dist(rng.normal(size=(n, 2)), rng.normal(size=(m, 2)) * [2, 0.5] + 1)
    return table / table.mean()


def weights(n: int, seed: int | None) -> Any:
    """Equal, or drawn."""
    if seed is None:
        return np.full(n, 1 / n)
    drawn = np.random.default_rng(seed).uniform(0.2, 1.0, n)
    return drawn / drawn.sum()


def problem(table: Any, regularizer: Regularizer, rows: Any = None, columns: Any = None) -> RegularizedOT:
    given = (None if part is None else torch.tensor(part) for part in (rows, columns))
    return RegularizedOT(torch.tensor(table), regularizer, *given)


def entropic(table: Any, rows: Any, columns: Any, strength: float) -> tuple[Any, float]:
    """POT's plan, and <pi, c> + lambda KL(pi | a x b) of it."""
    method = "sinkhorn_log" if strength < 0.01 else "sinkhorn"
    plan = ot.sinkhorn(
        rows, columns, table, strength, method=method, numItermax=100 * len(table) + 3000, stopThr=1e-7
    )
    log = np.log(np.maximum(plan / np.outer(rows, columns), 1e-300))
    return plan, float((plan * (table + strength * log)).sum())


def agree(transport: RegularizedOT, plan: Any, value: float) -> None:
    solved = transport.solve(1e-8 * value)
    assert solved.lower <= solved.upper
    assert solved.lower == pytest.approx(value, rel=1e-3) and solved.upper == pytest.approx(value, rel=1e-3)
    own = transport.rows[:, None] * solved.transform.shares
    assert np.abs(own.numpy() - plan).sum() < 1e-3, "the weights"
    density = own / (transport.rows[:, None] * transport.columns)
    assert float((density @ transport.columns - 1).abs().max()) < 1e-3
    assert float((transport.rows @ density - 1).abs().max()) < 1e-3
    for array in (solved.psi, solved.transform.phi, own):
        assert array.isfinite().all()


@pytest.mark.parametrize(
    ("strength", "n"),
    [(10.0, 256), (1.0, 256), (0.1, 256), (0.01, 256), pytest.param(0.001, 256, marks=pytest.mark.slow)],
)
def test_entropy_agrees_with_pot_over_four_decades(strength: float, n: int) -> None:
    table, evenly = costs(n, n), weights(n, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # POT's, where it does not reach its threshold
        plan, value = entropic(table, evenly, evenly, strength)
    agree(problem(table, EntropyRegularizer(strength)), plan, value)


@pytest.mark.parametrize("strength", [10.0, 1.0, 0.1, 0.01, 0.001])
def test_l2_agrees_with_pot_over_four_decades(strength: float) -> None:
    n = 256 if strength >= 0.1 else 64
    table, evenly = costs(n, n), weights(n, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's, at how POT calls it
        # POT charges reg / 2 |pi|^2, and |pi|^2 = E r^2 / (n m)
        plan = ot.smooth.smooth_ot_dual(
            evenly, evenly, table, 2 * strength * n * n, reg_type="l2", stopThr=1e-13, numItermax=5000
        )
    value = float((plan * (table + strength * plan * n * n)).sum())
    agree(problem(table, QuadraticRegularizer(strength)), plan, value)


def test_unequal_weights_and_numbers_too() -> None:
    table, rows, columns = costs(40, 60), weights(40, 1), weights(60, 2)
    agree(problem(table, EntropyRegularizer(0.1), rows, columns), *entropic(table, rows, columns, 0.1))


@pytest.mark.parametrize(
    ("kind", "strength"), [("l2", 0.3), ("l2", 0.02), ("entropy", 0.1), ("entropy", 0.001)]
)
def test_with_unequal_weights_it_agrees_with_a_convex_program(kind: str, strength: float) -> None:
    import cvxpy as cp

    table, rows, columns = costs(12, 9), weights(12, 1), weights(9, 2)
    even = np.outer(rows, columns)
    plan = cp.Variable((12, 9), nonneg=True)
    charges = cp.multiply(1 / even, cp.square(plan)) if kind == "l2" else cp.rel_entr(plan, even)
    asked = cp.Problem(
        cp.Minimize(cp.sum(cp.multiply(table, plan)) + strength * cp.sum(charges)),
        [cp.sum(plan, axis=1) == rows, cp.sum(plan, axis=0) == columns],
    )
    asked.solve(solver=cp.CLARABEL)
    agree(problem(table, REGULARIZERS[kind](strength), rows, columns), plan.value, float(asked.value))


@pytest.mark.parametrize("kind", REGULARIZERS)
@given(seed=st.integers(0, 10**6), power=st.floats(-3, 1), n=st.integers(1, 12), m=st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_any_psi_brackets_the_cost(kind: str, seed: int, power: float, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    transport = problem(
        costs(n, m, seed), REGULARIZERS[kind](10**power), weights(n, seed), weights(m, seed + 1)
    )
    best = transport.solve(1e-7)
    some = transport.certify(torch.tensor(rng.normal(size=m)))
    slack = 1e-9 * (1 + abs(best.upper))
    assert some.lower <= best.upper + slack and best.lower <= some.upper + slack
    assert best.gap < 1e-6 * (1 + best.upper)


@pytest.mark.parametrize("kind", REGULARIZERS)
def test_the_value_decreases_to_the_linear_program_within_known_bounds(kind: str) -> None:
    n = 60
    table = costs(n, n)
    exact = float(ot.emd2(weights(n, None), weights(n, None), table))
    before = math.inf
    for strength in (1.0, 0.1, 0.01, 1e-3, 1e-4):
        solved = problem(table, REGULARIZERS[kind](strength)).solve(1e-7)
        most = strength * (math.log(n) if kind == "entropy" else n)
        assert exact <= solved.upper and solved.lower <= exact + most
        assert solved.upper < before
        before = solved.lower
    assert before == pytest.approx(exact, abs=most)


@pytest.mark.parametrize("kind", REGULARIZERS)
def test_the_c_transform_is_the_best_level_for_each_row(kind: str) -> None:
    regularizer = REGULARIZERS[kind](0.3)
    table, columns = torch.tensor(costs(5, 30)), torch.tensor(weights(30, 3))
    psi = torch.randn(30, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    transform = regularizer.c_transform(psi - table, columns)

    def dual(level: Tensor) -> Tensor:
        excess = level[:, None] + psi - table
        return level - regularizer.conjugate(excess) @ columns

    torch.testing.assert_close(dual(transform.phi), transform.value, rtol=1e-10, atol=1e-10)
    for off in (0.01, -0.01):
        assert (dual(transform.phi + off) < transform.value).all()
    level = transform.phi.clone().requires_grad_(True)
    excess = (level[:, None] + psi - table).detach().requires_grad_(True)
    (density,) = torch.autograd.grad(regularizer.conjugate(excess).sum(), excess)
    torch.testing.assert_close(density * columns, transform.shares, rtol=1e-9, atol=1e-12)


def test_a_large_excess_overflows_neither_the_penalty_nor_its_slope() -> None:
    excess = torch.tensor([1e6, -1e6, 0.0], requires_grad=True)
    paid = EntropyRegularizer(1e-3).conjugate(excess)
    paid.sum().backward()
    assert paid.isfinite().all() and excess.grad is not None and excess.grad.isfinite().all()


@pytest.mark.parametrize("kind", REGULARIZERS)
@pytest.mark.parametrize("strength", [1.0, 0.01])
def test_symmetric_transport_is_solved(kind: str, strength: float) -> None:
    points = np.random.default_rng(0).normal(size=(50, 2))
    transport = problem(ot.dist(points, points), REGULARIZERS[kind](strength))
    assert transport.solve_symmetric(1e-6).gap <= 1e-6
    assert transport.solve_symmetric(1e-6).lower == pytest.approx(transport.solve(1e-6).lower, abs=2e-6)


def test_a_psi_from_far_away_costs_steps_but_not_the_accuracy() -> None:
    for kind in REGULARIZERS.values():
        transport = problem(costs(60, 60), kind(0.01))
        psi = 30 * torch.randn(60, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        assert transport.solve(1e-6, psi).gap <= 1e-6
        assert transport.solve(1e-6, transport.solve(1e-6).psi).steps == 0


@pytest.mark.parametrize(
    "ground",
    [
        GroundCost(),
        GroundCost("distance"),
        GroundCost("cosine"),
        *(GroundCost("p-norm", p=p) for p in (1, 1.5, 3)),
    ],
)
def test_a_cost_and_its_gradient_are_its_formula(ground: GroundCost) -> None:
    rng = torch.Generator().manual_seed(0)
    x, y = (torch.randn((k, 3), generator=rng, dtype=torch.float64) for k in (5, 7))
    y[0] = x[0]
    if ground.cost == "cosine":
        y[1] = 0.0
    cost, shares = CostFunction(ground, 2.0), torch.rand((5, 7), generator=rng, dtype=torch.float64)
    away = x[:, None] - y
    cosines = torch.nn.functional.cosine_similarity(x[:, None], y[None], dim=2)
    expected = {
        "squared": away.square().sum(2),
        "distance": away.norm(dim=2),
        "cosine": 1 - cosines,
        "p-norm": torch.linalg.vector_norm(away, ord=ground.p, dim=2),
    }[ground.cost]
    torch.testing.assert_close(cost.pairwise(x, y), expected / 2, atol=1e-12, rtol=1e-12)
    torch.testing.assert_close(cost.pairwise_fast(x, y), expected / 2, atol=1e-7, rtol=1e-7)
    sizes = cost.pairwise(torch.zeros_like(x[:1]), y)[0] * 2
    torch.testing.assert_close(cost.costs_from_origin(y), sizes, atol=1e-12, rtol=1e-12)
    gradient = cost.weighted_gradient(shares, x, y)
    shares[0, 0] = 0.0  # where x = y a norm has no gradient, and counts none
    for i, k in np.ndindex(5, 3):
        ends = []
        for side in (1e-6, -1e-6):
            moved = x.clone()
            moved[i, k] += side
            ends.append(float((shares * cost.pairwise(moved, y)).sum()))
        assert float(gradient[i, k]) == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-6)


def test_a_strength_of_0_is_rejected() -> None:
    with pytest.raises(ValueError, match="positive and finite"):
        regularizer_of(GroundCost(epsilon=0.0))
