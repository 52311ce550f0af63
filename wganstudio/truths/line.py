"""Closed forms on the line (D = 1): the flow is w = F_P - F_Q, and sigma's density is exact."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.pairs.base import Distribution
from wganstudio.pairs.custom_sigma import GridSigma
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.pairs.quadrature import integrate_panels
from wganstudio.truths.flow import FlowIntegrals, FlowProfile, integrate_flow

Floats = NDArray[np.float64]

TAIL = 12.0
"""Standard deviations beyond which a Gaussian holds less than 2e-33 of its mass."""
MAX_COMBINATIONS = 256
"""Pairs of components up to which sigma is computed, one by one."""
NOTHING = 1e-12
"""A flow that counts as none where speed limits are 0: what normal tails leave there."""


@dataclass(frozen=True)
class GaussianPiece:
    """A weighted N(mean, scale^2)."""

    weight: float
    mean: float
    scale: float

    def below(self, x: Floats) -> Floats:
        """Probability of (-inf, x]."""
        from scipy.special import ndtr

        return np.asarray(ndtr((x - self.mean) / self.scale))

    def above(self, x: Floats) -> Floats:
        """Probability of (x, inf), exact in the far tail too."""
        from scipy.special import ndtr

        return np.asarray(ndtr((self.mean - x) / self.scale))

    def edges(self) -> list[float]:
        """Where the law begins, ends and bends."""
        return [self.mean + k * self.scale for k in (-TAIL, -8, -5, -3, -1.5, 0, 1.5, 3, 5, 8, TAIL)]


@dataclass(frozen=True)
class UniformPiece:
    """A weighted uniform law on [low, high]."""

    weight: float
    low: float
    high: float

    def below(self, x: Floats) -> Floats:
        """Probability of (-inf, x]."""
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def above(self, x: Floats) -> Floats:
        """Probability of (x, inf)."""
        return np.clip((self.high - x) / (self.high - self.low), 0.0, 1.0)

    def edges(self) -> list[float]:
        """Where the law begins and ends."""
        return [self.low, self.high]


Piece = GaussianPiece | UniformPiece


def pieces(law: Distribution) -> list[Piece] | None:
    """A law on the line as a mixture of normals and intervals; None where it is not known as one."""
    if law.dim != 1:
        return None
    if isinstance(law, Gaussian):
        return [GaussianPiece(1.0, float(law.mean[0]), float(law.scale[0]))]
    if isinstance(law, Box):
        return [UniformPiece(1.0, float(law.low[0]), float(law.high[0]))]
    if isinstance(law, Ball):
        center = float(law.center[0])
        if law.hole == 0:
            return [UniformPiece(1.0, center - law.radius, center + law.radius)]
        left = UniformPiece(0.5, center - law.radius, center - law.hole)
        return [left, UniformPiece(0.5, center + law.hole, center + law.radius)]
    if isinstance(law, GaussianMixture) and np.all(law.scales > 0):
        components = zip(law.weights, law.means[:, 0], law.scales, strict=True)
        return [GaussianPiece(float(w), float(m), float(s)) for w, m, s in components if w > 0]
    return None


def line_flow(p: Distribution, q: Distribution) -> FlowIntegrals | None:
    """The flow between two laws on the line, or None where they are not known as mixtures of known pieces.

    Its `congestion_cost` is None where the two have more than 256 pairs of components.
    """
    profile = line_profile(p, q)
    return None if profile is None else integrate_flow(profile)


def line_profile(p: Distribution, q: Distribution) -> FlowProfile | None:
    """What `line_flow` integrates."""
    of_p, of_q = pieces(p), pieces(q)
    if of_p is None or of_q is None:
        return None
    combinations = list(itertools.product(of_p, of_q))
    known = len(combinations) <= MAX_COMBINATIONS and all(type(x) is type(y) for x, y in combinations)
    edges = np.array([edge for piece in of_p + of_q for edge in piece.edges()])

    def difference(x: Floats) -> Floats:
        below_p, below_q = (sum(f.weight * f.below(x) for f in law) for law in (of_p, of_q))
        above_p, above_q = (sum(f.weight * f.above(x) for f in law) for law in (of_p, of_q))
        lower_half = below_p + below_q < above_p + above_q
        return np.where(lower_half, below_p - below_q, above_q - above_p)

    def speed(x: Floats) -> tuple[Floats, Floats]:
        density, error = np.zeros_like(x), np.zeros_like(x)
        for one, other in combinations:
            if isinstance(one, GaussianPiece) and isinstance(other, GaussianPiece):
                found = gaussian_sigma(x, one, other)
            elif isinstance(one, UniformPiece) and isinstance(other, UniformPiece):
                found = uniform_sigma(x, one, other)
            density += one.weight * other.weight * found[0]
            error += one.weight * other.weight * found[1]
        return density, error

    return FlowProfile(difference, speed if known else None, edges)


def custom_sigma_profile(p: Distribution, q: Distribution, limits: GridSigma) -> FlowProfile | None:
    """The same flow under own speed limits, which what lies beyond their box does not leave."""
    free = line_profile(p, q)
    if free is None:
        return None

    def density(x: Floats) -> Floats:
        return limits.density(x[:, None])

    def difference(x: Floats) -> Floats:
        w = free.difference(x)
        return np.where((np.abs(w) < NOTHING) & (density(x) == 0), 0.0, w)

    inside = np.clip(free.edges, limits.low[0], limits.high[0])
    return FlowProfile(
        difference,
        lambda x: (density(x), np.zeros_like(x)),
        np.unique(np.concatenate([inside, limits.edges[0]])),
    )


def custom_sigma_flow(p: Distribution, q: Distribution, limits: GridSigma) -> FlowIntegrals | None:
    """The flow under own speed limits; BadExperiment where they are 0 and mass must pass."""
    profile = custom_sigma_profile(p, q, limits)
    found = None if profile is None else integrate_flow(profile)
    if found is not None and found.congestion_cost is None:
        problem = "sigma is 0 where mass must pass: the cost is infinite; open a way through"
        raise BadExperiment(Problem("sigma", problem))
    return found


def uniform_sigma(z: Floats, p: UniformPiece, q: UniformPiece) -> tuple[Floats, Floats]:
    """Density of (1-t) x + t y at z [n], x and y uniform on intervals, t on [0, 1]; with its rounding error.

    Given x and y, z is uniform between them: the density is E[1{z between x and y} / |x-y|], which over two
    intervals is a second difference of h(x, y) = |x-y| H((z-x) / (y-x)), H the entropy of a coin in nats.
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
    """Density of (1-t) x + t y at z [n], x ~ N(m, a^2), y ~ N(n, b^2), t on [0, 1]; with an error estimate.

    With (1-t) a = v cos th and t b = v sin th, where v is the standard deviation at time t, it is
    INT_0^{pi/2} phi(alpha cos th + beta sin th) / (a sin th + b cos th) d th for alpha = (z-m)/a and
    beta = (z-n)/b: smooth in th however different the two scales are.
    """
    alpha, beta = (z - p.mean) / p.scale, (z - q.mean) / q.scale
    size, turn = np.hypot(alpha, beta), np.arctan2(beta, alpha)
    least = np.where(alpha * beta <= 0, 0.0, np.minimum(np.abs(alpha), np.abs(beta)))
    # panel edges where the exponent has fallen by so much from its best
    falls = np.array([0.0, 0.1, 0.5, 1.5, 3.0, 5.0, 8.0, 12.0, 18.0, 26.0, 36.0])
    levels = np.sqrt(least[:, None] ** 2 + 2 * falls)
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.arccos(np.clip(levels / size[:, None], -1.0, 1.0))
    angle = np.nan_to_num(angle, nan=0.0)
    middle = turn[:, None]
    found = [middle + angle, middle - angle, middle + np.pi - angle, middle - np.pi + angle]
    # on [0, pi/2] the level -k is met where the level k is met half a turn away
    crossings = np.concatenate([np.mod(f, 2 * np.pi) for f in found], axis=1)
    fixed = np.broadcast_to(scale_edges(p.scale, q.scale), (len(z), len(scale_edges(p.scale, q.scale))))
    edges = np.sort(np.clip(np.concatenate([crossings, fixed], axis=1), 0.0, np.pi / 2), axis=1)

    def integrand(th: Floats, one: Floats, other: Floats) -> Floats:
        cos, sin = np.cos(th), np.sin(th)
        return np.asarray(np.exp(-0.5 * (one * cos + other * sin) ** 2) / (p.scale * sin + q.scale * cos))

    density, error = integrate_panels(integrand, edges, alpha, beta)
    return density / np.sqrt(2 * np.pi), error / np.sqrt(2 * np.pi)


def scale_edges(a: float, b: float) -> Floats:
    """Panel edges in th that resolve 1 / (a sin th + b cos th) on [0, pi/2] for any a and b."""
    near_zero = b / a * 4.0 ** np.arange(30)
    near_right = np.pi / 2 - a / b * 4.0 ** np.arange(30)
    inner = [th for th in (*near_zero, *near_right) if 0 < th < np.pi / 2]
    return np.array([0.0, *inner, np.pi / 4, np.pi / 2])
