"""Judges: what compares a solver with what is known, on samples that no other number has seen."""

from collections.abc import Callable
from typing import Protocol, Self

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.pairs.base import Pair, Sampler
from wganstudio.solvers.base import Solver

PIECES = 8
"""Of a segment along which a potential's second differences are taken."""

Chance = Callable[[str], torch.Generator]


class Evaluator(Protocol):
    """Tells how good a solver is."""

    def judge(self, solver: Solver) -> dict[str, float]:
        """Numbers by name."""


def evaluators(pair: Pair, solver: Solver, count: int, rng: Chance) -> list[Evaluator]:
    """Those that have something to compare a solver with on a pair, each with `count` samples of its own."""
    found = GradientEvaluator.of(pair, solver, count, rng), MapEvaluator.of(pair, count, rng)
    moments = MomentEvaluator(pair, min(count, solver.max_map_points), rng) if solver.options.maps else None
    return [judge for judge in (*found, moments) if judge is not None]


class GradientEvaluator:
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

    @classmethod
    def of(cls, pair: Pair, solver: Solver, count: int, rng: Chance) -> Self | None:
        """None where the true gradient is not known."""
        if pair.potential is None:
            return None
        points = solver.evaluation_points
        return cls(pair, pair.clean.p.sample(count, rng("judge")) if points is None else points)

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


class MapEvaluator:
    """Compares a solver's maps with the optimal one at the squared distance (arXiv 2106.01954, Section 4.2).

    `uvp` = 100 E|T(x) - T*(x)|^2 / Var Q in percent, the unexplained variance, and `cos_map`, the cosine of
    T - id and T* - id in L2(P); `uvp_back` and `cos_back` the same of the map from Q to P. All of them over
    fixed samples x of P and what the optimal map makes of them, paired.
    """

    def __init__(self, points: Tensor, moved: Tensor) -> None:
        self._ends = points, moved

    @classmethod
    def of(cls, pair: Pair, count: int, rng: Chance) -> Self | None:
        """None where the optimal map is not known."""
        if pair.move is None:
            return None
        points = pair.p.sample(count, rng("map judge"))
        return cls(points, pair.move(points))

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


class MomentEvaluator:
    """How well a solver's maps carry the moments of one law to those of the other, on samples of both.

    `mean_q` = |m - m'|, `covariance_q` = |S - S'| / |S'| (Frobenius): m, S of what the map makes of samples
    of P, m', S' of samples of Q; `_p` the other way. `_se` is what chance alone makes of each where the laws
    agree: the root of its mean square. `convexity` is of the potential (see `convexity`), between samples
    of P.
    """

    def __init__(self, pair: Pair, count: int, rng: Chance) -> None:
        self._pair, self._count, self._rng = pair, count, rng

    @torch.no_grad()
    def judge(self, solver: Solver) -> dict[str, float]:
        """mean_q, covariance_q, their `_se` and convexity; mean_p, covariance_p and theirs; where it maps."""
        x, y = (
            Sampler(law, self._rng(f"moments {name}"))(self._count)
            for name, law in (("p", self._pair.p), ("q", self._pair.q))
        )
        to_q, found = solver.to_q(x), {}
        if to_q is not None:  # then the critic is a potential on P
            found["convexity"] = convexity(solver.critic, *x[: len(x) // 2 * 2].chunk(2))
        for name, made, wanted in (("q", to_q, y), ("p", solver.to_p(y), x)):
            if made is not None:
                for key, (number, error) in apart(made, wanted).items():
                    found |= {f"{key}_{name}": number, f"{key}_{name}_se": error}
        return found


def apart(made: Tensor, wanted: Tensor) -> dict[str, tuple[float, float]]:
    """mean and covariance, each with its `_se` (see `MomentEvaluator`), of samples [n, D] of two laws."""
    (m, s, near, far), (m_, s_, near_, far_) = map(_moments, (made, wanted))
    size = float(s_.norm())
    return {
        "mean": (float((m - m_).norm()), (near + near_) ** 0.5),
        "covariance": (float((s - s_).norm()) / size, (far + far_) ** 0.5 / size),
    }


@torch.no_grad()
def convexity(critic: Critic, start: Tensor, end: Tensor) -> float:
    """The least second difference of f = (|x|^2 - u) / 2 along segments, over the mean of their sizes.

    From start [n, D] to end [n, D] in eight pieces; a convex f has none below 0, but for rounding.
    """
    shares = torch.linspace(0, 1, PIECES + 1).to(start)
    points = start.lerp(end, shares[:, None, None]).flatten(0, 1)
    if isinstance(critic, ConvexPotential):
        values = critic.potential(points)
    else:
        values = (points.square().sum(1) - critic(points)) / 2
    f = values.double().reshape(PIECES + 1, -1)
    second = f[:-2] - 2 * f[1:-1] + f[2:]
    return float(second.min() / second.abs().mean().clamp_min(1e-300))


def _moments(points: Tensor) -> tuple[Tensor, Tensor, float, float]:
    """Mean and covariance of samples [n, D], and the mean squared error of either."""
    points, count = points.double(), len(points)
    mean = points.mean(0)
    centered = points - mean
    covariance = centered.T @ centered / count
    sizes = centered.square().sum(1)
    fourth = float(sizes.square().mean() - covariance.square().sum())
    return mean, covariance, float(sizes.mean()) / count, max(fourth, 0.0) / count
