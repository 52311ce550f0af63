"""Bounds of a regularized transport cost to a law made of atoms, from samples of the other law."""

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

MOST = 1 << 24
"""Entries of one table of costs: 128 MiB."""
ACCURACY = 1e-4
"""Of the plan of the least squared density, in units of the mean cost; what is left widens the bounds."""
_PLAIN = 500.0
"""Cost in eps up to which exp(-c / eps) is no number too small."""


class AtomBounds(NamedTuple):
    """One draw's bounds in expectation of the cost, and the variances of both."""

    lower: float
    lower_var: float
    upper: float
    upper_var: float


def atoms_truth(pair: Pair, ground: GroundCost, options: SampleTruthOptions) -> Iterator[Truth]:
    """`transport`: min over plans of <pi, c> + eps KL(pi | P x Q), or eps E r^2 of their density to P x Q, as
    the ground has it, where P is made of atoms; else nothing."""
    rng = make_rng("cpu", options.seed, 5)
    known = Sampler(pair.p, rng).atoms()
    if known is None:
        return
    start = time.perf_counter()
    atoms, weights = known
    count = min(options.samples, MOST // len(atoms))
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
    """Bounds of the cost between the atoms of a dual and the law Q, from `count` samples and 8 times as many.

    Above: the cost between all atoms and the samples, whose mean exceeds the true one since it is convex in
    Q. Below: the psi of that problem, whose smoothed transform is measured on the fresh samples: any psi
    gives a lower bound. Leaves that psi in the dual, which must be of float64.
    """
    points = q.sample(count, rng).double()
    costs = dual.costs(points)
    if dual.epsilon and dual.ground.regularizer == "l2":
        upper, psi, spread = _squared(costs, dual.weights, regularizer_of(dual.ground))
    else:
        upper, psi, spread = _solve(costs.numpy(), dual.weights.numpy(), dual.epsilon)
    dual.psi.copy_(torch.from_numpy(psi))
    seen = dual(q.sample(FRESH * count, rng).double())
    lower = float(dual.weights @ dual.psi - seen.mean())
    return AtomBounds(lower, float(seen.var()) / len(seen), upper, spread / count)


def _squared(costs: Tensor, weights: Tensor, smoothing: Regularizer) -> tuple[float, Floats, float]:
    """What `_solve` finds, for the squared density; Newton's steps are taken over the shorter list."""
    problem, accuracy = RegularizedOT(costs, smoothing, columns=weights), ACCURACY * float(costs.mean())
    if len(weights) > len(costs):
        across = RegularizedOT(costs.T.contiguous(), smoothing, rows=weights).solve(accuracy)
        found = problem.certify(problem.c_transform_rows(across.psi))
    else:
        found = problem.solve(accuracy)
    each = problem.row_costs(problem.feasible(problem.rows[:, None] * found.transform.shares))
    return found.upper, found.psi.numpy(), float((each / problem.rows).var(correction=0))


def _solve(costs: Floats, weights: Floats, epsilon: float) -> tuple[float, Floats, float]:
    """The cost between equal points and the atoms, psi [atoms], and the cost's variance over the points."""
    if epsilon == 0:
        solved = exact_transport(costs, weights)
        return solved.cost, solved.g, float(np.var(solved.f))
    ot: Any = import_pot()
    rows = np.full(len(costs), 1 / len(costs))
    method = "sinkhorn" if costs.max() < _PLAIN * epsilon else "sinkhorn_log"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is left of the marginals only widens the bounds
        plan, log = ot.sinkhorn(
            rows, weights, costs, epsilon, method=method, numItermax=5000, stopThr=1e-8, log=True
        )
    plan = np.asarray(plan)
    logs = log["log_v"] if "log_v" in log else np.log(log["v"])
    psi = epsilon * (np.asarray(logs).ravel() - np.log(weights))
    own = plan / np.outer(rows, weights)
    each = (plan * costs).sum(1) + epsilon * (plan * np.log(np.where(own > 0, own, 1.0))).sum(1)
    return float(each.sum()), psi, float(np.var(each / rows))
