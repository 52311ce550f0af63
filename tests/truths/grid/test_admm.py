"""The iterations against an independent solver of the same discrete problems."""

import numpy as np
import pytest

from wganstudio.pairs.distributions import Gaussian, GaussianMixture
from wganstudio.truths.grid.admm import solve
from wganstudio.truths.grid.discretization import GridProblem, cell_means, discretize
from wganstudio.truths.grid.triangles import Laplacian, adjoint, edge_weights, gradient, lengths, rotated

P = Gaussian([0.0, 0.2], [1.0, 0.7])
Q = GaussianMixture(np.array([[2.0, 0.0], [-1.0, 1.5]]), np.array([0.6, 0.8]))


@pytest.fixture(scope="module")
def small() -> GridProblem:
    interpolant = P.interpolant_to(Q)
    assert interpolant is not None
    return discretize(P, Q, interpolant, 16, tail=2.5)


@pytest.mark.parametrize("penalty", [0.3, 3.0])
def test_both_problems_agree_with_clarabel(small: GridProblem, penalty: float) -> None:
    import cvxpy as cp

    n, m = small.live.shape
    sigma, area = cell_means(small.sigma), small.step**2 / 2

    def slopes(u: cp.Variable) -> list[cp.Expression]:
        dx, dy = (u[1:] - u[:-1]) / small.step, (u[:, 1:] - u[:, :-1]) / small.step
        return [dx[:, :-1], dy[:-1], dx[:, 1:], dy[1:]]

    def norms(field: list[cp.Expression]) -> list[cp.Expression]:
        columns = [cp.vec(part, order="C") for part in field]
        return [cp.norm(cp.vstack(columns[k : k + 2]), axis=0) for k in (0, 2)]

    weight = sigma.ravel()
    u = cp.Variable(small.mass.shape)
    over = [cp.pos(length - 1) for length in norms(slopes(u))]
    value = cp.sum(cp.multiply(small.mass, u)) - penalty * area * sum(
        weight @ cp.square(part) for part in over
    )
    best = cp.Problem(cp.Maximize(value)).solve(solver=cp.CLARABEL)

    psi = cp.Variable(small.mass.shape)
    turn = slopes(psi)
    drift = [cell_means(part) for part in small.drift]
    flow = norms([drift[0] + turn[1], drift[1] - turn[0], drift[0] + turn[3], drift[1] - turn[2]])
    dear = cell_means(1 / small.sigma)
    cost = area * sum(cp.sum(part) + dear.ravel() @ cp.square(part) / (4 * penalty) for part in flow)
    still = [psi[0] == 0, psi[-1] == 0, psi[:, 0] == 0, psi[:, -1] == 0]
    least = cp.Problem(cp.Minimize(cost), still).solve(solver=cp.CLARABEL)

    solution = solve(small, penalty, 1e-8)
    field = np.zeros((4, n, m))
    steep = np.maximum(lengths(gradient(solution.potential, small.step, field)) - 1, 0)
    own_value = (small.mass * solution.potential).sum() - penalty * area * (sigma * steep**2).sum()
    assert own_value == pytest.approx(best, rel=1e-6)
    w = np.stack(drift * 2) + rotated(gradient(solution.stream, small.step, field))
    size = lengths(w)
    own_cost = area * (size + size**2 * dear / (4 * penalty)).sum()
    assert own_cost == pytest.approx(least, rel=1e-6)


def test_a_start_from_a_coarser_grid_ends_where_any_start_ends(small: GridProblem) -> None:
    interpolant = P.interpolant_to(Q)
    assert interpolant is not None
    fine = discretize(P, Q, interpolant, 32, tail=2.5)
    warm = solve(fine, 1.0, 1e-7, solve(small, 1.0, 1e-4))
    cold = solve(fine, 1.0, 1e-7)
    np.testing.assert_allclose(warm.stream, cold.stream, atol=1e-5)
    assert sum(warm.iterations) <= sum(cold.iterations)


def test_adjoint_is_the_adjoint_and_edges_are_its_laplacian() -> None:
    rng = np.random.default_rng(1)
    u, field, weight = rng.normal(size=(6, 9)), rng.normal(size=(4, 5, 8)), rng.random((5, 8)) + 0.1
    slopes = gradient(u, 0.3, np.zeros_like(field))
    assert (slopes * field).sum() * 0.3**2 / 2 == pytest.approx((u * adjoint(field, 0.3)).sum())
    place = np.arange(54).reshape(6, 9) - 1
    right = adjoint(slopes * weight, 0.3)
    solution = Laplacian(*edge_weights(weight), place).solve(right)
    np.testing.assert_allclose(solution, u - u[0, 0], atol=1e-10)


def test_nodes_of_one_number_have_one_value() -> None:
    rng = np.random.default_rng(2)
    weight = rng.random((4, 4)) + 0.1
    place = np.full((5, 5), -1)
    place[1:4, 1:4] = np.array([[0, 1, 2], [3, 3, 4], [3, 3, 5]])
    right = rng.normal(size=(5, 5))
    solution = Laplacian(*edge_weights(weight), place).solve(right)
    assert np.ptp(solution[2:4, 1:3]) == 0 and not solution[place < 0].any()
    residual = right - adjoint(gradient(solution, 1.0, np.zeros((4, 4, 4))) * weight, 1.0)
    for number in range(6):
        assert residual[place == number].sum() == pytest.approx(0, abs=1e-12)
