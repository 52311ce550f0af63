"""Bounds of W1 from samples alone: exact discrete transport above, its extended potential below."""

import math
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch

from wganstudio.critics.lipschitz_extension import LipschitzExtension
from wganstudio.experiment.truths import SampleTruthOptions
from wganstudio.ot.distances import distances
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.truths.certificate import Truth

FRESH = 8
"""Fresh samples for the lower bound, as a multiple of the points transported."""


class SampleBounds(NamedTuple):
    """Means over independent draws, with standard errors: E lower <= W1 <= E upper."""

    lower: float
    lower_se: float
    upper: float
    upper_se: float


class SampleTruth:
    """Bounds of W1 from exact discrete transport between samples, whatever else is known of the pair."""

    def __init__(self, options: SampleTruthOptions) -> None:
        self.options = options

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """Only `w1`: samples bound neither the congested cost nor the gap's limit."""
        yield sample_truth(pair.p, pair.q, self.options)


def sample_truth(p: Distribution, q: Distribution, options: SampleTruthOptions) -> Truth:
    """W1 between its bounds, which are wide in many dimensions. Time grows somewhat faster than samples^2."""
    start = time.perf_counter()
    found = sample_bounds(p, q, options.samples, options.repeats, options.seed)
    lower = max(found.lower - options.confidence * found.lower_se, 0.0)
    upper = found.upper + options.confidence * found.upper_se
    value = (max(found.lower, 0.0) + found.upper) / 2
    return Truth(
        quantity="w1",
        value=value,
        lower=min(lower, value),
        upper=max(upper, value),
        method=f"exact transport between {options.samples} samples, {options.repeats} draws; bounds at "
        f"{options.confidence:g} standard errors, the value halfway between them",
        law="the distributions themselves",
        seconds=time.perf_counter() - start,
    )


def sample_bounds(p: Distribution, q: Distribution, samples: int, repeats: int, seed: int) -> SampleBounds:
    """Bounds of W1(P, Q), averaged over `repeats` draws of `samples` points of each law.

    Above: E W1(P_n, Q_n) >= W1(P, Q), biased upwards, heavily in many dimensions. Below: the discrete dual
    potential, extended to a 1-Lipschitz function on R^D, has a gap of at most W1; it is measured on
    8 `samples` fresh points of each law. Both hold for the means; the standard errors are of the means.
    """
    source = make_rng("cpu", seed, 2)
    above, below, above_var, below_var = ([] for _ in range(4))
    for _ in range(repeats):
        x, y = p.sample(samples, source).double(), q.sample(samples, source).double()
        cost, f, g, _ = exact_transport(distances(x, y).numpy())
        above.append(cost)
        above_var.append(float(np.var(f) + np.var(g)) / samples)
        extended = LipschitzExtension(x, y, torch.from_numpy(f), torch.from_numpy(g))
        count = FRESH * samples
        on_p, on_q = (extended(law.sample(count, source).double()) for law in (p, q))
        below.append(float(on_p.mean() - on_q.mean()))
        below_var.append(float(on_p.var() + on_q.var()) / count)
    return SampleBounds(
        float(np.mean(below)),
        standard_error(below, below_var),
        float(np.mean(above)),
        standard_error(above, above_var),
    )


def standard_error(values: list[float], within: list[float]) -> float:
    """Of the mean of independent values: from between them, but not below that from within."""
    between = float(np.var(values, ddof=1))  # a few values may agree by chance
    return math.sqrt(max(between, float(np.mean(within))) / len(values))
