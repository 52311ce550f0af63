"""Transport between two normal laws at the squared distance, exact or smoothed by entropy: a closed form."""

import time

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import GroundCost
from wganstudio.ot.gaussian import entropic_bures
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
        method=f"{ground.words} between normal laws: closed form (arXiv 2006.02572, Theorem 1)",
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
