"""Hat-function masses, tail moments and support boxes, against samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.pairs.base import Distribution, make_rng
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture

DISTRIBUTIONS: dict[str, Distribution] = {
    "gaussian": Gaussian([0.1, 0.3], [1, 2]),
    "mixture": GaussianMixture(np.array([[1, 2], [-1, 0.0]]), np.array([0.3, 1])),
    "box": Box([0, 0.1], [1.5, 1]),
    "ring": Ball([0.2, 0.1], 1.3, 0.5),
}
X, Y = np.linspace(-3, 3.3, 22), np.linspace(-2, 2.2, 15)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_hat_masses_are_means_of_samples(name: str) -> None:
    distribution = DISTRIBUTIONS[name]
    result = distribution.hat_masses(X, Y)
    assert result is not None
    assert result.sum() == pytest.approx(1, abs=1e-12) and result.min() >= -1e-15
    z = distribution.sample(1 << 18, make_rng("cpu", 1)).double().numpy()
    sides = [
        np.maximum(0, 1 - np.abs(np.clip(z[:, k], n[0], n[-1])[:, None] - n) / (n[1] - n[0]))
        for k, n in enumerate((X, Y))
    ]
    assert np.abs(sides[0].T @ sides[1] / len(z) - result).max() < 5 * np.sqrt(result.max() / len(z))


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_tail_moments_are_means_of_samples(name: str) -> None:
    distribution = DISTRIBUTIONS[name]
    low, high = np.array([-2.9, -2.0]), np.array([2.3, 2.2])
    z = distribution.sample(1 << 18, make_rng("cpu", 2)).double().numpy()
    out = ((z < low) | (z > high)).any(axis=1)
    square = ((z - (low + high) / 2) ** 2).sum(axis=1)
    result = distribution.tail_moments(low, high)
    assert result is not None
    assert result.mass == pytest.approx(out.mean(), abs=0.004)
    assert result.square == pytest.approx((square * out).mean(), rel=0.03, abs=1e-9)
    if result.all_square:
        assert result.all_square == pytest.approx(square.mean(), rel=0.02)


@given(st.floats(3, 9))
@settings(max_examples=20, deadline=None)
def test_the_far_tail_is_exact(sds: float) -> None:
    from scipy.special import ndtr

    result = Gaussian([0, 0], [1, 1]).tail_moments(np.full(2, -sds), np.full(2, sds))
    tail = 2 * ndtr(-sds)
    assert result.mass == pytest.approx(2 * tail - tail**2, rel=1e-6)
    assert result.square >= sds**2 * result.mass


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_density_on_a_grid_is_the_density_at_its_points(name: str) -> None:
    distribution = DISTRIBUTIONS[name]
    points = np.stack(np.meshgrid(X, Y, indexing="ij"), axis=-1).reshape(-1, 2)
    on_grid, at_points = distribution.density_grid(X, Y), distribution.density(points)
    assert on_grid is not None and at_points is not None
    np.testing.assert_allclose(on_grid.ravel(), at_points, rtol=1e-10)


def box_of(name: str) -> tuple[np.ndarray, np.ndarray]:
    corners = DISTRIBUTIONS[name].support_box(5.0)
    assert corners is not None
    return corners


def test_the_support_box_holds_the_distribution() -> None:
    low, high = box_of("mixture")
    assert low == pytest.approx([-6, -5]) and high == pytest.approx([4, 5])
    for name in ("box", "ring"):
        z = DISTRIBUTIONS[name].sample(1000, make_rng("cpu", 3)).double().numpy()
        low, high = box_of(name)
        assert ((z >= low - 1e-6) & (z <= high + 1e-6)).all()
