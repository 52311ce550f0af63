"""Radial profiles: rotationally symmetric distributions, and sigma between two of them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.line_pieces import scale_edges
from wganstudio.pairs.quadrature import integrate_panels

Floats = NDArray[np.float64]


class RadialPiece(ABC):
    """One component of a radial distribution, centered at 0; its weight may be negative."""

    weight: float
    has_sigma: ClassVar[bool] = False
    """True where `sigma_to` is implemented."""

    @abstractmethod
    def breakpoints(self, dim: int) -> list[float]:
        """Return the radii where the piece begins, ends and bends."""

    def sigma_to(self, other: Self, r: Floats, dim: int) -> tuple[Floats, Floats]:
        """Return sigma between this piece and another of the same class, where `has_sigma` is True.

        Parameters
        ----------
        other : RadialPiece
            A piece of the same class; both weights are ignored.
        r : array [n]
            Radii.
        dim : int
            Dimension D of the space.

        Returns
        -------
        density, error : arrays [n]
            Density of |(1-t) u + t v| at r for independent u, v and t ~ U[0, 1], and its estimated error.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class RadialGaussianPiece(RadialPiece):
    """A weighted N(0, scale^2 I)."""

    has_sigma = True

    weight: float
    scale: float

    def breakpoints(self, dim: int) -> list[float]:
        """Return radii about the typical one, scale sqrt(D)."""
        around = np.sqrt(dim) + np.array([-12.0, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12])
        return [self.scale * float(k) for k in around if k > 0]

    def sigma_to(self, other: Self, r: Floats, dim: int) -> tuple[Floats, Floats]:
        """Return sigma between two isotropic Gaussians at radii r [n], and its estimated error."""
        return gaussian_radius_sigma(r, dim, self.scale, other.scale)


@dataclass(frozen=True)
class BallPiece(RadialPiece):
    """A weighted uniform distribution on a ball; a negative weight makes a hole."""

    has_sigma = True

    weight: float
    radius: float

    def breakpoints(self, dim: int) -> list[float]:
        """Return radii near the surface, where most of the mass lies in many dimensions."""
        return [self.radius * (1 - k / dim) for k in (0, 0.5, 1.5, 4, 10, 25) if k < dim]

    def sigma_to(self, other: Self, r: Floats, dim: int) -> tuple[Floats, Floats]:
        """Return sigma between two balls at radii r [n], and its estimated error."""
        return ball_radius_sigma(r, dim, self.radius, other.radius)


class RadialProfile(ABC):
    """A distribution that is rotationally symmetric about `center` [D]: a sum of weighted pieces."""

    def __init__(self, center: Floats, pieces: Sequence[RadialPiece]) -> None:
        self.center = center
        self.pieces = list(pieces)

    @abstractmethod
    def cdf(self, r: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities of radii below and above r [n], each accurate where it is small."""

    def breakpoints(self) -> list[float]:
        """Return the radii where the distribution begins, ends and bends."""
        dim = len(self.center)
        return [0.0, *(radius for piece in self.pieces for radius in piece.breakpoints(dim))]


class GaussianRadialProfile(RadialProfile):
    """A mixture of isotropic Gaussians with one center."""

    def __init__(self, center: Floats, pieces: Sequence[RadialGaussianPiece]) -> None:
        super().__init__(center, pieces)
        self._gaussians = list(pieces)

    def cdf(self, r: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities of radii below and above r [n]."""
        from scipy.special import gammainc, gammaincc

        dim = len(self.center)
        below, above = np.zeros_like(r), np.zeros_like(r)
        for piece in self._gaussians:
            half_square = 0.5 * (r / piece.scale) ** 2
            below += piece.weight * gammainc(dim / 2, half_square)
            above += piece.weight * gammaincc(dim / 2, half_square)
        return below, above


class AnnulusRadialProfile(RadialProfile):
    """The uniform distribution on {hole <= |x - center| <= radius}; a ball where hole = 0."""

    def __init__(self, center: Floats, radius: float, hole: float = 0.0) -> None:
        inner = (hole / radius) ** len(center)
        hole_pieces = [BallPiece(-inner / (1 - inner), hole)] if hole > 0 else []
        super().__init__(center, [BallPiece(1 / (1 - inner), radius), *hole_pieces])
        self.radius, self.hole = radius, hole

    def cdf(self, r: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities of radii below and above r [n]."""
        dim = len(self.center)
        inner = (self.hole / self.radius) ** dim
        part = np.clip(r, self.hole, self.radius) / self.radius
        below = part**dim - inner
        above = -np.expm1(dim * np.log(part, out=np.full_like(part, -np.inf), where=part > 0))
        return below / (1 - inner), above / (1 - inner)


def gaussian_radius_sigma(r: Floats, dim: int, a: float, b: float) -> tuple[Floats, Floats]:
    """Return the density of |(1-t) x + t y| at r, x ~ N(0, a^2 I), y ~ N(0, b^2 I) on R^dim, t ~ U[0, 1].

    s(r) = INT_0^1 chi_D(r / v) / v dt, v(t)^2 = (1-t)^2 a^2 + t^2 b^2. With (1-t) a = v cos th and
    t b = v sin th it is INT_0^{pi/2} chi_D(q) / (a sin th + b cos th) d th, q = r (cos th / a + sin th / b).

    Parameters
    ----------
    r : array [n]
        Radii.
    dim : int
    a, b : float
        Standard deviations.

    Returns
    -------
    density, error : arrays [n]
        The density and the estimated error of its quadrature.
    """
    constant = (dim / 2 - 1) * log(2) + lgamma(dim / 2)
    turn = np.arctan2(1 / b, 1 / a)
    most = r * np.hypot(1 / a, 1 / b)
    # panel edges at values of q around the largest chi_D(q), in steps of how fast it falls from there
    best = np.clip(np.sqrt(dim - 1.0), np.minimum(r / a, r / b), most)
    slope = np.abs(np.divide(dim - 1.0, best, out=np.zeros_like(best), where=best > 0) - best)
    step = np.minimum(0.7, 1 / np.maximum(slope, 1e-300))
    count = np.array([-20, -15, -11, -8, -6, -4.5, -3, -2, -1, 0, 1, 2, 3, 4.5, 6, 8, 11, 15, 20])
    levels = best[:, None] + step[:, None] * count
    ratio = np.divide(levels, most[:, None], out=np.ones_like(levels), where=most[:, None] > 0)
    angle = np.arccos(np.clip(ratio, -1.0, 1.0))
    fixed = np.append(scale_edges(a, b), turn)
    edges = np.concatenate([turn + angle, turn - angle, np.broadcast_to(fixed, (len(r), len(fixed)))], axis=1)
    edges = np.sort(np.clip(edges, 0.0, np.pi / 2), axis=1)

    def integrand(th: Floats, row: Floats) -> Floats:
        cos, sin = np.cos(th), np.sin(th)
        q = row * (cos / a + sin / b)
        log_q = np.log(np.maximum(q, 1e-300))
        return np.asarray(np.exp((dim - 1) * log_q - q * q / 2 - constant) / (a * sin + b * cos))

    return integrate_panels(integrand, edges, r)


def ball_radius_sigma(r: Floats, dim: int, a: float, b: float) -> tuple[Floats, Floats]:
    """Return the density of |(1-t) x + t y| at r, x and y uniform on balls of radii a and b of R^dim.

    At time t it is the normalized overlap of two balls, of radii (1-t) a and t b and r apart,
    area(r) * vol(overlap) / (vol * vol), integrated over t.

    Parameters
    ----------
    r : array [n]
        Radii.
    dim : int
    a, b : float
        Radii of the balls.

    Returns
    -------
    density, error : arrays [n]
        The density and the estimated error of its quadrature.
    """
    # where the two balls begin to touch, and where one begins to lie within the other
    distances = (r - a) / (b - a) if a != b else np.full_like(r, -1.0)
    kinks = [distances, (a - r) / (a + b), (a + r) / (a + b)]
    # near t = 0 and 1 the smaller ball is cut off at a distance |r - a| or |r - b| from the other's surface
    toward = 8.0 ** np.arange(1, 12)
    kinks += [kinks[1][:, None] * s * toward for s in (1, -1)]
    kinks += [1 - (1 - kinks[2])[:, None] * s * toward for s in (1, -1)]
    # in many dimensions |z|^2 keeps close to ((1-t) a)^2 + (t b)^2
    spread = np.array([-7.0, -4, -2, -1, -0.3, 0, 0.3, 1, 2, 4, 7]) / np.sqrt(dim)
    near = r[:, None] * np.maximum(1 + spread, 0.0)
    root = np.sqrt(np.maximum(a**4 - (a * a + b * b) * (a * a - near * near), 0.0))
    kinks += [(a * a + root) / (a * a + b * b), (a * a - root) / (a * a + b * b)]
    columns = [k if k.ndim == 2 else k[:, None] for k in kinks]
    ends = np.broadcast_to(np.array([0.0, 0.5, 1.0]), (len(r), 3))
    edges = np.sort(np.clip(np.concatenate([*columns, ends], axis=1), 0.0, 1.0), axis=1)

    def integrand(t: Floats, row: Floats) -> Floats:
        return disc_overlap((1 - t) * a, t * b, row, dim)

    return integrate_panels(integrand, edges, r, soften=True)


def disc_overlap(a: Floats, b: Floats, r: Floats, dim: int) -> Floats:
    """Return area(sphere of radius r) * vol(B(0, a) and B(r e, b)) / (vol B(a) * vol B(b)) in R^dim.

    The density of |x + y| at r for x and y uniform on balls of radii a and b. Two caps make
    up the overlap, and the share of its ball that a cap holds is half a regularized incomplete beta function.
    """
    a, b, r = np.broadcast_arrays(a, b, r)
    safe_r = np.maximum(r, 1e-300)
    heron = (a + b - r) * (b + r - a) * (a + r - b) * (a + b + r)
    total = np.zeros_like(r)
    for own, other in ((a, b), (b, a)):
        plane = (r * r + own * own - other * other) / (2 * safe_r)
        share = np.divide(heron, (2 * safe_r * own) ** 2, out=np.zeros_like(r), where=(own > 0) & (heron > 0))
        log_cap = _log_cap(np.clip(share, 0.0, 1.0), plane < 0, dim)
        log_cap = np.where(own + r <= other, 0.0, log_cap)  # within the other: all of it
        log_cap = np.where((own >= other + r) | (own + other <= r), -np.inf, log_cap)
        with np.errstate(divide="ignore", invalid="ignore"):
            power = log_cap + (dim - 1) * np.log(safe_r) - dim * np.log(np.maximum(other, 1e-300)) + log(dim)
        total = total + np.exp(np.where(np.isnan(power), -np.inf, power))
    return np.where(r > 0, total, 0.0 if dim > 1 else total)


def _log_cap(share: Floats, larger: NDArray[np.bool_], dim: int) -> Floats:
    """Return the logarithm of a cap's share of its ball: I_share((D+1)/2, 1/2) / 2, or of 1 minus that."""
    from scipy.special import betainc, betaln, hyp2f1

    half = (dim + 1) / 2
    cap = 0.5 * betainc(half, 0.5, share)
    with np.errstate(divide="ignore"):
        log_cap = np.log(np.where(larger, 1 - cap, cap))
    lost = ~larger & (cap < 1e-280) & (share > 0)
    if lost.any():  # underflow: the power in front of the series, kept as a logarithm
        x = share[lost]
        series = np.log(hyp2f1(half + 0.5, 1.0, half + 1.0, x))
        log_cap[lost] = (
            half * np.log(x) + 0.5 * np.log1p(-x) - np.log(half) - betaln(half, 0.5) + series - np.log(2)
        )
    return np.asarray(log_cap)
