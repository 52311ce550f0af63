"""Bounds of regularized transport to atoms hold the true cost, and close on it."""

import numpy as np
import pytest
import torch

from wganstudio.experiment import GroundCost
from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.base import Pair
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.distributions import Gaussian
from wganstudio.truths.atoms import atoms_truth

GROUNDS = [
    GroundCost("squared", 0.0),
    GroundCost("squared", 0.1),
    GroundCost("distance", 0.1),
    GroundCost("squared", 0.05, True),
    GroundCost("squared", 0.1, regularizer="l2"),
    GroundCost("p-norm", 0.1, p=1.0),
]


def pair_of(points: object, q: object) -> Pair:
    pair = Pair()
    pair.p, pair.q = EmpiricalDistribution(np.asarray(points, np.float32)), q  # type: ignore[assignment]
    return pair


@pytest.mark.parametrize("ground", GROUNDS)
def test_one_atom_costs_the_mean_distance(ground: GroundCost) -> None:
    pair = pair_of([[3.0, 4.0]], Gaussian([0.0, 0.0], [1e-3, 1e-3]))
    (truth,) = atoms_truth(pair, ground, BestAvailableOptions(samples=64, repeats=4))
    scale = 25.0 if ground.normalized else 1.0
    known = {"squared": 25.0, "distance": 5.0, "p-norm": 7.0}[ground.cost]
    known += ground.epsilon if ground.regularizer == "l2" else 0.0  # of the density 1
    assert truth.lower <= known / scale <= truth.upper
    assert truth.upper - truth.lower < 0.01


@pytest.mark.parametrize("epsilon", [0.0, 0.05, 1.0])
def test_two_atoms_in_closed_form(epsilon: float) -> None:
    # Q = N(0, 1), P = (delta_-1 + delta_1) / 2: by symmetry psi = 0
    x = np.linspace(-9, 9, 20001)
    near = (np.abs(x) - 1) ** 2
    far = (np.abs(x) + 1) ** 2
    cost = near if epsilon == 0 else near - epsilon * np.log((1 + np.exp((near - far) / epsilon)) / 2)
    exact = np.trapezoid(cost * np.exp(-x * x / 2), x) / np.sqrt(2 * np.pi)
    pair = pair_of([[-1.0], [1.0]], Gaussian([0.0], [1.0]))
    (few,) = atoms_truth(pair, GroundCost("squared", epsilon), BestAvailableOptions(samples=64))
    (many,) = atoms_truth(pair, GroundCost("squared", epsilon), BestAvailableOptions(samples=4096))
    for truth in (few, many):
        assert truth.quantity == "transport" and truth.lower <= exact <= truth.upper
    assert many.upper - many.lower < 0.3 * (few.upper - few.lower)


def test_a_small_eps_does_not_underflow() -> None:
    points = torch.randn((30, 2), generator=torch.Generator().manual_seed(0)).numpy() * 8
    pair = pair_of(points, Gaussian([0.0, 0.0], [8.0, 8.0]))
    (smooth,) = atoms_truth(pair, GroundCost("squared", 1.0), BestAvailableOptions(samples=64, repeats=2))
    (sharp,) = atoms_truth(pair, GroundCost("squared", 0.0), BestAvailableOptions(samples=64, repeats=2))
    assert sharp.lower <= smooth.upper <= sharp.upper + np.log(30)
    assert smooth.lower < smooth.upper


@pytest.mark.parametrize("count", [20, 90])
def test_with_a_squared_density_more_samples_close_on_the_same(count: int) -> None:
    points = torch.randn((count, 2), generator=torch.Generator().manual_seed(0)).numpy()
    pair = pair_of(points, Gaussian([1.0, 0.0], [1.0, 1.0]))
    (few,) = atoms_truth(
        pair, GroundCost("squared", 0.2, regularizer="l2"), BestAvailableOptions(samples=48, repeats=4)
    )
    (many,) = atoms_truth(
        pair, GroundCost("squared", 0.2, regularizer="l2"), BestAvailableOptions(samples=400, repeats=4)
    )
    assert few.lower <= many.value <= few.upper and many.upper - many.lower < few.upper - few.lower
    (plain,) = atoms_truth(pair, GroundCost("squared"), BestAvailableOptions(samples=400, repeats=4))
    assert plain.lower < many.upper and many.value - plain.value < 0.2 * count


def test_distributions_without_atoms_have_no_such_truth() -> None:
    pair = Pair()
    pair.p = pair.q = Gaussian([0.0], [1.0])
    assert not list(atoms_truth(pair, GroundCost(), BestAvailableOptions()))
