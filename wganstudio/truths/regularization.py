"""What regularized transport promises, measured on samples: gradient error, path to the exact cost, bias."""

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
RELAXED = 0.5
"""Of a c-transform, so that the ladder has rungs."""
ROUNDS = 4000
DECADES = 6.0
"""The inner solver is followed over so many of the dual's accuracy, or as far as the rounds go."""
FITTED = 3.0
"""The slope is of the last of them."""
RUNGS = 40
PRECISE = 1e-9
"""Accuracy of what counts as solved, in units of the mean cost."""
GRID = tuple(10 ** (k / 4) for k in range(-12, 5))
"""Strengths of a path, in units of the mean cost."""


@dataclass(frozen=True, eq=False)
class GradientError:
    """How far the generator's gradient is off where the dual is not yet solved, as the inner solver goes.

    The dual D at a psi and its c-transform falls short of the optimum D* by `accuracies` [k]; the gradient
    g_i = sum_j p_ij grad_x c(x_i, y_j) is off by `errors` [k], the mean over i of |g_i - g*_i|.

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
    """The gap [k] that is known without the optimum; not below the accuracy."""
    errors: Floats
    constant: float
    slope: float
    """Of log error over log accuracy, by least squares; one half is the theorem's."""

    @property
    def bounds(self) -> Floats:
        """constant sqrt(accuracy / lambda) [k]."""
        return self.constant * np.sqrt(self.accuracies / self.strength)


@dataclass(frozen=True, eq=False)
class RegularizationPath:
    """The regularized cost between two lists of points over the strength, beside the exact one.

    It is not below the exact cost and above it by no more than the charge of the optimal plan, which is at
    most `excess` [k]: lambda log n for the entropy, lambda n for the squared density.
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
    """The mean cost between batches of two laws, by their size; its excess over the last is their bias."""

    sizes: NDArray[np.int64]
    values: Floats
    errors: Floats
    """Standard errors of the means."""
    repeats: NDArray[np.int64]


def gradient_error(x: Tensor, y: Tensor, ground: GroundCost, scale: float = 1.0) -> GradientError:
    """Follow the inner solver, from psi = 0 by relaxed c-transforms, between x [n, D] and y [m, D] of equal
    weight: the points, or what the ground's features see of them."""
    cost, problem = _problem(x, y, ground, scale)
    x, y = x.double(), y.double()
    best = problem.solve(PRECISE * PRECISE)
    true = cost.weighted_gradient(best.transform.shares, x, y)
    accuracies, certified, errors = [], [], []
    for look in _ladder(problem, best.lower):
        away = cost.weighted_gradient(look.transform.shares, x, y) - true
        accuracies.append(best.lower - look.lower)
        certified.append(max(look.gap, accuracies[-1]))
        errors.append(float(torch.linalg.vector_norm(away, dim=1).mean()))
    off, known, wrong = (np.array(part) for part in (accuracies, certified, errors))
    last = off <= off.min() * 10**FITTED
    slope = float(np.polyfit(np.log(off[last]), np.log(wrong[last]), 1)[0])
    constant = _spread(cost, x, y) * (math.sqrt(2) if ground.regularizer == "entropy" else 1.0)
    return GradientError(ground.regularizer, ground.epsilon, off, known, wrong, constant, slope)


def regularization_path(
    x: Tensor, y: Tensor, ground: GroundCost, scale: float = 1.0, strengths: Sequence[float] | None = None
) -> RegularizationPath:
    """The cost between x [n, D] and y [m, D] of equal weight, from large strengths to small, each begun at
    the one before; in units of the cost. The ground's own does not count."""
    cost = CostFunction(ground, scale)
    table = cost.pairwise(x.double(), y.double())
    exact = exact_transport(table.numpy())
    mean = float(table.mean())
    chosen = np.sort(np.array([mean * power for power in GRID] if strengths is None else strengths))
    looks: list[tuple[DualCertificate, float]] = []
    psi = None
    for strength in chosen[::-1]:
        problem = RegularizedOT(table, _smoothing(ground, float(strength)))
        look = problem.solve(PRECISE * mean + 1e-4 * float(strength), psi)
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
    """The regularized cost between batches of P and Q of each size, `points` of each law in all, at least
    four batches. What a mini-batch solver minimizes is that, not the cost between the laws."""
    source = make_rng("cpu", seed, 6)
    values, errors, repeats = [], [], []
    for size in sizes:
        count = max(points // size, 4)
        found = []
        for _ in range(count):
            _, problem = _problem(p.sample(size, source), q.sample(size, source), ground, scale)
            found.append(problem.solve(1e-4 * float(problem.costs.mean())).lower)
        values.append(float(np.mean(found)))
        errors.append(float(np.std(found, ddof=1)) / math.sqrt(count))
        repeats.append(count)
    return BatchBias(np.array(sizes), np.array(values), np.array(errors), np.array(repeats))


def _problem(x: Tensor, y: Tensor, ground: GroundCost, scale: float) -> tuple[CostFunction, RegularizedOT]:
    cost = CostFunction(ground, scale)
    return cost, RegularizedOT(cost.pairwise(x.double(), y.double()), regularizer_of(ground))


def _smoothing(ground: GroundCost, strength: float) -> Regularizer:
    return regularizer_of(GroundCost(epsilon=strength, regularizer=ground.regularizer))


def _ladder(problem: RegularizedOT, optimum: float) -> Iterator[DualCertificate]:
    """What the inner solver knows at about equal steps of the logarithm of its accuracy."""
    psi = torch.zeros_like(problem.columns)
    rung, floor = math.inf, 1e-13 * (1 + abs(optimum))
    first = None
    for _ in range(ROUNDS):
        transform = problem.c_transform(psi)
        short = optimum - float(problem.value(psi, transform))
        first = short if first is None else first
        if short <= max(floor, first * 10**-DECADES):
            return
        if short <= rung:
            yield problem.certify(psi, transform)
            rung = short * 10 ** (-DECADES / RUNGS)
        psi = torch.lerp(psi, problem.c_transform_rows(transform.phi), RELAXED)


def _spread(cost: CostFunction, x: Tensor, y: Tensor) -> float:
    """max_ij |grad_x c(x_i, y_j) - v_i|, v_i its mean over j."""
    each = torch.eye(len(y), dtype=x.dtype)
    most = 0.0
    for point in x:
        slopes = cost.weighted_gradient(each, point.expand(len(y), -1), y)
        most = max(most, float(torch.linalg.vector_norm(slopes - slopes.mean(0), dim=1).max()))
    return most
