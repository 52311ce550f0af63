"""Gap, value and gradient quality of a critic, from fresh samples, with standard errors."""

import math

import torch
from torch import Tensor

from wganstudio.pairs.base import Pair, Stream
from wganstudio.solvers.base import Solver
from wganstudio.solvers.running import Mean

CHUNK = 1 << 11
"""Points at a time: the activations of a small network stay within the processor's cache."""


@torch.no_grad()
def estimate(solver: Solver, p: Stream, q: Stream, chance: torch.Generator, count: int) -> dict[str, float]:
    """gap, gap_se and, with a penalty, penalty, value, value_se on `count` fresh samples of each law.

    Where the solver has an estimate of its own, that is the gap.
    gap = E_P u - E_Q u; value = gap - lambda E_sigma penalty. The points of sigma are drawn apart from those
    of the gap, so that the two errors are independent and add in square.
    """
    own = solver.cost(p, q, count)
    if own is not None:
        return dict(own)
    at_p, at_q, penalties = Mean(), Mean(), Mean()
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        at_p.add(solver.critic(p(size)))
        at_q.add(solver.critic(q(size)))
        if solver.penalty is not None:
            points, weights = solver.sigma.points(p(size), q(size), chance)
            _, gradients = solver.critic.gradient(points)
            found = solver.penalised(torch.linalg.vector_norm(gradients, dim=1))
            penalties.add(found if weights is None else found * weights)
    gap, gap_error = at_p.mean - at_q.mean, at_p.error + at_q.error
    numbers = {"gap": gap, "gap_se": math.sqrt(gap_error)}
    if solver.penalty is not None:
        numbers["penalty"] = penalties.mean
        numbers["value"] = gap - solver.penalty * penalties.mean
        numbers["value_se"] = math.sqrt(gap_error + solver.penalty**2 * penalties.error)
    return numbers


class GradientJudge:
    """Compares a solver's gradient with the true one on fixed samples of P (arXiv 2206.07767, section 5).

    `cos` = mean <grad u, grad u*> / (|grad u| |grad u*|), `l2` = mean |grad u - grad u*|^2 with the exact
    gradient; `cos_published` and `l2_published` with the gradient as the published tables took it.
    """

    def __init__(self, pair: Pair, points: Tensor) -> None:
        assert pair.potential is not None
        self._points = points
        self._truths = {
            "": pair.potential.gradient(points),
            "_published": pair.potential.published_gradient(points),
        }

    @torch.no_grad()
    def judge(self, solver: Solver) -> dict[str, float]:
        """cos, l2, cos_published, l2_published of the solver."""
        gradients = solver.gradient(self._points)
        found = {}
        for suffix, truth in self._truths.items():
            cosines = torch.nn.functional.cosine_similarity(gradients, truth, dim=1)
            found[f"cos{suffix}"] = float(cosines.double().mean())
            found[f"l2{suffix}"] = float((gradients - truth).double().square().sum(1).mean())
        return found


class MapJudge:
    """Compares a solver's maps with the optimal one at the squared distance (arXiv 2106.01954, Section 4.2).

    `uvp` = 100 E|T(x) - T*(x)|^2 / Var Q in percent, the unexplained variance, and `cos_map`, the cosine of
    T - id and T* - id in L2(P); `uvp_back` and `cos_back` the same of the map from Q to P. All of them over
    fixed samples x of P and what the optimal map makes of them, paired.
    """

    def __init__(self, points: Tensor, moved: Tensor) -> None:
        self._ends = points, moved

    @torch.no_grad()
    def judge(self, solver: Solver) -> dict[str, float]:
        """uvp, cos_map, uvp_back, cos_back; empty where the solver knows no maps."""
        x, y = self._ends
        found = {}
        for start, end, made, suffix in ((x, y, solver.to_q(x), ""), (y, x, solver.to_p(y), "_back")):
            if made is None:
                continue
            found[f"uvp{suffix}"] = unexplained(made, end)
            ours, true = (made - start).double(), (end - start).double()
            sizes = ours.square().sum().sqrt() * true.square().sum().sqrt()
            found["cos_map" if not suffix else "cos_back"] = float(
                (ours * true).sum() / sizes.clamp_min(1e-30)
            )
        return found


def unexplained(made: Tensor, true: Tensor) -> float:
    """100 E|made - true|^2 / Var(true) for points [n, D], in percent."""
    spread = (true - true.mean(0)).double().square().sum(1).mean()
    return float(100 * (made - true).double().square().sum(1).mean() / spread)
