"""Gradient norms of a critic at samples of P, Q and sigma, and bounds of its Lipschitz constant."""

import math
from collections.abc import Iterator

import numpy as np
import torch

from wganstudio.critics.base import Critic
from wganstudio.ot.distances import distances
from wganstudio.solvers.base import Solver
from wganstudio.training.declarations.gradient_norms import Lipschitz
from wganstudio.training.events import Arrays, Snapshot
from wganstudio.training.frames import QTracker
from wganstudio.training.probe_samples import ProbeSamples, probe_samples_of_run
from wganstudio.training.producers import NotFinite, RunContext
from wganstudio.training.topics import as_float32

CHUNK = 1 << 11
PAIRED = 1 << 10
"""Most samples of each distribution whose pairs are compared."""
ROUNDING = 16 * torch.finfo(torch.float32).eps
"""Error of float32 in a difference of two values, relative to the largest |u|; close points magnify it."""
EDGES = np.append(np.sinh(np.arange(300) * np.arcsinh(1) / 50.5), np.inf)
"""Edges of the bins, the same for every critic: equal steps of asinh |grad u|, 0.017 wide at 0, 0.025 at 1,
which is the center of one, and 1.7 % of the norm where that is large; the last bin begins at 92."""


class GradientNormSampler:
    """The producer of gradient-norms."""

    def __init__(self, context: RunContext) -> None:
        self._context, self._q = context, QTracker(context)
        self._probe: GradientNormProbe | None = None

    def start(self) -> Iterator[Snapshot]:
        """Yield nothing."""
        return iter(())

    def snapshots(
        self, solver: Solver, step: int, *, recorded: bool, last: bool = False
    ) -> Iterator[Snapshot]:
        """Yield the histograms of the critic; NotFinite where a recorded norm is not finite."""
        if self._q.has_moved():
            self._probe = None
        self._probe = self._probe or GradientNormProbe(probe_samples_of_run(self._context))
        arrays, lipschitz = self._probe.measure(solver.critic)
        if recorded and not math.isfinite(lipschitz.empirical + lipschitz.largest_slope):
            raise NotFinite
        yield Snapshot(
            topic="gradient-norms", step=step, arrays=arrays, attributes=lipschitz, recorded=recorded
        )


class GradientNormProbe:
    """Measures gradient norms at samples that are drawn once and that no solver trains on.

    Two measurements differ by the critic alone.
    """

    def __init__(self, samples: ProbeSamples) -> None:
        self._x, self._y, self._z, weights = samples
        self._weights = None if weights is None else weights.cpu().double().numpy()
        apart = distances(*(points[:PAIRED].cpu().double() for points in (self._x, self._y)))
        self._inverse_distances = torch.where(apart > 0, 1 / apart, 0.0)

    @torch.no_grad()
    def measure(self, critic: Critic) -> tuple[Arrays, Lipschitz]:
        """Return the arrays of gradient-norms, and bounds of the Lipschitz constant."""
        (at_x, of_p), (at_y, of_q), (_, of_sigma) = (
            _gradient_norms(critic, points) for points in (self._x, self._y, self._z)
        )
        x, y = (values[:PAIRED].cpu().double() for values in (at_x, at_y))
        rounding = ROUNDING * torch.cat((x, y)).abs().max()
        rises = (x[:, None] - y).abs_().sub_(rounding)
        lipschitz = Lipschitz(
            empirical=max(0.0, float(rises.mul_(self._inverse_distances).max())),
            largest_slope=max(float(norms.max()) for norms in (of_p, of_q, of_sigma)),
            certified=critic.lipschitz(),
        )
        arrays = {"p": _shares(of_p), "q": _shares(of_q), "sigma": _shares(of_sigma, self._weights)}
        return {name: as_float32(array) for name, array in ({"edges": EDGES} | arrays).items()}, lipschitz


def _gradient_norms(critic: Critic, points: torch.Tensor) -> tuple[torch.Tensor, np.ndarray]:
    """Return u [n] and |grad u| [n] at points [n, D]."""
    parts = [critic.gradient(part) for part in points.split(CHUNK)]
    values = torch.cat([value for value, _ in parts])
    norms = torch.cat([torch.linalg.vector_norm(gradient, dim=1) for _, gradient in parts])
    return values, norms.cpu().double().numpy()


def _shares(norms: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the share of the samples, or of their weights, in each bin."""
    counts = np.histogram(norms, EDGES, weights=weights)[0]
    return np.asarray(counts / max(counts.sum(), 1e-300))
