"""W1 where an optimal plan is known: a moved law, a translation, laws that differ in one coordinate."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Distribution, make_rng
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.pairs.ray_monotone import MovedDistribution
from wganstudio.truths.flow import FlowIntegrals
from wganstudio.truths.line import line_flow

_CHUNK = 1 << 14
_MOST = 1 << 22
_BUDGET = 1 << 34  # distances times coordinates: seconds on one core
_COORDINATES = 1 << 28  # of samples: likewise
_HELD = 1 << 22  # coordinates at once
_PAIRS = 1 << 22
_ROUNDING = 1e-6  # of a float32 distance


def equal_points(law: MovedDistribution) -> Tensor | None:
    """All points [n, D] of its base where those are finitely many, equally likely; else None."""
    base = law.base
    return (
        base.on(torch.device("cpu")) if isinstance(base, EmpiricalDistribution) and base.width == 0 else None
    )


def equal_points_cost(law: MovedDistribution, points: Tensor) -> tuple[float, float]:
    """W1 = E|x - T x| over all points [n, D] of the base, and a bound of what float32 rounds it by."""
    parts = points.split(max(1, _HELD // law.dim))
    mean = sum(float(law.lengths(part).double().sum()) for part in parts) / len(points)
    return mean, _ROUNDING * mean


def sampled_plan_cost(law: MovedDistribution, seed: int) -> tuple[float, float, int]:
    """W1 = E|x - T x| of a moved law and its base (arXiv 2206.07767, Section 4): mean, standard error, count.

    Up to 2^22 fresh samples; fewer with many funnels or in many dimensions, so that it takes seconds.
    """
    work = len(law.funnel.centers) * (law.dim + 16)
    chunk = min(_CHUNK, _HELD // law.dim)
    count = max(chunk, min(_MOST, _BUDGET // work, _COORDINATES // law.dim) // chunk * chunk)
    source = make_rng("cpu", seed, 1)
    total = squares = 0.0
    for _ in range(count // chunk):
        lengths = law.displacements(chunk, source).double()
        total += float(lengths.sum())
        squares += float((lengths * lengths).sum())
    mean = total / count
    return mean, math.sqrt(max(squares / count - mean * mean, 0.0) / (count - 1)), count


def discrete_cost(p: Distribution, q: Distribution) -> float | None:
    """W1 between two laws made of atoms, solved exactly; None for others, or more than 2^22 pairs."""
    one, other = (getattr(law, "atoms", None) for law in (p, q))
    if one is None or other is None or len(one[0]) * len(other[0]) > _PAIRS:
        return None
    (x, mu), (y, nu) = ((points.double(), weights.double().numpy()) for points, weights in (one, other))
    costs = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").numpy()
    return exact_transport(costs, nu / nu.sum(), mu / mu.sum()).cost


def translation_cost(p: Distribution, q: Distribution) -> float | None:
    """The length of the shift that turns P into Q, which is their W1; None where they are no translates.

    Any plan costs at least |E x - E y|, and the shift costs just that.
    """
    if isinstance(p, Gaussian) and isinstance(q, Gaussian):
        same = _close(p.scale, q.scale)
    elif isinstance(p, Box) and isinstance(q, Box):
        same = _close(p.high - p.low, q.high - q.low)
    elif isinstance(p, Ball) and isinstance(q, Ball):
        same = p.radius == q.radius and p.hole == q.hole
    elif isinstance(p, GaussianMixture) and isinstance(q, GaussianMixture) and p.means.shape == q.means.shape:
        shapes = ((p.weights, q.weights), (p.scales, q.scales), (p.means - p.means[0], q.means - q.means[0]))
        same = all(_close(one, other) for one, other in shapes)
        return float(np.linalg.norm(q.means[0] - p.means[0])) if same else None
    else:
        return None
    return float(np.linalg.norm(q.mean - p.mean)) if same else None


def one_coordinate_flow(p: Distribution, q: Distribution) -> FlowIntegrals | None:
    """The flow on the line of two product laws that agree in every other coordinate; None where they do not.

    W1 is then that of the one coordinate: moving along it alone is a plan, and W1 of a projection is never
    more. The congested cost is another one, since sigma spreads along the others too.
    """
    if isinstance(p, Gaussian) and isinstance(q, Gaussian):
        first, second = (p.mean, p.scale), (q.mean, q.scale)
    elif isinstance(p, Box) and isinstance(q, Box):
        first, second = (p.low, p.high), (q.low, q.high)
    else:
        return None
    differ = np.flatnonzero((first[0] != second[0]) | (first[1] != second[1]))
    if len(differ) != 1:
        return None
    k = differ[0]
    make = type(p)
    return line_flow(make([first[0][k]], [first[1][k]]), make([second[0][k]], [second[1][k]]))


def _close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Equal but for the rounding of sums and differences of the numbers a user typed."""
    return bool(np.allclose(one, other, rtol=1e-13, atol=1e-13 * float(np.max(np.abs(one), initial=0.0))))
