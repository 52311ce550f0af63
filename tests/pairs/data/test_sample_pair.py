"""The pair of given samples keeps their digits, weights and number."""

import numpy as np
import pytest

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.base import make_rng
from wganstudio.pairs.data.sample_pair import GivenSamples, SamplePair

POINTS = np.random.default_rng(0).normal(size=(50, 2))


def test_samples_far_from_0_keep_their_digits() -> None:
    far = POINTS + 2.0**20
    pair = SamplePair(GivenSamples(far), GivenSamples(far + 1))
    atoms = pair.p.exact_atoms()
    assert atoms is not None and pair.origin.all() and pair.rounding > 0
    np.testing.assert_array_equal(atoms[0] + pair.origin, far)
    np.testing.assert_array_equal(atoms[1], 1 / 50)
    assert np.abs(pair.p.sample(100, make_rng("cpu", 0)).numpy()).max() < 8


def test_weighted_samples_are_drawn_by_weight_and_represent_a_density() -> None:
    weights = np.zeros(50)
    weights[[3, 7]] = 3.0, 1.0
    pair = SamplePair(GivenSamples(POINTS, weights), GivenSamples(POINTS))
    drawn = pair.p.sample(4000, make_rng("cpu", 0)).numpy()
    share = (drawn == POINTS[3].astype(np.float32)).all(axis=1).mean()
    assert share == pytest.approx(0.75, abs=0.03) and not pair.p.has_point_masses
    atoms = pair.p.exact_atoms()
    assert atoms is not None and atoms[1].tolist() == [0.75, 0.25]
    assert pair.description == "P over 50 weighted samples, Q over 50 samples"


def test_samples_that_single_precision_cannot_hold_are_refused() -> None:
    with pytest.raises(BadExperiment, match="another unit"):
        SamplePair(GivenSamples(POINTS * 1e30), GivenSamples(POINTS))
