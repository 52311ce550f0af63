"""Bounds of W1 and W2 by moments, coordinates and components: they hold, and some are sharp."""

import math

import numpy as np
import pytest
import torch

from wganstudio.experiment import GroundCost, kinds
from wganstudio.experiment.truths import BestAvailableOptions, FromSamplesOptions
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.atoms import DiscreteDistribution
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.data.fitted import FittedGaussian
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.pairs.perturbations import NoisyDistribution
from wganstudio.truths import Truth
from wganstudio.truths.free_bounds import squared_bounds, transport_bounds, w1_bounds
from wganstudio.truths.line import line_flow
from wganstudio.truths.radial import radial_flow
from wganstudio.truths.transport import transport_truths

QUICK = {"samples": 128, "repeats": 3}


def rows(seed: int, count: int, dim: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(count, dim)) @ rng.normal(size=(dim, dim)) + rng.normal(size=dim)).astype("f4")


def distributions(dim: int) -> dict[str, Distribution]:
    """One of each kind that knows its moments."""
    rng = np.random.default_rng(dim)
    return {
        "gaussian": Gaussian(rng.normal(size=dim), np.exp(rng.normal(size=dim))),
        "box": Box(rng.normal(size=dim) - 1, rng.normal(size=dim) + 3),
        "ball": Ball(rng.normal(size=dim), 1.7),
        "annulus": Ball(rng.normal(size=dim), 1.7, 1.6),
        "mixture": GaussianMixture(rng.normal(size=(3, dim)), np.array([0.3, 0.0, 1.0]), rng.random(3)),
        "atoms": DiscreteDistribution(rng.normal(size=(7, dim)), rng.random(7)),
        "data": EmpiricalDistribution(rows(dim, 9000, dim)),
        "smoothed data": EmpiricalDistribution(rows(dim, 50, dim), 0.7),
        "fitted": FittedGaussian(rows(dim, 50, dim)),
        "noisy": NoisyDistribution(Box(-np.ones(dim), np.ones(dim)), 0.5),
    }


@pytest.mark.parametrize("name", distributions(1))
@pytest.mark.parametrize("dim", [1, 2, 5])
def test_moments_are_those_of_samples(name: str, dim: int) -> None:
    distribution = distributions(dim)[name]
    moments = distribution.moments()
    assert moments is not None
    samples = distribution.sample(200_000, make_rng("cpu", dim)).double().numpy()
    size = np.sqrt(np.diag(moments.covariance).max())
    np.testing.assert_allclose(samples.mean(axis=0), moments.mean, atol=0.012 * size)
    np.testing.assert_allclose(np.cov(samples.T).reshape(dim, dim), moments.covariance, atol=0.03 * size**2)


def test_thin_annuli_in_many_dimensions_do_not_cancel() -> None:
    moments = Ball(np.zeros(500), 2.0, 2.0 * (1 - 1e-9)).moments()
    assert np.trace(moments.covariance) == pytest.approx(4.0, rel=1e-8)
    assert np.trace(Ball(np.zeros(3), 1.0, 0.5).moments().covariance) == pytest.approx(0.6 * 31 / 28)


@pytest.mark.parametrize("dim", [1, 2, 5])
def test_bounds_hold_for_all_pairs(dim: int) -> None:
    """Each pair against exact transport between samples, which is biased upward alone."""
    every = distributions(dim)
    rng = make_rng("cpu", 3)
    for one in every.values():
        for other in every.values():
            bounds, squared = w1_bounds(one, other), squared_bounds(one, other)
            assert bounds.lower.value <= bounds.upper.value and squared.lower.value <= squared.upper.value
            x, y = (each.sample(400, rng).double() for each in (one, other))
            costs = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").numpy()
            noise = 0.15 * (1 + float(x.std() + y.std()))
            assert bounds.lower.value < exact_transport(costs).cost + noise
            assert squared.lower.value < exact_transport(costs**2).cost + noise * (1 + float(costs.mean()))


@pytest.mark.parametrize("seed", range(8))
def test_known_w1_lies_within(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dim, a, b = int(rng.integers(2, 80)), *np.exp(rng.normal(size=2))
    center = rng.normal(size=dim)
    line = [Gaussian([0.0], [a]), Gaussian([rng.normal()], [b]), Box([0.0], [a]), Box([b], [a + 2 * b])]
    pairs = [(one, other) for one in line for other in line if one is not other]
    pairs += [
        (Gaussian(center, np.full(dim, a)), Gaussian(center, np.full(dim, b))),
        (Ball(center, a), Ball(center, b, b / 2)),
        (
            GaussianMixture(center[None], np.array([a])),
            GaussianMixture(np.stack([center] * 2), np.array([a, b])),
        ),
    ]
    for p, q in pairs:
        flow = line_flow(p, q) or radial_flow(p, q)
        assert flow is not None
        bounds = w1_bounds(p, q)
        assert bounds.lower.value <= flow.w1 + flow.w1_error
        assert flow.w1 - flow.w1_error <= bounds.upper.value


def test_translations_are_sharp() -> None:
    shift = np.array([3.0, 4.0, 0.0])
    for p, q in (
        (Gaussian(np.zeros(3), np.ones(3)), Gaussian(shift, np.ones(3))),
        (Box(np.zeros(3), np.ones(3)), Box(shift, shift + 1)),
        (Ball(np.zeros(3), 2, 1), Ball(shift, 2, 1)),
        (GaussianMixture(np.eye(3), np.ones(3)), GaussianMixture(np.eye(3) + shift, np.ones(3))),
    ):
        bounds = w1_bounds(p, q)
        assert bounds.lower.value == pytest.approx(5.0) and bounds.upper.value == pytest.approx(5.0)
        assert bounds.lower.value < 5.0 < bounds.upper.value


def best(pair: Pair) -> Truth:
    *_, truth = BestAvailableOptions(**QUICK).build().truths(pair, None)
    return truth


def test_many_dimensions_are_bounded_by_what_is_known() -> None:
    pair = kinds("pair")["gaussians"](dim=64, mean_q=0.88, scale_q=1.86).build()
    truth = best(pair)
    (sampled,) = FromSamplesOptions(**QUICK).build().truths(pair, None)
    assert 7.04 < truth.lower < truth.upper < 9.9
    assert truth.upper - truth.lower < 0.2 * (sampled.upper - sampled.lower)
    assert "the W1 of the coordinates" in truth.method and "above by" in truth.method


@pytest.mark.parametrize(
    ("options", "lower", "upper"),
    [
        (
            {"kind": "uniform-boxes", "dim": 20, "high_q": 4.0},
            math.sqrt(20) * 2.25,
            math.sqrt(20 * (2.25**2 + 1.5**2 / 12)),
        ),
        ({"kind": "uniform-balls", "dim": 30, "center_q": 1.0}, math.sqrt(30), math.sqrt(30 + 30 / 32)),
        (
            {"kind": "mixture", "means_p": ((0,) * 9,), "means_q": ((3,) * 9, (4,) * 9)},
            10.5,
            math.sqrt(112.6),
        ),
    ],
)
def test_others_in_many_dimensions_too(options: dict, lower: float, upper: float) -> None:
    truth = best(kinds("pair")[options.pop("kind")](**options).build())
    assert lower * (1 - 1e-9) <= truth.lower <= truth.value <= truth.upper <= upper * (1 + 1e-9)


def test_data_know_their_means() -> None:
    pair = Pair()
    pair.p, pair.q = EmpiricalDistribution(rows(0, 300, 12)), Gaussian(np.full(12, 5.0), np.full(12, 0.1))
    truth = best(pair)
    assert truth.lower >= np.linalg.norm(pair.p.points.mean(axis=0) - 5.0) - 1e-5
    assert EmpiricalDistribution(np.zeros((1 << 15, 1024), np.float32)).moments() is None


@pytest.mark.parametrize(
    "ground", [GroundCost("squared"), GroundCost("squared", 2.0), GroundCost("distance", 0.3)]
)
def test_transport_costs_lie_within_theirs(ground: GroundCost) -> None:
    every = distributions(2)
    for p, q in ((every["atoms"], every["data"]), (every["atoms"], DiscreteDistribution(rows(1, 9, 2)))):
        pair = Pair()
        pair.p, pair.q = p, q
        (truth,) = transport_truths(pair, ground, BestAvailableOptions(**QUICK))
        bounds = transport_bounds(p, q, ground)
        assert bounds is not None and 0 < bounds.lower.value <= truth.upper
        assert truth.lower <= bounds.upper.value < math.inf


def test_large_epsilon_gives_the_independent_coupling() -> None:
    p, q = GaussianMixture(np.eye(2), np.ones(2)), Ball(np.zeros(2), 3.0)
    bounds = transport_bounds(p, q, GroundCost("squared", 1e9))
    assert bounds is not None and bounds.upper.value == pytest.approx(0.5 + 0.5 + 2.0 + 4.5)
    squares = transport_bounds(p, q, GroundCost("squared", 1e3, regularizer="l2"))
    assert squares is not None and squares.lower.value > 1e3 and squares.upper.value == pytest.approx(1007.5)
    assert transport_bounds(p, q, GroundCost("cosine")) is None
