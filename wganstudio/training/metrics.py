"""Evaluators: compare a solver with known truths, on samples that are used for nothing else."""

from typing import Protocol, Self

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.pairs.base import Pair, Sampler
from wganstudio.solvers.base import Solver
from wganstudio.training.producers import Rng

PIECES = 8
"""Pieces of a segment along which a potential's second differences are taken."""


class Evaluator(Protocol):
    """Measures the error of a solver."""

    def evaluate(self, solver: Solver) -> dict[str, float]:
        """Return numbers by name."""


def evaluators(pair: Pair, solver: Solver, count: int, rng: Rng) -> list[Evaluator]:
    """Return the evaluators that apply to a solver on a pair, each with `count` separate samples."""
    gradient, map = GradientEvaluator.of(pair, solver, count, rng), MapEvaluator.of(pair, count, rng)
    moments = MomentEvaluator(pair, min(count, solver.max_map_points), rng) if solver.options.maps else None
    return [evaluator for evaluator in (gradient, map, moments) if evaluator is not None]


class GradientEvaluator:
    """Compares a solver's gradient with the true one on fixed samples of P (arXiv 2206.07767, section 5).

    `cos` = mean <grad u, grad u*> / (|grad u| |grad u*|), `l2` = mean |grad u - grad u*|^2 with the exact
    gradient; `cos_published` and `l2_published` with the gradient of the published tables.
    """

    def __init__(self, pair: Pair, points: Tensor) -> None:
        assert pair.potential is not None
        self._points = points
        self._true_gradients = {
            "": pair.potential.gradient(points),
            "_published": pair.potential.published_gradient(points),
        }

    @classmethod
    def of(cls, pair: Pair, solver: Solver, count: int, rng: Rng) -> Self | None:
        """Return the evaluator; None where the true gradient is not known."""
        if pair.potential is None:
            return None
        points = solver.evaluation_points
        return cls(pair, pair.clean.p.sample(count, rng("judge")) if points is None else points)

    @torch.no_grad()
    def evaluate(self, solver: Solver) -> dict[str, float]:
        """Return cos, l2, cos_published, l2_published of the solver."""
        gradients = solver.gradient(self._points)
        values = {}
        for suffix, truth in self._true_gradients.items():
            cosines = torch.nn.functional.cosine_similarity(gradients, truth, dim=1)
            values[f"cos{suffix}"] = float(cosines.double().mean())
            values[f"l2{suffix}"] = float((gradients - truth).double().square().sum(1).mean())
        return values


class MapEvaluator:
    """Compares a solver's maps with the optimal one at the squared distance (arXiv 2106.01954, Section 4.2).

    `uvp` = 100 E|T(x) - T*(x)|^2 / Var Q in percent, the unexplained variance, and `cos_map`, the cosine of
    T - id and T* - id in L2(P); `uvp_back` and `cos_back` the same of the map from Q to P. All of them over
    fixed samples x of P and their images under the optimal map, paired.
    """

    def __init__(self, x: Tensor, y: Tensor) -> None:
        """`x`: samples of P [n, D]; `y`: their images under the optimal map [n, D]."""
        self._x, self._y = x, y

    @classmethod
    def of(cls, pair: Pair, count: int, rng: Rng) -> Self | None:
        """Return the evaluator; None where the optimal map is not known."""
        if pair.move is None:
            return None
        points = pair.p.sample(count, rng("map judge"))
        return cls(points, pair.move(points))

    @torch.no_grad()
    def evaluate(self, solver: Solver) -> dict[str, float]:
        """Return uvp, cos_map, uvp_back, cos_back; empty where the solver has no maps."""
        x, y = self._x, self._y
        values = {}
        for start, end, image, suffix in ((x, y, solver.to_q(x), ""), (y, x, solver.to_p(y), "_back")):
            if image is None:
                continue
            values[f"uvp{suffix}"] = unexplained_variance(image, end)
            ours, true = (image - start).double(), (end - start).double()
            norms = ours.square().sum().sqrt() * true.square().sum().sqrt()
            values["cos_map" if not suffix else "cos_back"] = float(
                (ours * true).sum() / norms.clamp_min(1e-30)
            )
        return values


def unexplained_variance(points: Tensor, true: Tensor) -> float:
    """Return 100 E|points - true|^2 / Var(true) for points [n, D], in percent."""
    variance = (true - true.mean(0)).double().square().sum(1).mean()
    return float(100 * (points - true).double().square().sum(1).mean() / variance.clamp_min(1e-30))


class MomentEvaluator:
    """Compares the moments of carried samples with those of the target, for each of the solver's maps.

    `mean_q` = |m - m'|, `covariance_q` = |S - S'| / |S'| (Frobenius): m, S of the images of samples of P,
    m', S' of samples of Q; `_p` the other way. Where S' = 0, `covariance` is relative to |S|: 1, or 0 if
    S = 0 as well. `_se` is the sampling noise of each where the distributions agree: the root of its mean
    square. `convexity` is of the potential (see `convexity`), between samples of P.
    """

    def __init__(self, pair: Pair, count: int, rng: Rng) -> None:
        self._pair, self._count, self._rng = pair, count, rng

    @torch.no_grad()
    def evaluate(self, solver: Solver) -> dict[str, float]:
        """Return mean_q, covariance_q, their `_se` and convexity; mean_p, covariance_p and theirs."""
        x, y = (
            Sampler(distribution, self._rng(f"moments {name}"))(self._count)
            for name, distribution in (("p", self._pair.p), ("q", self._pair.q))
        )
        to_q, values = solver.to_q(x), {}
        if to_q is not None:  # then the critic is a potential on P
            values["convexity"] = convexity(solver.critic, *x[: len(x) // 2 * 2].chunk(2))
        for name, images, target in (("q", to_q, y), ("p", solver.to_p(y), x)):
            if images is not None:
                for key, (number, error) in moment_errors(images, target).items():
                    values |= {f"{key}_{name}": number, f"{key}_{name}_se": error}
        return values


def moment_errors(points: Tensor, target: Tensor) -> dict[str, tuple[float, float]]:
    """Return the errors of mean and covariance of samples [n, D], each with its `_se` (`MomentEvaluator`)."""
    moments, true = _moments(points), _moments(target)
    (mean, covariance, mean_noise, covariance_noise) = moments
    (true_mean, true_covariance, true_mean_noise, true_covariance_noise) = true
    size = float(true_covariance.norm()) or float(covariance.norm()) or 1.0
    return {
        "mean": (float((mean - true_mean).norm()), (mean_noise + true_mean_noise) ** 0.5),
        "covariance": (
            float((covariance - true_covariance).norm()) / size,
            (covariance_noise + true_covariance_noise) ** 0.5 / size,
        ),
    }


@torch.no_grad()
def convexity(critic: Critic, start: Tensor, end: Tensor) -> float:
    """Return the least second difference of f = (|x|^2 - u) / 2 along segments, over the mean of their sizes.

    The segments run from start [n, D] to end [n, D] in eight pieces. A convex f has no value below 0, apart
    from rounding.
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
    """Return mean and covariance of samples [n, D], and the mean squared error of either."""
    points, count = points.double(), len(points)
    mean = points.mean(0)
    centered = points - mean
    covariance = centered.T @ centered / count
    squares = centered.square().sum(1)
    fourth = float(squares.square().mean() - covariance.square().sum())
    return mean, covariance, float(squares.mean()) / count, max(fourth, 0.0) / count
