"""Bounds from samples: they hold, and the potential below really is 1-Lipschitz."""

import pytest
import torch

from wganstudio.experiment.pairs import (
    ClassicsOptions,
    GaussiansOptions,
    PointSetsOptions,
    RayMonotoneOptions,
    UniformBallsOptions,
)
from wganstudio.experiment.truths import FromSamplesOptions
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.truths import samples
from wganstudio.truths.samples import sample_bounds

KNOWN: dict[str, tuple[Pair, float]] = {
    "the line": (GaussiansOptions(dim=1).build(), 0.7978845608),
    "the plane": (GaussiansOptions().build(), 1.2533141373),
    "a shift in 3 dimensions": (GaussiansOptions(dim=3, mean_q=1.0, scale_q=1.0).build(), 3**0.5),
    "discs": (UniformBallsOptions().build(), 2 / 3),
    "8 dimensions": (GaussiansOptions(dim=8).build(), 2.7416246754),
    "64 dimensions": (GaussiansOptions(dim=64).build(), 7.96881),
}


def points(count: int, dim: int, *seed: int) -> torch.Tensor:
    return torch.randn(count, dim, generator=make_rng("cpu", *seed), dtype=torch.float64)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_bounds_hold_what_is_known(name: str, seed: int) -> None:
    pair, w1 = KNOWN[name]
    bounds = sample_bounds(pair.p, pair.q, 256, 6, seed)
    assert bounds.lower - 3 * bounds.lower_se < w1 < bounds.upper + 3 * bounds.upper_se
    assert 0 < bounds.lower_se < 0.2 * w1
    assert 0 < bounds.upper_se < 0.2 * w1


def test_more_samples_give_tighter_bounds() -> None:
    pair, w1 = KNOWN["the plane"]
    coarse, fine = (sample_bounds(pair.p, pair.q, n, 8, 0) for n in (64, 512))
    assert fine.upper - fine.lower < 0.5 * (coarse.upper - coarse.lower)
    assert fine.upper - fine.lower < 0.15 * w1


def test_in_many_dimensions_the_bracket_is_shown_wide() -> None:
    pair, w1 = KNOWN["64 dimensions"]
    (truth,) = FromSamplesOptions(samples=128, repeats=3).build().truths(pair, 10.0)
    assert truth.lower < 0.5 * w1
    assert truth.upper > 1.5 * w1


def test_a_truth_says_how_and_for_which_distribution() -> None:
    pair, w1 = KNOWN["the plane"]
    (truth,) = FromSamplesOptions(samples=200, repeats=4, confidence=2.5).build().truths(pair, None)
    assert truth.quantity == "w1"
    assert truth.lower < w1 < truth.upper
    assert "200 samples, 4 draws" in truth.method
    assert "2.5 standard errors" in truth.method
    assert truth.law == "the distributions themselves"
    assert 0 < truth.seconds < 60


def test_the_seed_repeats_the_bounds() -> None:
    pair = ClassicsOptions(p="moons").build()
    first, again, other = (sample_bounds(pair.p, pair.q, 64, 2, seed) for seed in (0, 0, 1))
    assert first == again
    assert first.upper != other.upper


def test_samples_agree_with_a_known_plan() -> None:
    pair = RayMonotoneOptions(dim=2, funnels=4).build()
    w1 = float(pair.p.lengths(pair.p.base.sample(200_000, make_rng("cpu", 1))).mean())
    bounds = sample_bounds(pair.p, pair.q, 400, 6, 0)
    assert bounds.lower - 3 * bounds.lower_se < w1 < bounds.upper + 3 * bounds.upper_se


def test_draws_that_agree_by_coincidence_do_not_shrink_the_error() -> None:
    assert samples.standard_error([1.0, 1.0], [0.5, 0.5]) == pytest.approx(0.5)


@pytest.mark.parametrize("offset", [0.0, 1.7e9, -5e6])
def test_bounds_of_single_points_include_rounding(offset: float) -> None:
    pair = PointSetsOptions(points_p=((offset,),), points_q=((offset + 60.1,),)).build()
    truth = samples.sample_truth(pair.p, pair.q, FromSamplesOptions(samples=16, repeats=2))
    assert truth.lower < (offset + 60.1) - offset < truth.upper < truth.lower + 1e-3


def test_bounds_include_rounding_that_no_origin_avoids() -> None:
    """One row is 0, such as a missing time stamp: float32 moves the others by up to 64."""
    p = ((0.0,), *((1.7e9 + 7 * k,) for k in range(40)))
    q = ((0.0,), *((1.7e9 + 7 * k + 30,) for k in range(40)))
    pair = PointSetsOptions(points_p=p, points_q=q).build()
    truth = samples.sample_truth(pair.p, pair.q, FromSamplesOptions(samples=64, repeats=2))
    assert truth.upper - truth.value > 64
