"""The truth as fields: the law of momentum, the continuity equation, and the bound on a critic's error."""

import math

import numpy as np
import pytest

from wganstudio.experiment.options import PairOptions
from wganstudio.experiment.pairs import (
    ClassicsOptions,
    GaussiansOptions,
    MixtureOptions,
    UniformBallsOptions,
    UniformBoxesOptions,
)
from wganstudio.truths.field import (
    GridField,
    OptimalField,
    ProfileField,
    compare_momentum,
    momentum,
    optimal_field,
)

ONE: dict[str, PairOptions] = {
    "on the line": GaussiansOptions(dim=1, mean_q=1.0, scale_q=1.5),
    "intervals": UniformBoxesOptions(dim=1),
    "about a center": GaussiansOptions(dim=8, scale_q=2.0),
}
PLANE: dict[str, PairOptions] = {
    "mixtures": MixtureOptions(),
    "discs": UniformBallsOptions(center_q=(1.0, 0.5)),
}


def known(pair: PairOptions, penalty: float = 1.0) -> OptimalField:
    field = optimal_field(pair.build(), penalty, cells=128)
    assert field is not None and field.penalty == penalty
    return field


@pytest.mark.parametrize("name", ONE)
def test_the_exact_field_obeys_the_congestion_theorem(name: str) -> None:
    truth = known(ONE[name])
    assert isinstance(truth, ProfileField)
    points, weights = truth.grid()
    local = truth.at(points)
    assert (local.sigma * weights).sum() == pytest.approx(1, abs=1e-3)
    error = compare_momentum(truth, local.gradient, points, weights)
    assert error.l2 < 1e-9 and error.angle < 1e-3 and error.weighted_l2 < 1e-9
    # u is the integral of its gradient
    slope = np.diff(local.u) / np.diff(points[:, 0])
    middle = (local.gradient[1:, 0] + local.gradient[:-1, 0]) / 2
    shown = (local.sigma[1:] > 1e-3 * local.sigma.max()) & (np.abs(np.diff(local.gradient[:, 0])) < 0.1)
    np.testing.assert_allclose(slope[shown], middle[shown], atol=0.02)


def test_about_a_center_the_field_points_along_the_radius() -> None:
    truth = known(ONE["about a center"])
    points = np.random.default_rng(0).normal(size=(50, 8)) * 1.5
    local = truth.at(points)
    for part in (local.gradient, local.momentum):
        size = np.linalg.norm(part, axis=1)
        inner = (part * points).sum(axis=1) / np.linalg.norm(points, axis=1)
        np.testing.assert_allclose(np.abs(inner), size, rtol=1e-9)


@pytest.mark.parametrize("name", PLANE)
def test_potential_and_flow_of_a_grid_obey_the_theorem_and_the_bound(name: str) -> None:
    penalty = 2.0
    truth = known(PLANE[name], penalty)
    assert isinstance(truth, GridField)
    points, weights = truth.grid()
    local = truth.at(points)
    error = compare_momentum(truth, local.gradient, points, weights)
    assert error.l2 < 0.05 and error.angle < 1.5
    # the potential of the lower bound is that far from optimal at most
    bracket = truth.level.bounds
    size = math.sqrt(bracket.congestion_cost)
    assert error.weighted_l2 <= 1.05 * 2 * math.sqrt(4 * penalty * (bracket.upper - bracket.lower)) / size
    # a critic ten times too steep is not
    assert compare_momentum(truth, 3 * local.gradient, points, weights).weighted_l2 > 0.5


@pytest.mark.parametrize("name", PLANE)
def test_the_flow_of_a_grid_carries_p_to_q(name: str) -> None:
    pair = PLANE[name].build()
    truth = optimal_field(pair, 1.0, cells=64)
    assert isinstance(truth, GridField)
    points, weights = truth.grid()
    w = truth.at(points).momentum
    moved = (w * weights[:, None]).sum(axis=0)  # INT w . grad x_k = E_Q x_k - E_P x_k
    np.testing.assert_allclose(moved, pair.q.mean - pair.p.mean, atol=0.02)


def test_fields_come_row_by_row_of_the_second_coordinate() -> None:
    truth = known(PLANE["discs"])
    assert isinstance(truth, GridField)
    x, y = np.linspace(-0.5, 1, 4), np.linspace(-0.4, 0.6, 3)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    for whole, row in zip(truth.at(points), truth.on_grid(x, y[1:2]), strict=True):
        np.testing.assert_allclose(whole[4:8], row)
    with pytest.raises(ValueError, match="tensor grid"):
        truth.at(np.random.default_rng(0).normal(size=(5, 2)))


def test_momentum_is_zero_up_to_slope_one() -> None:
    gradients = np.array([[0.5, 0.0], [0.6, 0.8], [0.0, 2.0]])
    w = momentum(gradients, np.array([1.0, 1.0, 0.25]), 3.0)
    np.testing.assert_allclose(w, [[0, 0], [0, 0], [0, -1.5]], atol=1e-12)


@pytest.mark.parametrize("pair", [ClassicsOptions(q="moons"), GaussiansOptions(dim=3, mean_q=1.0)])
def test_what_is_not_known_has_no_field(pair: PairOptions) -> None:
    assert optimal_field(pair.build(), 1.0) is None
