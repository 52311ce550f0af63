"""Masses and density bounds on cells, beside hat-function masses and sums over many points."""

import numpy as np
import pytest

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture

X, Y = np.linspace(-1, 3, 41), np.linspace(-2, 2, 41)
INNER: list[Distribution] = [
    Box([0, 0], [1.03, 1.21]),
    Box([0.1, -0.5], [0.1001, 0.5]),
    Ball([0.3, 0.2], 0.9),
    Ball([0.3, 0.2], 1.2, 1.1),
    Gaussian([0.8, 0.1], [0.1, 0.25]),
    GaussianMixture(np.array([[0.5, 0.0], [1.0, 0.3]]), np.array([0.1, 0.2])),
]
WIDE: list[Distribution] = [Box([-2, -1], [1, 5]), Ball([2, 0], 1.5, 0.4), Gaussian([0, 0], [2, 1])]


def sums(corners: np.ndarray) -> np.ndarray:
    nodes = np.zeros((41, 41))
    for i in (0, 1):
        for j in (0, 1):
            nodes[i : 40 + i, j : 40 + j] += corners[:, :, i, j]
    return nodes


@pytest.mark.parametrize("distribution", INNER + WIDE)
def test_corner_masses_add_up_to_those_of_hat_functions(distribution: Distribution) -> None:
    corners, hats = distribution.corner_masses(X, Y), distribution.hat_masses(X, Y)
    assert corners is not None and hats is not None
    assert corners.min() >= 0
    inner = np.s_[:, :] if distribution in INNER else np.s_[1:-1, 1:-1]  # the outermost hats go on beyond
    assert np.abs(sums(corners) - hats)[inner].max() < 1e-9
    if distribution in INNER:
        assert corners.sum() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("distribution", INNER + WIDE)
def test_density_bounds_hold_the_density_and_its_means(distribution: Distribution) -> None:
    bounds, corners = distribution.density_bounds(X, Y), distribution.corner_masses(X, Y)
    assert bounds is not None and corners is not None
    low, high = bounds
    at = [
        (nodes[:-1, None] + np.diff(nodes)[:, None] * np.linspace(0.01, 0.99, 9)).ravel() for nodes in (X, Y)
    ]
    density = distribution.density_grid(*at)
    assert density is not None
    cells = density.reshape(40, 9, 40, 9)
    mean = corners.sum(axis=(2, 3)) / 0.01
    slack = 1e-12 * high.max()
    assert (low <= cells.min(axis=(1, 3)) + slack).all() and (cells.max(axis=(1, 3)) <= high + slack).all()
    assert (low <= mean + 1e-7 * high.max()).all() and (mean <= high + 1e-7 * high.max()).all()
