"""What a grid sees of a law, against samples of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.pairs.base import Distribution, make_rng
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.pairs.hat_functions import beyond, density_on, hats, reach

LAWS: dict[str, Distribution] = {
    "gaussian": Gaussian([0.1, 0.3], [1, 2]),
    "mixture": GaussianMixture(np.array([[1, 2], [-1, 0.0]]), np.array([0.3, 1])),
    "box": Box([0, 0.1], [1.5, 1]),
    "ring": Ball([0.2, 0.1], 1.3, 0.5),
}
X, Y = np.linspace(-3, 3.3, 22), np.linspace(-2, 2.2, 15)


@pytest.mark.parametrize("name", LAWS)
def test_hats_are_means_of_samples(name: str) -> None:
    law = LAWS[name]
    found = hats(law, X, Y)
    assert found.sum() == pytest.approx(1, abs=1e-12) and found.min() >= -1e-15
    z = law.sample(1 << 18, make_rng("cpu", 1)).double().numpy()
    sides = [
        np.maximum(0, 1 - np.abs(np.clip(z[:, k], n[0], n[-1])[:, None] - n) / (n[1] - n[0]))
        for k, n in enumerate((X, Y))
    ]
    assert np.abs(sides[0].T @ sides[1] / len(z) - found).max() < 5 * np.sqrt(found.max() / len(z))


@pytest.mark.parametrize("name", LAWS)
def test_what_lies_beyond_a_box(name: str) -> None:
    law = LAWS[name]
    low, high = np.array([-2.9, -2.0]), np.array([2.3, 2.2])
    z = law.sample(1 << 18, make_rng("cpu", 2)).double().numpy()
    out = ((z < low) | (z > high)).any(axis=1)
    square = ((z - (low + high) / 2) ** 2).sum(axis=1)
    found = beyond(law, low, high)
    assert found.mass == pytest.approx(out.mean(), abs=0.004)
    assert found.square == pytest.approx((square * out).mean(), rel=0.03, abs=1e-9)
    if found.all_square:
        assert found.all_square == pytest.approx(square.mean(), rel=0.02)


@given(st.floats(3, 9))
@settings(max_examples=20, deadline=None)
def test_the_far_tail_is_exact(sds: float) -> None:
    from scipy.special import ndtr

    found = beyond(Gaussian([0, 0], [1, 1]), np.full(2, -sds), np.full(2, sds))
    tail = 2 * ndtr(-sds)
    assert found.mass == pytest.approx(2 * tail - tail**2, rel=1e-6)
    assert found.square >= sds**2 * found.mass


@pytest.mark.parametrize("name", LAWS)
def test_density_on_a_grid_is_the_density_at_its_points(name: str) -> None:
    law = LAWS[name]
    points = np.stack(np.meshgrid(X, Y, indexing="ij"), axis=-1).reshape(-1, 2)
    np.testing.assert_allclose(density_on(law, X, Y).ravel(), law.density(points), rtol=1e-10)  # type: ignore[attr-defined]


def test_reach_holds_the_law() -> None:
    low, high = reach(LAWS["mixture"], 5.0)
    assert low == pytest.approx([-6, -5]) and high == pytest.approx([4, 5])
    for name in ("box", "ring"):
        z = LAWS[name].sample(1000, make_rng("cpu", 3)).double().numpy()
        low, high = reach(LAWS[name], 5.0)
        assert ((z >= low - 1e-6) & (z <= high + 1e-6)).all()
