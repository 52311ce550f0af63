"""Laws made of atoms: drawn as often as they weigh, and W1 between them exact."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.atoms import DiscreteDistribution
from wganstudio.pairs.base import make_rng


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_atoms_are_drawn_as_often_as_they_weigh(weights: list[float]) -> None:
    points = np.arange(2.0 * len(weights)).reshape(-1, 2)
    distribution = DiscreteDistribution(points, np.array(weights))
    drawn = distribution.sample(20_000, make_rng("cpu", 0))
    shares = torch.bincount((drawn[:, 0] / 2).long(), minlength=len(weights)) / 20_000
    expected = torch.tensor(weights) / sum(weights)
    assert float((shares - expected).abs().max()) < 0.02
    assert float(distribution.atoms()[1].sum()) == pytest.approx(1, abs=1e-6)


def points(**changes: Any) -> Any:
    return read({"pair": {"kind": "points", **changes}})


def test_w1_between_points_is_exact_and_there_is_no_congested_cost() -> None:
    e = points(points_p=[[-1, 0], [1, 0]], weights_p=[1, 3], points_q=[[0, 0], [1, 1]], weights_q=[1, 1])
    (truth,) = BestAvailableOptions().build().truths(e.build_pair(), 1.0)
    # 1/4 from -1 to 0; of the 3/4 at (1, 0) a quarter goes to 0, half goes up
    assert truth.quantity == "w1" and truth.lower <= 0.25 + 0.25 + 0.5 <= truth.upper
    assert truth.upper - truth.lower < 1e-5


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"points_p": [[0, 0], [1]]}, "same number of coordinates"),
        ({"weights_p": [1, 1, 1]}, "weights_p has 3 entries for 2 points"),
        ({"weights_q": [-1]}, "weights_q must not be negative"),
        ({"points_p": [[]], "points_q": [[]]}, "at least one coordinate"),
    ],
)
def test_points_that_make_no_distribution_are_named(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadExperiment, match=problem):
        points(**changes)
