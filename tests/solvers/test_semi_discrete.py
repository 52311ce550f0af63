"""The semi-discrete dual solves the regularized problem, and its shares give the true gradient."""

import math
from typing import Any

import numpy as np
import ot
import pytest
import torch
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from torch import Tensor

from wganstudio.critics.generators import AffineGenerator
from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import critics, generators, kinds
from wganstudio.solvers.base import SolverContext
from wganstudio.solvers.semi_discrete import SemiDiscreteSolver


class Still:
    """A stream that gives the same points again and again, and says that they are all there is."""

    def __init__(self, points: Tensor, weights: Tensor | None = None) -> None:
        self.points = points
        self.weights = torch.full((len(points),), 1 / len(points)) if weights is None else weights

    def __call__(self, count: int) -> Tensor:
        return self.points

    def atoms(self) -> tuple[Tensor, Tensor]:
        return self.points, self.weights


def solved(data: Still, points: Tensor, steps: int, **options: Any) -> SemiDiscreteSolver:
    """A solver after so many steps that all see the same points of Q."""
    torch.manual_seed(0)
    dim = points.shape[1]
    network = MLP(critics.MLPOptions(width=64, depth=2, activation="elu"), dim)
    solver: SemiDiscreteSolver = kinds("solver")["semi-discrete"](**options).build(
        SolverContext(network, steps, len(points), torch.Generator().manual_seed(0))
    )
    still = Still(points)
    solver.setup(data, still)
    for _ in range(steps):
        solver.step(data, still)
    return solver


def costs(solver: SemiDiscreteSolver, points: Tensor) -> np.ndarray[Any, Any]:
    metric = "sqeuclidean" if solver.options.cost == "squared" else "euclidean"
    table = ot.dist(points.double().numpy(), solver.critic.atoms.double().numpy(), metric=metric)
    return np.asarray(table / solver.critic.scale)


def regularized(table: Any, weights: Any, epsilon: float) -> float:
    """<P, c> + eps KL(P | mu x nu) at the optimum; POT's, an independent solver."""
    mu, nu = np.full(len(table), 1 / len(table)), np.asarray(weights, float)
    if epsilon == 0:
        return float(ot.emd2(mu, nu / nu.sum(), table))
    return float(
        ot.solve(table, mu, nu / nu.sum(), reg=epsilon, reg_type="KL", max_iter=20000, tol=1e-11).value
    )


def smooth_dual(table: Any, weights: Any, epsilon: float) -> float:
    """The same by scipy's maximization of the dual over psi: for few atoms exact to rounding at any eps."""
    nu = np.asarray(weights, float)

    def shares(psi: Any, epsilon: float) -> Any:
        return softmax((psi - table) / epsilon + np.log(nu), axis=1)

    def negative(psi: Any, epsilon: float) -> float:
        tops = epsilon * logsumexp((psi - table) / epsilon + np.log(nu), axis=1)
        return float(tops.mean() - psi @ nu + psi.sum() ** 2)

    def slope(psi: Any, epsilon: float) -> Any:
        return shares(psi, epsilon).mean(axis=0) - nu + 2 * psi.sum()

    def bend(psi: Any, epsilon: float) -> Any:
        p = shares(psi, epsilon)
        return (np.diag(p.mean(axis=0)) - p.T @ p / len(p)) / epsilon + 2.0

    psi = np.zeros(len(nu))
    for present in (*(e for e in (1.0, 0.3, 0.1, 0.03) if e > epsilon), epsilon):  # each a good start
        optimum = minimize(negative, psi, (present,), jac=slope, hess=bend, method="trust-exact", tol=1e-11)
        psi = optimum.x
    return -negative(psi, epsilon)


def cloud(count: int, dim: int, seed: int, shift: float = 0.0) -> Tensor:
    return shift + torch.randn((count, dim), generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("dim", [2, 20])
@pytest.mark.parametrize("cost", ["squared", "distance"])
@pytest.mark.parametrize("epsilon", [0.02, 0.1, 1.0])
def test_the_dual_comes_to_the_regularized_primal_from_below(dim: int, cost: str, epsilon: float) -> None:
    data, points = Still(cloud(60, dim, 1, 1.0)), cloud(80, dim, 2)
    for steps, near, marginal in ((100, 0.02, 1.0), (700, 1e-5, 1e-3)):
        solver = solved(data, points, steps, epsilon=epsilon, cost=cost)
        primal = regularized(costs(solver, points), data.weights, epsilon)
        estimate = solver.cost(data, Still(points), len(points))
        assert primal * (1 - near) <= estimate["gap"] <= primal * (1 + 1e-5)
        assert estimate["marginal"] <= marginal


@pytest.mark.parametrize("dim", [2, 20])
def test_without_entropy_it_comes_to_the_linear_program_from_below(dim: int) -> None:
    data, points = Still(cloud(150, dim, 1, 1.0)), cloud(200, dim, 2)
    solver = solved(data, points, 3000, epsilon=0.0)
    exact = regularized(costs(solver, points), data.weights, 0.0)
    estimate = solver.cost(data, Still(points), len(points))["gap"]
    assert 0.995 * exact <= estimate <= exact * (1 + 1e-6)


def test_unequal_weights_and_averages_and_networks_come_to_the_same() -> None:
    weights = torch.rand(40, generator=torch.Generator().manual_seed(3)) + 0.1
    data, points = Still(cloud(40, 2, 1, 1.0), weights / weights.sum()), cloud(60, 2, 2)
    for options, near in (
        ({}, 1e-4),
        ({"iterate": "averaged"}, 0.01),
        ({"decay": "constant", "rate": 0.1}, 1e-4),
        ({"potential": "network", "decay": "constant", "rate": 3e-3}, 0.01),
    ):
        solver = solved(data, points, 1500, epsilon=0.1, **options)
        primal = regularized(costs(solver, points), data.weights, 0.1)
        estimate = solver.cost(data, Still(points), len(points))["gap"]
        assert primal * (1 - near) <= estimate <= primal * (1 + 1e-5), options


# The counterexample of arXiv 2102.05542, Section 3, and its kin: data, weights, where Q's points lie.
TWO = torch.tensor([[-1.0], [1.0]])
FIVE = torch.tensor([[0.0, 1.0], [0.9, 0.3], [0.6, -0.8], [-0.6, -0.8], [-0.9, 0.3]])
CASES = {
    "two Diracs": (Still(TWO), torch.tensor([[0.3]])),
    "two Diracs, unequal": (Still(TWO, torch.tensor([0.2, 0.8])), torch.tensor([[0.3]])),
    "five points": (Still(FIVE), torch.tensor([[0.2, -0.1]])),
    "five points, two particles": (Still(FIVE), torch.tensor([[0.2, -0.1], [-0.4, 0.3]])),
}


@pytest.mark.parametrize("epsilon", [0.01, 0.1, 1.0])
@pytest.mark.parametrize("case", CASES)
def test_the_weights_give_the_true_gradient(case: str, epsilon: float) -> None:
    data, points = CASES[case]
    solver = solved(data, points, 4000, epsilon=epsilon, normalize=False)
    gradient = (solver.cost_gradient(points) / len(points)).numpy()
    true = np.zeros(points.shape)
    for place in np.ndindex(*points.shape):
        ends = []
        for side in (1e-4, -1e-4):
            table = points.double().numpy().copy()
            table[place] += side
            squared = ot.dist(table, data.points.double().numpy())
            ends.append(smooth_dual(squared, data.weights, epsilon))
        true[place] = (ends[0] - ends[1]) / 2e-4
    np.testing.assert_allclose(gradient, true, rtol=1e-3, atol=1e-3 * np.abs(true).max())


@pytest.mark.parametrize("epsilon", [0.01, 0.1, 1.0])
def test_an_affine_generator_gets_the_true_gradient(epsilon: float) -> None:
    latent = cloud(30, 2, 5)
    generator = AffineGenerator(generators.AffineGeneratorOptions(), 2)
    with torch.no_grad():
        generator.shift.copy_(torch.tensor([0.4, -0.2]))
    points = generator(latent)
    data = Still(FIVE)
    solver = solved(data, points.detach(), 6000, epsilon=epsilon, normalize=False)
    points.backward(solver.cost_gradient(points.detach()) / len(points))
    for weight in (generator.matrix, generator.shift):
        assert weight.grad is not None
        true = np.zeros(weight.shape)
        for place in np.ndindex(*weight.shape):
            ends = []
            for side in (1e-3, -1e-3):
                matrix, shift = (
                    w.detach().double().numpy().copy() for w in (generator.matrix, generator.shift)
                )
                (matrix if weight is generator.matrix else shift)[place] += side
                moved = latent.double().numpy() @ matrix.T + shift
                ends.append(smooth_dual(ot.dist(moved, FIVE.double().numpy()), data.weights, epsilon))
            true[place] = (ends[0] - ends[1]) / 2e-3
        np.testing.assert_allclose(weight.grad.numpy(), true, rtol=1e-3, atol=1e-3 * np.abs(true).max())


@pytest.mark.parametrize("case", ["two Diracs", "five points"])
def test_without_entropy_the_gradient_jumps_from_one_atom_to_another(case: str) -> None:
    data, points = CASES[case]
    solver = solved(data, points, 4000, epsilon=0.0, normalize=False, rate=0.5)
    heights = solver.critic.psi - (points - data.points).square().sum(1)
    assert float(heights.max() - heights.sort().values[-2]) < 0.02, "the point lies on a boundary of cells"
    true = 2 * (points - data.points.mean(0))
    nearest_atoms = set()
    for _ in range(50):
        solver.step(data, Still(points))
        slope = solver.cost_gradient(points)
        toward = (points - slope / 2 - data.points).norm(dim=1)
        assert float(toward.min()) < 1e-5, "it is 2 (x - y_i) for one atom y_i"
        nearest_atoms.add(int(toward.argmin()))
        assert float((slope - true).norm()) > 0.5
    assert len(nearest_atoms) > 1, "which one, jumps"


@pytest.mark.parametrize("cost", ["squared", "distance"])
def test_debiased_the_gradient_is_that_of_the_sinkhorn_divergence(cost: str) -> None:
    data, points = Still(cloud(12, 2, 1, 1.0)), cloud(8, 2, 2)
    solver = solved(data, points, 3000, epsilon=0.2, cost=cost, normalize=False, debias=True)
    gradient = (solver.cost_gradient(points) / len(points)).numpy()
    metric = "sqeuclidean" if cost == "squared" else "euclidean"
    evenly = np.full(len(points), 1 / len(points))

    def divergence(table: Any) -> float:
        toward = ot.dist(table, data.points.double().numpy(), metric=metric)
        own = ot.dist(table, table, metric=metric)
        return smooth_dual(toward, data.weights, 0.2) - smooth_dual(own, evenly, 0.2) / 2

    for place in ((0, 0), (3, 1), (7, 0)):
        ends = []
        for side in (1e-4, -1e-4):
            table = points.double().numpy().copy()
            table[place] += side
            ends.append(divergence(table))
        assert gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-4, rel=2e-3, abs=2e-4)


def test_debiased_the_data_itself_is_where_the_generator_rests() -> None:
    data = Still(cloud(40, 2, 1))
    for debias, still in ((True, 1e-3), (False, math.inf)):
        solver = solved(data, data.points, 2000, epsilon=0.5, debias=debias)
        pull = float(solver.cost_gradient(data.points).norm(dim=1).max())
        assert pull < still and (debias or pull > 0.1)


@pytest.mark.parametrize("epsilon", [0.0, 0.05, 0.5])
def test_at_the_squared_distance_it_maps_to_the_barycenters_of_the_plan(epsilon: float) -> None:
    data, points = Still(cloud(60, 3, 1, 1.0)), cloud(60, 3, 2)
    solver = solved(data, points, 3000, epsilon=epsilon)
    table, even = costs(solver, points), np.full(60, 1 / 60)
    if epsilon:
        plan = ot.sinkhorn(even, even, table, epsilon, method="sinkhorn_log", numItermax=50000, stopThr=1e-10)
    else:
        plan = ot.emd(even, even, table)
    value_and_gradient = solver.to_p(points)
    assert value_and_gradient is not None
    wanted = torch.from_numpy(plan @ solver.critic.atoms.double().numpy() * 60).float()
    off = torch.linalg.vector_norm(value_and_gradient - wanted, dim=1)
    if epsilon:
        assert off.max() < 2e-3
    else:  # a point on the boundary of two cells may be taken to either, and steps of constant size dither
        assert (off < 1e-4).float().mean() > 0.9
    module = solver.map_to_p()
    assert module is not None and torch.equal(module(points), value_and_gradient)


def test_at_another_cost_it_knows_no_map() -> None:
    solver = solved(Still(cloud(20, 2, 1)), cloud(20, 2, 2), 1, cost="distance")
    assert solver.to_p(cloud(5, 2, 3)) is None and solver.map_to_p() is None and not solver.options.maps
