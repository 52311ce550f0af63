"""W1 by known plans: a moved distribution, a translation, a difference in one coordinate."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Distribution, KnownPlan, make_rng
from wganstudio.truths.flow import FlowIntegrals, integrate_flow
from wganstudio.truths.line import pieces_profile

_CHUNK = 1 << 14
_MAX_SAMPLES = 1 << 22
_MAX_WORK = 1 << 34  # distances times coordinates: seconds on one core
_MAX_COORDINATES = 1 << 28  # of all samples: seconds on one core
_CHUNK_COORDINATES = 1 << 22  # of the points in memory at once
_MAX_PAIRS = 1 << 22
_ROUNDING = 1e-6  # of a float32 distance
_LP_ROUNDING = 1e-14  # of a linear program in float64, relative to the largest cost


def equal_points(plan: KnownPlan) -> Tensor | None:
    """Return all points [n, D] of the source of a plan; None unless it is discrete with equal weights."""
    atoms = plan.source.atoms()
    if atoms is None or not bool((atoms[1] == atoms[1][0]).all()):
        return None
    return atoms[0]


def equal_points_cost(plan: KnownPlan, points: Tensor) -> tuple[float, float]:
    """Return W1 = E|x - T x| over all points [n, D] of the source, and a bound of its float32 rounding."""
    parts = points.split(max(1, _CHUNK_COORDINATES // points.shape[1]))
    mean = sum(float(plan.lengths(part).double().sum()) for part in parts) / len(points)
    return mean, _ROUNDING * mean


def sampled_plan_cost(plan: KnownPlan, seed: int) -> tuple[float, float, int]:
    """Return W1 = E|x - T x| of a known plan from samples of its source.

    Up to 2^22 fresh samples; fewer with many funnels or in many dimensions, so that it takes seconds.

    Parameters
    ----------
    plan : KnownPlan
        The optimal plan x -> T x from its source.
    seed : int
        Seed of the random stream.

    Returns
    -------
    mean, standard_error, count

    References
    ----------
    arXiv 2206.07767, Section 4.
    """
    dim = plan.source.dim
    chunk = min(_CHUNK, _CHUNK_COORDINATES // dim)
    most = min(_MAX_SAMPLES, _MAX_WORK // plan.work_per_point, _MAX_COORDINATES // dim)
    count = max(chunk, most // chunk * chunk)
    rng = make_rng("cpu", seed, 1)
    total = squares = 0.0
    for _ in range(count // chunk):
        lengths = plan.lengths(plan.source.sample(chunk, rng)).double()
        total += float(lengths.sum())
        squares += float((lengths * lengths).sum())
    mean = total / count
    return mean, math.sqrt(max(squares / count - mean * mean, 0.0) / (count - 1)), count


def discrete_cost(p: Distribution, q: Distribution) -> tuple[float, float] | None:
    """Return W1 of two discrete distributions by a linear program, and a bound of its error.

    The error includes that of the points as they are sampled, rounded to float32. None for other
    distributions, or above 2^22 pairs of points.
    """
    sampled = p.atoms(), q.atoms()
    if sampled[0] is None or sampled[1] is None or len(sampled[0][0]) * len(sampled[1][0]) > _MAX_PAIRS:
        return None
    of_p, of_q = p.exact_atoms(), q.exact_atoms()
    assert of_p is not None and of_q is not None
    (x, mu), (y, nu) = of_p, of_q
    points = torch.from_numpy(x), torch.from_numpy(y)
    costs = torch.cdist(*points, compute_mode="donot_use_mm_for_euclid_dist").numpy()
    rounding = sum(float(weights @ _rounding(points)) for points, weights in (of_p, of_q))
    return exact_transport(costs, nu / nu.sum(), mu / mu.sum()).cost, rounding + _LP_ROUNDING * costs.max()


def _rounding(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each of the points [n, D] is moved by rounding to float32."""
    return np.asarray(np.linalg.norm(points - points.astype(np.float32), axis=1))


def translation_cost(p: Distribution, q: Distribution) -> float | None:
    """Return the length of the shift that turns P into Q, which is their W1; None unless they are translates.

    Any plan costs at least |E x - E y|, and the shift costs just that.
    """
    of_p, of_q = p.location_shape(), q.location_shape()
    if of_p is None or of_q is None or of_p.family != of_q.family:
        return None
    if not all(_is_close(one, other) for one, other in zip(of_p.shape, of_q.shape, strict=True)):
        return None
    return float(np.linalg.norm(of_q.location - of_p.location))


def one_coordinate_flow(p: Distribution, q: Distribution) -> FlowIntegrals | None:
    """Return the flow on the line of two product distributions that differ in one coordinate, or None.

    W1 is then that of the one coordinate: moving along it alone is a plan, and W1 of a projection is never
    more. The congested cost is another one, since sigma spreads along the others too.
    """
    of_p, of_q = p.coordinate_pieces(), q.coordinate_pieces()
    if of_p is None or of_q is None:
        return None
    unequal = [k for k, (one, other) in enumerate(zip(of_p, of_q, strict=True)) if one != other]
    if len(unequal) != 1:
        return None
    return integrate_flow(pieces_profile(of_p[unequal[0]], of_q[unequal[0]]))


def _is_close(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Return True if two arrays agree up to rounding of sums and differences of the numbers a user typed."""
    if one.shape != other.shape:
        return False
    return bool(np.allclose(one, other, rtol=1e-13, atol=1e-13 * float(np.max(np.abs(one), initial=0.0))))
