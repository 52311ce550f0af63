"""The momentum of a critic's gradient by the congestion theorem, and errors of momenta."""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

SIGMA_CUTOFF = 0.01
"""Share of the maximum of sigma below which momenta are not compared: hardly a sample is penalized there."""


class FlowError(NamedTuple):
    """Errors of the momentum of a critic where sigma exceeds a hundredth of its maximum.

    `l2` = |w_u - w| / |w| in L2 (about a center: of w / sigma along the radius, weighted with sigma, since
    the scales of w and sigma vary widely in many dimensions), `angle` the mean angle between the two
    in degrees, weighted by |w|. `weighted_l2` is |w_u - w| / |w| in the norm INT |.|^2 / sigma over all
    points, which sqrt(4 lambda eps) / |w| bounds for an eps-suboptimal critic, since the cost is strongly
    convex in w.
    """

    l2: float
    angle: float
    weighted_l2: float


def momentum(gradients: Floats, sigma: Floats, penalty: float) -> Floats:
    """Return the momentum w_u = -2 lambda sigma (|grad u| - 1)_+ grad u / |grad u| of a critic.

    Parameters
    ----------
    gradients : array [n, D]
        grad u.
    sigma : array [n]
    penalty : float
        lambda.

    Returns
    -------
    array [n, D]
    """
    length = np.linalg.norm(gradients, axis=1)
    over = np.maximum(length - 1, 0.0) / np.maximum(length, 1e-300)
    return np.asarray(gradients * (-2 * penalty * sigma * over)[:, None])


def predicted_slope(size: Floats, sigma: Floats, penalty: float) -> Floats:
    """Return |grad u| = 1 + |w| / (2 lambda sigma) of the optimal critic.

    Parameters
    ----------
    size, sigma : arrays of one shape
        |w| and sigma.
    penalty : float
        lambda.

    References
    ----------
    arXiv 2109.00528, Theorem 1.
    """
    return 1 + np.divide(size, 2 * penalty * sigma, out=np.zeros_like(size), where=sigma > 0)


def flow_error_bound(penalty: float, suboptimality: float, congestion_cost: float) -> float:
    """Return the bound of `FlowError.weighted_l2`: sqrt(4 lambda eps / INT |w|^2 / sigma)."""
    return (
        math.sqrt(4 * penalty * max(suboptimality, 0.0) / congestion_cost)
        if congestion_cost > 0
        else math.inf
    )


def flow_difference(own: Floats, true: Floats, sigma: Floats, weights: Floats) -> FlowError:
    """Compare momenta [n, D] at points of a quadrature rule.

    Parameters
    ----------
    own, true : arrays [n, D]
        Momentum of the critic, and the optimal one.
    sigma, weights : arrays [n]
        Sigma and the quadrature weights at the points.
    """
    compared = sigma > SIGMA_CUTOFF * sigma.max()
    error, size, own_size = (np.linalg.norm(part, axis=1) for part in (own - true, true, own))
    both = compared & (size > 0) & (own_size > 0)
    cosines = (own * true).sum(axis=1)[both] / (own_size * size)[both]
    angles = np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))
    angle_weights = (weights * size)[both]
    weight = weights * compared
    over = np.divide(weights, sigma, out=np.zeros_like(weights), where=sigma > 0)
    return FlowError(
        _ratio(weight, error, size),
        float((angle_weights * angles).sum() / angle_weights.sum()) if angle_weights.sum() > 0 else math.nan,
        _ratio(over, error, size),
    )


def _ratio(weights: Floats, error: Floats, size: Floats) -> float:
    whole = float((weights * size**2).sum())
    return math.sqrt(float((weights * error**2).sum()) / whole) if whole > 0 else math.nan
