"""Squared W2: known maps and bounds from samples hold the true value."""

import pytest

from wganstudio.experiment import GroundCost, kinds
from wganstudio.experiment.truths import BestAvailableOptions, FromSamplesOptions
from wganstudio.truths.gaussian import gaussian_truth
from wganstudio.truths.squared import known_map_truth, squared_sample_truth

SQUARED = GroundCost("squared")
QUICK = FromSamplesOptions(samples=256, repeats=3)


@pytest.mark.parametrize("dim", [2, 8])
def test_the_bounds_hold_the_closed_form_of_gaussians(dim: int) -> None:
    pair = kinds("pair")["gaussians"](dim=dim, scale_p=1.0, scale_q=2.0, mean_q=1.5).build()
    true = gaussian_truth(pair, SQUARED)
    result = squared_sample_truth(pair, SQUARED, QUICK)
    assert true is not None and result is not None
    assert result.lower <= true.value <= result.upper
    assert result.lower > 0.7 * true.value


def test_they_hold_the_known_maps_cost_and_the_discrete_potential_beats_the_moments_in_the_plane() -> None:
    pair = kinds("pair")["convex-map"](dim=2).build()
    true = known_map_truth(pair, SQUARED, BestAvailableOptions())
    result = squared_sample_truth(pair, SQUARED, QUICK)
    assert true is not None and result is not None
    assert result.lower <= true.upper and true.lower <= result.upper
    assert 0 < true.upper - true.value < 0.02 * true.value


def test_far_from_normal_the_discrete_potential_bounds_more_tightly() -> None:
    pair = kinds("pair")["classics"](p="gaussian", q="eight-gaussians").build()
    result = squared_sample_truth(pair, SQUARED, FromSamplesOptions(samples=512, repeats=3))
    assert result is not None and "a discrete potential" in result.method
    assert 0.5 * result.upper < result.lower < result.upper


@pytest.mark.parametrize(
    "ground", [GroundCost("distance"), GroundCost("squared", 0.1), GroundCost("squared", 0.0, True)]
)
def test_of_other_grounds_they_say_nothing(ground: GroundCost) -> None:
    pair = kinds("pair")["convex-map"](dim=2).build()
    assert (
        known_map_truth(pair, ground, BestAvailableOptions()) is None
        and squared_sample_truth(pair, ground, QUICK) is None
    )
