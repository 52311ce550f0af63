"""Bounds that include the rounding of the numbers of the options, or of a file, to float64."""

import math

from wganstudio.experiment import GroundCost
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.truths.certificate import Truth

SAMPLES = 1024
"""Samples from which the spread of the pair is estimated; it is needed to its order of magnitude only."""


def widened(truth: Truth, pair: Pair, ground: GroundCost | None, penalty: float | None) -> Truth:
    """Return a truth whose bounds include `Pair.rounding`, which moves both distributions by so much.

    W1 changes by no more than the rounding d; a squared cost c by 2 d sqrt(c) + d^2, also with entropy, since
    it exceeds E|x - y|^2 of its plan; INT |w|^2 / sigma, to first order, by about d L for L^2 = E|x - y|^2 of
    independent points, of which four times as much is taken.
    """
    rounding = pair.rounding
    if rounding == 0:
        return truth
    p, q = (
        each.sample(SAMPLES, make_rng("cpu", 0, 9, k)).double() for k, each in enumerate((pair.p, pair.q))
    )
    if truth.quantity in ("congested", "gap-limit") and penalty is not None:
        error = rounding * (1 + 4 * float((p - q).square().sum(1).mean().sqrt()) / penalty)
    elif truth.quantity == "transport" and ground is not None:
        error = _of_transport(truth, ground, rounding, float(p.square().sum(1).mean().sqrt()), pair.dim)
    else:
        error = rounding
    return truth.model_copy(update={"lower": max(truth.lower - error, 0.0), "upper": truth.upper + error})


def _of_transport(truth: Truth, ground: GroundCost, rounding: float, size: float, dim: int) -> float:
    """Return the error of a transport cost; normalized ones are divided by `size`, squared where they are."""
    if ground.cost != "squared":
        return rounding * math.sqrt(dim) / (size if ground.normalized and size > 0 else 1.0)
    if ground.normalized and size > 0:
        rounding /= size
    return 2 * rounding * math.sqrt(truth.upper) + rounding**2
