"""Congested transport along a single coordinate: on the line, or along radii."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.quadrature import integrate

Floats = NDArray[np.float64]

_MAX_RELATIVE_ERROR = 0.01


@dataclass(frozen=True)
class FlowIntegrals:
    """INT |w| and INT w^2 / sigma of the one admissible flow w, each with its error.

    With them C_lambda = w1 + congestion_cost / (4 lambda) and the gap's limit is
    w1 + congestion_cost / (2 lambda), lambda as WGAN-GP code counts it (from arXiv 2109.00528, Theorem 1).
    `congestion_cost` is None where sigma is unknown, or not known to 1 % (thin annuli in many dimensions
    cancel).
    """

    w1: float
    w1_error: float
    congestion_cost: float | None = None
    congestion_cost_error: float = 0.0


class FlowProfile(NamedTuple):
    """The flow along the one coordinate, and sigma's density along it.

    `difference` is w = F_P - F_Q, `speed` the density of sigma with its error, None where it is not known.
    `edges` name the range and the places where either is not smooth. Outside of them w is negligible.
    """

    difference: Callable[[Floats], Floats]
    speed: Callable[[Floats], tuple[Floats, Floats]] | None
    edges: Floats


def integrate_flow(profile: FlowProfile) -> FlowIntegrals:
    """Return the integrals of |w| and w^2 / sigma along the coordinate.

    sigma vanishes nowhere that w does not: z = (1-t) x + t y passes every point between x and y, so
    |w(z)| <= P(z between) and, by Cauchy and Schwarz, w^2 <= sigma(z) E[|x-y| ; z between]. Hence also
    INT w^2 / sigma <= E |x-y|^2: the congested cost of two distributions with second moments is finite.

    Parameters
    ----------
    profile : FlowProfile

    Returns
    -------
    FlowIntegrals
        Both integrals with their errors.
    """
    difference, speed, edges = profile
    lost = False

    def integrands(points: Floats) -> Floats:
        nonlocal lost
        w = np.abs(difference(points))
        if speed is None:
            return w[None]
        sigma, error = speed(points)
        # where w itself has all but underflowed, the bound above makes the quotient negligible; avoid 0 / 0
        counts = (w > 1e-140) & (sigma > 0)
        lost = lost or bool(np.any((w > 1e-60) & ~(sigma > 0)))
        congestion_cost = np.divide(w * w, sigma, out=np.zeros_like(w), where=counts)
        doubt = np.divide(error, sigma, out=np.zeros_like(w), where=counts)
        return np.stack([w, congestion_cost, congestion_cost * doubt])

    values, errors = integrate(integrands, edges, doubtful=speed is not None)
    rounding = 1e-15 * (edges.max() - edges.min())  # of w itself, which is of order 1
    w1, w1_error = float(values[0]), float(errors[0] + rounding)
    if speed is None:
        return FlowIntegrals(w1, w1_error)
    # comparing two quadrature rules does not show the rounding errors of the densities
    congestion_cost_error = float(errors[1] + values[2] + 1e-12 * values[1])
    if lost or not congestion_cost_error <= _MAX_RELATIVE_ERROR * values[1] + rounding:
        return FlowIntegrals(w1, w1_error)
    return FlowIntegrals(w1, w1_error, float(values[1]), congestion_cost_error)
