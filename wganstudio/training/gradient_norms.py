"""How steep a critic is: |grad u| at samples of P, Q and sigma, and bounds of its Lipschitz constant."""

import numpy as np
import torch

from wganstudio.critics.base import Critic
from wganstudio.ot.distances import distances
from wganstudio.pairs.base import Sampler, Sigma
from wganstudio.training.events import Arrays, Lipschitz, as_float32

CHUNK = 1 << 11
SAMPLES = 1 << 11
"""Of each law at most."""
PAIRED = 1 << 10
"""Samples of each law at most whose pairs are tried."""
ROUNDING = 16 * torch.finfo(torch.float32).eps
"""Of the largest |u|: what float32 may add to a difference of two values, and near points would magnify."""
EDGES = np.append(np.sinh(np.arange(300) * np.arcsinh(1) / 50.5), np.inf)
"""Of the bins, the same for every critic: equal steps of asinh |grad u|, 0.017 wide at 0, 0.025 at 1, which
lies in the middle of one, and 1.7 % of the slope where that is large; the last holds all from 92 on."""


class GradientNormProbe:
    """Reads off how steep a critic is, at samples that are drawn once and on which no solver trains.

    Two readings differ by the critic alone, and what is read meanwhile changes no later one.
    """

    def __init__(self, p: Sampler, q: Sampler, sigma: Sigma, rng: torch.Generator, count: int) -> None:
        count = min(count, SAMPLES)
        self._x, self._y = p(count), q(count)
        self._z, weights = sigma.points(p(count), q(count), rng)
        self._weights = None if weights is None else weights.cpu().double().numpy()
        near = distances(*(points[:PAIRED].cpu().double() for points in (self._x, self._y)))
        self._nearness = torch.where(near > 0, 1 / near, 0.0)

    @torch.no_grad()
    def read(self, critic: Critic) -> tuple[Arrays, Lipschitz]:
        """The arrays of a `Slopes` event, and what is known of the Lipschitz constant."""
        (at_x, of_p), (at_y, of_q), (_, of_sigma) = (
            _steepness(critic, points) for points in (self._x, self._y, self._z)
        )
        x, y = (values[:PAIRED].cpu().double() for values in (at_x, at_y))
        rounding = ROUNDING * torch.cat((x, y)).abs().max()
        rises = (x[:, None] - y).abs_().sub_(rounding)
        lipschitz = Lipschitz(
            empirical=max(0.0, float(rises.mul_(self._nearness).max())),
            largest_slope=max(float(slopes.max()) for slopes in (of_p, of_q, of_sigma)),
            certified=critic.lipschitz(),
        )
        arrays = {"p": _shares(of_p), "q": _shares(of_q), "sigma": _shares(of_sigma, self._weights)}
        return {name: as_float32(array) for name, array in ({"edges": EDGES} | arrays).items()}, lipschitz


def _steepness(critic: Critic, points: torch.Tensor) -> tuple[torch.Tensor, np.ndarray]:
    """u [n] and |grad u| [n] at points [n, D]."""
    parts = [critic.gradient(part) for part in points.split(CHUNK)]
    values = torch.cat([value for value, _ in parts])
    slopes = torch.cat([torch.linalg.vector_norm(gradient, dim=1) for _, gradient in parts])
    return values, slopes.cpu().double().numpy()


def _shares(slopes: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """The share of the samples, or of their weights, in each bin."""
    counts = np.histogram(slopes, EDGES, weights=weights)[0]
    return np.asarray(counts / max(counts.sum(), 1e-300))
