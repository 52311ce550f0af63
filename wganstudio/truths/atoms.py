"""Bounds of a regularized transport cost to a discrete distribution, from samples of the other one."""

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
from wganstudio.ot.exact import exact_transport, import_pot
from wganstudio.ot.regularized import RegularizedOT
from wganstudio.ot.regularizers import Regularizer, regularizer_of
from wganstudio.pairs.base import Pair, Sampler, SampleSource, make_rng
from wganstudio.truths.certificate import Truth
from wganstudio.truths.samples import FRESH, standard_error

Floats = NDArray[np.float64]

MAX_ENTRIES = 1 << 24
"""Entries of one cost matrix: 128 MiB."""
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
    low, high = float(np.mean(below)), float(np.mean(above))
    sigma = options.confidence
    value = (low + high) / 2
    yield Truth(
        quantity="transport",
        value=value,
        lower=min(low - sigma * standard_error(below, below_var), value),
        upper=max(high + sigma * standard_error(above, above_var), value),
        method=f"{ground.description} between {len(atoms):,} atoms and {count:,} samples, "
        f"{options.repeats} draws; bounds at {sigma:g} standard errors, the value halfway between them",
        law="the distributions themselves",
        seconds=time.perf_counter() - start,
    )


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
