"""The pair: Student distributions on R^D. Optional methods of a distribution give it exact truths."""

import math
from math import lgamma

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.ot.gaussian import Moments
from wganstudio.pairs.base import Distribution, KnownCost, LocationShape, Pair
from wganstudio_example.options import HeavyTailsOptions

Floats = NDArray[np.float64]
ROUNDING = 1e-13
"""Relative error of `mean_length` in float64."""


class Student(Distribution):
    """location + scale T on R^D, where T = Z / sqrt(chi^2 / degrees) for a standard normal Z."""

    def __init__(self, location: Floats, scale: float, degrees: int) -> None:
        self.location, self.scale, self.degrees = location, scale, degrees
        self.dim = len(location)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        normal = torch.randn(count, self.dim + self.degrees, generator=rng, device=rng.device)
        direction, squares = normal[:, : self.dim], normal[:, self.dim :].square()
        location = torch.as_tensor(self.location, dtype=torch.float32, device=rng.device)
        return location + self.scale * direction / squares.mean(1, keepdim=True).sqrt()

    def density(self, points: Floats) -> Floats:
        """Return the density [n] at points [n, D]."""
        dim, degrees = self.dim, self.degrees
        squares = np.square((points - self.location) / self.scale).sum(axis=1)
        constant = lgamma((degrees + dim) / 2) - lgamma(degrees / 2)
        constant -= dim / 2 * math.log(degrees * math.pi) + dim * math.log(self.scale)
        return np.asarray(np.exp(constant - (degrees + dim) / 2 * np.log1p(squares / degrees)))

    def moments(self) -> Moments | None:
        """Return mean and covariance; None where the variance is infinite."""
        if self.degrees <= 2:
            return None
        variance = self.scale**2 * self.degrees / (self.degrees - 2)
        return Moments(self.location, variance * np.eye(self.dim))

    def location_shape(self) -> LocationShape:
        """Return the location; scale and degrees as shape."""
        return LocationShape("student", self.location, (np.array([self.scale, self.degrees]),))

    def project(self, origin: Floats, axes: Floats) -> "Student":
        """Return the distribution of axes @ (x - origin), which is of the same kind."""
        return Student(axes @ (self.location - origin), self.scale, self.degrees)

    def w1_to(self, other: Distribution) -> KnownCost | None:
        """Return W1 to one of another scale about the same center.

        Moving each point along its ray has the cost |a - b| E|T|. It is optimal, as |x - center| is
        1-Lipschitz and its two means differ by as much.
        """
        if not isinstance(other, Student) or other.degrees != self.degrees:
            return None
        if not np.array_equal(other.location, self.location):
            return None
        value = abs(self.scale - other.scale) * mean_length(self.dim, self.degrees)
        return KnownCost(value, ROUNDING * value, "points move along their rays, |a - b| E|T|")


class HeavyTailsPair(Pair):
    """Two Student distributions."""

    def __init__(self, options: HeavyTailsOptions, *, device: torch.device | str = "cpu") -> None:
        self.options = options
        center = np.zeros(options.dim)
        self.p = Student(center + options.shift * np.eye(options.dim)[0], options.scale_p, options.degrees)
        self.q = Student(center, options.scale_q, options.degrees)


def mean_length(dim: int, degrees: int) -> float:
    """Return E|T| = sqrt(degrees) G((D + 1) / 2) G((degrees - 1) / 2) / (G(D / 2) G(degrees / 2))."""
    logarithm = lgamma((dim + 1) / 2) - lgamma(dim / 2) + lgamma((degrees - 1) / 2) - lgamma(degrees / 2)
    return math.sqrt(degrees) * math.exp(logarithm)
