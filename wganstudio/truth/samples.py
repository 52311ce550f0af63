"""Bounds of W1 from samples alone: exact discrete transport above, its extended potential below."""

import math
import os
import time
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment.truths import Samples
from wganstudio.pairs.base import Law, Pair, generator
from wganstudio.truth.certificate import Truth

Floats = NDArray[np.float64]

FRESH = 8
"""Fresh samples for the lower bound, as a multiple of the points transported."""
_ITERATIONS = 10_000_000
_CHUNK = 1 << 18  # distances held at once: 2 MiB of float64


class Bounds(NamedTuple):
    """Means over independent draws, with standard errors: E lower <= W1 <= E upper."""

    lower: float
    lower_se: float
    upper: float
    upper_se: float


class FromSamples:
    """Bounds of W1 from exact discrete transport between samples, whatever else is known of the pair."""

    def __init__(self, options: Samples) -> None:
        self.options = options

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """Only `w1`: samples bound neither the congested cost nor the gap's limit."""
        yield from_samples(pair.p, pair.q, self.options)


def from_samples(p: Law, q: Law, options: Samples) -> Truth:
    """W1 between its bounds, which are wide in many dimensions. Time grows somewhat faster than samples^2."""
    start = time.perf_counter()
    found = bounds(p, q, options.samples, options.repeats, options.seed)
    lower = max(found.lower - options.confidence * found.lower_se, 0.0)
    upper = found.upper + options.confidence * found.upper_se
    value = (max(found.lower, 0.0) + found.upper) / 2
    return Truth(
        quantity="w1",
        value=value,
        lower=min(lower, value),
        upper=max(upper, value),
        method=f"exact transport between {options.samples} samples, {options.repeats} draws; bounds at "
        f"{options.confidence:g} standard errors, the value halfway between them",
        law="the laws themselves",
        seconds=time.perf_counter() - start,
    )


def bounds(p: Law, q: Law, samples: int, repeats: int, seed: int) -> Bounds:
    """Bounds of W1(P, Q), averaged over `repeats` draws of `samples` points of each law.

    Above: E W1(P_n, Q_n) >= W1(P, Q), biased upwards, heavily in many dimensions. Below: the discrete dual
    potential, extended to a 1-Lipschitz function on R^D, has a gap of at most W1; it is measured on
    8 `samples` fresh points of each law. Both hold for the means; the standard errors are of the means.
    """
    source = generator("cpu", seed, 2)
    above, below, above_var, below_var = ([] for _ in range(4))
    for _ in range(repeats):
        x, y = p.sample(samples, source).double(), q.sample(samples, source).double()
        cost, f, g = exact_transport(distances(x, y).numpy())
        above.append(cost)
        above_var.append(float(np.var(f) + np.var(g)) / samples)
        extended = Extension(x, y, torch.from_numpy(f), torch.from_numpy(g))
        count = FRESH * samples
        on_p, on_q = (extended.value(law.sample(count, source).double()) for law in (p, q))
        below.append(float(on_p.mean() - on_q.mean()))
        below_var.append(float(on_p.var() + on_q.var()) / count)
    return Bounds(
        float(np.mean(below)),
        _standard_error(below, below_var),
        float(np.mean(above)),
        _standard_error(above, above_var),
    )


class Extension:
    """A 1-Lipschitz function on R^D that is f on the points x and -g on the points y.

    The mean of the least and the greatest such: min_j (|z - y_j| - g_j) and max_i (f_i - |z - x_i|), for an
    optimal dual pair f(x) + g(y) <= |x - y| of the discrete problem. High on x, low on y.
    """

    def __init__(self, x: Tensor, y: Tensor, f: Tensor, g: Tensor) -> None:
        self.x, self.y, self.f, self.g = x, y, f, g

    def value(self, points: Tensor) -> Tensor:
        """Its value [n] at points [n, D]."""
        parts = torch.split(points, max(1, _CHUNK // max(len(self.x), len(self.y))))
        return torch.cat([self._value(part) for part in parts])

    def _value(self, points: Tensor) -> Tensor:
        greatest = (distances(points, self.y) - self.g).amin(1)
        least = (self.f - distances(points, self.x)).amax(1)
        return (greatest + least) / 2


def distances(x: Tensor, y: Tensor) -> Tensor:
    """|x_i - y_j| [n, m] for float64 points.

    By direct differences in few dimensions; from 9 on by expanding the square, in a quarter of the time and
    exact to 1e-8 of the points' norms.
    """
    few = x.shape[1] <= 8
    mode = "donot_use_mm_for_euclid_dist" if few else "use_mm_for_euclid_dist"
    return torch.cdist(x, y, compute_mode=mode)


def exact_transport(costs: Floats) -> tuple[float, Floats, Floats]:
    """Exact transport between equally weighted points: its cost, and optimal potentials f [n], g [m].

    They satisfy f_i + g_j <= costs_ij, with equality where mass moves.
    RuntimeError where the network simplex did not reach the optimum.
    """
    ot = _import_ot()
    n, m = costs.shape
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the log says the same, and is looked at
        _, log = ot.emd(np.full(n, 1 / n), np.full(m, 1 / m), costs, numItermax=_ITERATIONS, log=True)
    if log["warning"] is not None:
        raise RuntimeError(f"exact transport between {n} and {m} samples did not finish: {log['warning']}")
    return float(log["cost"]), np.asarray(log["u"]), np.asarray(log["v"])


def _standard_error(values: list[float], within: list[float]) -> float:
    """Of the mean of independent values: from between them, but not below that from within."""
    between = float(np.var(values, ddof=1))  # a few values may agree by chance
    return math.sqrt(max(between, float(np.mean(within))) / len(values))


def _import_ot() -> Any:
    """POT without its backends, which would import every array library there is (3.2 s instead of 1.0)."""
    for backend in ("PYTORCH", "JAX", "CUPY", "TENSORFLOW"):
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{backend}", "1")
    import ot

    return ot
