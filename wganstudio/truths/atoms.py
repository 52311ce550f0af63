"""Bounds of a regularized transport cost to a discrete distribution: to another one, or to samples."""

import time
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.critics.c_transform import RegularizedCTransform
from wganstudio.experiment import GroundCost
from wganstudio.experiment.truths import SampleTruthOptions
from wganstudio.ot.backend import pairwise_norms
from wganstudio.ot.entropic import entropic_bounds
from wganstudio.ot.exact import exact_transport, import_pot, line_cost
from wganstudio.ot.gaussian import EPS
from wganstudio.ot.regularized import RegularizedOT
from wganstudio.ot.regularizers import Regularizer, regularizer_of
from wganstudio.pairs.base import Pair, Sampler, SampleSource, make_rng
from wganstudio.truths.certificate import DISTRIBUTIONS, Truth
from wganstudio.truths.samples import FRESH, standard_error

Floats = NDArray[np.float64]

MAX_ENTRIES = 1 << 24
"""Entries of one cost matrix: 128 MiB."""
MAX_PAIRS, MAX_NEWTON = 1 << 22, 1 << 31
"""Pairs of atoms in one exact problem, and pairs times the shorter list in a regularized one."""
ROUNDING = 1e-14
"""Rounding error of an exact cost, in units of the largest one."""
ACCURACY = 1e-4
"""Accuracy of the l2-regularized plan in units of the mean cost; the rest widens the bounds."""
_MAX_EXPONENT = 500.0
"""Cost in units of eps up to which exp(-c / eps) does not underflow."""


class AtomBounds(NamedTuple):
    """Bounds in expectation of the cost from one draw, and the variances of both."""

    lower: float
    lower_var: float
    upper: float
    upper_var: float


def atoms_truth(pair: Pair, ground: GroundCost, options: SampleTruthOptions) -> Iterator[Truth]:
    """Yield `transport` at a ground cost if P is discrete: min <pi, c> + eps KL(pi | P x Q), or + eps E r^2.

    r is the density of the plan with respect to P x Q.
    """
    rng = make_rng("cpu", options.seed, 5)
    discrete = Sampler(pair.p, rng).atoms()
    if discrete is None:
        return
    start = time.perf_counter()
    atoms, weights = discrete
    count = min(options.samples, MAX_ENTRIES // len(atoms))
    if count < 2:
        return
    dual = RegularizedCTransform(atoms.double(), weights.double(), ground)
    draws = [atom_bounds(dual, pair.q, count, rng) for _ in range(options.repeats)]
    below, below_var, above, above_var = map(list, zip(*draws, strict=True))
    low, high = max(float(np.mean(below)), 0.0), float(np.mean(above))
    sigma = options.confidence
    value = (low + high) / 2
    rounding = 8 * EPS * ground.epsilon  # c-transforms are differences of numbers of this size
    yield Truth(
        quantity="transport",
        value=value,
        lower=min(max(low - sigma * standard_error(below, below_var) - rounding, 0.0), value),
        upper=max(high + sigma * standard_error(above, above_var) + rounding, value),
        method=f"{ground.description} between {len(atoms):,} atoms and {count:,} samples, "
        f"{options.repeats} draws; bounds at {sigma:g} standard errors, the value halfway between them",
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )


def two_lists_truth(pair: Pair, ground: GroundCost, max_pairs: int = MAX_PAIRS) -> Truth | None:
    """Return `transport` between two discrete distributions, solved to rounding; None for any others.

    Also None where there are more than `max_pairs` pairs of atoms, or the regularized problem would take
    minutes. Exact transport on the line has no limit.
    """
    start = time.perf_counter()
    sampled_p, sampled_q = pair.p.atoms(), pair.q.atoms()
    if sampled_p is None or sampled_q is None:
        return None
    n, m = len(sampled_p[0]), len(sampled_q[0])
    sorts = pair.dim == 1 and _is_sorting(ground)
    if not sorts and (n * m > max_pairs or (ground.epsilon > 0 and n * m * min(n, m) > MAX_NEWTON)):
        return None
    of_p, of_q = pair.p.exact_atoms(), pair.q.exact_atoms()
    assert of_p is not None and of_q is not None
    (x, a), (y, b) = _positive(*of_p), _positive(*of_q)
    if sorts:
        lower, upper = _line_bounds(x.numpy()[:, 0], a, y.numpy()[:, 0], b, ground)
    else:
        lower, upper = _solved_bounds(_costs(x, a, y, ground), a, b, ground)
    lower = max(lower, 0.0)
    return Truth(
        quantity="transport",
        value=(lower + upper) / 2,
        lower=lower,
        upper=upper,
        method=f"{ground.description} between {len(x):,} and {len(y):,} atoms, solved to rounding",
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )


def _is_sorting(ground: GroundCost) -> bool:
    """Return True for exact transport at a cost for which the plan on the line sorts the points."""
    return (
        ground.epsilon == 0
        and ground.cost != "cosine"
        and ground.features == "none"
        and not ground.normalized
    )


def _line_bounds(x: Floats, a: Floats, y: Floats, b: Floats, ground: GroundCost) -> tuple[float, float]:
    """Return lower and upper bound of the exact cost on the line, rounding included."""
    cost = line_cost(x, y, a, b, squared=ground.cost == "squared")
    length = max(float(x.max() - y.min()), float(y.max() - x.min()))
    largest = length**2 if ground.cost == "squared" else length
    error = (len(x) + len(y)) * EPS * largest  # of sums and differences of the weights, one after another
    return cost - error, cost + error


def _costs(x: Tensor, weights: Floats, y: Tensor, ground: GroundCost) -> Floats:
    """Return c(x_i, y_j) [n, m] of two lists in float64, exact to the rounding of each entry.

    Norms come from direct differences in any dimension: expanded squares would lose the small ones.
    """
    dual = RegularizedCTransform(x, torch.from_numpy(weights), ground)
    if ground.cost == "cosine" or ground.features != "none":
        return np.asarray(dual.costs(y).T.numpy())
    costs = pairwise_norms(x, y, ground.p if ground.cost == "p-norm" else 2.0).numpy()
    return np.asarray((costs**2 if ground.cost == "squared" else costs) / dual.scale)


def _solved_bounds(costs: Floats, rows: Floats, columns: Floats, ground: GroundCost) -> tuple[float, float]:
    """Return lower and upper bound of the cost between two lists, rounding included."""
    largest = float(np.abs(costs).max())
    if ground.epsilon == 0:
        solved = exact_transport(costs, columns, rows)
        violation = max(float((solved.f[:, None] + solved.g - costs).max()), 0.0)
        lost = float(np.abs(solved.plan.sum(1) - rows).sum() + np.abs(solved.plan.sum(0) - columns).sum())
        upper = float((solved.plan * costs).sum()) + lost * largest
        lower = float(rows @ solved.f + columns @ solved.g) - violation
        return lower - ROUNDING * largest, upper + ROUNDING * largest
    if len(columns) > len(rows):
        return _solved_bounds(np.ascontiguousarray(costs.T), columns, rows, ground)
    problem = RegularizedOT(costs, regularizer_of(ground), rows, columns)
    solution = problem.solve(ROUNDING * largest)
    if ground.regularizer == "entropy":
        return entropic_bounds(costs, rows, columns, ground.epsilon, np.asarray(solution.psi))
    error = ROUNDING * (largest + ground.epsilon)
    return solution.lower - error, solution.upper + error


def _positive(points: Floats, weights: Floats) -> tuple[Tensor, Floats]:
    """Return the atoms that have weight, and their weights, of sum 1."""
    present = weights > 0
    kept = torch.from_numpy(np.asarray(points[present], dtype=np.float64))
    return kept, weights[present] / weights[present].sum()


def atom_bounds(dual: RegularizedCTransform, q: SampleSource, count: int, rng: torch.Generator) -> AtomBounds:
    """Return bounds of the cost between the atoms of a dual and Q, and leave the best psi in the dual.

    Upper bound: the cost between all atoms and the samples, whose mean exceeds the true one since it is
    convex in Q. Lower bound: the psi of that problem, whose regularized c-transform is measured on fresh
    samples: any psi gives a lower bound.

    Parameters
    ----------
    dual : RegularizedCTransform
        In float64.
    q : SampleSource
    count : int
        Samples of Q; the lower bound takes 8 times as many.
    rng : torch.Generator
    """
    points = q.sample(count, rng).double()
    costs = dual.costs(points)
    if dual.epsilon and dual.ground.regularizer == "l2":
        upper, psi, spread = _squared(costs, dual.weights, regularizer_of(dual.ground))
    else:
        upper, psi, spread = _solve(costs.numpy(), dual.weights.numpy(), dual.epsilon)
    dual.psi.copy_(torch.from_numpy(psi))
    transform = dual(q.sample(FRESH * count, rng).double())
    lower = float(dual.weights @ dual.psi - transform.mean())
    return AtomBounds(lower, float(transform.var()) / len(transform), upper, spread / count)


def _squared(costs: Tensor, weights: Tensor, smoothing: Regularizer) -> tuple[float, Floats, float]:
    """Return the results of `_solve` for the l2 regularizer; Newton's method runs over the shorter list."""
    problem, accuracy = RegularizedOT(costs, smoothing, columns=weights), ACCURACY * float(costs.mean())
    if len(weights) > len(costs):
        across = RegularizedOT(costs.T.contiguous(), smoothing, rows=weights).solve(accuracy)
        solution = problem.certify(problem.c_transform_rows(across.psi))
    else:
        solution = problem.solve(accuracy)
    each = problem.row_costs(problem.feasible(problem.rows[:, None] * solution.transform.shares))
    return solution.upper, solution.psi.numpy(), float((each / problem.rows).var(correction=0))


def _solve(costs: Floats, weights: Floats, epsilon: float) -> tuple[float, Floats, float]:
    """Return the cost between equal points and the atoms, psi [atoms], and its variance over the points."""
    if epsilon == 0:
        solved = exact_transport(costs, weights)
        return solved.cost, solved.g, float(np.var(solved.f))
    ot: Any = import_pot()
    rows = np.full(len(costs), 1 / len(costs))
    method = "sinkhorn" if costs.max() < _MAX_EXPONENT * epsilon else "sinkhorn_log"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # errors of the marginals only widen the bounds
        plan, log = ot.sinkhorn(
            rows, weights, costs, epsilon, method=method, numItermax=5000, stopThr=1e-8, log=True
        )
    plan = np.asarray(plan)
    logs = log["log_v"] if "log_v" in log else np.log(log["v"])
    psi = epsilon * (np.asarray(logs).ravel() - np.log(weights))
    density = plan / np.outer(rows, weights)
    each = (plan * costs).sum(1) + epsilon * (plan * np.log(np.where(density > 0, density, 1.0))).sum(1)
    return float(each.sum()), psi, float(np.var(each / rows))
