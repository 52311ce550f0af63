"""The Gaussian closed forms are POT's, and the matrix of the map transports the covariance."""

from typing import Any

import mpmath as mp
import numpy as np
import ot
import pytest

from wganstudio.ot.gaussian import Moments, bures_map, entropic_bures, gaussian_cost


def moments(seed: int, dim: int = 3) -> Moments:
    rng = np.random.default_rng(seed)
    return Moments.of_samples(rng.normal(size=(50, dim)) @ rng.normal(size=(dim, dim)) + rng.normal(size=dim))


def test_the_map_is_pots_and_transports_the_covariance() -> None:
    p, q = moments(0), moments(1)
    matrix = bures_map(p.covariance, q.covariance)
    expected, _ = ot.gaussian.bures_wasserstein_mapping(p.mean, q.mean, p.covariance, q.covariance)
    np.testing.assert_allclose(matrix, expected, rtol=1e-9)
    np.testing.assert_allclose(matrix @ p.covariance @ matrix.T, q.covariance, rtol=1e-9, atol=1e-9)


def test_without_entropy_the_cost_is_pots_squared_bures_distance() -> None:
    p, q = moments(0), moments(1)
    distance = ot.gaussian.bures_wasserstein_distance(p.mean, q.mean, p.covariance, q.covariance)
    assert entropic_bures(p, q, 0.0) == pytest.approx(float(distance) ** 2, rel=1e-9)
    costs = [entropic_bures(p, q, epsilon) for epsilon in (0.0, 1e-6, 0.1, 1.0, 10.0)]
    assert costs == sorted(costs) and costs[1] == pytest.approx(costs[0], abs=1e-4)


def test_the_least_variance_is_a_share_of_the_largest() -> None:
    flat = Moments(np.zeros(2), np.diag([4.0, 0.0]))
    np.testing.assert_allclose(flat.with_least_variance(0.25).covariance, np.diag([4.0, 1.0]), atol=1e-12)


def in_60_digits(p: Moments, q: Moments, epsilon: float) -> Any:
    """arXiv 2006.02572, Theorem 1, as it stands there."""
    with mp.workdps(60):
        of_p, of_q = (mp.matrix(each.covariance.tolist()) for each in (p, q))
        values, vectors = mp.eigsy(of_p)
        root = vectors * mp.diag([mp.sqrt(max(value, 0)) for value in values]) * vectors.T
        squares = [max(square, 0) for square in mp.eigsy(root * of_q * root, eigvals_only=True)]
        half = mp.mpf(epsilon) / 2
        shift = [mp.mpf(a) - mp.mpf(b) for a, b in zip(p.mean.tolist(), q.mean.tolist(), strict=True)]
        cost = sum(part**2 for part in shift)
        cost += sum(of_p[i, i] + of_q[i, i] for i in range(len(p.mean)))
        for square in squares:
            spread = mp.sqrt(4 * square + half**2)
            cost -= spread
            cost += half * (1 + mp.log((spread + half) / epsilon)) if half > 0 else 0
        return cost


def random_moments(rng: np.random.Generator, dim: int, *, diagonal: bool) -> Moments:
    scales = 10.0 ** rng.uniform(-4, 2, dim)
    root = np.diag(scales) if diagonal else rng.normal(size=(dim, dim)) * scales
    return Moments(rng.normal(size=dim) * 10.0 ** rng.uniform(-6, 6), root @ root.T)


EPSILONS = (0.0, 1e-12, 1e-6, 1e-3, 1.0, 1e3, 1e6, 1e9, 1e12)


@pytest.mark.parametrize("epsilon", EPSILONS)
@pytest.mark.parametrize("kind", ["diagonal", "full", "full and diagonal", "degenerate", "equal"])
def test_the_rounding_error_is_bounded_however_large_epsilon_is(kind: str, epsilon: float) -> None:
    rng = np.random.default_rng([EPSILONS.index(epsilon), *kind.encode()])
    for dim in (1, 2, 5):
        p = random_moments(rng, dim, diagonal=kind == "diagonal")
        q = random_moments(rng, dim, diagonal="diagonal" in kind)
        if kind == "degenerate":
            p.covariance[0] = p.covariance[:, 0] = 0
        if kind == "equal":
            q = p
        value, rounding = gaussian_cost(p, q, epsilon)
        exact = in_60_digits(p, q, epsilon)
        assert value >= 0 and abs(value - exact) <= rounding
        assert abs(value - exact) <= 1e-11 * float(np.trace(p.covariance + q.covariance) + exact)
        if kind == "diagonal":
            assert rounding <= 1e-13 * value


@pytest.mark.parametrize("scales", [(1.0, 1.0), (1e-3, 5.0), (0.2, 40.0)])
@pytest.mark.parametrize("epsilon", [1e-3, 1.0, 1e4, 1e8])
def test_sinkhorn_divergences_keep_their_digits(scales: tuple[float, float], epsilon: float) -> None:
    p = Moments(np.array([0.0, 1.0, 0.0]), np.diag([1.0, scales[0], 3.0]) ** 2)
    q = Moments(np.array([0.5, 1.0, -1.0]), np.diag([2.0, scales[1], 3.0]) ** 2)

    def divergence(cost: Any) -> Any:
        return cost(p, q, epsilon) - (cost(p, p, epsilon) + cost(q, q, epsilon)) / 2

    exact = divergence(in_60_digits)
    size = float(np.trace(p.covariance + q.covariance))
    assert exact > 0 and abs(divergence(entropic_bures) - exact) < 1e-14 * size


def test_equal_gaussians_cost_nothing() -> None:
    for seed in range(5):
        p = moments(seed, 6)
        value, rounding = gaussian_cost(p, p, 0.0)
        assert 0 <= value <= rounding < 1e-9
