"""Guarantees of regularized transport on samples: bounds are kept, slopes and limits come out."""

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
    asked = GroundCost(ground.cost, ground.epsilon, regularizer=regularizer, p=ground.p)
    errors = gradient_error(points(60, 0), points(50, 1), asked)
    assert errors.accuracies.max() > 1e3 * errors.accuracies.min(), "over three decades"
    assert (np.diff(errors.accuracies) < 0).all() and (errors.certified >= errors.accuracies).all()
    assert (errors.errors <= errors.bounds).all() and errors.bounds[-1] < 300 * errors.errors[-1]
    assert errors.slope == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("regularizer", REGULARIZERS)
@pytest.mark.parametrize("m", [40, 25])
def test_the_path_leads_to_the_exact_cost_within_its_bounds(regularizer: str, m: int) -> None:
    x, y = points(40, 0), points(m, 1)
    path = regularization_path(x, y, GroundCost("squared", regularizer=regularizer))
    table = ot.dist(x.double().numpy(), y.double().numpy())
    assert path.exact == pytest.approx(ot.emd2(np.full(40, 1 / 40), np.full(m, 1 / m), table))
    assert (np.diff(path.strengths) > 0).all() and path.strengths[-1] > 1e3 * path.strengths[0]
    assert (path.lower <= path.upper * (1 + 1e-12)).all()
    np.testing.assert_allclose(path.lower, path.upper, rtol=1e-3)
    assert (np.diff(path.upper) > -1e-6).all() and (np.diff(path.costs) > -1e-3).all()
    assert (path.exact <= path.upper + 1e-9).all() and (path.lower <= path.exact + path.excess).all()
    assert (path.costs >= path.exact - 1e-9).all()
    assert path.lower[0] == pytest.approx(path.exact, rel=0.1)


def test_a_path_takes_the_strengths_it_is_given() -> None:
    path = regularization_path(points(10, 0), points(10, 1), GroundCost(), strengths=(1.0, 0.1))
    assert list(path.strengths) == [0.1, 1.0]
    np.testing.assert_allclose(path.excess, np.array([0.1, 1.0]) * math.log(10))


@pytest.mark.parametrize("regularizer", REGULARIZERS)
def test_small_batches_cost_too_much(regularizer: str) -> None:
    distribution = Gaussian([0.0, 0.0], [1.0, 1.0])
    ground = GroundCost("squared", 0.1, regularizer=regularizer)
    bias = batch_bias(distribution, distribution, ground, sizes=(8, 32, 64), points=640)
    falls = -np.diff(bias.values)
    assert (falls > 3 * np.hypot(bias.errors[1:], bias.errors[:-1])).all()
    assert list(bias.repeats) == [80, 20, 10] and bias.sizes[-1] == 64
    again = batch_bias(distribution, distribution, ground, sizes=(8, 32, 64), points=640)
    assert np.array_equal(bias.values, again.values)
