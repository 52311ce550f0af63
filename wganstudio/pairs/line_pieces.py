"""Pieces of distributions on the line, Gaussian and uniform, and sigma between two of them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.quadrature import integrate_panels

Floats = NDArray[np.float64]

TAIL = 12.0
"""Standard deviations beyond which a Gaussian holds less than 2e-33 of its mass."""


class LinePiece(ABC):
    """One component of a distribution on the line; the distribution is the sum of its weighted pieces."""

    weight: float
    has_sigma: ClassVar[bool] = False
    """True where `sigma_to` is implemented."""

    @abstractmethod
    def cdf(self, x: Floats) -> Floats:
        """Return the probability [n] of (-inf, x] at points x [n]."""

    @abstractmethod
    def survival(self, x: Floats) -> Floats:
        """Return the probability [n] of (x, inf) at points x [n], accurate in the far tail too."""

    @abstractmethod
    def breakpoints(self) -> list[float]:
        """Return the points where the piece begins, ends and bends; they bound the quadrature panels."""

    def sigma_to(self, other: Self, x: Floats) -> tuple[Floats, Floats]:
        """Return sigma between this piece and another of the same class, where `has_sigma` is True.

        Parameters
        ----------
        other : LinePiece
            A piece of the same class; both weights are ignored.
        x : array [n]
            Points on the line.

        Returns
        -------
        density, error : arrays [n]
            Density of (1-t) u + t v at x for independent u, v and t ~ U[0, 1], and its estimated error.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class GaussianPiece(LinePiece):
    """A weighted N(mean, scale^2)."""

    has_sigma = True

    weight: float
    mean: float
    scale: float

    def cdf(self, x: Floats) -> Floats:
        """Return the probability [n] of (-inf, x]."""
        from scipy.special import ndtr

        return np.asarray(ndtr((x - self.mean) / self.scale))

    def survival(self, x: Floats) -> Floats:
        """Return the probability [n] of (x, inf)."""
        from scipy.special import ndtr

        return np.asarray(ndtr((self.mean - x) / self.scale))

    def breakpoints(self) -> list[float]:
        """Return multiples of the standard deviation about the mean, up to 12 of them."""
        return [self.mean + k * self.scale for k in (-TAIL, -8, -5, -3, -1.5, 0, 1.5, 3, 5, 8, TAIL)]

    def sigma_to(self, other: Self, x: Floats) -> tuple[Floats, Floats]:
        """Return sigma between two Gaussians at x [n], and its estimated error."""
        return gaussian_sigma(x, self, other)


@dataclass(frozen=True)
class UniformPiece(LinePiece):
    """A weighted uniform distribution on [low, high]."""

    has_sigma = True

    weight: float
    low: float
    high: float

    def cdf(self, x: Floats) -> Floats:
        """Return the probability [n] of (-inf, x]."""
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def survival(self, x: Floats) -> Floats:
        """Return the probability [n] of (x, inf)."""
        return np.clip((self.high - x) / (self.high - self.low), 0.0, 1.0)

    def breakpoints(self) -> list[float]:
        """Return both ends of the interval."""
        return [self.low, self.high]

    def sigma_to(self, other: Self, x: Floats) -> tuple[Floats, Floats]:
        """Return sigma between two intervals at x [n], and its rounding error."""
        return uniform_sigma(x, self, other)


def uniform_sigma(z: Floats, p: UniformPiece, q: UniformPiece) -> tuple[Floats, Floats]:
    """Return the density of (1-t) x + t y at z, x and y uniform on intervals, t ~ U[0, 1].

    Given x and y, z is uniform between them: the density is E[1{z between x and y} / |x-y|], which over two
    intervals is a second difference of h(x, y) = |x-y| H((z-x) / (y-x)), H the entropy of a coin in nats.

    Parameters
    ----------
    z : array [n]
        Points on the line.
    p, q : UniformPiece
        The intervals of x and y; their weights are ignored.

    Returns
    -------
    density, error : arrays [n]
        The density and its rounding error.
    """
    from scipy.special import entr

    total, size = np.zeros_like(z), np.zeros_like(z)
    for x, y, sign in ((p.low, q.low, -1), (p.low, q.high, 1), (p.high, q.low, 1), (p.high, q.high, -1)):
        if abs(y - x) > 1e-200:  # h is no longer than |y - x|
            part = np.clip((z - x) / (y - x), 0.0, 1.0)
            h = abs(y - x) * (entr(part) + entr(np.clip((y - z) / (y - x), 0.0, 1.0)))
            total += sign * h
            size += h
    area = (p.high - p.low) * (q.high - q.low)
    return np.maximum(total, 0.0) / area, 4e-16 * size / area


def gaussian_sigma(z: Floats, p: GaussianPiece, q: GaussianPiece) -> tuple[Floats, Floats]:
    """Return the density of (1-t) x + t y at z, x ~ N(m, a^2), y ~ N(n, b^2), t ~ U[0, 1].

    With (1-t) a = v cos th and t b = v sin th, where v is the standard deviation at time t, it is
    INT_0^{pi/2} phi(alpha cos th + beta sin th) / (a sin th + b cos th) d th for alpha = (z-m)/a and
    beta = (z-n)/b: smooth in th however different the two scales are.

    Parameters
    ----------
    z : array [n]
        Points on the line.
    p, q : GaussianPiece
        The distributions of x and y; their weights are ignored.

    Returns
    -------
    density, error : arrays [n]
        The density and the estimated error of its quadrature.
    """
    alpha, beta = (z - p.mean) / p.scale, (z - q.mean) / q.scale
    size, turn = np.hypot(alpha, beta), np.arctan2(beta, alpha)
    least = np.where(alpha * beta <= 0, 0.0, np.minimum(np.abs(alpha), np.abs(beta)))
    # panel edges where the exponent has fallen by so much from its best
    falls = np.array([0.0, 0.1, 0.5, 1.5, 3.0, 5.0, 8.0, 12.0, 18.0, 26.0, 36.0])
    levels = np.sqrt(least[:, None] ** 2 + 2 * falls)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        angle = np.arccos(np.clip(levels / size[:, None], -1.0, 1.0))
    angle = np.nan_to_num(angle, nan=0.0)
    middle = turn[:, None]
    angles = [middle + angle, middle - angle, middle + np.pi - angle, middle - np.pi + angle]
    # on [0, pi/2] the level -k is met where the level k is met half a turn away
    crossings = np.concatenate([np.mod(each, 2 * np.pi) for each in angles], axis=1)
    fixed = np.broadcast_to(scale_edges(p.scale, q.scale), (len(z), len(scale_edges(p.scale, q.scale))))
    edges = np.sort(np.clip(np.concatenate([crossings, fixed], axis=1), 0.0, np.pi / 2), axis=1)

    def integrand(th: Floats, one: Floats, other: Floats) -> Floats:
        cos, sin = np.cos(th), np.sin(th)
        return np.asarray(np.exp(-0.5 * (one * cos + other * sin) ** 2) / (p.scale * sin + q.scale * cos))

    density, error = integrate_panels(integrand, edges, alpha, beta)
    return density / np.sqrt(2 * np.pi), error / np.sqrt(2 * np.pi)


def scale_edges(a: float, b: float) -> Floats:
    """Return panel edges in th that resolve 1 / (a sin th + b cos th) on [0, pi/2] for any a and b."""
    near_zero = b / a * 4.0 ** np.arange(30)
    near_right = np.pi / 2 - a / b * 4.0 ** np.arange(30)
    inner = [th for th in (*near_zero, *near_right) if 0 < th < np.pi / 2]
    return np.array([0.0, *inner, np.pi / 4, np.pi / 2])
