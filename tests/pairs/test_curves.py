"""Quadratures of curves with noise: their density, moments and components."""

import numpy as np
import pytest
from numpy.typing import NDArray

from wganstudio.pairs import classics, curves
from wganstudio.pairs.base import make_rng
from wganstudio.pairs.classics import classic_distribution
from wganstudio.pairs.gaussian_family import ComponentMixture

SHAPES = {"moons": curves.moons, "spirals": curves.spirals, "rings": curves.rings}
NOISES = (0.05, 0.1, 0.3, 1.0)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("noise", NOISES)
def test_twice_the_nodes_change_nothing(name: str, noise: float, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = np.linspace(-2.6, 2.6, 61), np.linspace(-2.7, 2.7, 67)

    def density() -> NDArray[np.float64]:
        components = SHAPES[name](noise)
        assert components is not None and components.weights.sum() == pytest.approx(1, rel=1e-13)
        return ComponentMixture(components).density_grid(x, y)

    coarse = density()
    monkeypatch.setattr(curves, "_SPACING", curves._SPACING / 2)
    np.testing.assert_allclose(coarse, density(), atol=1e-7 * coarse.max())


@pytest.mark.parametrize("name", SHAPES)
def test_it_is_the_distribution_that_is_sampled(name: str) -> None:
    count, noise = 400_000, 0.2
    distribution = classic_distribution(name, noise)
    points = distribution.sample(count, make_rng("cpu", 1)).double().numpy()
    components = distribution.gaussian_components()
    assert components is not None
    # phases of a few wave vectors: E exp(i k z) of a Gaussian is exp(i k m - |k|^2 s^2 / 2)
    for wave in np.random.default_rng(0).normal(size=(20, 2)) * 2:
        exact = (
            components.weights @ np.exp(1j * components.means @ wave) * np.exp(-(wave @ wave) * noise**2 / 2)
        )
        assert abs(np.exp(1j * points @ wave).mean() - exact) < 5 / np.sqrt(count)


def test_moments_in_closed_form() -> None:
    for noise in NOISES:
        of_rings, of_spirals = (classic_distribution(name, noise).moments() for name in ("rings", "spirals"))
        assert of_rings is not None and of_spirals is not None
        square = 4 / 9 * (1 / 6 + 4 / 3 + 9 / 2) / 2 + noise**2
        np.testing.assert_allclose(of_rings.mean, 0, atol=1e-12)
        np.testing.assert_allclose(of_rings.covariance, square * np.eye(2), atol=1e-9)
        np.testing.assert_allclose(of_spirals.mean, 0, atol=1e-12)
        assert np.trace(of_spirals.covariance) == pytest.approx(2.0 + 2 * noise**2, rel=1e-9)


def test_hardly_any_noise_takes_too_many_components() -> None:
    for make in SHAPES.values():
        assert make(1e-4) is None and make(0.0) is None
    assert classic_distribution("moons", 0.0).gaussian_components() is None
    assert set(classics._CURVES) == set(SHAPES)
    assert classic_distribution("checkerboard", 0.1).moments() is None
