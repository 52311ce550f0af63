"""The 2-D test laws of the generative-modeling literature, centered, and but for the grid 4 units wide."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from wganstudio.experiment.pairs import ClassicsOptions
from wganstudio.experiment.pairs import Shape as ShapeName
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.distributions import Box, Gaussian, GaussianMixture

Draw = Callable[[int, torch.Generator], Tensor]


class ShapeDistribution:
    """A law on R^2: points drawn on a figure, plus noise N(0, noise^2 I)."""

    dim = 2

    def __init__(self, draw: Draw, noise: float) -> None:
        self._draw = draw
        self.noise = noise

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, 2]."""
        points = self._draw(count, generator)
        normal = torch.randn(count, 2, generator=generator, device=generator.device)
        return points.add_(normal, alpha=self.noise)


class ClassicPair(Pair):
    """P and Q each one of the classic shapes."""

    def __init__(self, options: ClassicsOptions, *, device: torch.device | str = "cpu") -> None:
        self.options = options
        self.p = classic_distribution(options.p, options.noise)
        self.q = classic_distribution(options.q, options.noise)


def classic_distribution(shape: ShapeName, noise: float) -> Distribution:
    """The law of that name; `noise` is a standard deviation in units of the plane."""
    if shape == "gaussian":
        return Gaussian([0.0, 0.0], [1.0, 1.0])
    if shape == "square":
        return Box([-2.0, -2.0], [2.0, 2.0])
    if shape == "eight-gaussians":
        angles = np.arange(8) * (math.pi / 4)
        return GaussianMixture(2 * np.stack([np.cos(angles), np.sin(angles)], axis=1), np.full(8, noise))
    if shape == "gaussian-grid":  # arXiv 1712.04086, where the noise is 0.05
        steps = 2.0 * np.arange(-2, 3)
        return GaussianMixture(
            np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2), np.full(25, noise)
        )
    return ShapeDistribution(_DRAWN[shape], noise)


def moons(count: int, generator: torch.Generator) -> Tensor:
    """Two interleaved half circles of radius 4/3, 4 units wide."""
    unit = _uniform(count, 2, generator)
    angle = unit[:, 0] * math.pi
    side = torch.where(unit[:, 1] < 0.5, 1.0, -1.0)
    x = side * (angle.cos() - 0.5)
    y = side * (angle.sin() - 0.25)
    return torch.stack([x, y], dim=1).mul_(4 / 3)


def rings(count: int, generator: torch.Generator) -> Tensor:
    """Three concentric circles of radii 2/3, 4/3 and 2, as dense on each."""
    unit = _uniform(count, 2, generator)
    radius = 1 + (unit[:, 1] >= 1 / 6).float() + (unit[:, 1] >= 1 / 2).float()
    return _polar(radius.mul_(2 / 3), unit[:, 0] * (2 * math.pi))


def checkerboard(count: int, generator: torch.Generator) -> Tensor:
    """The eight dark fields of a 4 x 4 board on [-2, 2]^2."""
    unit = _uniform(count, 2, generator)
    x = unit[:, 0] * 4
    row = (unit[:, 1] * 4).floor().clamp_max_(3)  # two dark fields a column: every other row
    column = x.floor().clamp_max_(3)
    height = unit[:, 1] * 4 - row
    y = (row % 2) * 2 + (column % 2) + height
    return torch.stack([x, y], dim=1).sub_(2).clamp_(-2, 2)


def spirals(count: int, generator: torch.Generator) -> Tensor:
    """Two Archimedean arms of one and a half turns, out to radius 2."""
    unit = _uniform(count, 2, generator)
    angle = unit[:, 0].sqrt() * (3 * math.pi)  # the square root spreads the points evenly along the arm
    side = torch.where(unit[:, 1] < 0.5, 2.0, -2.0)
    return _polar(side * angle / (3 * math.pi), angle)


def _uniform(count: int, columns: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, columns, generator=generator, device=generator.device)


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


_DRAWN: dict[str, Draw] = {"moons": moons, "rings": rings, "checkerboard": checkerboard, "spirals": spirals}
