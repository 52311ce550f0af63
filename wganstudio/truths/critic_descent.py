r"""Descent of samples of P down a critic by W1, and the W1 that is left over ("Trust the critics").

The step is x -> x - d grad u(x) / E|grad u|, whose mean displacement is d. For a W1 potential |grad u| = 1
at almost every x of P from which mass moves, and the step is that of Algorithm 1 of Milne, Bilocq and Nachman
(arXiv 2211.00820), x -> x - W1 grad u(x).

What one step of a potential reaches. Let u be a W1 potential of P and Q: 1-Lipschitz with E_P u - E_Q u = W1.
Let T be an optimal map, so that T(x) = x - r(x) grad u(x) with r(x) = |x - T(x)|, and S(x) = x - d grad u(x).
Then |S(x) - T(x)| = |d - r(x)| and, by the triangle inequality,

.. math:: |W_1 - d| \le W_1(S_\#P, Q) \le E|d - r(x)|.

- If r is constant, as for a translation, d = W1 leaves nothing over.
- If d <= r(x) for almost every x, exactly W1 - d is left over.
- Otherwise the step of d = W1, the mean of r, overshoots where r < W1 and falls short where r > W1; what it
  leaves over is at most the mean absolute deviation of r, which may exceed W1 for a skew r. The right side is
  exact on the line and for radial pairs where T is increasing along the line, or along the rays.

After a step that overshoots, u is no potential of the moved samples and Q. The paper trains a new critic
then; further steps down the same critic are an extrapolation. For a critic that is no W1 potential, such as
one of a gradient penalty, whose slopes exceed 1 where mass flows, the step is a heuristic.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.ot.distances import distances
from wganstudio.ot.exact import exact_transport
from wganstudio.truths.samples import SampleBounds, SampleDraw, bounds_between, standard_error

CHUNK = 1 << 11
_TINY = 1e-300


class Descent(NamedTuple):
    """Samples of P before the first and after each of m steps down one critic: m + 1 states."""

    points: tuple[Tensor, ...]
    """All samples [n, D] in each state, in the order of `all_points`."""
    bounds: tuple[SampleBounds, ...]
    """Bounds of the W1 left over in each state."""
    gaps: tuple[float, ...]
    """The critic's gap between the moved samples and those of Q in each state."""
    mean_norms: tuple[float, ...]
    """E|grad u| at the samples in each state."""
    lengths: tuple[float, ...]
    """Mean displacement of each step."""


class ReferenceLevel(NamedTuple):
    """Mean W1 between two independent samples of Q, with its standard error."""

    mean: float
    standard_error: float


def all_points(draws: Sequence[SampleDraw]) -> Tensor:
    """Return all samples of P [n, D]: those that are transported and the fresh ones of each draw."""
    return torch.cat([points for draw in draws for points in (draw.x, draw.fresh_x)])


def descend(critic: Critic, draws: Sequence[SampleDraw], first: float | None, steps: int) -> Descent:
    """Move the samples of P down a critic, and bound the W1 to Q that is left over after each step.

    The first step has the length W1. Each further step has the length of the W1 left over, as far as the
    samples prove it by their lower bound, but no more than gap / E|grad u|, after which the critic sees no
    difference between the moved samples and Q.

    Parameters
    ----------
    critic : Critic
        A critic u, high on P and low on Q. A critic of gradient 0 at all samples moves none.
    draws : sequence of SampleDraw
        Samples of P and Q.
    first : float or None
        W1 of P and Q; None for its lower bound from the samples.
    steps : int

    References
    ----------
    Milne, Bilocq and Nachman, A new method for determining Wasserstein 1 optimal transport maps from
    Kantorovich potentials, with deep learning applications, arXiv 2211.00820, Algorithm 1. Its authors
    estimate the length of every step by the critic's gap less its penalty.
    """
    of_q = _slopes(critic, torch.cat([part for draw in draws for part in (draw.y, draw.fresh_y)])).value
    points, bounds, lengths = [all_points(draws)], [bounds_between(draws)], []
    slopes = [_slopes(critic, points[0])]
    for step in range(steps):
        now, length = slopes[-1], max(bounds[-1].lower, 0.0)
        if step > 0:
            length = min(length, max(now.value - of_q, 0.0) / max(now.mean_norm, _TINY))
        elif first is not None:
            length = first
        lengths.append(length if now.mean_norm > 0 else 0.0)
        points.append(points[-1] - lengths[-1] / max(now.mean_norm, _TINY) * now.gradients)
        slopes.append(_slopes(critic, points[-1]))
        bounds.append(bounds_between(_with_points(draws, points[-1])))
    gaps = tuple(each.value - of_q for each in slopes)
    norms = tuple(each.mean_norm for each in slopes)
    return Descent(tuple(points), tuple(bounds), gaps, norms, tuple(lengths))


class _Slopes(NamedTuple):
    """The critic at points [n, D]: its mean, its gradients [n, D] and their mean norm."""

    value: float
    gradients: Tensor
    mean_norm: float


@torch.no_grad()
def _slopes(critic: Critic, points: Tensor) -> _Slopes:
    device = next(iter(critic.state_dict().values()), points).device
    parts = [critic.gradient(part.float().to(device)) for part in points.split(CHUNK)]
    values, gradients = (torch.cat(each).to(points) for each in zip(*parts, strict=True))
    norms = torch.linalg.vector_norm(gradients, dim=1)
    return _Slopes(float(values.mean()), gradients, float(norms.mean()))


def reference_level(draws: Sequence[SampleDraw]) -> ReferenceLevel:
    """Return the mean W1 between two samples of Q, as large as those that are transported."""
    solved = [exact_transport(distances(draw.y, draw.fresh_y[: len(draw.y)]).numpy()) for draw in draws]
    costs = [one.cost for one in solved]
    variances = [float(one.f.var() + one.g.var()) / len(one.f) for one in solved]
    return ReferenceLevel(sum(costs) / len(costs), standard_error(costs, variances))


def _with_points(draws: Sequence[SampleDraw], points: Tensor) -> list[SampleDraw]:
    """Return the draws with other samples of P, [n, D] in the order of `all_points`."""
    sizes = [len(part) for draw in draws for part in (draw.x, draw.fresh_x)]
    parts = points.split(sizes)
    return [
        draw._replace(x=x, fresh_x=fresh)
        for draw, x, fresh in zip(draws, parts[::2], parts[1::2], strict=True)
    ]
