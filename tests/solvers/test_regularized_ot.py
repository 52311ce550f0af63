"""Every parametrization solves the regularized dual, and the generator follows its gradient."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from wganstudio.critics.features import LearnedFeatures
from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import BadExperiment, critics, kinds, read
from wganstudio.ot.regularized import RegularizedOT
from wganstudio.ot.regularizers import regularizer_of
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.pairs.distributions import Gaussian
from wganstudio.solvers.base import SolverContext
from wganstudio.solvers.regularized_ot import RegularizedOTSolver, SolvedDual

COSTS = {
    "squared": {},
    "distance": {},
    "cosine": {},
    "p-norm": {"p": 1.5},
}


class Still(Sampler):
    """A stream that gives the same points again and again, and says that they are all there is."""

    def __init__(self, points: Tensor) -> None:
        self.points = points

    def __call__(self, count: int) -> Tensor:
        return self.points

    def atoms(self) -> tuple[Tensor, Tensor]:
        return self.points, self.points.new_full((len(self.points),), 1 / len(self.points))


def cloud(count: int, dim: int, seed: int, shift: float = 0.0) -> Tensor:
    return shift + torch.randn((count, dim), generator=torch.Generator().manual_seed(seed))


def build_solver(data: Sampler, q: Sampler, batch: int, **options: Any) -> RegularizedOTSolver:
    torch.manual_seed(0)
    chosen = kinds("solver")["regularized"](**options)
    network = MLP(critics.MLPOptions(width=64, depth=2, activation="elu"), 2)
    solver: RegularizedOTSolver = chosen.build(SolverContext(network, 100, batch, make_rng("cpu", 0)))
    solver.setup(data, q)
    return solver


def exact(solver: RegularizedOTSolver, points: Tensor, others: Tensor | None = None) -> float:
    """The regularized cost toward the critic's points of P (see tests/ot/test_regularized.py)."""
    critic = solver.critic
    x, y = (critic.embed(z.double()) for z in (points, critic.atoms if others is None else others))
    costs = critic.cost.pairwise(x, y)
    return RegularizedOT(costs, regularizer_of(solver.options.ground)).solve(1e-12).lower


@pytest.mark.parametrize("regularizer", ["entropy", "l2"])
@pytest.mark.parametrize(
    ("cost", "features"),
    [*((cost, "none") for cost in COSTS), ("squared", "pca"), ("cosine", "convolutions")],
)
def test_the_gradient_is_that_of_finite_differences(cost: str, features: str, regularizer: str) -> None:
    data, points = Still(cloud(9, 2, 1, 1.0)), cloud(7, 2, 2)
    solver = build_solver(
        data,
        Still(points),
        9,
        cost=cost,
        features=features,
        regularizer=regularizer,
        epsilon=0.1,
        accuracy=1e-10,
        normalize=False,
        **COSTS[cost],
    )
    if features != "none":
        assert solver.features is not None
        solver.features.double()  # so that differences are not of rounding
        network = solver.critic.features
        solver.critic.embed = lambda z: network(z.double())  # type: ignore[method-assign,misc]
    solver.critic.double().set_atoms(data.points.double())
    slopes = solver.cost_gradient(points.double()) / len(points)
    true = np.zeros(points.shape)
    for place in np.ndindex(*points.shape):
        ends = []
        for side in (1e-5, -1e-5):
            moved = points.double()
            moved[place] += side
            ends.append(exact(solver, moved))
        true[place] = (ends[0] - ends[1]) / 2e-5
    np.testing.assert_allclose(slopes.numpy(), true, rtol=1e-3, atol=1e-3 * np.abs(true).max())


@pytest.mark.parametrize("regularizer", ["entropy", "l2"])
@pytest.mark.parametrize("cost", ["squared", "cosine"])
def test_debiased_it_is_that_of_half_the_sinkhorn_loss(cost: str, regularizer: str) -> None:
    data, points = Still(cloud(9, 2, 1, 1.0)), cloud(7, 2, 2)
    options = {"cost": cost, "regularizer": regularizer, "epsilon": 0.2, "accuracy": 1e-9}
    solver = build_solver(data, Still(points), 9, debias=True, normalize=False, **options)
    slopes = solver.cost_gradient(points) / len(points)
    for place in ((0, 0), (3, 1), (6, 0)):
        ends = []
        for side in (1e-3, -1e-3):
            moved = points.double()
            moved[place] += side
            ends.append(exact(solver, moved) - exact(solver, moved, moved) / 2)
        assert float(slopes[place]) == pytest.approx((ends[0] - ends[1]) / 2e-3, rel=5e-3, abs=5e-4)


@pytest.mark.parametrize("regularizer", ["entropy", "l2"])
@pytest.mark.parametrize("cost", COSTS)
def test_debiased_the_cost_is_0_at_the_data(cost: str, regularizer: str) -> None:
    points = cloud(40, 2, 1)
    options = {"cost": cost, "regularizer": regularizer, "epsilon": 0.3, "accuracy": 1e-7}
    for debias in (True, False):
        solver = build_solver(Still(points), Still(points), 40, debias=debias, **options)
        pull = float(solver.cost_gradient(points).norm(dim=1).max())
        numbers = solver.cost(Still(points), Still(points), 40)
        if debias:
            assert abs(numbers["sinkhorn_loss"]) < 1e-6 and pull < 2e-3
        else:
            assert pull > 0.02 and "sinkhorn_loss" not in numbers
    apart = build_solver(Still(points), Still(points), 40, debias=True, **options)
    assert apart.cost(Still(points), Still(points * 0.5 + 1.0), 40)["sinkhorn_loss"] > 0.01


@pytest.mark.parametrize("regularizer", ["entropy", "l2"])
def test_all_three_duals_come_to_the_same(regularizer: str) -> None:
    data, points = Still(cloud(40, 2, 1, 1.0)), Still(cloud(40, 2, 2))
    values = {}
    for dual, steps, options in (
        ("batch", 1, {"accuracy": 1e-6}),
        ("atoms", 60, {"inner_steps": 50}),
        ("networks", 30, {"inner_steps": 30, "rate": 3e-3, "accuracy": 1e-4}),
    ):
        solver = build_solver(
            data, points, 40, regularizer=regularizer, epsilon=0.2, potential=dual, **options
        )
        for _ in range(steps):
            solver.step(data, points)
        values[dual] = solver.cost(data, points, 40)
        expected = exact(solver, points.points)
        assert values[dual]["gap"] <= expected * (1 + 1e-5)
        assert expected <= values[dual]["gap"] + values[dual]["dual_gap"] + 1e-5
        assert values[dual]["gap"] == pytest.approx(expected, rel=0.02)
        assert values[dual]["marginal"] < 0.1
    assert values["batch"]["marginal"] < 1e-3


def test_the_accuracy_is_certified_and_costs_steps() -> None:
    data, points = Still(cloud(60, 2, 1, 1.0)), Still(cloud(60, 2, 2))
    steps = []
    for accuracy in (1e-1, 1e-3, 1e-6):
        solver = build_solver(data, points, 60, epsilon=0.02, accuracy=accuracy)
        assert isinstance(solver, SolvedDual)
        look = solver.certify(points.points)
        assert look.gap <= accuracy
        steps.append(look.steps)
        assert solver.cost(data, points, 60)["dual_gap"] <= accuracy
    assert steps[0] < steps[1] < steps[2]
    capped = build_solver(data, points, 60, epsilon=0.02, accuracy=1e-6, inner_steps=2)
    assert isinstance(capped, SolvedDual) and capped.certify(points.points).steps <= 2


def test_a_warm_start_takes_fewer_steps_on_new_batches() -> None:
    taken = {}
    for warm in (True, False):
        p, q = (Sampler(Gaussian([m, 0.0], [1.0, 1.0]), make_rng("cpu", k)) for k, m in enumerate((2.0, 0.0)))
        solver = build_solver(p, q, 128, epsilon=0.02, warm_start=warm)
        assert isinstance(solver, SolvedDual)
        solver.step(p, q)
        taken[warm] = 0
        for _ in range(5):
            solver.critic.set_atoms(p(128))
            taken[warm] += solver.certify(q(128)).steps
    assert taken[True] < taken[False]


@pytest.mark.parametrize("dual", ["networks", "atoms"])
def test_without_a_warm_start_the_dual_is_reset_when_q_changes(dual: str) -> None:
    data, points = Still(cloud(20, 2, 1, 1.0)), Still(cloud(20, 2, 2))
    for warm in (True, False):
        solver = build_solver(data, points, 20, potential=dual, warm_start=warm, inner_steps=5)
        first = solver.step(data, points)
        for _ in range(8):
            last = solver.step(data, points)
        solver.on_q_changed()
        again = solver.step(data, points)
        assert (float(again) == pytest.approx(float(first), rel=1e-4)) == (not warm)
        assert float(last) > float(first)


def test_learned_features_climb_the_cost_within_their_bound() -> None:
    data, points = Still(cloud(60, 2, 1, 1.0)), Still(cloud(60, 2, 2))
    for dual in ("batch", "networks"):
        solver = build_solver(
            data, points, 60, features="learned", potential=dual, debias=True, inner_steps=40
        )
        begun = solver.cost(data, points, 60)["sinkhorn_loss"]
        for _ in range(20):
            solver.step(data, points)
        assert solver.cost(data, points, 60)["sinkhorn_loss"] > 1.1 * begun
        assert isinstance(solver.features, LearnedFeatures) and solver.features.lipschitz() < 1 + 1e-4
        slopes = solver.cost_gradient(points.points)
        assert slopes.shape == (60, 2) and slopes.isfinite().all()


def test_measuring_leaves_the_critic_as_it_is() -> None:
    data, points = Still(cloud(20, 2, 1, 1.0)), Sampler(Gaussian([0.0, 0.0], [1.0, 1.0]), make_rng("cpu", 1))
    for dual in ("batch", "networks", "atoms"):
        solver = build_solver(data, points, 20, potential=dual, debias=True)
        solver.step(data, points)
        at = cloud(5, 2, 3)
        before = solver.critic(at)
        solver.cost(data, points, 200)
        assert torch.equal(solver.critic(at), before)


def test_over_data_points_features_stay() -> None:
    with pytest.raises(BadExperiment, match="choose batch or networks"):
        read({"solver": {"kind": "regularized", "potential": "atoms", "features": "learned"}})
