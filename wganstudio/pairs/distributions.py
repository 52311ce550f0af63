"""Distributions in closed form: samplers in torch, densities, moments and projections.

Samples are float32 on the device of the random generator; the same generator state gives the same bits.
Parameters, densities and distribution functions are float64 numpy, from which truths are computed.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.ot.gaussian import Moments
from wganstudio.pairs import cell_masses, hat_functions
from wganstudio.pairs.base import Distribution, LocationShape
from wganstudio.pairs.gaussian_family import GaussianFamily
from wganstudio.pairs.hat_functions import TailMoments
from wganstudio.pairs.interpolants import InterpolationFamily
from wganstudio.pairs.interpolants.balls import Annulus
from wganstudio.pairs.interpolants.boxes import BoxCorners
from wganstudio.pairs.interpolants.gaussians import GaussianComponents
from wganstudio.pairs.line_pieces import GaussianPiece, LinePiece, UniformPiece
from wganstudio.pairs.modes import require_mass, require_mode
from wganstudio.pairs.radial_pieces import (
    AnnulusRadialProfile,
    GaussianRadialProfile,
    RadialGaussianPiece,
    RadialProfile,
)

Floats = NDArray[np.float64]


def as_tensor(values: Floats, rng: torch.Generator) -> Tensor:
    """Return parameters as float32 on the device of the random generator."""
    return torch.as_tensor(values, dtype=torch.float32, device=rng.device)


class _Parameters:
    """Float32 copies of parameters for each device; making them costs more than sampling."""

    def __init__(self, **values: Floats) -> None:
        self._values = values
        self._copies: dict[torch.device, tuple[Tensor, ...]] = {}

    def on(self, rng: torch.Generator) -> tuple[Tensor, ...]:
        copies = self._copies.get(rng.device)
        if copies is None:
            copies = tuple(as_tensor(value, rng) for value in self._values.values())
            self._copies[rng.device] = copies
        return copies


class _BoundedFamily(Distribution):
    """A distribution with bounded support."""

    def tail_moments(self, low: Floats, high: Floats) -> TailMoments:
        """Return zeros: the box holds the support."""
        return TailMoments(0.0, 0.0, 0.0)


class Gaussian(GaussianFamily):
    """N(mean, diag(scale^2)) on R^D.

    `mean` and `scale` (standard deviations, above 0) have D entries each.
    """

    def __init__(self, mean: Sequence[float] | Floats, scale: Sequence[float] | Floats) -> None:
        self.mean: Floats = np.asarray(mean, dtype=np.float64)
        self.scale: Floats = np.asarray(scale, dtype=np.float64)
        self.dim = len(self.mean)
        self._parameters = _Parameters(mean=self.mean, scale=self.scale)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        mean, scale = self._parameters.on(rng)
        normal = torch.randn(count, self.dim, generator=rng, device=rng.device)
        return normal.mul_(scale).add_(mean)

    def density(self, points: Floats) -> Floats:
        """Return the density [n] at points [n, D]."""
        return np.asarray(np.exp(log_gaussian_density(points, self.mean, self.scale)))

    def gaussian_components(self) -> GaussianComponents:
        """Return the one component."""
        return GaussianComponents(np.ones(1), self.mean[None], self.scale[None])

    def gaussian_moments(self) -> tuple[Floats, Floats]:
        """Return the mean [D] and covariance [D, D]."""
        return self.mean, np.diag(self.scale**2)

    def location_shape(self) -> LocationShape:
        """Return the mean, and the standard deviations as shape."""
        return LocationShape("gaussian", self.mean, (self.scale,))

    def pieces_on_line(self) -> list[LinePiece] | None:
        """Return one Gaussian piece."""
        return self.coordinate_pieces()[0] if self.dim == 1 else None

    def coordinate_pieces(self) -> list[list[LinePiece]]:
        """Return one Gaussian piece for each coordinate."""
        return [[GaussianPiece(1.0, float(m), float(s))] for m, s in zip(self.mean, self.scale, strict=True)]

    def radial_profile(self) -> RadialProfile | None:
        """Return the profile about the mean; None unless all scales are equal."""
        if not np.all(self.scale == self.scale[0]):
            return None
        return GaussianRadialProfile(self.mean, [RadialGaussianPiece(1.0, float(self.scale[0]))])

    def project(self, origin: Floats, axes: Floats) -> "Gaussian | None":
        """Return the projection; None where its coordinates are not independent."""
        covariance = (axes * self.scale**2) @ axes.T
        variance = np.diag(covariance)
        if np.abs(covariance - np.diag(variance)).max() > 1e-12 * variance.max():
            return None
        return Gaussian(axes @ (self.mean - origin), np.sqrt(variance))

    def interpolation_family(self) -> InterpolationFamily:
        """Return the one component."""
        return self.gaussian_components()

    def with_noise(self, deviation: float, rng: torch.Generator) -> "Gaussian":
        """Return the Gaussian of the larger variance."""
        return Gaussian(self.mean, np.hypot(self.scale, deviation))


class Box(_BoundedFamily):
    """The uniform distribution on the box [low, high] of R^D, low < high in every coordinate."""

    def __init__(self, low: Sequence[float] | Floats, high: Sequence[float] | Floats) -> None:
        self.low: Floats = np.asarray(low, dtype=np.float64)
        self.high: Floats = np.asarray(high, dtype=np.float64)
        self.mean: Floats = (self.low + self.high) / 2
        self.dim = len(self.low)
        self._parameters = _Parameters(low=self.low, high=self.high, size=self.high - self.low)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D], none outside the box as float32 holds it."""
        low, high, size = self._parameters.on(rng)
        unit = torch.rand(count, self.dim, generator=rng, device=rng.device)
        return torch.minimum(unit.mul_(size).add_(low), high)

    def density(self, points: Floats) -> Floats:
        """Return the density [n] at points [n, D]."""
        inside = np.all((points >= self.low) & (points <= self.high), axis=1)
        return np.where(inside, np.exp(-np.sum(np.log(self.high - self.low))), 0.0)

    def support_box(self, tail: float) -> tuple[Floats, Floats]:
        """Return the box itself."""
        return self.low, self.high

    def moments(self) -> Moments:
        """Return the center, and a twelfth of the squared sides."""
        return Moments(self.mean, np.diag((self.high - self.low) ** 2 / 12))

    def linear_family(self) -> tuple[object, ...]:
        """Return the name of all boxes: the map between two of them stretches each coordinate."""
        return ("box",)

    def location_shape(self) -> LocationShape:
        """Return the center, and the side lengths as shape."""
        return LocationShape("box", self.mean, (self.high - self.low,))

    def pieces_on_line(self) -> list[LinePiece] | None:
        """Return one interval."""
        return self.coordinate_pieces()[0] if self.dim == 1 else None

    def coordinate_pieces(self) -> list[list[LinePiece]]:
        """Return one interval for each coordinate."""
        return [[UniformPiece(1.0, float(a), float(b))] for a, b in zip(self.low, self.high, strict=True)]

    def hat_masses(self, x: Floats, y: Floats) -> Floats:
        """Return the hat-function masses [n, m], exact to rounding."""
        return hat_functions.box_hat_masses(x, y, self.low, self.high)

    def corner_masses(self, x: Floats, y: Floats) -> Floats:
        """Return the corner masses [n, m, 2, 2], exact to rounding."""
        return cell_masses.box_corner_masses(x, y, self.low, self.high)

    def density_bounds(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return bounds [n, m] of the density on each cell."""
        return cell_masses.box_density_bounds(x, y, self.low, self.high)

    def project(self, origin: Floats, axes: Floats) -> "Box | None":
        """Return the projection onto coordinate axes; None for other axes."""
        if not np.array_equal(np.abs(axes).sum(axis=1), np.ones(len(axes))):
            return None
        ends = axes @ (self.low - origin), axes @ (self.high - origin)
        return Box(np.minimum(*ends), np.maximum(*ends))

    def interpolation_family(self) -> InterpolationFamily:
        """Return the corners."""
        return BoxCorners(self.low, self.high)


class Ball(_BoundedFamily):
    """The uniform distribution on {hole <= |x - center| <= radius} of R^D: a ball, or an annulus."""

    def __init__(self, center: Sequence[float] | Floats, radius: float, hole: float = 0.0) -> None:
        self.center: Floats = np.asarray(center, dtype=np.float64)
        self.mean = self.center
        self.radius = radius
        self.hole = hole
        self.dim = len(self.center)
        self._parameters = _Parameters(center=self.center)

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        (center,) = self._parameters.on(rng)
        normal = torch.randn(count, self.dim, generator=rng, device=rng.device)
        unit = torch.rand(count, 1, generator=rng, device=rng.device)
        if self.dim == 1:
            direction = torch.where(normal < 0, -1.0, 1.0)
        else:
            direction = normal / torch.linalg.vector_norm(normal, dim=1, keepdim=True).clamp_min_(1e-30)
        inner = (self.hole / self.radius) ** self.dim
        length = unit.mul_(1 - inner).add_(inner).pow_(1 / self.dim).mul_(self.radius)
        return direction.mul_(length).add_(center)

    def density(self, points: Floats) -> Floats:
        """Return the density [n] at points [n, D]."""
        distance = np.linalg.norm(points - self.center, axis=1)
        inner = (self.hole / self.radius) ** self.dim
        log_volume = log_unit_ball_volume(self.dim) + self.dim * np.log(self.radius) + np.log1p(-inner)
        return np.where((distance >= self.hole) & (distance <= self.radius), np.exp(-log_volume), 0.0)

    def support_box(self, tail: float) -> tuple[Floats, Floats]:
        """Return the box about the outer sphere."""
        return self.center - self.radius, self.center + self.radius

    def moments(self) -> Moments:
        """Return the center, and the variance of one coordinate in every direction."""
        if self.hole == 0:
            share = 1.0
        else:  # thin annuli in many dimensions cancel
            inner = np.log(self.hole / self.radius)
            share = float(np.expm1((self.dim + 2) * inner) / np.expm1(self.dim * inner))
        return Moments(self.center, np.eye(self.dim) * self.radius**2 * share / (self.dim + 2))

    def linear_family(self) -> tuple[object, ...]:
        """Return the name of all balls, or annuli, of one relative hole."""
        return "ball", self.dim, self.hole / self.radius

    def location_shape(self) -> LocationShape:
        """Return the center, and both radii as shape."""
        return LocationShape("ball", self.center, (np.array([self.radius, self.hole]),))

    def pieces_on_line(self) -> list[LinePiece] | None:
        """Return one interval, or the two on both sides of the hole."""
        if self.dim != 1:
            return None
        center = float(self.center[0])
        if self.hole == 0:
            return [UniformPiece(1.0, center - self.radius, center + self.radius)]
        left = UniformPiece(0.5, center - self.radius, center - self.hole)
        return [left, UniformPiece(0.5, center + self.hole, center + self.radius)]

    def radial_profile(self) -> RadialProfile:
        """Return the profile about the center."""
        return AnnulusRadialProfile(self.center, self.radius, self.hole)

    def hat_masses(self, x: Floats, y: Floats) -> Floats:
        """Return the hat-function masses [n, m], to about 1e-12."""
        return hat_functions.annulus_hat_masses(x, y, self.center, self.radius, self.hole)

    def corner_masses(self, x: Floats, y: Floats) -> Floats:
        """Return the corner masses [n, m, 2, 2], to about 1e-12."""
        return cell_masses.annulus_corner_masses(x, y, self.center, self.radius, self.hole)

    def density_bounds(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return bounds [n, m] of the density on each cell."""
        return cell_masses.annulus_density_bounds(x, y, self.center, self.radius, self.hole)

    def project(self, origin: Floats, axes: Floats) -> "Ball | None":
        """Return the ball in other coordinates of the whole space; None on a smaller one."""
        if len(axes) != self.dim:
            return None
        return Ball(axes @ (self.center - origin), self.radius, self.hole)

    def interpolation_family(self) -> InterpolationFamily | None:
        """Return center and radii in the plane; None in other dimensions."""
        return Annulus(self.center, self.radius, self.hole) if self.dim == 2 else None


class GaussianMixture(GaussianFamily):
    """A mixture of K isotropic Gaussians on R^D: sum_k weights[k] N(means[k], scales[k]^2 I).

    `means` [K, D], `scales` [K] (0 makes an atom, which has no density), `weights` [K], divided by their sum.
    """

    def __init__(self, means: Floats, scales: Floats, weights: Floats | None = None) -> None:
        self.means: Floats = np.asarray(means, dtype=np.float64)
        self.scales: Floats = np.asarray(scales, dtype=np.float64)
        count, self.dim = self.means.shape
        raw = np.ones(count) if weights is None else np.asarray(weights, dtype=np.float64)
        self.weights: Floats = raw / raw.sum()
        self.mean: Floats = self.weights @ self.means
        self._parameters = _Parameters(
            means=self.means, scales=self.scales, inner=np.cumsum(self.weights)[:-1]
        )  # without the last edge: rounding must never choose a component that is not there

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        means, scales, inner = self._parameters.on(rng)
        unit = torch.rand(count, generator=rng, device=rng.device)
        chosen = torch.bucketize(unit, inner, right=True)
        normal = torch.randn(count, self.dim, generator=rng, device=rng.device)
        return normal.mul_(scales[chosen, None]).add_(means[chosen])

    def density(self, points: Floats) -> Floats:
        """Return the density [n] at points [n, D]; ValueError where a component is an atom."""
        if np.any((self.scales == 0) & (self.weights > 0)):
            raise ValueError("a mixture with an atom has no density")
        total = np.zeros(len(points))
        for mean, scale, weight in zip(self.means, self.scales, self.weights, strict=True):
            if weight > 0:
                total += weight * np.exp(log_gaussian_density(points, mean, np.full(self.dim, scale)))
        return total

    def gaussian_components(self) -> GaussianComponents:
        """Return all components, those without weight too."""
        return GaussianComponents(self.weights, self.means, np.repeat(self.scales[:, None], self.dim, axis=1))

    def location_shape(self) -> LocationShape:
        """Return the first mean; weights, scales and the means relative to it as shape."""
        return LocationShape(
            "mixture", self.means[0], (self.weights, self.scales, self.means - self.means[0])
        )

    def pieces_on_line(self) -> list[LinePiece] | None:
        """Return one Gaussian piece for each component; None where one of them is an atom."""
        if self.dim != 1 or not np.all(self.scales > 0):
            return None
        parts = zip(self.weights, self.means[:, 0], self.scales, strict=True)
        return [GaussianPiece(float(w), float(m), float(s)) for w, m, s in parts if w > 0]

    def radial_profile(self) -> RadialProfile | None:
        """Return the profile about the one mean; None where there are several, or an atom."""
        if not (np.all(self.means == self.means[0]) and np.all(self.scales > 0)):
            return None
        parts = zip(self.weights, self.scales, strict=True)
        pieces = [RadialGaussianPiece(float(w), float(s)) for w, s in parts if w > 0]
        return GaussianRadialProfile(self.means[0], pieces)

    def project(self, origin: Floats, axes: Floats) -> "GaussianMixture":
        """Return the projection, a mixture again."""
        return GaussianMixture((self.means - origin) @ axes.T, self.scales, self.weights)

    def interpolation_family(self) -> InterpolationFamily | None:
        """Return the components that have weight; None where one of them is an atom."""
        present = self.weights > 0
        if np.any(self.scales[present] == 0):
            return None
        scales = np.repeat(self.scales[present, None], self.dim, axis=1)
        return GaussianComponents(self.weights[present], self.means[present], scales)

    def with_noise(self, deviation: float, rng: torch.Generator) -> "GaussianMixture":
        """Return the mixture of wider components."""
        return GaussianMixture(self.means, np.hypot(self.scales, deviation), self.weights)

    def without_mode(
        self, mode: int, share: float, in_mode: Callable[[Tensor], Tensor], rng: torch.Generator
    ) -> "GaussianMixture":
        """Return the mixture with less weight on one component."""
        require_mode(mode, len(self.weights), "components")
        weights = self.weights.copy()
        weights[mode] *= 1 - share
        require_mass(bool(weights.sum() != 0))
        return GaussianMixture(self.means, self.scales, weights)


def log_gaussian_density(points: Floats, mean: Floats, scale: Floats) -> Floats:
    """Return the logarithm [n] of the density of N(mean, diag(scale^2)) at points [n, D]."""
    standard = (points - mean) / scale
    constant = np.sum(np.log(scale)) + len(mean) * 0.5 * np.log(2 * np.pi)
    return np.asarray(-0.5 * np.sum(standard * standard, axis=1) - constant)


def log_unit_ball_volume(dim: int) -> float:
    """Return the logarithm of the volume of the unit ball of R^D."""
    from math import lgamma, log, pi

    return dim / 2 * log(pi) - lgamma(dim / 2 + 1)
