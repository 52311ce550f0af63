"""The five systems on a pair of one's own."""

import pytest

from wganstudio.experiment import BadExperiment, read
from wganstudio.suites import SuiteError
from wganstudio.suites.five_systems import five_systems


def test_all_five_are_trained_on_the_same_pair_from_the_same_seed() -> None:
    asked = read(
        {
            "pair": {"kind": "classics", "p": "moons"},
            "training": {"seed": 7},
            "evaluation": {"resolution": 30},
        }
    )
    made = five_systems(asked)
    assert [one.solver.name() for one in made] == ["gp", "so", "semi-discrete", "regularized", "convex"]
    for one in made:
        assert (one.pair, one.truth, one.training.seed) == (asked.pair, asked.truth, 7)
        assert one.evaluation.resolution == 30 and not one.generator.moves


def test_a_pair_that_cannot_be_made_says_why() -> None:
    with pytest.raises((BadExperiment, SuiteError), match="there is no"):
        five_systems(read({"pair": {"kind": "ray-monotone", "file": "/nowhere/dim_2.pt"}}))
