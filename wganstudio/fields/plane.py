"""The plane (for D = 1 the line) that is shown of the space."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import svds

from wganstudio.experiment import BadExperiment, EvaluationOptions, Problem
from wganstudio.pairs.base import Pair, make_rng

Float = NDArray[np.float64]
MARGIN = 0.08
TAIL = 0.002
SAMPLES = 4096
MANY = 512
"""Dimensions from which on only two of the covariance's eigenvectors are looked for."""
"""Of either law: what the plane is laid around."""


@dataclass(frozen=True)
class Plane:
    """origin [D] + coordinates @ axes [K, D], orthonormal; K = 2, or 1 for D = 1.

    `x` [n] and `y` [m] are the coordinates shown, in the units of the space; `y` is empty for K = 1.
    """

    origin: Float
    axes: Float
    x: Float
    y: Float
    labels: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of a field on the plane: (m, n), or (n,) for K = 1."""
        return (len(self.y), len(self.x)) if len(self.axes) == 2 else (len(self.x),)

    @property
    def ticks(self) -> tuple[Float, ...]:
        """The coordinates along each axis: (x, y), or (x,) for K = 1."""
        return (self.x, self.y)[: len(self.axes)]

    def points(self) -> Float:
        """All points of the plane in the space, [m n, D], row by row."""
        if len(self.axes) == 1:
            return self.origin + self.x[:, None] * self.axes
        x, y = np.meshgrid(self.x, self.y)
        return self.origin + np.stack((x.ravel(), y.ravel()), axis=1) @ self.axes

    def project(self, points: Float) -> Float:
        """Coordinates [k, K] of the points [k, D]."""
        return (np.asarray(points, float) - self.origin) @ self.axes.T


def plane_of(pair: Pair, options: EvaluationOptions, seed: int) -> tuple[Plane, Float, Float]:
    """The plane shown of a pair on the CPU, and the samples [n, D] of both laws that it is laid around.

    It depends on nothing else: whoever asks, in whichever process and for whichever device, gets the same.
    """
    laws = enumerate((pair.p, pair.q))
    of_p, of_q = (
        law.sample(SAMPLES, make_rng("cpu", seed, k, *b"scene")).double().numpy() for k, law in laws
    )
    return plane_through(of_p, of_q, options), of_p, of_q


def plane_through(samples_p: Float, samples_q: Float, options: EvaluationOptions) -> Plane:
    """The plane that the options ask for, around the samples [n, D] of both laws.

    BadExperiment where the axes or the three points do not fit the dimension.
    """
    samples = np.concatenate((samples_p, samples_q)).astype(float)
    dim = samples.shape[1]
    labels: tuple[str, ...]
    if dim <= 2:
        origin, axes = np.zeros(dim), np.eye(dim)
        labels = ("x",) if dim == 1 else ("x\u2081", "x\u2082")
    elif options.plane == "principal":
        origin, axes = samples.mean(0), _principal(samples)
        labels = ("principal axis 1", "principal axis 2")
    elif options.plane == "axes":
        if max(options.axes) >= dim:
            raise BadExperiment(Problem("evaluation.axes", f"give two coordinates from 0 to {dim - 1}"))
        origin, axes = samples.mean(0), np.eye(dim)[list(options.axes)]
        labels = tuple(f"coordinate {axis}" for axis in options.axes)
    else:
        origin, axes = _through(options.points or (), dim)
        labels = ("along the first two points", "toward the third point")
    window = (samples - origin) @ axes.T
    low, high = np.quantile(window, (TAIL, 1 - TAIL), axis=0)
    margin = MARGIN * max(float((high - low).max()), 1e-6)
    low, high = low - margin, high + margin
    spacing = float((high - low).max()) / (options.resolution - 1)
    counts = np.maximum(np.round((high - low) / spacing).astype(int) + 1, 2)
    ticks = [np.linspace(a, b, n) for a, b, n in zip(low, high, counts, strict=True)]
    return Plane(origin, axes, ticks[0], ticks[1] if len(ticks) == 2 else np.empty(0), labels)


def _principal(samples: Float) -> Float:
    centered = samples - samples.mean(0)
    if samples.shape[1] <= MANY or not centered.any():
        _, vectors = np.linalg.eigh(np.cov(samples.T))
        axes = vectors[:, [-1, -2]].T
    else:
        _, sizes, found = svds(centered, 2, v0=np.ones(min(centered.shape)))
        axes = found[np.argsort(-sizes)]
    signs = np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])
    return np.asarray(axes * signs[:, None])


def _through(points: tuple[tuple[float, ...], ...], dim: int) -> tuple[Float, Float]:
    if any(len(point) != dim for point in points):
        raise BadExperiment(Problem("evaluation.points", f"each of the three points needs {dim} coordinates"))
    origin, second, third = map(np.asarray, points)
    first = second - origin
    across = third - origin - first * ((third - origin) @ first) / max(float(first @ first), 1e-300)
    lengths = np.linalg.norm(first), np.linalg.norm(across)
    if min(lengths) < 1e-9 * max(1.0, float(np.abs(points).max())):
        raise BadExperiment(Problem("evaluation.points", "the three points lie on one line; choose others"))
    return origin.astype(float), np.stack((first / lengths[0], across / lengths[1]))
