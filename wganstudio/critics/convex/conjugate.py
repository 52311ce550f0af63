"""Convex conjugates f*(y) = sup_x <x, y> - f(x) of strongly convex potentials, for many y at once."""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from wganstudio.critics.convex.base import ConvexPotential

Method = Literal["newton", "l-bfgs", "adam"]
MEMORY = 8
"""Number of steps that L-BFGS uses."""
_OVER, _UNDER = 0.3, 0.9
"""The line search accepts slopes between -0.3 and 0.9 times the initial one."""
_LINE_SEARCH_STEPS = 12
_ADAM_LEARNING_RATE = 0.1
_TINY = 1e-30


class Conjugate(NamedTuple):
    """The maximizers and values of the conjugate for n points y, with their certificate.

    f*(y) lies in [value, value + residual^2 / (2 alpha)]: f* is a supremum, and f is alpha-convex.
    """

    points: Tensor
    """x [n, D], approximately grad f*(y)."""
    values: Tensor
    """<x, y> - f(x) [n]."""
    residuals: Tensor
    """|grad f(x) - y| [n]."""
    iterations: Tensor
    """Number of steps of each point, [n]."""
    converged: Tensor
    """Residual at most the tolerance, [n]."""


@torch.no_grad()
def conjugate(
    potential: ConvexPotential,
    y: Tensor,
    start: Tensor | None = None,
    *,
    method: Method = "l-bfgs",
    tolerance: float = 1e-4,
    iterations: int = 100,
) -> Conjugate:
    """Maximize <x, y> - f(x) for each row of y, in closed form where the potential has one.

    Parameters
    ----------
    potential : ConvexPotential
        f.
    y : Tensor
        Points [n, D].
    start : Tensor, optional
        Initial x [n, D]; y by default.
    method : {"newton", "l-bfgs", "adam"}
        The optimizer; every row takes its own steps.
    tolerance : float
        A row has converged when its residual is at most this times the root mean square of all |y|.
    iterations : int
        Largest number of steps.

    Returns
    -------
    Conjugate
        Maximizers, values, residuals, numbers of steps and convergence.
    """
    x = potential.inverse(y)
    if x is not None:
        iterations = 0
    else:
        x = (y if start is None else start).clone()
    bound = tolerance * float(y.square().sum(1).mean().sqrt())
    f, slopes = potential.value_and_gradient(x)
    best = _State(x, slopes - y, (x * y).sum(1) - f)
    steps = torch.zeros(len(y), dtype=torch.long, device=y.device)
    _descend(potential, y, best, steps, bound, method, iterations)
    residuals = torch.linalg.vector_norm(best.gradients, dim=1)
    return Conjugate(best.points, best.values, residuals, steps, residuals <= bound)


class ConjugateMap(nn.Module):
    """The map grad f*, solved for at each point."""

    def __init__(self, potential: ConvexPotential, method: Method, tolerance: float, iterations: int) -> None:
        super().__init__()
        self.potential = potential
        self._method, self._tolerance, self._iterations = method, tolerance, iterations

    def solve(self, points: Tensor) -> Conjugate:
        """Return the conjugate at points y [n, D]."""
        return conjugate(
            self.potential,
            points,
            method=self._method,
            tolerance=self._tolerance,
            iterations=self._iterations,
        )

    def forward(self, points: Tensor) -> Tensor:
        """Return the approximate grad f* [n, D] at points [n, D]."""
        return self.solve(points).points


class _State(NamedTuple):
    """Points x [n, D], the gradients of f(x) - <x, y> there, and the values <x, y> - f(x)."""

    points: Tensor
    gradients: Tensor
    values: Tensor

    def put(self, rows: Tensor, other: "_State") -> None:
        """Overwrite some rows."""
        for whole, part in zip(self, other, strict=True):
            whole[rows] = part

    def take(self, rows: Tensor) -> "_State":
        """Return some rows."""
        return _State(*(whole[rows] for whole in self))


def _descend(
    potential: ConvexPotential,
    y: Tensor,
    best: _State,
    steps: Tensor,
    bound: float,
    method: Method,
    limit: int,
) -> None:
    """Take steps with the rows that have not converged, and store the best state of each in `best`."""
    rows = (torch.linalg.vector_norm(best.gradients, dim=1) > bound).nonzero()[:, 0]
    state, targets = best.take(rows), y[rows]
    optimizer = _OPTIMIZERS[method](potential, state, limit)
    for _ in range(limit):
        if not len(rows):
            return
        state = optimizer.step(targets, state)
        steps[rows] += 1
        lengths = torch.linalg.vector_norm(state.gradients, dim=1)
        better = lengths < torch.linalg.vector_norm(best.gradients[rows], dim=1)
        best.put(rows[better], state.take(better.nonzero()[:, 0]))
        unconverged = lengths > bound
        if not unconverged.all():
            remaining = unconverged.nonzero()[:, 0]
            rows, state, targets = rows[remaining], state.take(remaining), targets[remaining]
            optimizer.select(remaining)


class _Optimizer:
    """Computes the steps of the remaining rows."""

    def __init__(self, potential: ConvexPotential, state: _State, limit: int) -> None:
        self._potential = potential

    def step(self, y: Tensor, state: _State) -> _State:
        """Return the state of all rows after one step along the direction, shortened where it overshoots."""
        return self._search(y, state, self._direction(state))

    def select(self, rows: Tensor) -> None:
        """Continue with these rows only."""

    def _direction(self, state: _State) -> Tensor:
        raise NotImplementedError

    def _evaluate(self, x: Tensor, y: Tensor) -> _State:
        f, slopes = self._potential.value_and_gradient(x)
        return _State(x, slopes - y, (x * y).sum(1) - f)

    def _search(self, y: Tensor, state: _State, direction: Tensor) -> _State:
        """Return the state after steps t d that bring the slope along d to 0.9 to -0.3 times the initial one.

        The search uses slopes only: they increase along d, and near the optimum they still differ where the
        values are equal up to rounding. A bracketed t is updated by the secant, otherwise multiplied by four.
        """
        initial = (state.gradients * direction).sum(1)
        low, high = torch.zeros_like(initial), torch.full_like(initial, torch.inf)
        at_low, at_high = initial.clone(), torch.zeros_like(initial)
        t = torch.ones_like(initial)
        reached = self._evaluate(state.points + direction, y)
        for _ in range(_LINE_SEARCH_STEPS):
            slope = (reached.gradients * direction).sum(1)
            over, under = ~(slope <= -_OVER * initial), slope < _UNDER * initial
            open_ = (over | under).nonzero()[:, 0]
            if not len(open_):
                break
            high, at_high = torch.where(over, t, high), torch.where(over, slope, at_high)
            low, at_low = torch.where(under, t, low), torch.where(under, slope, at_low)
            share = (at_low / (at_low - at_high)).nan_to_num(0.1, 0.1, 0.1).clamp(0.1, 0.9)
            t = torch.where(high.isinf(), 4 * t, low + share * (high - low).nan_to_num(0, 0, 0))[open_]
            t = torch.ones_like(initial).index_copy_(0, open_, t) if len(open_) < len(initial) else t
            stepped = state.points[open_] + t[open_, None] * direction[open_]
            reached.put(open_, self._evaluate(stepped, y[open_]))
        return reached


class _Newton(_Optimizer):
    """Newton's direction d = -H^-1 g, with the Hessian H of f differentiated column by column."""

    def _direction(self, state: _State) -> Tensor:
        with torch.enable_grad():
            x = state.points.detach().requires_grad_(True)
            slopes = self._potential.value_and_gradient(x)[1]
            rows = [torch.autograd.grad(part.sum(), x, retain_graph=True)[0] for part in slopes.unbind(1)]
        hessian = torch.stack(rows, 1)
        return -torch.linalg.solve(hessian, state.gradients)


class _LBFGS(_Optimizer):
    """L-BFGS by the two-loop recursion over the last steps, row by row (Nocedal & Wright, Algorithm 7.4)."""

    def __init__(self, potential: ConvexPotential, state: _State, limit: int) -> None:
        super().__init__(potential, state, limit)
        self._pairs: list[tuple[Tensor, Tensor, Tensor]] = []

    def step(self, y: Tensor, state: _State) -> _State:
        reached = super().step(y, state)
        s, g = reached.points - state.points, reached.gradients - state.gradients
        self._pairs.append((s, g, (s * g).sum(1, keepdim=True)))
        del self._pairs[:-MEMORY]
        return reached

    def select(self, rows: Tensor) -> None:
        self._pairs = [(s[rows], g[rows], sg[rows]) for s, g, sg in self._pairs]

    def _direction(self, state: _State) -> Tensor:
        direction, weights = -state.gradients, []
        for s, g, sg in reversed(self._pairs):
            weights.append(_ratio((s * direction).sum(1, keepdim=True), sg))
            direction = direction - weights[-1] * g
        if self._pairs:
            _, g, sg = self._pairs[-1]
            scale = _ratio(sg, g.square().sum(1, keepdim=True))
            direction = direction * torch.where(scale > 0, scale, 1.0)
        for (s, g, sg), weight in zip(self._pairs, reversed(weights), strict=True):
            direction = direction + (weight - _ratio((g * direction).sum(1, keepdim=True), sg)) * s
        return direction


class _Adam(_Optimizer):
    """Adam with the same learning rate for all rows: a tenth of the rms of x, decayed linearly to 0."""

    def __init__(self, potential: ConvexPotential, state: _State, limit: int) -> None:
        super().__init__(potential, state, limit)
        self._mean = torch.zeros_like(state.points)
        self._square = torch.zeros_like(state.points)
        size = float(state.points.square().mean().sqrt()) if len(state.points) else 0.0
        self._rate, self._limit, self._done = _ADAM_LEARNING_RATE * (size or 1.0), limit, 0

    def step(self, y: Tensor, state: _State) -> _State:
        self._mean.lerp_(state.gradients, 0.1)
        self._square.lerp_(state.gradients.square(), 0.01)
        rate = self._rate * (1 - self._done / self._limit)
        self._done += 1
        mean, square = self._mean / (1 - 0.9**self._done), self._square / (1 - 0.99**self._done)
        return self._evaluate(state.points - rate * mean / (square.sqrt() + _TINY), y)

    def select(self, rows: Tensor) -> None:
        self._mean, self._square = self._mean[rows], self._square[rows]


def _ratio(above: Tensor, below: Tensor) -> Tensor:
    """Return above / below, and 0 where the denominator is 0 up to rounding."""
    return torch.where(below > _TINY, above / below.clamp_min(_TINY), 0.0)


_OPTIMIZERS: dict[str, type[_Optimizer]] = {"newton": _Newton, "l-bfgs": _LBFGS, "adam": _Adam}
