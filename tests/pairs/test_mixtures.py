"""Mixtures whose scale is 0 are points, and the others have densities."""

import pytest

from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.truths import BestAvailableOptions


def pair(**settings):
    return read({"pair": {"kind": "mixture", **settings}})


def test_scale_0_makes_points_of_one_side():
    experiment = pair(means_p=[[0, 0], [1, 0]], scale_p=0.0, weights_p=[1, 3], means_q=[[2, 0]], scale_q=0.5)
    built = experiment.build_pair()
    assert built.p.has_point_masses and not built.q.has_point_masses
    assert built.p.exact_atoms()[1] == pytest.approx([0.25, 0.75])
    assert experiment.pair.has_point_masses and experiment.pair.size().rows == 2
    assert not pair().pair.has_point_masses and pair().pair.size().rows is None


def test_w1_from_a_point_to_a_gaussian_is_bracketed():
    built = pair(means_p=[[0, 0]], scale_p=0.0, means_q=[[0, 0]], scale_q=1.0).build_pair()
    truths = list(BestAvailableOptions().build().truths(built, 1.0))
    assert [truth.quantity for truth in truths] == ["w1"]
    assert truths[0].lower <= 1.2533 <= truths[0].upper  # E |z| = sqrt(pi / 2)


@pytest.mark.parametrize("scale", [-0.1, [0.5, 0.0], [0.5, -1.0]])
def test_scales_are_all_above_0_or_all_0(scale):
    with pytest.raises(BadExperiment, match="scale_p must be above 0 for every center, or 0 for all"):
        pair(means_p=[[0, 0], [1, 1]], scale_p=scale)
