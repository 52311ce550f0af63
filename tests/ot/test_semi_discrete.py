"""The dual in numpy is the critic in torch."""

import numpy as np
import pytest
import torch

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.experiment import GroundCost
from wganstudio.ot.semi_discrete import Dual


@pytest.mark.parametrize("cost", ["squared", "distance"])
@pytest.mark.parametrize("epsilon", [0.0, 0.05, 2.0])
@pytest.mark.parametrize("dim", [1, 2])
def test_shares_and_gradient_are_those_of_the_critic(cost: str, epsilon: float, dim: int) -> None:
    rng = np.random.default_rng(0)
    atoms, weights, psi = rng.normal(size=(7, dim)), rng.random(7) + 0.1, 0.3 * rng.normal(size=7)
    weights /= weights.sum()
    points = 2 * rng.normal(size=(50, dim))
    ground = GroundCost(cost, epsilon)  # type: ignore[arg-type]
    critic = RegularizedCTransform(torch.from_numpy(atoms), torch.from_numpy(weights), ground, scale=1.7)
    critic.psi.copy_(torch.from_numpy(psi))
    dual = Dual(atoms, weights, psi, cost, epsilon, 1.7)  # type: ignore[arg-type]
    at = torch.from_numpy(points)
    np.testing.assert_allclose(dual.costs(points), critic.costs(at).numpy(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(dual.shares(points), critic.plan(at).numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(dual.gradient(points), -critic.gradient(at)[1].numpy(), rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(dual.cells(points), dual.shares(points).argmax(1))


def test_values_are_those_of_the_earlier_implementation() -> None:
    """The figures computed these with differences of their own, to the last digits."""
    atoms = np.array([[0.0, 1.0], [1.5, -0.5], [-2.0, 0.3]])
    weights, psi = np.array([0.5, 0.3, 0.2]), np.array([0.1, -0.2, 0.4])
    points = np.array([[0.2, 0.1], [1.0, -1.0], [-1.0, 2.0]])
    for (cost, epsilon), (shares, gradient) in EARLIER.items():
        dual = Dual(atoms, weights, psi, cost, epsilon, 0.8)  # type: ignore[arg-type]
        np.testing.assert_allclose(dual.shares(points), shares, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(dual.gradient(points), gradient, rtol=1e-9, atol=1e-12)


EARLIER = {
    ("squared", 0.0): (
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
        [[0.5, -2.25], [-1.25, -1.25], [-2.5, 2.5]],
    ),
    ("squared", 0.4): (
        [
            [0.9933759000475101, 0.006621245660880676, 2.854291609113684e-06],
            [2.7561462714950564e-06, 0.9999972438536844, 4.4236866743871996e-14],
            [0.9976999936319165, 1.5890686910065753e-15, 0.0023000063680819302],
        ],
        [
            [0.4751846002297429, -2.2251653337613813],
            [-1.2499896644510948, -1.2500103355486065],
            [-2.4884999681595965, 2.5040250111441495],
        ],
    ),
    ("distance", 0.0): (
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
        [
            [0.2711630722733202, -1.220233825229941],
            [-0.8838834764831843, -0.8838834764831843],
            [-0.8838834764831843, 0.8838834764831843],
        ],
    ),
    ("distance", 0.4): (
        [
            [0.93215776288517, 0.05370279296622638, 0.014139444148603594],
            [0.028799573836863015, 0.9702353824838484, 0.0009650436792886856],
            [0.8707729304855566, 0.0003260937199857242, 0.1289009757944578],
        ],
        [
            [0.20941853973143507, -1.1109198459476404],
            [-0.840368720100502, -0.8902535609686],
            [-0.6882557975490905, 0.9088302356314876],
        ],
    ),
}
