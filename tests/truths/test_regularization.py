"""What regularized transport promises holds of samples: bounds are kept, slopes and limits come out."""

import math

import numpy as np
import ot
import pytest
import torch

from wganstudio.experiment import GroundCost
from wganstudio.pairs.distributions import Gaussian
from wganstudio.truths.regularization import batch_bias, gradient_error, regularization_path

REGULARIZERS = "entropy", "l2"


def points(count: int, seed: int) -> torch.Tensor:
    drawn = torch.randn((count, 2), generator=torch.Generator().manual_seed(seed))
    return drawn * torch.tensor([2.0, 0.5]) + seed


@pytest.mark.parametrize("regularizer", REGULARIZERS)
@pytest.mark.parametrize(
    "ground", [GroundCost("squared", 0.5), GroundCost("distance", 0.1), GroundCost("p-norm", 0.3, p=1.0)]
)
def test_the_gradients_error_falls_like_the_root_of_the_accuracy(
    ground: GroundCost, regularizer: str
) -> None:
    asked = GroundCost(ground.cost, ground.epsilon, regularizer=regularizer, p=ground.p)  # type: ignore[arg-type]
    found = gradient_error(points(60, 0), points(50, 1), asked)
    assert found.accuracies.max() > 1e3 * found.accuracies.min(), "over three decades"
    assert (np.diff(found.accuracies) < 0).all() and (found.certified >= found.accuracies).all()
    assert (found.errors <= found.bounds).all() and found.bounds[-1] < 300 * found.errors[-1]
    assert found.slope == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("regularizer", REGULARIZERS)
@pytest.mark.parametrize("m", [40, 25])
def test_the_path_leads_to_the_exact_cost_within_its_bounds(regularizer: str, m: int) -> None:
    x, y = points(40, 0), points(m, 1)
    found = regularization_path(x, y, GroundCost("squared", regularizer=regularizer))  # type: ignore[arg-type]
    table = ot.dist(x.double().numpy(), y.double().numpy())
    assert found.exact == pytest.approx(ot.emd2(np.full(40, 1 / 40), np.full(m, 1 / m), table))
    assert (np.diff(found.strengths) > 0).all() and found.strengths[-1] > 1e3 * found.strengths[0]
    assert (found.lower <= found.upper * (1 + 1e-12)).all()
    np.testing.assert_allclose(found.lower, found.upper, rtol=1e-3)
    assert (np.diff(found.upper) > -1e-6).all() and (np.diff(found.costs) > -1e-3).all()
    assert (found.exact <= found.upper + 1e-9).all() and (found.lower <= found.exact + found.excess).all()
    assert (found.costs >= found.exact - 1e-9).all()
    assert found.lower[0] == pytest.approx(found.exact, rel=0.1)


def test_a_path_takes_the_strengths_it_is_given() -> None:
    found = regularization_path(points(10, 0), points(10, 1), GroundCost(), strengths=(1.0, 0.1))
    assert list(found.strengths) == [0.1, 1.0]
    np.testing.assert_allclose(found.excess, np.array([0.1, 1.0]) * math.log(10))


@pytest.mark.parametrize("regularizer", REGULARIZERS)
def test_small_batches_cost_too_much(regularizer: str) -> None:
    law = Gaussian([0.0, 0.0], [1.0, 1.0])
    ground = GroundCost("squared", 0.1, regularizer=regularizer)  # type: ignore[arg-type]
    found = batch_bias(law, law, ground, sizes=(8, 32, 64), points=640)
    falls = -np.diff(found.values)
    assert (falls > 3 * np.hypot(found.errors[1:], found.errors[:-1])).all()
    assert list(found.repeats) == [80, 20, 10] and found.sizes[-1] == 64
    again = batch_bias(law, law, ground, sizes=(8, 32, 64), points=640)
    assert np.array_equal(found.values, again.values)
