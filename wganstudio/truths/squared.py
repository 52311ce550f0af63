"""Squared W2, the exact cost at |x - y|^2: by a known map, or bounds from samples of both distributions."""

import math
import time

import numpy as np
import torch
from torch import Tensor

from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.critics.convex.conjugate import conjugate
from wganstudio.critics.convex.max_affine import MaxAffine
from wganstudio.critics.convex.quadratic import Quadratic
from wganstudio.experiment import GroundCost
from wganstudio.experiment import critics as options_of
from wganstudio.experiment.truths import SampleTruthOptions
from wganstudio.ot.exact import exact_transport
from wganstudio.ot.gaussian import Moments
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.truths.certificate import DISTRIBUTIONS, Truth
from wganstudio.truths.samples import standard_error

_CHUNK = 1 << 14
_COORDINATES = 1 << 25
"""Coordinates of the samples on which a known map is measured."""
_ALPHA, _SMOOTHING = 0.05, 1e-3
"""Strong convexity and smoothing (in units of the cost) of the extended discrete potential."""


def is_squared(ground: GroundCost) -> bool:
    """Return True for the exact cost at |x - y|^2 of the points themselves."""
    return ground.is_plain and ground.cost == "squared" and ground.epsilon == 0 and not ground.normalized


def known_map_truth(pair: Pair, ground: GroundCost, options: SampleTruthOptions) -> Truth | None:
    """Return `transport` = E|x - T x|^2 of the known optimal map, from samples; None if the pair has none."""
    if pair.move is None or not is_squared(ground):
        return None
    start = time.perf_counter()
    rng = make_rng("cpu", options.seed, 6)
    count = max(1, min(64, _COORDINATES // (_CHUNK * pair.dim))) * _CHUNK
    total = squares = 0.0
    for _ in range(count // _CHUNK):
        x = pair.p.sample(_CHUNK, rng)
        costs = (x - pair.move(x)).double().square().sum(1)
        total, squares = total + float(costs.sum()), squares + float(costs.square().sum())
    value = total / count
    error = options.confidence * math.sqrt(max(squares / count - value * value, 0.0) / (count - 1))
    return Truth(
        quantity="transport",
        value=value,
        lower=max(value - error, 0.0),
        upper=value + error,
        method=f"known map, {count:,} samples, bounds at {options.confidence:g} standard errors",
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )


def squared_sample_truth(pair: Pair, ground: GroundCost, options: SampleTruthOptions) -> Truth | None:
    """Return `transport` with bounds in expectation from samples of both distributions, and their errors.

    Upper bound: exact transport between samples, biased upwards. Lower bound: any convex f gives
    E_P (|x|^2 - 2 f) + E_Q (|y|^2 - 2 f*) <= W2^2, measured on fresh samples: the quadratic of the samples'
    moments, and their discrete potential made strongly convex, with the error of its conjugate
    subtracted. The larger of both counts.
    """
    if not is_squared(ground):
        return None
    start = time.perf_counter()
    rng = make_rng("cpu", options.seed, 8)
    above, above_var = [], []
    below: dict[str, tuple[list[float], list[float]]] = {
        "moments": ([], []),
        "a discrete potential": ([], []),
    }
    for _ in range(options.repeats):
        x, y = (each.sample(options.samples, rng).double() for each in (pair.p, pair.q))
        solved = exact_transport(
            torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").square().numpy()
        )
        above.append(solved.cost)
        above_var.append(float(np.var(solved.f) + np.var(solved.g)) / options.samples)
        fresh = [each.sample(options.samples, rng).double() for each in (pair.p, pair.q)]
        for name, potential in (
            ("moments", _of_moments(x, y)),
            ("a discrete potential", _extended(y, torch.from_numpy(solved.g))),
        ):
            mean, variance = _dual(potential, *fresh)
            below[name][0].append(mean)
            below[name][1].append(variance)
    sigma = options.confidence
    lows = {
        name: (float(np.mean(means)), sigma * standard_error(means, variances))
        for name, (means, variances) in below.items()
    }
    how, (low, low_error) = max(lows.items(), key=lambda item: item[1][0] - item[1][1])
    low, high = max(low, 0.0), float(np.mean(above))
    value = (low + high) / 2
    return Truth(
        quantity="transport",
        value=value,
        lower=min(max(low - low_error, 0.0), value),
        upper=max(high + sigma * standard_error(above, above_var), value),
        method=f"exact transport between {options.samples:,} samples, {options.repeats} draws, and from "
        f"below {how}; bounds at {sigma:g} standard errors, the value halfway between them",
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )


def _of_moments(x: Tensor, y: Tensor) -> Quadratic:
    """Return the optimal quadratic for distributions with the moments of the samples."""
    potential = Quadratic(options_of.QuadraticOptions(alpha=1e-3), x.shape[1]).double()
    potential.fit(Moments.of_samples(x), Moments.of_samples(y))
    return potential


@torch.no_grad()
def _extended(y: Tensor, g: Tensor) -> MaxAffine:
    """Return max_j <x, y_j> - (|y_j|^2 - g_j) / 2, drawn toward |x|^2 / 2 by alpha."""
    scale = float(y.var(0).sum())
    options = options_of.MaxAffineOptions(
        pieces=len(y), alpha=_ALPHA, smoothing=max(_SMOOTHING * scale, 1e-9)
    )
    potential = MaxAffine(options, y.shape[1]).double()
    potential.slopes.copy_((1 - _ALPHA) * y)
    potential.heights.copy_((_ALPHA - 1) / 2 * (y.square().sum(1) - g))
    return potential


@torch.no_grad()
def _dual(potential: ConvexPotential, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Return a lower bound of W2^2 in expectation from fresh samples, and its variance."""
    dual = conjugate(potential, y, method="l-bfgs", tolerance=1e-2, iterations=50)
    upper = dual.values + dual.residuals.square() / (2 * potential.alpha)
    on_p, on_q = potential(x), y.square().sum(1) - 2 * upper
    return float(on_p.mean() + on_q.mean()), float(on_p.var() / len(x) + on_q.var() / len(y))
