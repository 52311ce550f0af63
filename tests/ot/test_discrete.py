"""Transport between short lists against POT: value, potentials, plan and warm starts."""

import numpy as np
import ot
import pytest

from wganstudio.ot.discrete import solve


def problem(m, n, seed=0):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(m, 2)), rng.normal(size=(n, 2))
    q, nu = rng.random(m) + 0.1, rng.random(n) + 0.1
    return ((x[:, None] - y) ** 2).sum(-1), q / q.sum(), nu / nu.sum()


@pytest.mark.parametrize("sides", [(1, 4), (3, 7), (7, 3), (20, 20)])
def test_exact_transport_agrees_with_pot(sides):
    costs, q, nu = problem(*sides)
    result = solve(costs, q, nu, 0)
    assert result.value == pytest.approx(ot.emd2(q, nu, costs), rel=1e-9)
    np.testing.assert_allclose(result.plan.sum(1), q, atol=1e-9)
    np.testing.assert_allclose(result.plan.sum(0), nu, atol=1e-9)
    assert q @ result.phi + nu @ result.psi == pytest.approx(result.value, rel=1e-9)
    assert (result.phi[:, None] + result.psi <= costs + 1e-9).all(), "the dual is feasible"


@pytest.mark.parametrize("epsilon", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("sides", [(1, 4), (3, 7), (7, 3), (20, 20)])
def test_entropic_transport_agrees_with_pot(sides, epsilon):
    costs, q, nu = problem(*sides)
    result = solve(costs, q, nu, epsilon)
    reference = ot.solve(costs, q, nu, reg=epsilon, reg_type="KL", max_iter=100_000, tol=1e-10)
    assert result.value == pytest.approx(reference.value, rel=1e-6)
    np.testing.assert_allclose(result.plan, reference.plan, atol=1e-6)
    density = q[:, None] * nu * np.exp((result.phi[:, None] + result.psi - costs) / epsilon)
    np.testing.assert_allclose(density, result.plan, atol=1e-9)


def test_with_less_entropy_the_cost_falls_to_the_exact_one():
    costs, q, nu = problem(6, 9)
    values = [solve(costs, q, nu, epsilon).value for epsilon in (1, 0.1, 0.01, 0.001, 0)]
    assert values == sorted(values, reverse=True) and values[-2] - values[-1] < 0.001 * np.log(9)


@pytest.mark.parametrize("epsilon", [0.0, 0.05])
def test_a_warm_start_gives_the_same_result(epsilon):
    costs, q, nu = problem(5, 8)
    here = solve(costs, q, nu, epsilon)
    for shift in (1e-5, 3.0):  # the plan stays, and does not
        shifted = costs + shift * np.eye(5, 8)
        assert solve(shifted, q, nu, epsilon, here).value == pytest.approx(
            solve(shifted, q, nu, epsilon).value, rel=1e-10
        )


def test_among_many_optimal_duals_an_interior_one_is_returned():
    """Two points on two atoms: anything from -3 to 3 separates them, and by symmetry the result is 0."""
    costs = np.array([[1.0, 4.0], [4.0, 1.0]])
    result = solve(costs, np.full(2, 0.5), np.full(2, 0.5), 0)
    assert result.psi[0] - result.psi[1] == pytest.approx(0) and result.value == pytest.approx(1)


@pytest.mark.parametrize(
    ("sides", "epsilon", "value", "phi", "psi"),
    [
        (
            (3, 7),
            0.1,
            1.7144210277139864,
            [-0.213101391391828, -0.2061936138084954, 0.09549513142735279],
            [-0.19751876942315616, 0.67704020099791, -1.6619994073370121],
        ),
        (
            (7, 3),
            0.05,
            0.8866151817838509,
            [-0.21287418332227015, -0.6138200703366836, -0.24837904745809913],
            [-0.4028024259572865, -0.13469547187733877, 0.7211211346335488],
        ),
        (
            (20, 20),
            0.01,
            1.2082252685487234,
            [-0.1249803885314489, -0.48218111521048995, 0.4482420525769089],
            [0.21002811184529646, 0.2436559636760376, -1.1771226965068176],
        ),
    ],
)
def test_results_are_those_of_the_earlier_numpy_solver(sides, epsilon, value, phi, psi):
    """Before `RegularizedOT` ran on numpy, this module had a Newton solver of its own."""
    costs, q, nu = problem(*sides)
    result = solve(costs, q, nu, epsilon)
    assert result.value == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose((result.phi - q @ result.phi)[:3], phi, atol=1e-9)
    np.testing.assert_allclose((result.psi - nu @ result.psi)[:3], psi, atol=1e-9)
