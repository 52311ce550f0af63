"""Mixtures of many Gaussians on the grid: sigma and drift on tiles are the whole sums."""

import numpy as np
import pytest

from wganstudio.experiment.pairs import ClassicsOptions, MixtureOptions
from wganstudio.experiment.truths import GridTruthOptions
from wganstudio.pairs.base import make_rng
from wganstudio.pairs.classics import classic_distribution
from wganstudio.pairs.distributions import Ball, Gaussian, GaussianMixture
from wganstudio.pairs.interpolants.gaussians import GaussianInterpolant
from wganstudio.truths.grid.mixtures import mixture_interpolant

CASES = [("gaussian", "moons", 0.3), ("rings", "gaussian", 0.4), ("eight-gaussians", "moons", 0.4)]


@pytest.mark.parametrize(("p", "q", "noise"), CASES)
def test_tiles_and_low_orders_lose_nothing(p: str, q: str, noise: float) -> None:
    one, other = (classic_distribution(name, noise) for name in (p, q))
    mixtures = mixture_interpolant(one, other)
    of_p, of_q = one.gaussian_components(), other.gaussian_components()
    assert mixtures is not None and of_p is not None and of_q is not None
    x, y = np.linspace(-4, 4, 100), np.linspace(-3, 4, 51)
    exact = GaussianInterpolant(of_p, of_q).on_grid(x, y, fine=True)
    for fine in (False, True):
        flow = mixtures.interpolant.on_grid(x, y, fine=fine)
        np.testing.assert_allclose(flow.density, exact.density, rtol=1e-7, atol=1e-15)
        for along, expected in zip(flow.drift, exact.drift, strict=True):
            np.testing.assert_allclose(along, expected, rtol=0, atol=1e-8)


def test_distributions_that_are_no_mixtures_or_too_many_components_have_none() -> None:
    gaussian, atom = Gaussian([0, 0], [1, 1]), GaussianMixture(np.zeros((1, 2)), np.zeros(1))
    assert mixture_interpolant(gaussian, Ball([0, 0], 1)) is None
    assert mixture_interpolant(gaussian, atom) is None
    spirals = classic_distribution("spirals", 0.1)
    assert mixture_interpolant(spirals, spirals) is None


@pytest.mark.parametrize("q", ["moons", "rings"])
def test_brackets_hold_the_value_of_a_critic_on_samples(q: str) -> None:
    """E_P u - E_Q u of a 1-Lipschitz u is at most W1: u is a distance to a curve, or a coordinate."""
    pair = ClassicsOptions(q=q, noise=0.3).build()
    truths = {t.quantity: t for t in GridTruthOptions(cells=64).build().truths(pair, 1.0)}
    assert {t.law for t in truths.values()} == {"the distributions themselves"}
    x, y = (each.sample(100_000, make_rng("cpu", k)).double() for k, each in enumerate((pair.p, pair.q)))
    for radius in (0.0, 0.5, 1.0, 1.5, 2.0):
        on_p, on_q = ((z.norm(dim=1) - radius).abs() for z in (x, y))
        assert abs(float(on_p.mean() - on_q.mean())) < truths["w1"].upper + 0.01
    assert truths["w1"].lower > 0.5 * truths["w1"].upper


def test_a_mixture_of_mixtures_is_as_before() -> None:
    pair = MixtureOptions().build()
    direct = pair.p.interpolant_to(pair.q)
    assert isinstance(direct, GaussianInterpolant) and direct.num_terms < 1 << 15
