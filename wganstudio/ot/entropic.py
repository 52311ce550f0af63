"""Bounds of an entropic cost that a dual potential proves, with few rounding errors at any epsilon."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROUNDING = 1e-14
"""Rounding error, in units of the largest cost."""
_SMALL = 1.0


class EntropicBounds(NamedTuple):
    """lower <= cost <= upper, rounding errors included."""

    lower: float
    upper: float


def entropic_bounds(
    costs: Floats, rows: Floats, columns: Floats, epsilon: float, psi: Floats
) -> EntropicBounds:
    r"""Return bounds of an entropic cost between weighted points.

    .. math:: \min_\pi \langle \pi, c \rangle + \epsilon KL(\pi | a \times b)

    Below: the dual value of psi and its c-transform. Above: the cost of the plan of psi, rounded to one of
    the right marginals (Altschuler, Weed & Rigollet, arXiv 1705.09634, Algorithm 2). Both are written so that
    where epsilon far exceeds the costs no digits are lost: c-transforms by log1p and expm1, and
    KL = E_{a x b}[r log r - r + 1], whose summands are not negative.

    Parameters
    ----------
    costs : array
        Costs c [n, m].
    rows, columns : array
        Weights a [n] and b [m], above 0 and of sum 1.
    epsilon : float
        Above 0.
    psi : array
        A dual potential [m].
    """
    psi = psi - columns @ psi
    exponents = (psi - costs) / epsilon
    logs = _log_means(exponents, columns)
    phi = -epsilon * logs
    plan = rows[:, None] * columns * np.exp(exponents - logs[:, None])
    plan *= np.minimum(rows / plan.sum(1), 1.0)[:, None]
    plan *= np.minimum(columns / plan.sum(0), 1.0)
    lacking, missing = rows - plan.sum(1), columns - plan.sum(0)
    total = float(missing.sum())
    if total > 0:
        plan += np.maximum(lacking, 0)[:, None] * (np.maximum(missing, 0) / total)
    weights = rows[:, None] * columns
    excess = plan / weights - 1
    charge = np.where(excess > -1, (1 + excess) * np.log1p(np.maximum(excess, -1 + 1e-16)), 0.0) - excess
    error = _ROUNDING * float(np.abs(costs).max())
    upper = float((plan * costs).sum() + epsilon * (weights * np.maximum(charge, 0.0)).sum())
    return EntropicBounds(float(rows @ phi + columns @ psi) - error, upper + error)


def _log_means(exponents: Floats, weights: Floats) -> Floats:
    """Return log sum_j b_j exp(x_ij) [n]."""
    middle = exponents @ weights
    apart = exponents - middle[:, None]
    near = np.abs(apart).max(1) < _SMALL
    logs = np.empty(len(exponents))
    logs[near] = middle[near] + np.log1p(np.expm1(apart[near]) @ weights)
    top = exponents[~near].max(1)
    logs[~near] = top + np.log(np.exp(exponents[~near] - top[:, None]) @ weights)
    return logs
