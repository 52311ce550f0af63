"""Closed forms for two distributions that are radial about one center, in any dimension.

The flow is radial: (F_P - F_Q) / (area of the unit sphere * r^(D-1)) with F_P, F_Q the distribution functions
of the radius. Sigma enters through s, the density of |z - center| under sigma.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.truths.flow import FlowIntegrals, FlowProfile, integrate_flow
from wganstudio.truths.line import MAX_COMBINATIONS

Floats = NDArray[np.float64]


def radial_flow(p: Distribution, q: Distribution) -> FlowIntegrals | None:
    """Return the costs of the flow between two distributions that are radial about one center.

    Parameters
    ----------
    p, q : Distribution
        Distributions that know their radial profile (`Distribution.radial_profile`).

    Returns
    -------
    FlowIntegrals or None
        None where a profile is unknown or the centers differ. The congestion cost is None where sigma is.
    """
    profile = radial_flow_profile(p, q)
    return None if profile is None else integrate_flow(profile)


def radial_flow_profile(p: Distribution, q: Distribution) -> FlowProfile | None:
    """Return the flow along the radius that `radial_flow` integrates."""
    of_p, of_q = p.radial_profile(), q.radial_profile()
    if of_p is None or of_q is None or not np.array_equal(of_p.center, of_q.center):
        return None
    dim = len(of_p.center)
    combinations = list(itertools.product(of_p.pieces, of_q.pieces))
    has_sigma = len(combinations) <= MAX_COMBINATIONS and all(
        type(x) is type(y) and x.has_sigma for x, y in combinations
    )
    edges = np.array(of_p.breakpoints() + of_q.breakpoints())

    def difference(r: Floats) -> Floats:
        (below_p, above_p), (below_q, above_q) = of_p.cdf(r), of_q.cdf(r)
        return np.where(below_p + below_q < above_p + above_q, below_p - below_q, above_q - above_p)

    def speed(r: Floats) -> tuple[Floats, Floats]:
        density, error = np.zeros_like(r), np.zeros_like(r)
        for piece, other in combinations:
            part = piece.sigma_to(other, r, dim)
            weight = piece.weight * other.weight
            density += weight * part[0]
            # holes are subtracted: rounding is not relative
            error += abs(weight) * (part[1] + 1e-14 * part[0])
        return density, error

    return FlowProfile(difference, speed if has_sigma else None, edges)
