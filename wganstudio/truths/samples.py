"""Bounds of W1 from samples alone: exact discrete transport above, its extended potential below."""

import math
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from wganstudio.critics.lipschitz_extension import LipschitzExtension
from wganstudio.experiment.truths import SampleTruthOptions
from wganstudio.ot.distances import distances
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Distribution, Pair, SampleSource, make_rng
from wganstudio.truths.certificate import DISTRIBUTIONS, Truth

_ROUNDING = 2.0**-23
"""Bound of the rounding error of a sample, relative to its norm: it is computed in float32."""
FRESH = 8
"""Fresh samples for the lower bound, as a multiple of the points transported."""


class SampleBounds(NamedTuple):
    """Means over independent draws, with standard errors: E lower <= W1 <= E upper."""

    lower: float
    lower_se: float
    upper: float
    upper_se: float
    rounding: float
    """Bound of the change of W1 by the rounding of the samples to float32."""


class SampleDraw(NamedTuple):
    """Independent samples of P and Q in float64 on the CPU, for one transport problem and its lower bound."""

    x: Tensor
    """Samples [n, D] of P, to be transported."""
    y: Tensor
    """Samples [n, D] of Q."""
    fresh_x: Tensor
    """Samples [m, D] of P, on which the potential is measured."""
    fresh_y: Tensor
    """Samples [m, D] of Q."""


class SampleTruth:
    """Bounds of W1 from exact discrete transport between samples, even where more is known of the pair."""

    def __init__(self, options: SampleTruthOptions) -> None:
        self.options = options

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """Yield `w1` alone: samples bound neither the congested cost nor the gap limit."""
        yield sample_truth(pair.p, pair.q, self.options)


def sample_truth(p: Distribution, q: Distribution, options: SampleTruthOptions) -> Truth:
    """Return W1 with bounds, which are wide in many dimensions. Time grows a little faster than samples^2."""
    start = time.perf_counter()
    bounds = sample_bounds(p, q, options.samples, options.repeats, options.seed)
    lower = max(bounds.lower - options.confidence * bounds.lower_se, 0.0)
    upper = bounds.upper + options.confidence * bounds.upper_se
    value = (max(bounds.lower, 0.0) + bounds.upper) / 2
    return Truth(
        quantity="w1",
        value=value,
        lower=max(min(lower, value) - bounds.rounding, 0.0),
        upper=max(upper, value) + bounds.rounding,
        method=f"exact transport between {options.samples} samples, {options.repeats} draws; bounds at "
        f"{options.confidence:g} standard errors, the value halfway between them",
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )


def sample_bounds(p: Distribution, q: Distribution, samples: int, repeats: int, seed: int) -> SampleBounds:
    """Return bounds of W1(P, Q), averaged over independent draws.

    Upper bound: E W1(P_n, Q_n) >= W1(P, Q), biased upwards, heavily in many dimensions. Lower bound: the
    discrete dual potential, extended to a 1-Lipschitz function on R^D, has a gap of at most W1; it is
    measured on 8 `samples` fresh points of each distribution. Both hold for the means.

    Parameters
    ----------
    p, q : Distribution
    samples : int
        Points of each distribution in one transport problem.
    repeats : int
        Independent draws.
    seed : int
        Seed of the random stream.
    """
    return bounds_between(sample_draws(p, q, samples, repeats, make_rng("cpu", seed, 2)))


def sample_draws(
    p: SampleSource,
    q: SampleSource,
    samples: int,
    repeats: int,
    rng: torch.Generator,
    fresh: int = FRESH,
) -> Iterator[SampleDraw]:
    """Yield the samples of each repeat from a random stream, `fresh` times as many for the lower bound."""
    for _ in range(repeats):
        drawn = (each.sample(n, rng) for n in (samples, fresh * samples) for each in (p, q))
        yield SampleDraw(*(points.cpu().double() for points in drawn))


def bounds_between(draws: Iterable[SampleDraw]) -> SampleBounds:
    """Return the bounds of `sample_bounds` from given samples."""
    above, below, above_var, below_var, norms = ([] for _ in range(5))
    for x, y, fresh_x, fresh_y in draws:
        cost, f, g, _ = exact_transport(distances(x, y).numpy())
        norms += [float(torch.linalg.vector_norm(each, dim=1).mean()) for each in (x, y)]
        above.append(cost)
        above_var.append(float(np.var(f) + np.var(g)) / len(x))
        extended = LipschitzExtension(x, y, torch.from_numpy(f), torch.from_numpy(g))
        on_p, on_q = extended(fresh_x), extended(fresh_y)
        below.append(float(on_p.mean() - on_q.mean()))
        below_var.append(float(on_p.var() + on_q.var()) / len(fresh_x))
    return SampleBounds(
        float(np.mean(below)),
        standard_error(below, below_var),
        float(np.mean(above)),
        standard_error(above, above_var),
        2 * _ROUNDING * float(np.mean(norms)),
    )


def standard_error(values: list[float], within: list[float]) -> float:
    """Return the standard error of the mean of independent values, at least that from their own variances."""
    between = float(np.var(values, ddof=1))  # a few values may coincide
    return math.sqrt(max(between, float(np.mean(within))) / len(values))
