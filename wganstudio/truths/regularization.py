"""Checks of the theory of regularized transport on samples: gradient error, regularization path, bias."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment import GroundCost
from wganstudio.experiment.ground import RegularizerName
from wganstudio.ot.costs import CostFunction
from wganstudio.ot.exact import exact_transport
from wganstudio.ot.regularized import DualCertificate, RegularizedOT
from wganstudio.ot.regularizers import Regularizer, regularizer_of
from wganstudio.pairs.base import Distribution, make_rng

Floats = NDArray[np.float64]
RELAXATION = 0.5
"""Relaxation of the c-transforms, for slow and even progress of the inner solver."""
MAX_ROUNDS = 4000
DECADES = 6.0
"""Decades of the accuracy of the dual over which the inner solver is followed, at most."""
FITTED_DECADES = 3.0
"""The last decades, from which the slope is fitted."""
NUM_LEVELS = 40
PRECISION = 1e-9
"""Accuracy of a solved problem, in units of the mean cost."""
STRENGTHS = tuple(10 ** (k / 4) for k in range(-12, 5))
"""Strengths of a regularization path, in units of the mean cost."""


@dataclass(frozen=True, eq=False)
class GradientError:
    """Error of the generator's gradient against the accuracy of the dual, as the inner solver iterates.

    The dual D at a psi and its c-transform falls short of the optimum D* by `accuracies` [k]; the gradient
    g_i = sum_j p_ij grad_x c(x_i, y_j) has the error `errors` [k], the mean over i of |g_i - g*_i|.

    Why the error is at most `constant` sqrt(accuracy / lambda), which is the order of arXiv 1802.08249,
    Theorem 4.1: let r be the density of the plan at psi, r* the optimal one, and s = phi + psi - c. As r*
    has both marginals, E phi + E psi = E r* (c + s), so that D* - D = E h(r*) + E h*(s) - E r* s for the
    charge h and its conjugate h*: Fenchel's gap, of r* and s.
    Entropy, h(r) = lambda (r log r - r + 1): it is lambda KL(r* | r) >= (lambda / 2) (E |r - r*|)^2 by
    Pinsker's inequality, both being densities: so E |r - r*| <= sqrt(2 accuracy / lambda).
    Squared density, h(r) = lambda r^2 for r >= 0: as s <= 2 lambda r, it is at least lambda E (r - r*)^2, so
    E |r - r*| <= sqrt(accuracy / lambda).
    The rows of both plans have the same sums, so that any v_i may be taken off grad_x c(x_i, .): the error is
    at most L E |r - r*|, L = max_ij |grad_x c(x_i, y_j) - v_i|, here with v_i the mean over j. The `constant`
    is sqrt(2) L or L. Through a generator it is multiplied by the largest norm of its Jacobian.
    """

    regularizer: RegularizerName
    strength: float
    accuracies: Floats
    certified: Floats
    """Certified accuracy [k], which needs no optimum; not below the true one."""
    errors: Floats
    constant: float
    slope: float
    """Slope of log error over log accuracy, by least squares; the theorem gives one half."""
    slope_error: float
    """Standard error of the slope, from the residuals; NaN for fewer than three points."""
    fitted: int
    """Number of points of the fit: those of the last decades of accuracy."""

    @property
    def bounds(self) -> Floats:
        """constant sqrt(accuracy / lambda) [k]."""
        return self.constant * np.sqrt(self.accuracies / self.strength)


@dataclass(frozen=True, eq=False)
class RegularizationPath:
    """The regularized cost between two lists of points over the strength, and the exact one.

    It exceeds the exact cost by at most the regularizer of the optimal plan, which is at most
    `excess` [k]: lambda log n for the entropy, lambda n for the squared density.
    """

    regularizer: RegularizerName
    exact: float
    strengths: Floats
    lower: Floats
    upper: Floats
    costs: Floats
    """<pi, c> of the plan alone."""
    excess: Floats


@dataclass(frozen=True, eq=False)
class BatchBias:
    """The mean cost between batches of two distributions, by their size; the excess is the bias."""

    sizes: NDArray[np.int64]
    values: Floats
    errors: Floats
    """Standard errors of the means."""
    repeats: NDArray[np.int64]


def gradient_error(x: Tensor, y: Tensor, ground: GroundCost, scale: float = 1.0) -> GradientError:
    """Follow the inner solver from psi = 0 by relaxed c-transforms.

    Parameters
    ----------
    x, y : tensors [n, D], [m, D]
        Points of equal weight, or their features if the ground cost has some.
    ground : GroundCost
    scale : float
        Scale of the cost.
    """
    cost, problem = _problem(x, y, ground, scale)
    x, y = x.double(), y.double()
    best = problem.solve(PRECISION * PRECISION)
    true = cost.weighted_gradient(best.transform.shares, x, y)
    accuracies, certified, errors = [], [], []
    for look in _inner_iterations(problem, best.lower):
        difference = cost.weighted_gradient(look.transform.shares, x, y) - true
        accuracies.append(best.lower - look.lower)
        certified.append(max(look.gap, accuracies[-1]))
        errors.append(float(torch.linalg.vector_norm(difference, dim=1).mean()))
    accuracy, certificate, error = (np.array(part) for part in (accuracies, certified, errors))
    last = accuracy <= accuracy.min() * 10**FITTED_DECADES
    slope, slope_error = _fitted_slope(np.log(accuracy[last]), np.log(error[last]))
    constant = _spread(cost, x, y) * (math.sqrt(2) if ground.regularizer == "entropy" else 1.0)
    return GradientError(
        ground.regularizer,
        ground.epsilon,
        accuracy,
        certificate,
        error,
        constant,
        slope,
        slope_error,
        int(last.sum()),
    )


def _fitted_slope(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the slope of y over x by least squares and its standard error."""
    if len(x) < 3:
        return float(np.polyfit(x, y, 1)[0]), float("nan")
    (slope, _), covariance = np.polyfit(x, y, 1, cov=True)
    return float(slope), float(np.sqrt(covariance[0, 0]))


def regularization_path(
    x: Tensor, y: Tensor, ground: GroundCost, scale: float = 1.0, strengths: Sequence[float] | None = None
) -> RegularizationPath:
    """Return the cost between points of equal weight over the strength of the regularizer.

    The problems are solved from large strengths to small ones, each from the dual of the one before.

    Parameters
    ----------
    x, y : tensors [n, D], [m, D]
    ground : GroundCost
        Its own strength is ignored.
    scale : float
        Scale of the cost.
    strengths : sequence of float, optional
        In units of the cost.
    """
    cost = CostFunction(ground, scale)
    table = cost.pairwise(x.double(), y.double())
    exact = exact_transport(table.numpy())
    mean = float(table.mean())
    chosen = np.sort(np.array([mean * power for power in STRENGTHS] if strengths is None else strengths))
    looks: list[tuple[DualCertificate, float]] = []
    psi = None
    for strength in chosen[::-1]:
        problem = RegularizedOT(table, _smoothing(ground, float(strength)))
        look = problem.solve(PRECISION * mean + 1e-4 * float(strength), psi)
        psi = look.psi
        plan = problem.feasible(problem.rows[:, None] * look.transform.shares)
        looks.append((look, float((plan * table).sum())))
    looks.reverse()
    charge = min(*table.shape) if ground.regularizer == "l2" else math.log(min(*table.shape))
    return RegularizationPath(
        ground.regularizer,
        exact.cost,
        chosen,
        np.array([look.lower for look, _ in looks]),
        np.array([look.upper for look, _ in looks]),
        np.array([paid for _, paid in looks]),
        chosen * charge,
    )


def batch_bias(
    p: Distribution,
    q: Distribution,
    ground: GroundCost,
    scale: float = 1.0,
    sizes: Sequence[int] = (16, 32, 64, 128, 256, 512),
    points: int = 4096,
    seed: int = 0,
) -> BatchBias:
    """Return the mean regularized cost between batches of P and Q of each size.

    A mini-batch solver minimizes this cost, not that between the distributions.

    Parameters
    ----------
    p, q : Distribution
    ground : GroundCost
    scale : float
        Scale of the cost.
    sizes : sequence of int
        Batch sizes.
    points : int
        Points of each distribution in all batches of one size; there are at least four batches.
    seed : int
        Seed of the random stream.
    """
    rng = make_rng("cpu", seed, 6)
    values, errors, repeats = [], [], []
    for size in sizes:
        count = max(points // size, 4)
        costs = []
        for _ in range(count):
            _, problem = _problem(p.sample(size, rng), q.sample(size, rng), ground, scale)
            costs.append(problem.solve(1e-4 * float(problem.costs.mean())).lower)
        values.append(float(np.mean(costs)))
        errors.append(float(np.std(costs, ddof=1)) / math.sqrt(count))
        repeats.append(count)
    return BatchBias(np.array(sizes), np.array(values), np.array(errors), np.array(repeats))


def _problem(x: Tensor, y: Tensor, ground: GroundCost, scale: float) -> tuple[CostFunction, RegularizedOT]:
    cost = CostFunction(ground, scale)
    return cost, RegularizedOT(cost.pairwise(x.double(), y.double()), regularizer_of(ground))


def _smoothing(ground: GroundCost, strength: float) -> Regularizer:
    return regularizer_of(GroundCost(epsilon=strength, regularizer=ground.regularizer))


def _inner_iterations(problem: RegularizedOT, optimum: float) -> Iterator[DualCertificate]:
    """Yield the certificates of the inner solver at about equal steps of the logarithm of its accuracy."""
    psi = torch.zeros_like(problem.columns)
    level, floor = math.inf, 1e-13 * (1 + abs(optimum))
    first = None
    for _ in range(MAX_ROUNDS):
        transform = problem.c_transform(psi)
        short = optimum - float(problem.value(psi, transform))
        first = short if first is None else first
        if short <= max(floor, first * 10**-DECADES):
            return
        if short <= level:
            yield problem.certify(psi, transform)
            level = short * 10 ** (-DECADES / NUM_LEVELS)
        psi = torch.lerp(psi, problem.c_transform_rows(transform.phi), RELAXATION)


def _spread(cost: CostFunction, x: Tensor, y: Tensor) -> float:
    """Return max_ij |grad_x c(x_i, y_j) - v_i|, v_i its mean over j."""
    each = torch.eye(len(y), dtype=x.dtype)
    most = 0.0
    for point in x:
        slopes = cost.weighted_gradient(each, point.expand(len(y), -1), y)
        most = max(most, float(torch.linalg.vector_norm(slopes - slopes.mean(0), dim=1).max()))
    return most
