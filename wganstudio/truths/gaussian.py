"""Transport between two Gaussians at the squared distance, exact or entropic: a closed form."""

import time

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import GroundCost
from wganstudio.pairs.base import Pair
from wganstudio.truths.certificate import Truth

Floats = NDArray[np.float64]

_ROUNDING = 1e-12
"""Rounding error of the formula, relative to the second moments."""


def gaussian_truth(pair: Pair, ground: GroundCost) -> Truth | None:
    """Return the `transport` truth of a pair of Gaussians at a ground cost; None for any other."""
    start = time.perf_counter()
    p, q = pair.p.gaussian_moments(), pair.q.gaussian_moments()
    if p is None or q is None or ground.cost != "squared" or not ground.plain:
        return None
    scale = float(p[0] @ p[0] + np.trace(p[1])) if ground.normalized else 1.0
    value = entropic_bures(p, q, ground.epsilon * scale) / scale
    error = _ROUNDING * sum(float(mean @ mean + np.trace(cov)) for mean, cov in (p, q)) / scale
    return Truth(
        quantity="transport",
        value=value,
        lower=value - error,
        upper=value + error,
        method=f"{ground.words} between Gaussians: closed form (arXiv 2006.02572, Theorem 1)",
        law="the distributions themselves",
        seconds=time.perf_counter() - start,
    )


def entropic_bures(p: tuple[Floats, Floats], q: tuple[Floats, Floats], epsilon: float) -> float:
    """Return min E|x - y|^2 + eps KL(pi | P x Q) between Gaussians; for eps = 0 the squared Bures distance.

    For eps = 0 it is a lower bound of the same cost between any two distributions with these moments.

    Parameters
    ----------
    p, q : tuple of arrays [D], [D, D]
        Mean and covariance.
    epsilon : float
        Strength of the entropy, 2 sigma^2 in the notation of the reference.

    References
    ----------
    Janati, Muzellec, Peyré & Cuturi, arXiv 2006.02572, Theorem 1.
    """
    (mean_p, of_p), (mean_q, of_q) = p, q
    values, vectors = np.linalg.eigh(of_p)
    root = vectors * np.sqrt(np.clip(values, 0, None)) @ vectors.T
    both = np.clip(np.linalg.eigvalsh(root @ of_q @ root), 0, None)
    half = epsilon / 2
    spread = np.sqrt(4 * both + half**2)
    value = float((mean_p - mean_q) @ (mean_p - mean_q) + np.trace(of_p) + np.trace(of_q) - spread.sum())
    if epsilon > 0:
        value += half * float((1 + np.log((spread + half) / epsilon)).sum())
    return value
