"""The law that ties a critic's gradient to momentum, and how far one momentum is from another."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

SIGMA_CUTOFF = 0.01
"""Share of sigma's maximum below which momenta are not compared: hardly a sample is penalized there."""


class FlowError(NamedTuple):
    """How far a critic's momentum is from the true one, where sigma exceeds a hundredth of its maximum.

    `l2` = |w_u - w| / |w| in L2 (about a center along the radius, where it is that of w / sigma weighted with
    sigma, for neither w nor sigma is of one size in many dimensions), `angle` the mean angle between the two
    in degrees, weighted by |w|. `weighted_l2` is |w_u - w| / |w| in the norm INT |.|^2 / sigma over all
    points, which sqrt(4 lambda eps) / |w| bounds for an eps-suboptimal critic, since the cost is strongly
    convex in w.
    """

    l2: float
    angle: float
    weighted_l2: float


def momentum(gradients: Floats, sigma: Floats, penalty: float) -> Floats:
    """w_u [n, D] = -2 lambda sigma (|grad u| - 1)_+ grad u / |grad u| of gradients [n, D] and sigma [n]."""
    length = np.linalg.norm(gradients, axis=1)
    over = np.maximum(length - 1, 0.0) / np.maximum(length, 1e-300)
    return np.asarray(gradients * (-2 * penalty * sigma * over)[:, None])


def predicted_slope(size: Floats, sigma: Floats, penalty: float) -> Floats:
    """|grad u| = 1 + |w| / (2 lambda sigma), of |w| and sigma, shaped alike (arXiv 2109.00528, Theorem 1)."""
    return 1 + np.divide(size, 2 * penalty * sigma, out=np.zeros_like(size), where=sigma > 0)


def flow_error_bound(penalty: float, suboptimality: float, congestion_cost: float) -> float:
    """What `FlowError.weighted_l2` is at most: sqrt(4 lambda eps / INT |w|^2 / sigma)."""
    return (
        math.sqrt(4 * penalty * max(suboptimality, 0.0) / congestion_cost)
        if congestion_cost > 0
        else math.inf
    )


def flow_difference(own: Floats, true: Floats, sigma: Floats, weights: Floats) -> FlowError:
    """Compares momenta [n, D] at points that have these sigma and integrate with these weights, [n] each."""
    shown = sigma > SIGMA_CUTOFF * sigma.max()
    off, size, own_size = (np.linalg.norm(part, axis=1) for part in (own - true, true, own))
    both = shown & (size > 0) & (own_size > 0)
    cosines = (own * true).sum(axis=1)[both] / (own_size * size)[both]
    angles = np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))
    light = (weights * size)[both]
    weight = weights * shown
    over = np.divide(weights, sigma, out=np.zeros_like(weights), where=sigma > 0)
    return FlowError(
        _ratio(weight, off, size),
        float((light * angles).sum() / light.sum()) if light.sum() > 0 else math.nan,
        _ratio(over, off, size),
    )


def _ratio(weights: Floats, off: Floats, size: Floats) -> float:
    whole = float((weights * size**2).sum())
    return math.sqrt(float((weights * off**2).sum()) / whole) if whole > 0 else math.nan
