"""Smoothing of curves that have noise: a causal, debiased exponential average."""

import numpy as np

from wganstudio.figures.types import Float

MAX_SMOOTHING = 0.999
LEAST_DISTANCE = 1e-9
"""Distance, in units, of points at the same place."""
NEGLIGIBLE = 1e-40
"""Weight below which a value counts for nothing."""


def smoothed(x: Float, values: Float, weight: float, unit: float) -> Float:
    """Return the exponential average of the values up to each point.

    s_k = sum_{i <= k} m_i w^((x_k - x_i) / unit) y_i / sum_{i <= k} m_i w^((x_k - x_i) / unit), where
    m_i = 1 - w^((x_i - x_{i-1}) / unit): each value counts for the distance to the one before it, the first
    one for that to the second. So a cluster of points counts no more than its width. The denominator removes
    the bias towards 0 of a plain exponential average; at equal distances of one unit this is the smoothing of
    TensorBoard. A value depends on no later point, bit for bit.

    Parameters
    ----------
    x
        Ascending places [n] of the values.
    values
        Values [n]. One that is not finite counts for nothing, and stays as it is.
    weight
        Weight w in [0, 1) of a value that is one unit back; 0 returns the values.
    unit
        Distance over which a weight falls by the factor w.
    """
    values = np.asarray(values, float)
    if weight <= 0 or len(values) < 2:
        return values
    finite = np.isfinite(values)
    distances = np.maximum(np.diff(np.asarray(x, float)) / unit, LEAST_DISTANCE)
    rates = np.log(min(weight, MAX_SMOOTHING)) * np.r_[distances[:1], distances]
    masses = np.where(finite, -np.expm1(rates), 0.0)
    decay = np.r_[0.0, np.exp(rates[1:])]
    sums = np.stack((masses * np.where(finite, values, 0.0), masses))
    # A scan in log2(n) passes: after each one a sum reaches twice as far back.
    reach = 1
    while reach < len(values) and decay[reach:].any():
        sums[:, reach:] = sums[:, reach:] + decay[reach:] * sums[:, :-reach]
        decay[reach:] = decay[reach:] * decay[:-reach]
        decay[decay < NEGLIGIBLE] = 0.0
        reach *= 2
    with np.errstate(invalid="ignore"):
        result = np.where(finite, sums[0] / sums[1], values)
    result[0] = values[0]
    return result
