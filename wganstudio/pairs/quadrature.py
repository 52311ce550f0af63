"""Adaptive quadrature over many panels at once, with an error estimate."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Gauss-Kronrod 7-15 on [-1, 1] (QUADPACK's qk15): nodes, Kronrod weights, Gauss weights
_OUTER = (
    (0.991455371120812639, 0.022935322010529225, 0.0),
    (0.949107912342758525, 0.063092092629978553, 0.129484966168869693),
    (0.864864423359769073, 0.104790010322250184, 0.0),
    (0.741531185599394440, 0.140653259715525919, 0.279705391489276668),
    (0.586087235467691130, 0.169004726639267903, 0.0),
    (0.405845151377397167, 0.190350578064785410, 0.381830050505118945),
    (0.207784955007898468, 0.204432940075298892, 0.0),
)
_MIDDLE = (0.0, 0.209482141084727828, 0.417959183673469388)
_RULE: Floats = np.array([(-x, k, g) for x, k, g in _OUTER] + [_MIDDLE, *reversed(_OUTER)])
_MAX_PANELS = 1000
_CHUNK = 1 << 20  # numbers of one array in memory at once: 8 MiB


def integrate(
    function: Callable[[Floats], Floats], edges: Floats, tolerance: float = 1e-10, *, doubtful: bool = False
) -> tuple[Floats, Floats]:
    """Return the integrals of k functions over [min(edges), max(edges)] by adaptive quadrature.

    Panels are halved until the difference of Gauss's 7 and Kronrod's 15 points, summed, is below `tolerance`
    relative to each integral of the absolute value, or there are 1,000 of them.

    Parameters
    ----------
    function : callable
        Takes points [n] and returns values [k, n].
    edges : array [m]
        Points where the functions are not smooth, and both ends of the range.
    tolerance : float
        Relative tolerance.
    doubtful : bool
        True if the last function is the error of the one before: its own quadrature error is not controlled,
        and no panel is halved for less than it.

    Returns
    -------
    values, errors : arrays [k]
        The integrals and their (cautious) error estimates.
    """
    edges = np.unique(edges)
    if len(edges) == 1:
        nothing = np.zeros(len(function(edges)))
        return nothing, nothing.copy()
    low, high = edges[:-1], edges[1:]
    values, sizes, errors = _panels(function, low, high)
    controlled = len(values) - doubtful
    while len(low) < _MAX_PANELS:
        total = tolerance * sizes[:controlled].sum(axis=1, keepdims=True)
        if (errors[:controlled].sum(axis=1) <= total[:, 0]).all():
            break
        excess = errors[:controlled] > total / len(low)
        if doubtful:
            excess[-1] &= errors[controlled - 1] > values[controlled]
        coarse = excess.any(axis=0) & (high - low > 1e-14 * (edges[-1] - edges[0]))
        if not coarse.any():
            break
        middle = (low[coarse] + high[coarse]) / 2
        low = np.concatenate([low[~coarse], low[coarse], middle])
        high = np.concatenate([high[~coarse], middle, high[coarse]])
        split = _panels(function, low[-2 * len(middle) :], high[-2 * len(middle) :])
        kept = (values[:, ~coarse], sizes[:, ~coarse], errors[:, ~coarse])
        values, sizes, errors = (np.concatenate(pair, axis=1) for pair in zip(kept, split, strict=True))
    return values.sum(axis=1), errors.sum(axis=1)


def _panels(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the Kronrod sums, those of the absolute function, and the errors, each [k, panels]."""
    half = (high - low)[:, None] / 2
    points = (low + high)[:, None] / 2 + half * _RULE[:, 0]
    values = function(points.ravel()).reshape(-1, *points.shape) * half
    kronrod = values @ _RULE[:, 1]
    return kronrod, np.abs(values) @ _RULE[:, 1], np.abs(kronrod - values @ _RULE[:, 2])


@cache
def gauss_rule(count: int) -> tuple[Floats, Floats]:
    """Return nodes in [0, 1] and weights of Gauss-Legendre quadrature with `count` points."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


def graded_rule(panels: int, count: int = 4) -> tuple[Floats, Floats]:
    """Return nodes and weights in [0, 1] of Gauss's rule on panels that grow shorter toward both ends."""
    ends = np.linspace(0, 1, panels + 1)
    edges = ends * ends * (3 - 2 * ends)
    nodes, weights = gauss_rule(count)
    size = np.diff(edges)[:, None]
    return (edges[:-1, None] + size * nodes).ravel(), (size * weights).ravel()


def integrate_panels(
    function: Callable[..., Floats], edges: Floats, *rows: Floats, soften: bool = False
) -> tuple[Floats, Floats]:
    """Return for each of n rows the integral of function(t, *rows) over the panels of that row.

    Parameters
    ----------
    function : callable
        Takes t [n, m-1, points] and each of `rows` as [n, 1, 1].
    edges : array [n, m]
        Panel edges, ascending in each row.
    *rows : arrays [n]
        Parameters of the rows.
    soften : bool
        True moves the nodes toward both ends of each panel, where the integrand may behave like a root.

    Returns
    -------
    values, errors : arrays [n]
        The integrals, and the differences of Gauss-Legendre rules of 12 and 18 points.
    """
    step = max(1, _CHUNK // (18 * edges.shape[1]))
    parts = [
        _over_panels(function, edges[k : k + step], [row[k : k + step] for row in rows], soften)
        for k in range(0, len(edges), step)
    ]
    fine, coarse = np.concatenate(parts, axis=1)
    return fine, np.abs(fine - coarse)


def _over_panels(function: Callable[..., Floats], edges: Floats, rows: list[Floats], soften: bool) -> Floats:
    low = edges[:, :-1, None]
    size = np.diff(edges, axis=1)[:, :, None]
    results = []
    for count in (18, 12):
        nodes, weights = gauss_rule(count)
        if soften:
            nodes, weights = nodes * nodes * (3 - 2 * nodes), weights * 6 * nodes * (1 - nodes)
        values = function(low + size * nodes, *(row[:, None, None] for row in rows))
        results.append((values * (size * weights)).sum(axis=(1, 2)))
    return np.stack(results)
