"""Transport between two Gaussians at the squared distance, exact or entropic: a closed form."""

import time

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import GroundCost
from wganstudio.ot.gaussian import EPS, gaussian_cost
from wganstudio.pairs.base import Pair
from wganstudio.truths.certificate import DISTRIBUTIONS, Truth

Floats = NDArray[np.float64]


def gaussian_truth(pair: Pair, ground: GroundCost) -> Truth | None:
    """Return the `transport` truth of a pair of Gaussians at a ground cost; None for any other."""
    start = time.perf_counter()
    p, q = pair.p.gaussian_moments(), pair.q.gaussian_moments()
    if p is None or q is None or ground.cost != "squared" or not ground.is_plain:
        return None
    scale = float(p[0] @ p[0] + np.trace(p[1])) if ground.normalized else 1.0
    cost = gaussian_cost(p, q, ground.epsilon * scale)
    value = cost.value / scale
    # the scale, a sum of D products, is rounded too, and the cost is concave in epsilon and 0 at least
    error = cost.rounding / scale + (2 * len(p[0]) * EPS * value if ground.normalized else 0.0)
    return Truth(
        quantity="transport",
        value=value,
        lower=max(value - error, 0.0),
        upper=value + error,
        method=f"{ground.description} between Gaussians: closed form (arXiv 2006.02572, Theorem 1)",
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )
