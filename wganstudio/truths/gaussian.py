"""Transport between two normal laws at the squared distance, exact or smoothed by entropy: a closed form."""

import time

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import GroundCost
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.data.fitted import Fitted
from wganstudio.pairs.distributions import Gaussian
from wganstudio.truths.certificate import Truth

Floats = NDArray[np.float64]

_ROUNDING = 1e-12
"""Share of the second moments by which the formula rounds."""


def gaussian_truth(pair: Pair, ground: GroundCost) -> Truth | None:
    """`transport` of a pair of normal laws at that ground; None for any other."""
    start = time.perf_counter()
    p, q = moments(pair.p), moments(pair.q)
    if p is None or q is None or ground.cost != "squared" or not ground.is_plain:
        return None
    scale = float(p[0] @ p[0] + np.trace(p[1])) if ground.normalized else 1.0
    value = entropic_bures(p, q, ground.epsilon * scale) / scale
    error = _ROUNDING * sum(float(mean @ mean + np.trace(cov)) for mean, cov in (p, q)) / scale
    return Truth(
        quantity="transport",
        value=value,
        lower=value - error,
        upper=value + error,
        method=f"{ground.description} between normal laws: closed form (arXiv 2006.02572, Theorem 1)",
        law="the laws themselves",
        seconds=time.perf_counter() - start,
    )


def moments(law: Distribution) -> tuple[Floats, Floats] | None:
    """Mean [D] and covariance [D, D] of a normal law; None for any other."""
    match law:
        case Gaussian():
            return law.mean, np.diag(law.scale**2)
        case Fitted():
            return law.mean, law.covariance
    return None


def entropic_bures(p: tuple[Floats, Floats], q: tuple[Floats, Floats], epsilon: float) -> float:
    """min E|x - y|^2 + eps KL(pi | P x Q) between normal laws of these moments (Janati, Muzellec, Peyré &
    Cuturi, arXiv 2006.02572, Theorem 1, with eps = 2 sigma^2); for eps = 0 the squared Bures distance.

    It bounds from below the same between any two laws of these moments where eps = 0.
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
