"""The Gaussian closed forms are POT's, and the matrix of the map transports the covariance."""

import numpy as np
import ot
import pytest

from wganstudio.ot.gaussian import Moments, bures_map, entropic_bures


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
