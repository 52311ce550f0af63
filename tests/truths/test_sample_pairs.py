"""The truths of given samples: which there are, of which distributions, exact or between bounds."""

import numpy as np
import pytest

from wganstudio.experiment import GroundCost
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.data.sample_pair import GivenSamples, SamplePair
from wganstudio.truths import sample_pairs
from wganstudio.truths.certificate import DISTRIBUTIONS
from wganstudio.truths.sample_pairs import DISTANCE, sample_pair_truths

QUICK = BestAvailableOptions(cells=64, seconds=1.0, samples=64, repeats=4)


def pair(dim: int) -> SamplePair:
    rng = np.random.default_rng(0)
    return SamplePair(*(GivenSamples(rng.normal(size=(100, dim)) + k) for k in range(2)))


def test_costs_come_with_the_cost_and_the_penalty_that_ask_for_them(small_references: None) -> None:
    names = [truth.quantity for truth in sample_pair_truths(pair(3), DISTANCE, 1.0, QUICK)]
    assert names == ["w1"]
    truths = list(sample_pair_truths(pair(2), GroundCost("squared", 0.5), 1.0, QUICK))
    assert [truth.quantity for truth in truths[:2]] == ["w1", "transport"]
    assert {truth.quantity for truth in truths[2:]} == {"congested", "gap-limit"}
    assert [truth.law for truth in truths[:2]] == [DISTRIBUTIONS] * 2
    assert all("smoothed" in truth.law for truth in truths[2:])


@pytest.mark.parametrize("ground", [DISTANCE, GroundCost("squared"), GroundCost("squared", 0.1)])
def test_above_the_limit_there_are_bounds(monkeypatch: pytest.MonkeyPatch, ground: GroundCost) -> None:
    exact = {truth.quantity: truth for truth in sample_pair_truths(pair(3), ground, None, QUICK)}
    monkeypatch.setattr(sample_pairs, "EXACT_PAIRS", 1)
    monkeypatch.setattr("wganstudio.truths.atoms.two_lists_truth.__defaults__", (1,))
    for truth in sample_pair_truths(pair(3), ground, None, QUICK):
        assert truth.lower <= exact[truth.quantity].value <= truth.upper
        assert truth.upper - truth.lower > 1e-3 and "64" in truth.method
