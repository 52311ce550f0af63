"""Conjugates f*(y) = sup_x <x, y> - f(x) of strongly convex potentials, for many y at once."""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from wganstudio.critics.convex.base import ConvexPotential

Method = Literal["newton", "l-bfgs", "adam"]
MEMORY = 8
_OVER, _UNDER = 0.3, 0.9
_TRIES = 12
_ADAM_RATE = 0.1
_TINY = 1e-30


class Conjugate(NamedTuple):
    """What was found for n points y, with its certificate.

    f*(y) lies in [value, value + residual^2 / (2 alpha)]: f* is a supremum, and f is alpha-convex.
    """

    points: Tensor
    """x [n, D], nearly grad f*(y)."""
    values: Tensor
    """<x, y> - f(x) [n]."""
    residuals: Tensor
    """|grad f(x) - y| [n]."""
    iterations: Tensor
    """Steps that each point took, [n]."""
    converged: Tensor
    """Whether the residual came down to the tolerance, [n]."""


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
    """Maximize <x, y> - f(x) for each row of y [n, D], from `start` [n, D] or else from y itself.

    A row is done when its residual is at most `tolerance` times the root mean square of all |y|, and is left
    out from then on. In closed form where the potential knows one.
    """
    x = potential.inverse(y)
    if x is not None:
        iterations = 0
    else:
        x = (y if start is None else start).clone()
    bound = tolerance * float(y.square().sum(1).mean().sqrt())
    f, slopes = potential.mapped(x)
    found = _State(x, slopes - y, (x * y).sum(1) - f)
    spent = torch.zeros(len(y), dtype=torch.long, device=y.device)
    _descend(potential, y, found, spent, bound, method, iterations)
    residuals = torch.linalg.vector_norm(found.gradients, dim=1)
    return Conjugate(found.points, found.values, residuals, spent, residuals <= bound)


class ConjugateMap(nn.Module):
    """grad f*, solved for at each point anew."""

    def __init__(self, potential: ConvexPotential, method: Method, tolerance: float, iterations: int) -> None:
        super().__init__()
        self.potential = potential
        self._method, self._tolerance, self._iterations = method, tolerance, iterations

    def solve(self, points: Tensor) -> Conjugate:
        """The conjugate at points y [n, D]."""
        return conjugate(
            self.potential,
            points,
            method=self._method,
            tolerance=self._tolerance,
            iterations=self._iterations,
        )

    def forward(self, points: Tensor) -> Tensor:
        """Nearly grad f* [n, D] at points [n, D]."""
        return self.solve(points).points


class _State(NamedTuple):
    """Points x [n, D], the gradients of f(x) - <x, y> there, and minus its values."""

    points: Tensor
    gradients: Tensor
    values: Tensor

    def put(self, rows: Tensor, other: "_State") -> None:
        for whole, part in zip(self, other, strict=True):
            whole[rows] = part

    def take(self, rows: Tensor) -> "_State":
        return _State(*(whole[rows] for whole in self))


def _descend(
    potential: ConvexPotential,
    y: Tensor,
    found: _State,
    spent: Tensor,
    bound: float,
    method: Method,
    limit: int,
) -> None:
    """Take steps with the rows that are not done, and leave in `found` the best of each."""
    rows = (torch.linalg.vector_norm(found.gradients, dim=1) > bound).nonzero()[:, 0]
    state, targets = found.take(rows), y[rows]
    rule = _RULES[method](potential, state, limit)
    for _ in range(limit):
        if not len(rows):
            return
        state = rule.step(targets, state)
        spent[rows] += 1
        lengths = torch.linalg.vector_norm(state.gradients, dim=1)
        better = lengths < torch.linalg.vector_norm(found.gradients[rows], dim=1)
        found.put(rows[better], state.take(better.nonzero()[:, 0]))
        going = lengths > bound
        if not going.all():
            kept = going.nonzero()[:, 0]
            rows, state, targets = rows[kept], state.take(kept), targets[kept]
            rule.keep(kept)


class _Rule:
    """How the rows step; it knows as many rows as are left."""

    def __init__(self, potential: ConvexPotential, state: _State, limit: int) -> None:
        self._potential = potential

    def step(self, y: Tensor, state: _State) -> _State:
        """All rows one step on: along the direction, shortened where it overshoots."""
        return self._search(y, state, self._direction(state))

    def keep(self, rows: Tensor) -> None:
        """Go on with these rows alone."""

    def _direction(self, state: _State) -> Tensor:
        raise NotImplementedError

    def _look(self, x: Tensor, y: Tensor) -> _State:
        f, slopes = self._potential.mapped(x)
        return _State(x, slopes - y, (x * y).sum(1) - f)

    def _search(self, y: Tensor, state: _State, direction: Tensor) -> _State:
        """Steps t d at whose end the slope along d lies between 0.9 and -0.3 times what it began with.

        Slopes alone decide: they only grow along d, and near the optimum can still be told apart where
        rounding has leveled the values. Bracketed, t becomes the secant's, otherwise four times as large.
        """
        begun = (state.gradients * direction).sum(1)
        low, high = torch.zeros_like(begun), torch.full_like(begun, torch.inf)
        at_low, at_high = begun.clone(), torch.zeros_like(begun)
        t = torch.ones_like(begun)
        reached = self._look(state.points + direction, y)
        for _ in range(_TRIES):
            slope = (reached.gradients * direction).sum(1)
            over, under = ~(slope <= -_OVER * begun), slope < _UNDER * begun
            open_ = (over | under).nonzero()[:, 0]
            if not len(open_):
                break
            high, at_high = torch.where(over, t, high), torch.where(over, slope, at_high)
            low, at_low = torch.where(under, t, low), torch.where(under, slope, at_low)
            share = (at_low / (at_low - at_high)).nan_to_num(0.1, 0.1, 0.1).clamp(0.1, 0.9)
            t = torch.where(high.isinf(), 4 * t, low + share * (high - low).nan_to_num(0, 0, 0))[open_]
            t = torch.ones_like(begun).index_copy_(0, open_, t) if len(open_) < len(begun) else t
            stepped = state.points[open_] + t[open_, None] * direction[open_]
            reached.put(open_, self._look(stepped, y[open_]))
        return reached


class _Newton(_Rule):
    """d = -H^-1 g, H the Hessian of f, differentiated column by column."""

    def _direction(self, state: _State) -> Tensor:
        with torch.enable_grad():
            x = state.points.detach().requires_grad_(True)
            slopes = self._potential.mapped(x)[1]
            rows = [torch.autograd.grad(part.sum(), x, retain_graph=True)[0] for part in slopes.unbind(1)]
        hessian = torch.stack(rows, 1)
        return -torch.linalg.solve(hessian, state.gradients)


class _Memory(_Rule):
    """L-BFGS: the two-loop recursion over the last steps, row by row (Nocedal & Wright, Algorithm 7.4)."""

    def __init__(self, potential: ConvexPotential, state: _State, limit: int) -> None:
        super().__init__(potential, state, limit)
        self._pairs: list[tuple[Tensor, Tensor, Tensor]] = []

    def step(self, y: Tensor, state: _State) -> _State:
        reached = super().step(y, state)
        s, g = reached.points - state.points, reached.gradients - state.gradients
        self._pairs.append((s, g, (s * g).sum(1, keepdim=True)))
        del self._pairs[:-MEMORY]
        return reached

    def keep(self, rows: Tensor) -> None:
        self._pairs = [(s[rows], g[rows], sg[rows]) for s, g, sg in self._pairs]

    def _direction(self, state: _State) -> Tensor:
        found, weights = -state.gradients, []
        for s, g, sg in reversed(self._pairs):
            weights.append(_ratio((s * found).sum(1, keepdim=True), sg))
            found = found - weights[-1] * g
        if self._pairs:
            _, g, sg = self._pairs[-1]
            scale = _ratio(sg, g.square().sum(1, keepdim=True))
            found = found * torch.where(scale > 0, scale, 1.0)
        for (s, g, sg), weight in zip(self._pairs, reversed(weights), strict=True):
            found = found + (weight - _ratio((g * found).sum(1, keepdim=True), sg)) * s
        return found


class _Adam(_Rule):
    """Adam's steps of a tenth of the rms of x, row by row alike, down to 0 along a line."""

    def __init__(self, potential: ConvexPotential, state: _State, limit: int) -> None:
        super().__init__(potential, state, limit)
        self._mean = torch.zeros_like(state.points)
        self._square = torch.zeros_like(state.points)
        size = float(state.points.square().mean().sqrt()) if len(state.points) else 0.0
        self._rate, self._limit, self._done = _ADAM_RATE * (size or 1.0), limit, 0

    def step(self, y: Tensor, state: _State) -> _State:
        self._mean.lerp_(state.gradients, 0.1)
        self._square.lerp_(state.gradients.square(), 0.01)
        rate = self._rate * (1 - self._done / self._limit)
        self._done += 1
        mean, square = self._mean / (1 - 0.9**self._done), self._square / (1 - 0.99**self._done)
        return self._look(state.points - rate * mean / (square.sqrt() + _TINY), y)

    def keep(self, rows: Tensor) -> None:
        self._mean, self._square = self._mean[rows], self._square[rows]


def _ratio(above: Tensor, below: Tensor) -> Tensor:
    """above / below, and 0 where rounding left nothing below."""
    return torch.where(below > _TINY, above / below.clamp_min(_TINY), 0.0)


_RULES: dict[str, type[_Rule]] = {"newton": _Newton, "l-bfgs": _Memory, "adam": _Adam}
