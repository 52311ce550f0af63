"""Closed forms for two laws that are radial about one center, in any dimension.

The flow is radial: (F_P - F_Q) / (area of the unit sphere * r^(D-1)) with F_P, F_Q the distribution functions
of the radius, and what sigma contributes is s, the density of |z - center| under sigma.
"""

import itertools
from dataclasses import dataclass
from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Gaussian, GaussianMixture
from wganstudio.pairs.quadrature import integrate_panels
from wganstudio.truths.flow import FlowIntegrals, FlowProfile, integrate_flow
from wganstudio.truths.line import MAX_COMBINATIONS, scale_edges

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RadialGaussianPiece:
    """A weighted N(0, scale^2 I)."""

    weight: float
    scale: float


@dataclass(frozen=True)
class BallPiece:
    """A weighted uniform law on the ball of that radius; the weight is negative for a hole."""

    weight: float
    radius: float


Piece = RadialGaussianPiece | BallPiece


@dataclass(frozen=True)
class RadialDistribution:
    """A law that is radial about `center`: a sum of weighted pieces."""

    center: Floats
    pieces: list[Piece]

    def cdf(self, r: Floats) -> tuple[Floats, Floats]:
        """Probability of radii below and above r [n], each exact where it is small."""
        dim = len(self.center)
        full = [piece for piece in self.pieces if isinstance(piece, BallPiece)]
        if full:
            outer, hole = full[0].radius, full[1].radius if len(full) > 1 else 0.0
            inner = (hole / outer) ** dim
            part = np.clip(r, hole, outer) / outer
            below = part**dim - inner
            above = -np.expm1(dim * np.log(part, out=np.full_like(part, -np.inf), where=part > 0))
            return below / (1 - inner), above / (1 - inner)
        from scipy.special import gammainc, gammaincc

        below, above = np.zeros_like(r), np.zeros_like(r)
        for piece in self.pieces:
            if isinstance(piece, RadialGaussianPiece):
                half_square = 0.5 * (r / piece.scale) ** 2
                below += piece.weight * gammainc(dim / 2, half_square)
                above += piece.weight * gammaincc(dim / 2, half_square)
        return below, above

    def edges(self) -> list[float]:
        """Radii where the law begins, ends and bends."""
        dim = len(self.center)
        found = [0.0]
        for piece in self.pieces:
            if isinstance(piece, BallPiece):
                found += [piece.radius * (1 - k / dim) for k in (0, 0.5, 1.5, 4, 10, 25) if k < dim]
            else:
                around = np.sqrt(dim) + np.array([-12.0, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12])
                found += [piece.scale * float(k) for k in around if k > 0]
        return found


def radial(law: Distribution) -> RadialDistribution | None:
    """A law as one about a center; None where it is not known to be."""
    if isinstance(law, Gaussian) and np.all(law.scale == law.scale[0]):
        return RadialDistribution(law.mean, [RadialGaussianPiece(1.0, float(law.scale[0]))])
    if isinstance(law, Ball):
        inner = (law.hole / law.radius) ** law.dim
        hole: list[Piece] = [BallPiece(-inner / (1 - inner), law.hole)] if law.hole > 0 else []
        return RadialDistribution(law.center, [BallPiece(1 / (1 - inner), law.radius), *hole])
    if isinstance(law, GaussianMixture) and np.all(law.means == law.means[0]) and np.all(law.scales > 0):
        parts = zip(law.weights, law.scales, strict=True)
        return RadialDistribution(
            law.means[0], [RadialGaussianPiece(float(w), float(s)) for w, s in parts if w > 0]
        )
    return None


def radial_flow(p: Distribution, q: Distribution) -> FlowIntegrals | None:
    """The flow between two laws radial about one center, or None where they are not known to be."""
    profile = radial_profile(p, q)
    return None if profile is None else integrate_flow(profile)


def radial_profile(p: Distribution, q: Distribution) -> FlowProfile | None:
    """What `radial_flow` integrates, along the radius."""
    of_p, of_q = radial(p), radial(q)
    if of_p is None or of_q is None or not np.array_equal(of_p.center, of_q.center):
        return None
    dim = len(of_p.center)
    combinations = list(itertools.product(of_p.pieces, of_q.pieces))
    known = len(combinations) <= MAX_COMBINATIONS and all(type(x) is type(y) for x, y in combinations)
    edges = np.array(of_p.edges() + of_q.edges())

    def difference(r: Floats) -> Floats:
        (below_p, above_p), (below_q, above_q) = of_p.cdf(r), of_q.cdf(r)
        return np.where(below_p + below_q < above_p + above_q, below_p - below_q, above_q - above_p)

    def speed(r: Floats) -> tuple[Floats, Floats]:
        density, error = np.zeros_like(r), np.zeros_like(r)
        for one, other in combinations:
            if isinstance(one, RadialGaussianPiece) and isinstance(other, RadialGaussianPiece):
                found = gaussian_radius_sigma(r, dim, one.scale, other.scale)
            elif isinstance(one, BallPiece) and isinstance(other, BallPiece):
                found = ball_radius_sigma(r, dim, one.radius, other.radius)
            weight = one.weight * other.weight
            density += weight * found[0]
            error += abs(weight) * (
                found[1] + 1e-14 * found[0]
            )  # holes are subtracted: rounding is not relative
        return density, error

    return FlowProfile(difference, speed if known else None, edges)


def gaussian_radius_sigma(r: Floats, dim: int, a: float, b: float) -> tuple[Floats, Floats]:
    """Density of |(1-t) x + t y| at r [n], x ~ N(0, a^2 I), y ~ N(0, b^2 I) on R^dim, t on [0, 1]; its error.

    s(r) = INT_0^1 chi_D(r / v) / v dt, v(t)^2 = (1-t)^2 a^2 + t^2 b^2. With (1-t) a = v cos th and
    t b = v sin th it is INT_0^{pi/2} chi_D(q) / (a sin th + b cos th) d th, q = r (cos th / a + sin th / b).
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
    """Density of |(1-t) x + t y| at r [n], x and y uniform on balls of radii a and b of R^dim; its error.

    At time t it is the share of two balls, of radii (1-t) a and t b and r apart, that they have in common:
    area(r) * vol(lens) / (vol * vol), integrated over t.
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
    """area of the sphere of radius r * vol(B(0, a) and B(r e, b)) / (vol B(a) * vol B(b)), in R^dim.

    The density of |x + y| at r for x and y uniform on balls of radii a and b. Two caps make a lens, and the
    share of its ball that a cap holds is half a regularized incomplete beta function.
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


def _log_cap(share: Floats, beyond: NDArray[np.bool_], dim: int) -> Floats:
    """Logarithm of a cap's share of its ball: I_share((D+1)/2, 1/2) / 2, or 1 minus that where `beyond`."""
    from scipy.special import betainc, betaln, hyp2f1

    half = (dim + 1) / 2
    cap = 0.5 * betainc(half, 0.5, share)
    with np.errstate(divide="ignore"):
        found = np.log(np.where(beyond, 1 - cap, cap))
    lost = ~beyond & (cap < 1e-280) & (share > 0)
    if lost.any():  # underflow: the power in front of the series, kept as a logarithm
        x = share[lost]
        series = np.log(hyp2f1(half + 0.5, 1.0, half + 1.0, x))
        found[lost] = (
            half * np.log(x) + 0.5 * np.log1p(-x) - np.log(half) - betaln(half, 0.5) + series - np.log(2)
        )
    return np.asarray(found)
