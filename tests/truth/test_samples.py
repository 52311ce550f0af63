"""Bounds from samples: they hold, and the potential below really is 1-Lipschitz."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment.pairs import Classics, Gaussians, RayMonotone, UniformBalls
from wganstudio.experiment.truths import FromSamples
from wganstudio.pairs.base import Pair, generator
from wganstudio.truth import samples
from wganstudio.truth.samples import Extension, bounds, distances, exact_transport

KNOWN: dict[str, tuple[Pair, float]] = {
    "the line": (Gaussians(dim=1).build(), 0.7978845608),
    "the plane": (Gaussians().build(), 1.2533141373),
    "a shift in 3 dimensions": (Gaussians(dim=3, mean_q=1.0, scale_q=1.0).build(), 3**0.5),
    "discs": (UniformBalls().build(), 2 / 3),
    "8 dimensions": (Gaussians(dim=8).build(), 2.7416246754),
    "64 dimensions": (Gaussians(dim=64).build(), 7.96881),
}  # fmt: skip


def points(count: int, dim: int, *seed: int) -> torch.Tensor:
    return torch.randn(count, dim, generator=generator("cpu", *seed), dtype=torch.float64)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_bounds_hold_what_is_known(name: str, seed: int) -> None:
    pair, w1 = KNOWN[name]
    found = bounds(pair.p, pair.q, 256, 6, seed)
    assert found.lower - 3 * found.lower_se < w1 < found.upper + 3 * found.upper_se
    assert 0 < found.lower_se < 0.2 * w1
    assert 0 < found.upper_se < 0.2 * w1


def test_more_samples_give_tighter_bounds() -> None:
    pair, w1 = KNOWN["the plane"]
    coarse, fine = (bounds(pair.p, pair.q, n, 8, 0) for n in (64, 512))
    assert fine.upper - fine.lower < 0.5 * (coarse.upper - coarse.lower)
    assert fine.upper - fine.lower < 0.15 * w1


def test_in_many_dimensions_the_bracket_is_shown_wide() -> None:
    pair, w1 = KNOWN["64 dimensions"]
    (truth,) = FromSamples(samples=128, repeats=3).build().truths(pair, 10.0)
    assert truth.lower < 0.5 * w1
    assert truth.upper > 1.5 * w1


def test_a_truth_says_how_and_for_which_law() -> None:
    pair, w1 = KNOWN["the plane"]
    (truth,) = FromSamples(samples=200, repeats=4, confidence=2.5).build().truths(pair, None)
    assert truth.quantity == "w1"
    assert truth.lower < w1 < truth.upper
    assert "200 samples, 4 draws" in truth.method
    assert "2.5 standard errors" in truth.method
    assert truth.law == "the laws themselves"
    assert 0 < truth.seconds < 60


def test_the_seed_repeats_the_bounds() -> None:
    pair = Classics(p="moons").build()
    first, again, other = (bounds(pair.p, pair.q, 64, 2, seed) for seed in (0, 0, 1))
    assert first == again
    assert first.upper != other.upper


def test_samples_agree_with_a_known_plan() -> None:
    pair = RayMonotone(dim=2, funnels=4).build()
    w1 = float(pair.p.displacements(200_000, generator("cpu", 1)).mean())
    found = bounds(pair.p, pair.q, 400, 6, 0)
    assert found.lower - 3 * found.lower_se < w1 < found.upper + 3 * found.upper_se


@pytest.mark.parametrize(("count", "dim"), [(50, 1), (300, 2), (200, 30)])
def test_exact_transport_is_the_best_assignment(count: int, dim: int) -> None:
    from scipy.optimize import linear_sum_assignment

    costs = distances(points(count, dim, 1), 1 + 2 * points(count, dim, 2)).numpy()
    cost, f, g = exact_transport(costs)
    rows, columns = linear_sum_assignment(costs)
    assert cost == pytest.approx(costs[rows, columns].mean(), rel=1e-9)
    assert f.mean() + g.mean() == pytest.approx(cost, rel=1e-9)
    assert np.all(f[:, None] + g <= costs + 1e-9)


@settings(max_examples=10, deadline=None)
@given(count=st.integers(2, 60), dim=st.integers(1, 12), seed=st.integers(0, 2**31 - 1))
def test_the_extended_potential_is_lipschitz_and_keeps_its_values(count: int, dim: int, seed: int) -> None:
    x, y = points(count, dim, seed, 1), 0.5 + 2 * points(count, dim, seed, 2)
    cost, f, g = exact_transport(distances(x, y).numpy())
    extended = Extension(x, y, torch.from_numpy(f), torch.from_numpy(g))
    assert torch.allclose(extended.value(x), torch.from_numpy(f), atol=1e-7)
    assert torch.allclose(extended.value(y), -torch.from_numpy(g), atol=1e-7)
    z = 3 * points(200, dim, seed, 3)
    rise = (extended.value(z)[:, None] - extended.value(z)).abs()
    assert (rise <= torch.cdist(z, z, compute_mode="donot_use_mm_for_euclid_dist") + 1e-7).all()
    assert float(extended.value(x).mean() - extended.value(y).mean()) == pytest.approx(cost, abs=1e-7)


def test_distances_in_many_dimensions_are_those_by_differences() -> None:
    x, y = points(200, 40, 1), points(100, 40, 2)
    y[0] = x[0]
    assert torch.allclose(distances(x, y), torch.linalg.vector_norm(x[:, None] - y, dim=2), atol=1e-6)


def test_transport_that_does_not_finish_is_an_error_and_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "_ITERATIONS", 1)
    with pytest.raises(RuntimeError, match="did not finish"):
        exact_transport(distances(points(100, 2, 1), points(100, 2, 2)).numpy())


def test_draws_that_agree_by_chance_do_not_shrink_the_error() -> None:
    assert samples._standard_error([1.0, 1.0], [0.5, 0.5]) == pytest.approx(0.5)
