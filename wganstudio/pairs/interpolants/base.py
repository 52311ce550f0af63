"""Segments: sigma, the law of z = (1-t) x + t y, and the flow that runs straight from x to y."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture

Floats = NDArray[np.float64]


class InterpolationFlow(NamedTuple):
    """What passes each point of a grid of one or two axes, over the time 0 <= t <= 1.

    `density` is sigma, in 1 / length^K. `drift` holds, an array for each axis, sigma(z) E[y - x | z]: the
    time-averaged momentum of masses that go straight from x to y, independent of each other. Its divergence
    is P - Q exactly, and |drift|^2 <= sigma(z) E[|x - y|^2 ; z passed] (Cauchy and Schwarz): an admissible
    flow of finite congested cost (arXiv 2109.00528, Theorem 1), with no mass where sigma vanishes.
    """

    density: Floats
    drift: tuple[Floats, ...]


class Interpolant(Protocol):
    """The segments between two independent laws with densities on R^K, K = 1 or 2."""

    compact: bool
    """Whether they all lie within a bounded set, at whose edge sigma vanishes."""

    def on(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """The passage on the grid that the axes [n], [m] span, arrays [n, m].

        By quadrature in t; `fine` takes a finer rule, whose difference tells the error of the usual one.
        """
        ...


def interpolant_between(p: Distribution, q: Distribution) -> Interpolant | None:
    """The segments between two laws of the same family, or None where sigma is not known exactly.

    Known: Gaussians and mixtures of them (no atoms), boxes, and in the plane balls and annuli.
    """
    from wganstudio.pairs.interpolants.balls import DiscInterpolant
    from wganstudio.pairs.interpolants.boxes import BoxInterpolant
    from wganstudio.pairs.interpolants.gaussians import GaussianInterpolant, normals

    if isinstance(p, Gaussian | GaussianMixture) and isinstance(q, Gaussian | GaussianMixture):
        of_p, of_q = normals(p), normals(q)
        return None if of_p is None or of_q is None else GaussianInterpolant.up_to(of_p, of_q)
    if isinstance(p, Box) and isinstance(q, Box):
        return BoxInterpolant(p, q)
    if isinstance(p, Ball) and isinstance(q, Ball) and p.dim == q.dim == 2:
        return DiscInterpolant(p, q)
    return None
