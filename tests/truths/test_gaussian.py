"""Transport between normal laws in closed form, against the line, finite plans and the limits of eps."""

import numpy as np
import pytest

from wganstudio.experiment import GroundCost, read
from wganstudio.ot.gaussian import entropic_bures
from wganstudio.pairs.base import Pair
from wganstudio.pairs.data.fitted import FittedGaussian
from wganstudio.pairs.distributions import Ball, Gaussian
from wganstudio.training.truths import find_truths
from wganstudio.truths.gaussian import gaussian_truth


def pair(p, q) -> Pair:
    made = Pair()
    made.p, made.q = p, q
    return made


def normal(seed: int, dim: int = 3) -> FittedGaussian:
    rng = np.random.default_rng(seed)
    return FittedGaussian(
        (rng.normal(size=(50, dim)) @ rng.normal(size=(dim, dim)) + rng.normal(size=dim)).astype("f4")
    )


def test_exact_transport_of_coordinates_apart_is_the_sum_over_them() -> None:
    p, q = Gaussian([0, 1], [1, 2]), Gaussian([3, 1], [0.5, 2.5])
    truth = gaussian_truth(pair(p, q), GroundCost("squared"))
    assert truth is not None and truth.value == pytest.approx(9 + 0.25 + 0.25, rel=1e-12)
    assert truth.lower < truth.value < truth.upper and truth.upper - truth.lower < 1e-9


@pytest.mark.parametrize("epsilon", [0.5, 4.0])
def test_entropy_between_normals_of_the_line_is_what_sinkhorn_finds_on_a_fine_grid(epsilon: float) -> None:
    import ot

    x = np.linspace(-7, 8, 151)
    a, b = np.exp(-0.5 * x**2), np.exp(-0.5 * ((x - 1) / 1.6) ** 2)
    a, b = a / a.sum(), b / b.sum()
    costs = (x[:, None] - x) ** 2
    solved = ot.solve(costs, a, b, reg=epsilon, reg_type="KL", max_iter=5000, tol=1e-10)
    p, q = Gaussian([0], [1]), Gaussian([1], [1.6])
    truth = gaussian_truth(pair(p, q), GroundCost("squared", epsilon))
    assert truth is not None and truth.value == pytest.approx(float(solved.value), rel=1e-4)


def test_with_entropy_the_cost_rises_from_the_exact_one_to_that_of_independent_distributions() -> None:
    p, q = normal(0).gaussian_moments(), normal(1).gaussian_moments()
    costs = [entropic_bures(p, q, epsilon) for epsilon in (0.0, 1e-6, 0.1, 1.0, 10.0, 1e5)]
    assert costs[0] == pytest.approx(costs[1], rel=1e-4) and (np.diff(costs) > 0).all()
    apart = (p[0] - q[0]) @ (p[0] - q[0]) + np.trace(p[1]) + np.trace(q[1])
    assert costs[-1] == pytest.approx(apart, rel=1e-3)
    assert entropic_bures(p, p, 0.0) == pytest.approx(0, abs=1e-9)


def test_where_the_cost_is_normalized_eps_counts_in_its_units() -> None:
    p, q = normal(0), normal(1)
    mean, covariance = p.gaussian_moments()
    scale = float(mean @ mean + np.trace(covariance))
    plain = gaussian_truth(pair(p, q), GroundCost("squared", 0.2 * scale))
    scaled = gaussian_truth(pair(p, q), GroundCost("squared", 0.2, normalized=True))
    assert plain is not None and scaled is not None
    assert scaled.value * scale == pytest.approx(plain.value, rel=1e-12)


def test_other_distributions_and_grounds_are_left_to_others() -> None:
    p = normal(0, 2)
    assert gaussian_truth(pair(p, Ball([0, 0], 1)), GroundCost("squared")) is None
    for ground in (GroundCost("distance"), GroundCost("squared", 0.1, regularizer="l2")):
        assert gaussian_truth(pair(p, p), ground) is None


def test_a_run_of_transport_between_gaussians_gets_it() -> None:
    asked = {"pair": {"kind": "gaussians", "dim": 2, "scale_q": 2.0}}
    solver = {"kind": "semi-discrete", "epsilon": 0.0, "normalize": False}
    (event,) = find_truths(read(asked | {"solver": solver}))
    assert event.kind == "truth" and event.truth.value == pytest.approx(2.0, rel=1e-9)
