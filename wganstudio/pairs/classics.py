"""The 2-D test distributions of the generative literature, centered; 4 units wide except the grid."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from wganstudio.experiment.pairs import ClassicsOptions
from wganstudio.experiment.pairs import Shape as ShapeName
from wganstudio.ot.gaussian import Moments
from wganstudio.pairs import curves
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.distributions import Box, Gaussian, GaussianMixture
from wganstudio.pairs.gaussian_family import ComponentMixture
from wganstudio.pairs.interpolants.gaussians import GaussianComponents

Draw = Callable[[int, torch.Generator], Tensor]


class ShapeDistribution(Distribution):
    """A distribution on R^2: points drawn on a figure, plus noise N(0, noise^2 I).

    `components` are those of a mixture of Gaussians that is the same but for rounding errors, where it is
    known.
    """

    dim = 2

    def __init__(self, draw: Draw, noise: float, components: GaussianComponents | None = None) -> None:
        self._draw = draw
        self.noise = noise
        self._components = components

    def gaussian_components(self) -> GaussianComponents | None:
        """Return the components of the quadrature of a curve."""
        return self._components

    def moments(self) -> Moments | None:
        """Return mean and covariance of those components."""
        return None if self._components is None else ComponentMixture(self._components).moments()

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, 2]."""
        points = self._draw(count, rng)
        normal = torch.randn(count, 2, generator=rng, device=rng.device)
        return points.add_(normal, alpha=self.noise)


class ClassicPair(Pair):
    """P and Q each one of the classic shapes."""

    def __init__(self, options: ClassicsOptions, *, device: torch.device | str = "cpu") -> None:
        self.options = options
        self.p = classic_distribution(options.p, options.noise)
        self.q = classic_distribution(options.q, options.noise)


def classic_distribution(shape: ShapeName, noise: float) -> Distribution:
    """Return the distribution of that name; `noise` is a standard deviation in units of the plane."""
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
    curve = _CURVES.get(shape)
    return ShapeDistribution(_DRAW_FUNCTIONS[shape], noise, None if curve is None else curve(noise))


def moons(count: int, rng: torch.Generator) -> Tensor:
    """Draw from two interleaved half circles of radius 4/3, 4 units wide."""
    unit = _uniform(count, 2, rng)
    angle = unit[:, 0] * math.pi
    side = torch.where(unit[:, 1] < 0.5, 1.0, -1.0)
    x = side * (angle.cos() - 0.5)
    y = side * (angle.sin() - 0.25)
    return torch.stack([x, y], dim=1).mul_(4 / 3)


def rings(count: int, rng: torch.Generator) -> Tensor:
    """Draw from three concentric circles of radii 2/3, 4/3 and 2, equally dense on each."""
    unit = _uniform(count, 2, rng)
    radius = 1 + (unit[:, 1] >= 1 / 6).float() + (unit[:, 1] >= 1 / 2).float()
    return _polar(radius.mul_(2 / 3), unit[:, 0] * (2 * math.pi))


def checkerboard(count: int, rng: torch.Generator) -> Tensor:
    """Draw from the eight dark fields of a 4 x 4 board on [-2, 2]^2."""
    unit = _uniform(count, 2, rng)
    x = unit[:, 0] * 4
    row = (unit[:, 1] * 4).floor().clamp_max_(3)  # two dark fields a column: every other row
    column = x.floor().clamp_max_(3)
    height = unit[:, 1] * 4 - row
    y = (row % 2) * 2 + (column % 2) + height
    return torch.stack([x, y], dim=1).sub_(2).clamp_(-2, 2)


def spirals(count: int, rng: torch.Generator) -> Tensor:
    """Draw from two Archimedean arms of one and a half turns, out to radius 2."""
    unit = _uniform(count, 2, rng)
    angle = unit[:, 0].sqrt() * (3 * math.pi)  # the square root spreads the points evenly along the arm
    side = torch.where(unit[:, 1] < 0.5, 2.0, -2.0)
    return _polar(side * angle / (3 * math.pi), angle)


def _uniform(count: int, columns: int, rng: torch.Generator) -> Tensor:
    return torch.rand(count, columns, generator=rng, device=rng.device)


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


_CURVES: dict[str, Callable[[float], GaussianComponents | None]] = {
    "moons": curves.moons,
    "rings": curves.rings,
    "spirals": curves.spirals,
}
_DRAW_FUNCTIONS: dict[str, Draw] = {
    "moons": moons,
    "rings": rings,
    "checkerboard": checkerboard,
    "spirals": spirals,
}
