"""Transport between short lists against POT; its dual, and what stays when a point moves."""

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
def test_exact_transport_is_that_of_an_independent_solver(sides):
    costs, q, nu = problem(*sides)
    found = solve(costs, q, nu, 0)
    assert found.value == pytest.approx(ot.emd2(q, nu, costs), rel=1e-9)
    np.testing.assert_allclose(found.plan.sum(1), q, atol=1e-9)
    np.testing.assert_allclose(found.plan.sum(0), nu, atol=1e-9)
    assert q @ found.phi + nu @ found.psi == pytest.approx(found.value, rel=1e-9)
    assert (found.phi[:, None] + found.psi <= costs + 1e-9).all(), "the dual is feasible"


@pytest.mark.parametrize("epsilon", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("sides", [(1, 4), (3, 7), (7, 3), (20, 20)])
def test_entropic_transport_is_that_of_an_independent_solver(sides, epsilon):
    costs, q, nu = problem(*sides)
    found = solve(costs, q, nu, epsilon)
    known = ot.solve(costs, q, nu, reg=epsilon, reg_type="KL", max_iter=100_000, tol=1e-10)
    assert found.value == pytest.approx(known.value, rel=1e-6)
    np.testing.assert_allclose(found.plan, known.plan, atol=1e-6)
    density = q[:, None] * nu * np.exp((found.phi[:, None] + found.psi - costs) / epsilon)
    np.testing.assert_allclose(density, found.plan, atol=1e-9)


def test_with_less_entropy_the_cost_falls_to_the_exact_one():
    costs, q, nu = problem(6, 9)
    values = [solve(costs, q, nu, epsilon).value for epsilon in (1, 0.1, 0.01, 0.001, 0)]
    assert values == sorted(values, reverse=True) and values[-2] - values[-1] < 0.001 * np.log(9)


@pytest.mark.parametrize("epsilon", [0.0, 0.05])
def test_a_solution_that_is_near_gives_the_same_as_none(epsilon):
    costs, q, nu = problem(5, 8)
    here = solve(costs, q, nu, epsilon)
    for shift in (1e-5, 3.0):  # the plan stays, and does not
        moved = costs + shift * np.eye(5, 8)
        assert solve(moved, q, nu, epsilon, here).value == pytest.approx(
            solve(moved, q, nu, epsilon).value, rel=1e-10
        )


def test_where_many_duals_are_the_best_the_one_amid_them_is_taken():
    """Two points on two atoms: anything from -3 to 3 separates them, and 0 is what symmetry wants."""
    costs = np.array([[1.0, 4.0], [4.0, 1.0]])
    found = solve(costs, np.full(2, 0.5), np.full(2, 0.5), 0)
    assert found.psi[0] - found.psi[1] == pytest.approx(0) and found.value == pytest.approx(1)
