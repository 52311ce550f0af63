"""The classic shapes: four units wide or, the grid, eight; centered, and where the figure is."""

import typing

import numpy as np
import pytest
import torch

from wganstudio.experiment.pairs import ClassicsOptions, Shape
from wganstudio.pairs.base import make_rng

SHAPES = typing.get_args(Shape)


def points(
    shape: Shape, noise: float = 0.0, count: int = 40_000
) -> np.ndarray[typing.Any, np.dtype[np.float64]]:
    pair = ClassicsOptions(p=shape, q="square", noise=noise).build(device=torch.device("cpu"))
    return pair.p.sample(count, make_rng("cpu", 4)).double().numpy()


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_are_centered(shape: Shape) -> None:
    x = points(shape)
    assert np.all(np.abs(x.mean(0)) < 4.5 * x.std(0) / len(x) ** 0.5)


@pytest.mark.parametrize("shape", [s for s in SHAPES if s != "gaussian"])
def test_shapes_are_four_units_wide_without_noise(shape: Shape) -> None:
    x, width = points(shape), 8 if shape == "gaussian-grid" else 4
    assert np.ptp(x[:, 0]) == pytest.approx(width, abs=0.25)
    assert np.abs(x).max() <= width / 2 + 1e-5


@pytest.mark.parametrize("shape", [s for s in SHAPES if s not in ("gaussian", "square")])
def test_noise_blurs_by_its_standard_deviation(shape: Shape) -> None:
    assert points(shape, 3.0).var(0) - points(shape, 0.0).var(0) == pytest.approx(9, rel=0.05)


@pytest.mark.parametrize("shape", ["gaussian", "square"])
def test_noise_leaves_the_gaussian_and_the_square_alone(shape: Shape) -> None:
    assert np.array_equal(points(shape, 3.0), points(shape, 0.0))


def test_rings_are_three_circles_equally_dense() -> None:
    radius = np.hypot(*points("rings").T)
    result, count = np.unique(np.round(radius, 4), return_counts=True)
    assert result == pytest.approx([2 / 3, 4 / 3, 2], abs=1e-3)
    assert count / count.sum() == pytest.approx([1 / 6, 2 / 6, 3 / 6], abs=0.015)


def test_the_checkerboard_fills_every_other_field() -> None:
    x = points("checkerboard")
    field = np.clip(np.floor(x + 2), 0, 3).astype(int)
    count = np.zeros((4, 4))
    np.add.at(count, (field[:, 0], field[:, 1]), 1)
    dark = np.indices((4, 4)).sum(0) % 2 == 0
    assert np.all(count[~dark] == 0)
    assert count[dark] / len(x) == pytest.approx(1 / 8, abs=0.01)


def test_moons_are_half_circles_that_interleave() -> None:
    x = points("moons")
    upper = np.hypot(x[:, 0] + 2 / 3, x[:, 1] + 1 / 3)
    lower = np.hypot(x[:, 0] - 2 / 3, x[:, 1] - 1 / 3)
    off = np.minimum(np.abs(upper - 4 / 3), np.abs(lower - 4 / 3))
    assert off.max() < 1e-5


def test_spirals_are_even_along_two_arms() -> None:
    x = points("spirals")
    radius = np.hypot(*x.T)
    # even in arc length of r = 2 th / (3 pi), for large th nearly even in th^2: the median lies near 1/sqrt 2
    assert np.median(radius) == pytest.approx(2 / 2**0.5, abs=0.05)
    assert abs(np.mean(x[:, 0] > 0) - 0.5) < 0.02


def test_eight_gaussians_weigh_the_same() -> None:
    x = points("eight-gaussians", 0.1)
    sector = np.round(np.arctan2(x[:, 1], x[:, 0]) / (np.pi / 4)).astype(int) % 8
    assert np.bincount(sector) / len(x) == pytest.approx(1 / 8, abs=0.01)


def test_the_grid_has_twenty_five_modes_that_weigh_the_same() -> None:
    x = points("gaussian-grid", 0.05)
    mode = np.round(x / 2).astype(int)
    assert set(map(tuple, mode)) == {(a, b) for a in range(-2, 3) for b in range(-2, 3)}
    assert (x - 2 * mode).std(0) == pytest.approx(0.05, rel=0.02)
    assert np.unique(mode, axis=0, return_counts=True)[1] / len(x) == pytest.approx(1 / 25, abs=0.005)
