"""Segments: sigma and the straight drift, against closed forms, samples and the continuity equation."""

import numpy as np
import pytest

from wganstudio.pairs.base import Distribution, make_rng
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.pairs.line_pieces import GaussianPiece, UniformPiece, gaussian_sigma, uniform_sigma
from wganstudio.pairs.radial_pieces import ball_radius_sigma, gaussian_radius_sigma

RING = GaussianMixture(2 * np.array([[1.0, 0.0], [-0.5, 0.9], [-0.5, -0.9]]), np.array([0.2, 0.3, 0.4]))
PAIRS: dict[str, tuple[Distribution, Distribution, float]] = {
    "gaussians": (Gaussian([0, 0], [1, 0.5]), Gaussian([2, 1], [0.5, 1.2]), 7.0),
    "mixtures": (Gaussian([0.3, 0], [1, 1]), RING, 6.0),
    "boxes": (Box([0, 0], [1, 1]), Box([1.5, 0.5], [2.5, 3]), 3.2),
    "discs": (Ball([0, 0], 1), Ball([1, 0.5], 1.3), 2.5),
    "rings": (Ball([0, 0], 1, 0.5), Ball([0, 0], 2, 1), 2.1),
}


def middles(reach: float, count: int) -> np.ndarray:
    edges = np.linspace(-reach, reach, count + 1)
    return (edges[1:] + edges[:-1]) / 2


@pytest.mark.parametrize("name", PAIRS)
def test_sigma_and_drift_are_what_samples_say(name: str) -> None:
    p, q, reach = PAIRS[name]
    result = p.interpolant_to(q)
    assert result is not None
    at, count, bins = middles(reach, 240), 1 << 18, 12
    passage = result.on_grid(at, at)
    area = (at[1] - at[0]) ** 2
    source = make_rng("cpu", 5)
    x, y = (distribution.sample(count, source).double().numpy() for distribution in (p, q))
    t = np.random.default_rng(5).random((count, 1))
    edges = [np.linspace(-reach, reach, bins + 1)] * 2
    for field, weight in zip((passage.density, *passage.drift), (np.ones(count), *(y - x).T), strict=True):
        exact = field.reshape(bins, 240 // bins, bins, 240 // bins).sum(axis=(1, 3)) * area
        z = (1 - t) * x + t * y
        sampled, _, _ = np.histogram2d(*z.T, bins=edges, weights=weight)
        square, _, _ = np.histogram2d(*z.T, bins=edges, weights=weight**2)
        error = np.sqrt(np.maximum(square, 25.0)) / count
        assert np.abs(sampled / count - exact).max() < 0.003
        assert (np.abs(sampled / count - exact) < 5 * error).all()


@pytest.mark.parametrize("name", PAIRS)
def test_the_drift_carries_p_to_q(name: str) -> None:
    """INT drift . grad f = E_Q f - E_P f for every smooth f."""
    p, q, reach = PAIRS[name]
    result = p.interpolant_to(q)
    assert result is not None
    at = middles(reach, 300)
    passage = result.on_grid(at, at)
    x, y = np.meshgrid(at, at, indexing="ij")
    area = (at[1] - at[0]) ** 2
    flux = (
        passage.drift[0] * (x + y) + passage.drift[1] * (x - 3 * y**2)
    ).sum() * area  # f = x^2/2 + xy - y^3
    source = make_rng("cpu", 6)
    means = []
    for distribution in (p, q):
        z = distribution.sample(1 << 20, source).double().numpy()
        g = z[:, 0] ** 2 / 2 + z[:, 0] * z[:, 1] - z[:, 1] ** 3
        means.append((g.mean(), g.std() / 1024))
    (of_p, error_p), (of_q, error_q) = means
    assert flux == pytest.approx(of_q - of_p, abs=4 * np.hypot(error_p, error_q) + 1e-3)


@pytest.mark.parametrize("name", PAIRS)
def test_the_finer_rule_agrees(name: str) -> None:
    p, q, reach = PAIRS[name]
    result = p.interpolant_to(q)
    assert result is not None
    at = middles(reach, 64)
    for usual, fine in zip(
        _all(result.on_grid(at, at)), _all(result.on_grid(at, at, fine=True)), strict=True
    ):
        assert np.abs(usual - fine).mean() < 2e-4 * np.abs(fine).mean()
    assert result.on_grid(at, at).density.sum() * (at[1] - at[0]) ** 2 == pytest.approx(1, abs=3e-3)


def _all(passage: object) -> list[np.ndarray]:
    return [passage.density, *passage.drift]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("m", "a", "n", "b"), [(0, 1, 2, 1), (0, 1, 0, 2), (-1, 0.02, 1, 1), (0, 1, 3, 0.01)]
)
def test_on_the_line_normals_agree_with_the_closed_form(m: float, a: float, n: float, b: float) -> None:
    z = np.linspace(min(m - 6 * a, n - 6 * b), max(m + 6 * a, n + 6 * b), 301)
    result = Gaussian([m], [a]).interpolant_to(Gaussian([n], [b]))
    assert result is not None
    passage = result.on_grid(z)
    exact, _ = gaussian_sigma(z, GaussianPiece(1, m, a), GaussianPiece(1, n, b))
    np.testing.assert_allclose(passage.density, exact, rtol=1e-6)
    flow = GaussianPiece(1, m, a).cdf(z) - GaussianPiece(1, n, b).cdf(z)
    np.testing.assert_allclose(passage.drift[0], flow, atol=1e-8)


def test_on_the_line_intervals_agree_with_the_closed_form() -> None:
    z = middles(3.0, 301)
    result = Box([0], [1]).interpolant_to(Box([0.5], [2.5]))
    assert result is not None
    passage = result.on_grid(z)
    one, other = UniformPiece(1, 0, 1), UniformPiece(1, 0.5, 2.5)
    np.testing.assert_allclose(passage.density, uniform_sigma(z, one, other)[0], atol=2e-5)
    np.testing.assert_allclose(passage.drift[0], one.cdf(z) - other.cdf(z), atol=2e-5)


@pytest.mark.parametrize(
    ("p", "q"),
    [(Gaussian([0, 0], [1, 1]), Gaussian([0, 0], [2, 2])), (Ball([0, 0], 1, 0.5), Ball([0, 0], 2, 1))],
)
def test_about_one_center_both_agree_with_the_radial_closed_form(p: Distribution, q: Distribution) -> None:
    r = np.linspace(0.05, 1.95, 39)
    result = p.interpolant_to(q)
    assert result is not None
    passage = result.on_grid(r, np.zeros(1))
    if isinstance(p, Gaussian):
        density, _ = gaussian_radius_sigma(r, 2, 1.0, 2.0)
    else:
        density = np.zeros_like(r)
        for share_p, a in ((4 / 3, 1.0), (-1 / 3, 0.5)):
            for share_q, b in ((4 / 3, 2.0), (-1 / 3, 1.0)):
                density += share_p * share_q * ball_radius_sigma(r, 2, a, b)[0]
    np.testing.assert_allclose(passage.density[:, 0], density / (2 * np.pi * r), atol=2e-5, rtol=1e-4)
    below = [profile.cdf(r)[0] for profile in (p.radial_profile(), q.radial_profile()) if profile is not None]
    np.testing.assert_allclose(passage.drift[0][:, 0], (below[0] - below[1]) / (2 * np.pi * r), atol=1e-4)
    np.testing.assert_allclose(passage.drift[1][:, 0], 0, atol=1e-12)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (GaussianMixture(np.zeros((1, 2)), np.zeros(1)), Gaussian([0, 0], [1, 1])),
        (Gaussian([0, 0], [1, 1]), Box([0, 0], [1, 1])),
        (Ball([0, 0, 0], 1), Ball([0, 0, 0], 2)),
    ],
)
def test_without_a_known_sigma_there_are_none(p: Distribution, q: Distribution) -> None:
    assert p.interpolant_to(q) is None
